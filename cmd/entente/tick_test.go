package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// secretariat is a desk with a ledger, at which commands are given one by one.
type secretariat struct {
	*testing.T
	data string
}

func (s secretariat) do(command, to, payload string) string {
	s.Helper()
	r := lines(s.T, ok(s.T, "do", "--json", "--actor", "clerk", "--data", s.data,
		fmt.Sprintf(`{"command":%q,"to":%q,"payload":%s}`, command, to, payload)))
	return r[0]["stream"].(string)
}

// dated is a ledger in which days follow from the facts of every kind of
// aggregate: some have passed, some come in 2099.
func dated(t *testing.T) (s secretariat, pact string) {
	s = secretariat{t, t.TempDir()}
	city := func(name string) string {
		return s.do("party.register", "", `{"kind":"municipality","name":{"lang":"uk","value":"`+name+`"}}`)
	}
	lviv, graz := city("Львів"), city("Graz")
	pact = s.do("memorandum.draft", "", fmt.Sprintf(
		`{"kind":"mou","titles":[{"lang":"en","value":"Rivers"}],"parties":[{"id":%q},{"id":%q}],"terms":{"duration":"P2Y","notice":"P6M"}}`, lviv, graz,
	))
	for _, id := range []string{lviv, graz} {
		s.do("memorandum.sign", pact, fmt.Sprintf(`{"fact":{"occurred":"2018-05-01"},"party":{"id":%q}}`, id))
	}
	s.do("memorandum.record_undertaking", pact, fmt.Sprintf(
		`{"key":"report","by":{"id":%q},"to":{"id":%q},"what":{"lang":"en","value":"A report"},"due":"2019-03-31"}`, lviv, graz,
	))
	s.do("memorandum.give_notice", pact, fmt.Sprintf(`{"fact":{"occurred":"2019-01-01"},"party":%q}`, graz))
	network := s.do("network.register", "", `{"titles":[{"lang":"en","value":"River cities"}]}`)
	s.do("network.establish_body", network, `{"fact":{"occurred":"2018"},"key":"board","charter":{"kind":"steering","title":{"lang":"en","value":"Board"},"term":"P2Y"}}`)
	s.do("network.fill_seat", network, fmt.Sprintf(`{"fact":{"occurred":"2018-06-01"},"body":"board","party":{"id":%q},"role":"chair"}`, lviv))
	member := s.do("membership.register", "", fmt.Sprintf(`{"network":%q,"party":{"id":%q}}`, network, graz))
	s.do("membership.admit", member, `{"fact":{"occurred":"2018-01-01"},"class":"full"}`)
	s.do("membership.set_duty", member, `{"fact":{"occurred":"2018-01-01"},"key":"fee","kind":"fee","what":{"lang":"en","value":"The fee"},"due":"2019-01-31","consequence":"suspension","grace":"P1M"}`)
	s.do("membership.give_notice", member, `{"fact":{"occurred":"2098-01-01"},"until":"2099-01-01"}`)
	plan := s.do("actionplan.draft", "", fmt.Sprintf(`{"titles":[{"lang":"en","value":"Plan"}],"parties":[{"id":%q}],"under":%q}`, lviv, pact))
	s.do("actionplan.set_report_due", plan, fmt.Sprintf(`{"key":"yearly","due":"2019-12-31","by":{"id":%q},"to":{"id":%q}}`, lviv, graz))
	return s, pact
}

// answers has what the ledger says as of several dates.
func (s secretariat) answers(pact string) string {
	var all strings.Builder
	for _, on := range []string{"2018", "2019-01-15", "2019-07-01", "2020-05-01", "2026-11-22", "2099-06-01"} {
		for _, args := range [][]string{{"list"}, {"show", pact}, {"roster", "River cities"}, {"plan"}, {"due", "--within", "90y"}, {"due", "--overdue"}} {
			all.WriteString(ok(s.T, append(args, "--as-of", on, "--json", "--data", s.data)...))
		}
	}
	return all.String() + ok(s.T, "findings", "--json", "--data", s.data) + ok(s.T, "statuschart", pact, "--json", "--data", s.data)
}

// TestTick checks that what fell due is recorded once, and that no answer is
// another for it (rule 7 of the ledger).
func TestTick(t *testing.T) {
	s, pact := dated(t)
	before, events := s.answers(pact), count(t, s.data)
	dry := ok(t, "tick", "--dry-run", "--data", s.data)
	require.Equal(t, events, count(t, s.data), "a dry run records nothing")

	out := ok(t, "tick", "--data", s.data)
	for _, rule := range []string{
		"memorandum.expiry on 2020-05-01", "memorandum.undertaking on 2019-03-31", "memorandum.withdrawal on 2019-07-01",
		"network.seat_term", "membership.", "actionplan.",
	} {
		require.Contains(t, dry, rule)
		require.Contains(t, out, rule)
	}
	require.NotContains(t, out, "2099")
	require.Equal(t, before, s.answers(pact), "the same answers as of any date")

	recorded := count(t, s.data)
	require.Greater(t, recorded, events)
	require.Equal(t, "nothing fell due\n", ok(t, "tick", "--data", s.data))
	require.Equal(t, recorded, count(t, s.data))
	for _, e := range lines(t, ok(t, "log", "--type", "memorandum.fell_due", "--json", "--data", s.data)) {
		require.Equal(t, "clock", e["actor"])
	}

	later := ok(t, "tick", "--at", "2099-02-01", "--dry-run", "--data", s.data)
	require.Contains(t, later, "2099-01-01")
	require.Equal(t, recorded, count(t, s.data))
	for _, args := range [][]string{{"--at", time.Now().AddDate(0, 0, 2).Format("2006-01-02")}, {"--at", "2019"}, {"--at", "soon"}} {
		r := entente(t, "", append(append([]string{"tick"}, args...), "--data", s.data)...)
		require.Equal(t, es.ErrInvalid.Exit(), r.code, r.err)
	}
	require.Equal(t, recorded, count(t, s.data))
}

func TestDue(t *testing.T) {
	s, pact := dated(t)
	due := func(args ...string) []map[string]any {
		return lines(t, ok(t, append(append([]string{"due", "--json"}, args...), "--data", s.data)...))
	}
	soon := due("--as-of", "2019-03-02", "--within", "90d")
	require.Len(t, soon, 1)
	require.Equal(t, "2019-03-31", soon[0]["on"])
	require.Equal(t, pact, soon[0]["stream"])
	require.Equal(t, "Rivers", soon[0]["title"])
	require.Empty(t, due("--as-of", "2019-03-02", "--within", "4w"))
	require.Empty(t, due("--overdue", "--as-of", "2019-01-31"))
	overdue := due("--overdue", "--as-of", "2019-04-01")
	require.Len(t, overdue, 2, "the fee and the report")
	for _, o := range overdue {
		require.Equal(t, string(terms.Duty), o["kind"])
	}
	require.Len(t, due("--overdue", "--as-of", "2019-04-01", "--by", soon[0]["by"].(string)), 1)
	require.Contains(t, ok(t, "due", "--as-of", "2019-03-02", "--data", s.data), "undertaking: A report")
	require.Equal(t, "nothing is due\n", ok(t, "due", "--as-of", "2010", "--within", "1d", "--data", s.data))
	for _, args := range [][]string{{"--within", "soon"}, {"--as-of", "soon"}, {"--by", "nobody"}} {
		r := entente(t, "", append(append([]string{"due"}, args...), "--data", s.data)...)
		require.NotZero(t, r.code)
	}
}

func TestFinding(t *testing.T) {
	data, streams := ledgerWith(t, `{"command":"source.register","payload":{"description":{"kind":"web_page","titles":[{"lang":"it","value":"Pagina"}]}}}`)
	all := lines(t, ok(t, "findings", "--json", "--code", "source.undated", "--data", data))
	require.Len(t, all, 1)
	id := all[0]["id"].(string)
	give := func(args ...string) result {
		return entente(t, "", append(append([]string{"finding"}, args...), "--actor", "clerk", "--data", data)...)
	}
	require.Zero(t, give("assign", id[:8], "--to", "clerk-7", "--by", "2026-12-01").code)
	require.Contains(t, ok(t, "findings", "--data", data), "assigned to clerk-7")
	require.Zero(t, give("accept", id[:8], "--reason", "it never had a date").code)
	require.NotContains(t, ok(t, "findings", "--data", data), "source.undated")
	require.Contains(t, ok(t, "findings", "--all", "--data", data), "accepted: it never had a date")
	correction := `{"command":"source.correct","to":"` + streams[0] + `","payload":{"of":1,"reason":"misread","as":{"type":"source.registered","schema":1,` +
		`"data":{"description":{"kind":"web_page","titles":[{"lang":"it","value":"La pagina"}]}}}}}`
	ok(t, "do", "--actor", "clerk", "--data", data, correction)
	require.Contains(t, ok(t, "findings", "--data", data), "accepted, changed since")
	require.Zero(t, give("reopen", id[:8], "--reason", "look again").code)
	require.NotContains(t, ok(t, "findings", "--data", data), "accepted, changed since")
	require.Equal(t, es.ErrRejected.Exit(), give("reopen", id[:8], "--reason", "look again, twice").code)
	require.Equal(t, es.ErrNotFound.Exit(), give("accept", "ffffffffff", "--reason", "why").code)
	require.Equal(t, es.ErrInvalid.Exit(), give("accept", id[:8]).code, "without a reason")
	require.Equal(t, es.ErrInvalid.Exit(), give("assign", id[:8], "--to", "clerk-7", "--by", "soon").code)
}

// TestNothingThere checks that what can only be said of a ledger makes none.
func TestNothingThere(t *testing.T) {
	data := filepath.Join(t.TempDir(), "none")
	for _, args := range [][]string{
		{"tick"},
		{"tick", "--dry-run"},
		{"finding", "accept", "ab", "--reason", "why"},
		{"party", "link", "party-1", "party-2", "--reason", "why"},
		{"roster", "x"},
		{"plan"},
		{"due"},
		{"remind", "x"},
		{"search", "x"},
		{"statuschart", "x"},
	} {
		r := entente(t, "", append(args, "--actor", "clerk", "--data", data)...)
		require.Equal(t, es.ErrNotFound.Exit(), r.code, args)
		require.Contains(t, r.err, "ledger.none")
		require.NoDirExists(t, data)
	}
}

func TestPartyLink(t *testing.T) {
	data, streams := ledgerWith(t, ancona, ancona)
	require.Contains(t, ok(t, "findings", "--data", data), "party.duplicate")
	ok(t, "party", "link", streams[1], streams[0], "--reason", "the same city", "--actor", "clerk", "--data", data)
	require.NotContains(t, ok(t, "findings", "--data", data), "party.duplicate")
	ok(t, "party", "unlink", streams[1], streams[0], "--reason", "another after all", "--actor", "clerk", "--data", data)
	require.Contains(t, ok(t, "findings", "--data", data), "party.duplicate")
	r := entente(t, "", "party", "link", streams[1], streams[1], "--reason", "itself", "--actor", "clerk", "--data", data)
	require.Equal(t, es.ErrRejected.Exit(), r.code)
}
