package main

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

// counted are the counts of a report by heading, those of nothing left out.
func counted(t *testing.T, data string, args ...string) map[string][]float64 {
	t.Helper()
	counts := map[string][]float64{}
	for _, h := range lines(t, ok(t, append(args, "--json", "--data", data)...))[0]["headings"].([]any) {
		h := h.(map[string]any)
		if n, perhaps := h["count"].(float64), h["perhaps"].(float64); n+perhaps > 0 {
			counts[h["heading"].(string)] = []float64{n, perhaps}
			require.Len(t, h["entries"], int(n+perhaps))
		}
	}
	return counts
}

func TestReport(t *testing.T) {
	s, pact := dated(t)
	t.Run("text", func(t *testing.T) {
		for year, want := range map[string]string{
			"2018": "\nAgreements signed (by the first of their parties): 1\nDATE        WHAT    ID\n2018-05-01  Rivers  " + short(pact) + "\n" +
				"\nSignatures: 2\nDATE        WHO    WHAT    ID\n2018-05-01  Graz   Rivers  " + short(pact) + "\n2018-05-01  Львів  Rivers  " + short(pact) + "\n",
			"2019": "\nWithdrawals from agreements: 1\nDATE        WHO   WHAT    ID\n2019-07-01  Graz  Rivers  " + short(pact) + "\n",
			"2020": "\nAgreements that ended: 1\nDATE        WHAT    HOW      ID\n2020-05-01  Rivers  expired  " + short(pact) + "\n",
		} {
			require.Contains(t, ok(t, "report", "--from", year, "--to", year, "--data", s.data), want)
		}
		require.Contains(t, ok(t, "report", "--from", "2018", "--to", "2018", "--data", s.data), "\nMembers that joined                                1      0\n")
	})
	t.Run("overdue_is_as_of_the_last_day", func(t *testing.T) {
		year := []string{"report", "--from", "2019", "--to", "2019"}
		before := counted(t, s.data, year...)
		require.Equal(t, []float64{2, 0}, before["overdue"], "the report and the fee")
		s.do("memorandum.meet_undertaking", pact, `{"fact":{"occurred":"2020-02-03"},"undertaking":"report"}`)
		require.Equal(t, before, counted(t, s.data, year...), "it was late all the same")
		require.Equal(t, []float64{2, 0}, counted(t, s.data, "report", "--from", "2020", "--to", "2020")["overdue"], "the fee and the report on the plan")
	})
	t.Run("about_somebody", func(t *testing.T) {
		for party, want := range map[string]map[string][]float64{
			"Graz":  {"agreements_signed": {1, 0}, "signatures": {1, 0}, "entered_into_force": {1, 0}, "entered_into_force_for": {1, 0}, "members_joined": {1, 0}},
			"Львів": {"agreements_signed": {1, 0}, "signatures": {1, 0}, "entered_into_force": {1, 0}, "entered_into_force_for": {1, 0}},
		} {
			for _, p := range lines(t, ok(t, "list", "parties", "--json", "--data", s.data)) {
				if p["name"].(map[string]any)["value"] == party {
					require.Equal(t, want, counted(t, s.data, "report", "--from", "2018", "--to", "2018", "--party", p["id"].(string)), party)
				}
			}
		}
		require.Equal(t, map[string][]float64{"members_joined": {1, 0}}, counted(t, s.data, "report", "--from", "2018", "--to", "2018", "--network", "River cities"))
		require.Contains(t, ok(t, "report", "--from", "2018", "--to", "2018", "--network", "River cities", "--data", s.data), "Report from 2018-01-01 to 2018-12-31: River cities\n")
	})
	t.Run("perhaps_is_apart", func(t *testing.T) {
		half := counted(t, s.data, "report", "--from", "2018-05-02", "--to", "2018-12-31")
		require.NotContains(t, half, "signatures")
		s.do("memorandum.sign", s.do("memorandum.draft", "", `{"kind":"mou","titles":[{"lang":"en","value":"Lakes"}],"open":true}`),
			fmt.Sprintf(`{"fact":{"occurred":"2018"},"party":{"id":%q}}`, lines(t, ok(t, "list", "parties", "--json", "--data", s.data))[0]["id"]))
		require.Equal(t, []float64{0, 1}, counted(t, s.data, "report", "--from", "2018-05-02", "--to", "2018-12-31")["signatures"])
		require.Equal(t, []float64{3, 0}, counted(t, s.data, "report", "--from", "2018", "--to", "2018")["signatures"])
	})
}

// A correction changes the report, and the one given before can be given again.
func TestReportOfThen(t *testing.T) {
	s := secretariat{t, t.TempDir()}
	known := func(command, to, at, payload string) string {
		return lines(t, ok(t, "do", "--json", "--actor", "clerk", "--data", s.data,
			fmt.Sprintf(`{"command":%q,"to":%q,"knownAt":%q,"payload":%s}`, command, to, at, payload)))[0]["stream"].(string)
	}
	graz := known("party.register", "", "2018-01-01T00:00:00Z", `{"kind":"municipality","name":{"lang":"de","value":"Graz"}}`)
	pact := known("memorandum.draft", "", "2018-01-01T00:00:00Z", fmt.Sprintf(`{"kind":"mou","titles":[{"lang":"en","value":"Rivers"}],"parties":[{"id":%q}]}`, graz))
	known("memorandum.sign", pact, "2018-06-01T00:00:00Z", fmt.Sprintf(`{"fact":{"occurred":"2018-05-01"},"party":{"id":%q}}`, graz))
	year := []string{"report", "--from", "2018", "--to", "2018", "--data", s.data}
	stats := []string{"stats", "--from", "2018", "--to", "2018", "--json", "--data", s.data}
	before, series := ok(t, year...), ok(t, stats...)
	held := strconv.Itoa(count(t, s.data) - 1)
	require.Contains(t, before, "\nSignatures: 1\n")
	require.Contains(t, ok(t, append(year, "--as-known", "2018-12-31T00:00:00Z")...), "2018-05-01*  Graz  Rivers")

	s.do("memorandum.correct", pact, fmt.Sprintf(`{"of":2,"as":{"type":"memorandum.signed","data":{"fact":{"occurred":"2019-05-01"},"party":{"id":%q}}},"reason":"misread"}`, graz))
	require.NotContains(t, ok(t, year...), "Signatures: ")
	require.Contains(t, ok(t, "report", "--from", "2019-05-01", "--to", "2019-05-01", "--data", s.data), "\nSignatures: 1\n")
	require.NotEqual(t, series, ok(t, stats...))

	require.Equal(t, strings.Replace(before, "\n", "\nas recorded after event #"+held+"\n", 1), ok(t, append(year, "--as-recorded", held)...))
	require.Contains(t, ok(t, append(year, "--as-known", "2018-12-31T00:00:00Z")...), "2018-05-01*  Graz  Rivers")
	require.Contains(t, ok(t, append(year, "--as-known", "2018-05-31T00:00:00Z")...), "\nSignatures                                         0      0\n")
	require.Equal(t, lines(t, series)[4]["signed"], lines(t, ok(t, append(stats, "--as-recorded", held)...))[4]["signed"])
}

func TestReportFormats(t *testing.T) {
	s := secretariat{t, t.TempDir()}
	city := s.do("party.register", "", `{"kind":"municipality","name":{"lang":"en","value":"=1+1 | *bold* <b>"}}`)
	pact := s.do("memorandum.draft", "", fmt.Sprintf(`{"kind":"mou","titles":[{"lang":"en","value":"Rivers"}],"parties":[{"id":%q}]}`, city))
	s.do("memorandum.sign", pact, fmt.Sprintf(`{"fact":{"occurred":"2018"},"party":{"id":%q}}`, city))
	year := []string{"report", "--from", "2018", "--to", "2018", "--data", s.data}
	markdown := ok(t, append(year, "--format", "markdown")...)
	require.Contains(t, markdown, "# Report from 2018-01-01 to 2018-12-31\n\n| WHAT | COUNT | PERHAPS |\n|---|---|---|\n")
	require.Contains(t, markdown, "\n## Signatures: 1\n\n| DATE | WHO | WHAT | ID |\n|---|---|---|---|\n| 2018 | =1+1 \\| \\*bold\\* &lt;b> | Rivers | "+short(pact)+" |\n")
	half := ok(t, "report", "--from", "2018", "--to", "2018-06", "--format", "markdown", "--data", s.data)
	require.Contains(t, half, "\n## Signatures: 0\n\n### Perhaps: 1\n\n| DATE | WHO |")

	records, err := csv.NewReader(strings.NewReader(ok(t, append(year, "--format", "csv")...))).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"heading", "certainty", "date", "earliest", "latest", "who", "what", "how", "id", "who_id", "recorded_later"}, records[0])
	require.Contains(t, records, []string{"signatures", "certain", "2018", "2018-01-01", "2018-12-31", "'=1+1 | *bold* <b>", "Rivers", "", pact, city, "false"})
	require.Contains(t, ok(t, "report", "--from", "2018-02", "--to", "2018-03", "--format", "csv", "--data", s.data), "\nsignatures,perhaps,2018,")

	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"report"}, "--from 2019 --to 2019"},
		{[]string{"report", "--from", "2018"}, "a report is of a span of days"},
		{[]string{"report", "--from", "2019", "--to", "2018"}, "cli.bad_span"},
		{[]string{"report", "--from", "2018~", "--to", "2019"}, "cli.bad_date"},
		{[]string{"report", "--from", "2018-02-30", "--to", "2019"}, "cli.bad_date"},
		{append(year, "--as-of", "2018"), "cli.no_as_of"},
		{append(year, "--format", "xml"), "text, markdown, csv"},
		{append(year, "--format", "csv", "--json"), "do not go together"},
		{append(year, "--party", pact), "is not a party"},
		{append(year, "--party", city, "--network", "Rivers"), "do not go together"},
		{[]string{"stats", "--as-of", "2018"}, "cli.no_as_of"},
		{[]string{"stats", "--from", "2018-01-01"}, "cli.bad_date"},
		{[]string{"stats", "--from", "9990"}, "cli.bad_span"},
		{[]string{"stats", "--from", "0001", "--to", "9999"}, "at most 2400"},
		{[]string{"stats", "--format", "markdown"}, "text, csv"},
	} {
		r := entente(t, "", append(c.args, "--data", s.data)...)
		require.Equal(t, es.ErrInvalid.Exit(), r.code, c.args)
		require.Contains(t, r.err, c.says, c.args)
	}
}

func TestStats(t *testing.T) {
	data := demo(t)
	text := ok(t, "stats", "--data", data)
	require.Contains(t, text, "\n2019-05  ·       ·         ·      ·       ·     1     ·       ▇\n")
	require.NotContains(t, text, "2019-06", "months that have nothing are left out")
	require.Contains(t, text, "\nperhaps  3       2         ·      9       ·     3     ·\n")

	all := lines(t, ok(t, "stats", "--from", "2018", "--to", "2019", "--json", "--data", data))
	require.Len(t, all, 25, "all months, and what is open")
	require.Equal(t, map[string]any{
		"month": "2018-04", "perhaps": false, "signed": 0., "enteredIntoForce": 0., "ended": 0., "joined": 0., "left": 0., "held": 1., "eventsRecorded": 0.,
	}, all[3])
	held := 0.
	for _, m := range all {
		held += m["held"].(float64)
	}
	report := counted(t, data, "report", "--from", "2018", "--to", "2019")["activities_held"]
	require.Equal(t, int(report[0]+report[1]), int(held), "each is counted once")
	require.Equal(t, true, all[24]["perhaps"])

	records, err := csv.NewReader(strings.NewReader(ok(t, "stats", "--from", "2018-04", "--to", "2018-04", "--format", "csv", "--data", data))).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"2018-04", "0", "0", "0", "0", "0", "1", "0"}, records[1])
	require.Equal(t, "perhaps", records[2][0])
	require.NotContains(t, ok(t, "stats", "--as-known", "2019-05-31T12:00:00Z", "--data", data), "2019-11", "as it would have been given then")

	s := secretariat{t, t.TempDir()}
	s.do("party.register", "", `{"kind":"municipality","name":{"lang":"en","value":"Graz"}}`)
	recorded := lines(t, ok(t, "stats", "--json", "--data", s.data))
	require.EqualValues(t, count(t, s.data), recorded[0]["eventsRecorded"])
	require.Equal(t, "nothing is recorded of these months\n", ok(t, "stats", "--as-recorded", "2001-01-01T00:00:00Z", "--data", s.data))
}
