package calendar_test

import (
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/infra/calendar"
)

func entry(on string) calendar.Entry {
	return calendar.Entry{
		UID: "due-" + on, Summary: "Report; due, \"soon\"\nλ", Description: "by Львів",
		On: edtf.MustParse(on), Stamp: time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC),
	}
}

func TestWrite(t *testing.T) {
	var b strings.Builder
	w := calendar.New(&b)
	for _, on := range []string{"2020-05-31", "2020-05", "2020", "2020-05-31~", "2020/2022", "2020/..", ""} {
		require.NoError(t, w.Add(entry(on)))
	}
	left, err := w.End()
	require.NoError(t, err)
	require.Equal(t, 3, left, "of no bounded day")
	cal, err := ical.NewDecoder(strings.NewReader(b.String())).Decode()
	require.NoError(t, err)
	var got []string
	for _, e := range cal.Events() {
		summary, err := e.Props.Text(ical.PropSummary)
		require.NoError(t, err)
		require.Equal(t, "Report; due, \"soon\"\nλ", summary)
		status, err := e.Status()
		require.NoError(t, err)
		got = append(got, e.Props.Get(ical.PropDateTimeStart).Value+" "+e.Props.Get(ical.PropDateTimeEnd).Value+" "+string(status))
		require.Equal(t, "20260501T120000Z", e.Props.Get(ical.PropDateTimeStamp).Value)
	}
	require.Equal(t, []string{
		"20200531 20200601 CONFIRMED", "20200501 20200601 TENTATIVE", "20200101 20210101 TENTATIVE", "20200530 20200602 TENTATIVE",
	}, got)
	require.Equal(t, []int{1, 4}, []int{strings.Count(b.String(), "BEGIN:VCALENDAR"), strings.Count(b.String(), "BEGIN:VEVENT")})
	for line := range strings.SplitSeq(strings.TrimSuffix(b.String(), "\r\n"), "\r\n") {
		require.NotContains(t, line, "\n")
	}
}

func TestWrite_nothing(t *testing.T) {
	var b strings.Builder
	left, err := calendar.New(&b).End()
	require.NoError(t, err)
	require.Zero(t, left)
	_, err = ical.NewDecoder(strings.NewReader(b.String())).Decode()
	require.NoError(t, err)
}
