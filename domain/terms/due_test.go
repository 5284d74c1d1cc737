package terms_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestPassed(t *testing.T) {
	for _, c := range []struct {
		kind    terms.DueKind
		on, day string
		want    edtf.Truth
	}{
		{terms.Effect, "2020-05-01", "2020-04-30", edtf.No},
		{terms.Effect, "2020-05-01", "2020-05-01", edtf.Yes},
		{terms.Effect, "2020-05", "2020-05-01", edtf.Maybe},
		{terms.Duty, "2020-05-01", "2020-05-01", edtf.No},
		{terms.Duty, "2020-05-01", "2020-05-02", edtf.Yes},
		{terms.Deadline, "2020-05", "2020-05-31", edtf.Maybe},
		{terms.Deadline, "2020-05", "2020-06-01", edtf.Yes},
	} {
		require.Equal(t, c.want, terms.Due{Kind: c.kind, On: edtf.MustParse(c.on)}.Passed(edtf.MustParse(c.day)), c)
	}
}

func TestOccurrences(t *testing.T) {
	for _, c := range []struct {
		first, every, end string
		want              []string
	}{
		{"", "P1Y", "2020", nil},
		{"9999-12-31", "P1Y", "", nil},
		{"2020-01-31", "", "", []string{"2020-01-31"}},
		{"2020-01-31", "", "2019", []string{"2020-01-31"}},
		{"2020-01-31", "P1M", "2020-04", []string{"2020-01-31", "2020-02-29", "2020-03-31", "2020-04-30"}},
		{"2020-01-31", "P1M", "2020-04-29", []string{"2020-01-31", "2020-02-29", "2020-03-31"}},
		{"2020-03", "P1Y", "2021", []string{"2020-03", "2021-03"}},
	} {
		var every edtf.Period
		if c.every != "" {
			require.NoError(t, every.UnmarshalText([]byte(c.every)))
		}
		var got []string
		for _, d := range terms.Occurrences(edtf.MustParse(c.first), every, edtf.MustParse(c.end)) {
			got = append(got, d.String())
		}
		require.Equal(t, c.want, got, c)
	}
	require.Len(t, terms.Occurrences(edtf.MustParse("2020-01-31"), edtf.Period{Months: 1}, edtf.Date{}), terms.MaxOccurrences)
	require.Len(t, terms.Occurrences(edtf.MustParse("9000"), edtf.Period{Years: 900}, edtf.Date{}), 2, "none lies beyond what dates can say")
}
