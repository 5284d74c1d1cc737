package answers_test

import (
	"flag"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/obligations"
	"github.com/entente-ledger/entente/projections/parties"
	"github.com/entente-ledger/entente/projections/progress"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/register"
	"github.com/entente-ledger/entente/projections/roster"
	"github.com/entente-ledger/entente/projections/search"
)

var update = flag.Bool("update", false, "write testdata/answers.ndjson; only when an answer gets another member")

// on is the day as of which is asked.
var on = edtf.MustParse("2020")

// question is a question with the answer to it, as JSON.
type question struct {
	Asked  string `json:"asked"`
	Answer any    `json:"answer"`
}

// collect returns what a list yields.
func collect[T any](t *testing.T, all iter.Seq2[T, error]) []T {
	t.Helper()
	items := []T{}
	for one, err := range all {
		require.NoError(t, err)
		items = append(items, one)
	}
	return items
}

// questions asks everything that there is to ask.
func (s *small) questions(t *testing.T, d *answers.Desk) (all []question) {
	ctx := t.Context()
	put := func(asked string, answer any, err error) {
		require.NoError(t, err, asked)
		all = append(all, question{asked, answer})
	}
	agreement, err := d.Agreement(s.pact, on)
	put("agreement", agreement, err)
	party, err := d.Party(s.graz)
	put("party", party, err)
	whole, err := d.Roster(s.net, on)
	put("roster", whole, err)
	plan, err := d.Plan(s.plan, on)
	put("plan", plan, err)
	chart, err := d.Chart(s.pact)
	put("chart", chart, err)
	record, err := d.Record(ctx, s.mayor)
	put("record", record, err)
	explained, err := d.Explain(ctx, s.pact, memorandum.FieldEntry)
	put("explain", explained, err)
	blamed, err := d.Blame(ctx, s.pact, on)
	put("blame", blamed, err)
	changed, err := d.Diff(ctx, s.pact, on, answers.Span{From: readmodel.At{Events: 10}})
	put("diff", changed, err)
	years := readmodel.Within{From: edtf.MustParse("2018").Earliest(), To: edtf.MustParse("2019").Latest()}
	months, err := d.Months(years, 3)
	put("months", months, err)
	report, err := d.Report(years)
	put("report", report, err)
	put("all that differs", collect(t, d.DiffAll(on, answers.Span{From: readmodel.At{Events: 14}})), nil)
	put("agreements", collect(t, d.AllAgreements(register.Filter{On: on})), nil)
	put("parties", collect(t, d.AllParties(parties.Filter{})), nil)
	put("whole parties", collect(t, d.AllWholeParties(parties.Filter{})), nil)
	put("networks", collect(t, d.AllNetworks(roster.Filter{On: on})), nil)
	put("plans", collect(t, d.AllPlans(progress.Filter{On: on})), nil)
	put("found", collect(t, d.AllFound(search.Query{Words: "ri"})), nil)
	put("findings", collect(t, d.AllFindings(findings.Filter{})), nil)
	put("history", collect(t, d.AllHistory(ctx, s.pact)), nil)
	due := collect(t, d.AllDue(obligations.Filter{On: on}))
	put("due", due, nil)
	reachable, err := d.Reachable(ctx, due[0], on)
	put("reachable", reachable, err)
	return all
}

// The JSON of an answer is permanent: its members, their order, and that what is
// empty is there too.
func TestJSON(t *testing.T) {
	s := newSmall(t)
	s.ask(t, func(d *answers.Desk) {
		var got strings.Builder
		for _, q := range s.questions(t, d) {
			line, err := json.Marshal(q, json.Deterministic(true))
			require.NoError(t, err)
			got.Write(append(line, '\n'))
		}
		file := filepath.Join("testdata", "answers.ndjson")
		if *update {
			require.NoError(t, os.WriteFile(file, []byte(got.String()), 0o600))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, strings.Split(string(want), "\n"), strings.Split(got.String(), "\n"))
	})
}

// What is not there is not found, whatever is asked about it.
func TestNothing(t *testing.T) {
	s := newSmall(t)
	s.ask(t, func(d *answers.Desk) {
		ctx := t.Context()
		none := func(stream string) string { return stream[:len(stream)-12] + "ffffffffffff" }
		for name, ask := range map[string]func() error{
			"agreement": func() error { _, err := d.Agreement(none(s.pact), on); return err },
			"party":     func() error { _, err := d.Party(none(s.graz)); return err },
			"roster":    func() error { _, err := d.Roster(none(s.net), on); return err },
			"plan":      func() error { _, err := d.Plan(none(s.plan), on); return err },
			"chart":     func() error { _, err := d.Chart(none(s.pact)); return err },
			"record":    func() error { _, err := d.Record(ctx, none(s.mayor)); return err },
			"explain":   func() error { _, err := d.Explain(ctx, none(s.pact), memorandum.FieldEnd); return err },
			"blame":     func() error { _, err := d.Blame(ctx, none(s.pact), on); return err },
			"history":   func() error { _, err := d.History(ctx, none(s.pact), 0, ""); return err },
			"before it was": func() error {
				_, err := d.As(readmodel.At{Events: 1}).History(ctx, s.pact, 0, "")
				return err
			},
			"the past of a record": func() error {
				_, err := d.As(readmodel.At{Known: time.Unix(0, 0)}).Record(ctx, s.mayor)
				return err
			},
		} {
			require.ErrorIs(t, ask(), es.ErrNotFound, name)
		}
		f, err := d.Fields(none(s.pact), on)
		require.NoError(t, err)
		require.Empty(t, f)
	})
}

func TestName(t *testing.T) {
	s := newSmall(t)
	s.ask(t, func(d *answers.Desk) {
		for id, want := range map[string]string{
			s.graz: "Graz", s.lviv: "Львів", s.pact: "Rivers", s.member: "Graz in Cities on Rivers", s.mayor: answers.Short(s.mayor), "": "",
		} {
			for range 2 { // the second time from memory
				got, err := d.Name(id)
				require.NoError(t, err)
				require.Equal(t, want, got)
			}
		}
		before, err := d.As(readmodel.At{Events: 4}).Name(s.lviv)
		require.NoError(t, err)
		require.Equal(t, "Lemberg", before, "by what was known then, not by what the desk remembers")
	})
}

// Natural persons are named by who can name them, and else by nobody.
func TestPersons(t *testing.T) {
	s := newSmall(t)
	s.ask(t, func(d *answers.Desk) {
		ask := func() (answers.Record, answers.Reachable) {
			r, err := d.Record(t.Context(), s.mayor)
			require.NoError(t, err)
			o, err := d.Reachable(t.Context(), collect(t, d.AllDue(obligations.Filter{On: on}))[0], on)
			require.NoError(t, err)
			require.Len(t, o.Contacts, 1)
			return r, o
		}
		r, o := ask()
		require.Equal(t, "N. "+answers.Short(s.mayor), r.Name)
		require.Equal(t, []string{r.Name, "n@example.org"}, []string{o.Names, o.Addresses})
		of, err := d.Record(t.Context(), s.page)
		require.NoError(t, err)
		require.Empty(t, of.Name, "of what is no person")
		d.Persons = nil
		r, o = ask()
		require.Empty(t, r.Name)
		require.Equal(t, []string{"", "", "", ""}, []string{o.Contacts[0].Name, o.Contacts[0].Contact, o.Names, o.Addresses})
	})
}
