package progress_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/progress"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// asOf returns what is said of a plan as of dates, in words.
func (c *clerk) asOf(t *testing.T, stream string, words func(p progress.Plan) string, dates ...string) []string {
	t.Helper()
	var all []string
	for _, date := range dates {
		all = append(all, date+": "+words(c.shown(t, stream, date)))
	}
	return all
}

func TestIndicator(t *testing.T) {
	inWords := func(p progress.Plan) (words string) {
		i := p.Indicators[0]
		for _, r := range i.Readings {
			words += fmt.Sprintf("%s(%s) ", r.Value, r.Taken)
		}
		if i.Progress.Known {
			words += fmt.Sprintf("%d‰ @%d ", i.Progress.Permille, i.Progress.By)
		}
		return words + "reached " + i.Progress.Reached.String()
	}
	c := newClerk(t, byHand)
	plan := c.plan(t, draft("Green town", c.ancona), stock("1000", "1500"),
		measure("1500", "2021-12-31"), measure("950.5", "2018-12-31"), measure("1250.75", "2020"))
	require.Equal(t, []string{
		"2018-12-30: reached undecidable",
		"2018-12-31: 950.5(yes) -99‰ @4 reached no",
		"2020-07-01: 950.5(yes) 1250.75(undecidable) -99‰ @4 reached no",
		"2021-01-01: 950.5(yes) 1250.75(yes) 501‰ @5 reached no",
		"2021: 950.5(yes) 1250.75(yes) 1500(undecidable) 501‰ @5 reached no",
		"2021-12-31T09:00+01:00: 950.5(yes) 1250.75(yes) 1500(yes) 1000‰ @3 reached yes",
		": 950.5(undecidable) 1250.75(undecidable) 1500(undecidable) reached undecidable",
	}, c.asOf(t, plan, inWords, "2018-12-30", "2018-12-31", "2020-07-01", "2021-01-01", "2021", "2021-12-31T09:00+01:00", ""))

	t.Run("which_reading_is_the_last_is_open", func(t *testing.T) {
		plan := c.plan(t, draft("Green town", c.ancona), stock("0", "100"), measure("40", "2019"), measure("60", "2019-06-30"))
		require.Equal(t, []string{"2020: 40(yes) 60(yes) reached no"}, c.asOf(t, plan, inWords, "2020"))
	})
	t.Run("no_baseline_no_progress", func(t *testing.T) {
		plan := c.plan(t, draft("Green town", c.ancona), stock("", "100"), measure("100", "2019"))
		require.Equal(t, []string{"2020: 100(yes) reached yes"}, c.asOf(t, plan, inWords, "2020"))
	})
	t.Run("what_is_announced_is_no_reading", func(t *testing.T) {
		said := measure("100", "2019")
		said.Status = terms.Announced
		plan := c.plan(t, draft("Green town", c.ancona), stock("0", "100"), said)
		require.Equal(t, []string{"2020: reached undecidable"}, c.asOf(t, plan, inWords, "2020"))
	})
}

func TestAction(t *testing.T) {
	c := newClerk(t, byHand)
	plan := c.plan(t, draft("Green town", c.ancona), trees(c.ancona), status(actionplan.ActionOngoing, "2019-03"),
		status(actionplan.ActionCompleted, "2021-10-31"))
	inWords := func(p progress.Plan) string {
		a := p.Actions[0]
		words := []string{fmt.Sprintf("%s %s @%d", a.Certain.Status, a.Certain.From, a.Certain.By)}
		for _, s := range a.Perhaps {
			words = append(words, string(s.Status))
		}
		return strings.Join(words, " or ")
	}
	require.Equal(t, []string{
		"2018-08-31:   @0", "2018-09: not_started 2018-09-01 @2",
		"2019-03-15: not_started 2018-09-01 @2 or ongoing", "2019-04: ongoing 2019-03 @3",
		"2021: ongoing 2019-03 @3 or completed", "2022: completed 2021-10-31 @4",
	}, c.asOf(t, plan, inWords, "2018-08-31", "2018-09", "2019-03-15", "2019-04", "2021", "2022"))
	require.Equal(t, progress.Action{
		Action: trees(c.ancona).Action,
		Certain: actionplan.StatusSpan{
			Status: actionplan.ActionCompleted, Note: text("as reported"), From: day("2021-10-31"), By: 4,
		},
	}, c.shown(t, plan, "2022").Actions[0], "as recorded, down to who is known by name only")
}

func TestMilestone(t *testing.T) {
	c := newClerk(t, byHand)
	first := actionplan.Milestone{Key: "first", Action: "trees", Title: text("First hundred"), Due: day("2020-12-31")}
	plan := c.plan(t, draft("Green town", c.ancona), trees(c.ancona), actionplan.SetMilestone{Fact: on("2018-09-01"), Milestone: first},
		actionplan.MoveMilestone{Fact: on("2020-10-01"), Milestone: "first", Due: day("2021-03-31")})
	first.Due = day("2021-03-31")
	require.Equal(t, []progress.Milestone{{Milestone: first}}, c.shown(t, plan, "2030").Milestones)
	c.record(t, plan, actionplan.ReachMilestone{Fact: on("2021-02"), Milestone: "first"})
	require.Equal(t, []string{"2021-01-31: no", "2021-02-15: undecidable", "2021-03-01: yes"},
		c.asOf(t, plan, func(p progress.Plan) string { return p.Milestones[0].Reached.String() }, "2021-01-31", "2021-02-15", "2021-03-01"))
	require.Equal(t, day("2021-02"), c.shown(t, plan, "2020").Milestones[0].ReachedOn)
}

func TestReports(t *testing.T) {
	inWords := func(p progress.Plan) (words string) {
		for _, r := range p.Reports {
			words += fmt.Sprintf("[%s open %s, overdue %s]", r.On, r.Open, r.Overdue)
		}
		return words
	}
	c := newClerk(t, byHand)
	plan := c.plan(t, draft("Green town", c.ancona), owe(edtf.Period{Years: 2}),
		actionplan.ExtendReport{Fact: on("2019-12-01"), Report: "annual", Due: day("2019-12-31"), To: day("2020-03-31")},
		actionplan.SubmitReport{Fact: on("2020-05"), Report: "annual", Due: day("2019-12-31")})
	require.Equal(t, []string{
		"2020-03-31: [2020-03-31 open yes, overdue no][2021-12-31 open yes, overdue no]",
		"2020-04-01: [2020-03-31 open yes, overdue yes][2021-12-31 open yes, overdue no]",
		"2020-05-15: [2020-03-31 open undecidable, overdue undecidable][2021-12-31 open yes, overdue no]",
		"2020-06-01: [2020-03-31 open no, overdue no][2021-12-31 open yes, overdue no]",
		"2022: [2020-03-31 open no, overdue no][2021-12-31 open yes, overdue yes]",
	}, c.asOf(t, plan, inWords, "2020-03-31", "2020-04-01", "2020-05-15", "2020-06-01", "2022"))
	require.Equal(t, progress.Report{
		Key: "annual", Due: day("2019-12-31"), On: day("2020-03-31"), By: 4, DoneOn: day("2020-05"),
	}, c.shown(t, plan, "2022").Reports[0])

	c.record(t, plan, actionplan.Abandon{Fact: on("2022-06-30")})
	require.Equal(t, []string{
		"2022-06-29: [2020-03-31 open no, overdue no][2021-12-31 open yes, overdue yes]",
		"2022-06-30: [2020-03-31 open no, overdue no][2021-12-31 open no, overdue no]",
	}, c.asOf(t, plan, inWords, "2022-06-29", "2022-06-30"), "of a plan that was abandoned nothing is owed any more")
	require.Equal(t, progress.Report{
		Key: "annual", Due: day("2021-12-31"), On: day("2021-12-31"), By: 5, DoneOn: day("2022-06-30"), Dropped: true,
	}, c.shown(t, plan, "2022-07").Reports[1])

	t.Run("completed_owes_one_more", func(t *testing.T) {
		plan := c.plan(t, draft("Green town", c.ancona), owe(edtf.Period{Years: 1}), actionplan.Complete{Fact: on("2020-06-30")})
		require.Equal(t, []string{
			"2023: [2019-12-31 open yes, overdue yes][2020-12-31 open yes, overdue yes]" +
				"[2021-12-31 open no, overdue no][2022-12-31 open no, overdue no]",
		}, c.asOf(t, plan, inWords, "2023"))
	})
}

func TestOrder(t *testing.T) {
	c := newClerk(t, byHand)
	milestone := func(key actionplan.Key) actionplan.SetMilestone {
		return actionplan.SetMilestone{Fact: on("2019"), Milestone: actionplan.Milestone{Key: key, Title: text("A point")}}
	}
	final := actionplan.SetReportDue{Fact: on("2019"), Report: actionplan.Report{Key: "zero", Due: day("2019-06-30")}}
	p := c.shown(t, c.plan(t, draft("Green town", c.ancona), milestone("b"), milestone("a"), final, owe(edtf.Period{})), "2020")
	require.Equal(t, []actionplan.Key{"b", "a"}, []actionplan.Key{p.Milestones[0].Key, p.Milestones[1].Key}, "of first mention")
	require.Equal(t, []actionplan.Key{"zero", "annual"}, []actionplan.Key{p.Reports[0].Key, p.Reports[1].Key})
}

func TestDateTime(t *testing.T) {
	c := newClerk(t, byHand)
	plan := c.plan(t, draft("Green town", c.ancona), actionplan.Submit{Fact: on("2018-10-03T09:00+02:00")})
	require.Equal(t, actionplan.PhaseSubmitted, c.shown(t, plan, "2018-10-03T08:00+02:00").Phase.Certain.Phase, "the day counts")
}

func TestBudget(t *testing.T) {
	c := newClerk(t, byHand)
	saplings := actionplan.Line{Key: "saplings", Action: "trees", Title: text("Saplings"), Amount: euros(1000)}
	staff := actionplan.Line{Key: "staff", Title: text("Staff"), Amount: terms.Money{Minor: 500, Currency: "JPY"}}
	fund := func(key, line actionplan.Key, amount terms.Money) actionplan.CommitFunding {
		return actionplan.CommitFunding{Fact: on("2019"), Commitment: actionplan.Commitment{Key: key, By: ref(c.ikoma), Line: line, Amount: amount}}
	}
	plan := c.plan(t, draft("Green town", c.ancona), trees(c.ancona),
		actionplan.SetBudgetLine{Fact: on("2019"), Line: saplings}, actionplan.SetBudgetLine{Fact: on("2019"), Line: staff},
		fund("f1", "saplings", euros(600)), fund("f2", "saplings", euros(700)), fund("f3", "saplings", terms.Money{Minor: 9, Currency: "JPY"}),
		fund("f4", "staff", euros(5)), fund("f5", "", euros(1)))
	require.Equal(t, []progress.Line{{Line: saplings, Funded: 1300}, {Line: staff}}, c.shown(t, plan, "2020").Lines)
}

func TestPhase(t *testing.T) {
	c := newClerk(t, byHand)
	plan := c.plan(t, draft("Green town", c.ancona, c.ikoma), actionplan.Submit{Fact: on("2018-10-01")}, actionplan.Approve{Fact: on("2019-11")},
		actionplan.Revise{Fact: on("2020-06-01"), Version: 2})
	soFar := uint64(len(c.store.Records()))
	c.record(t, plan, actionplan.Submit{Fact: on("2020-07-01")})
	c.record(t, plan, actionplan.Approve{Fact: on("2020-12-01")})
	inWords := func(p progress.Plan) string {
		words := []string{fmt.Sprintf("%s of version %d @%d", p.Phase.Certain.Phase, p.Phase.Certain.Version, p.Phase.Certain.By)}
		for _, s := range p.Phase.Perhaps {
			words = append(words, fmt.Sprintf("%s of version %d", s.Phase, s.Version))
		}
		return strings.Join(words, " or ")
	}
	require.Equal(t, []string{
		"2018-05:  of version 0 @0", "2018-06-01: draft of version 1 @1", "2019-11-15: submitted of version 1 @2 or approved of version 1",
		"2020-06: approved of version 1 @3", "2020-12-01: approved of version 2 @6",
	}, c.asOf(t, plan, inWords, "2018-05", "2018-06-01", "2019-11-15", "2020-06", "2020-12-01"))
	views(t, t.TempDir(), c.store, func(conn *sqlite.Conn) {
		p, err := progress.Get(conn, plan, readmodel.At{Events: soFar}, day("2020-12-01"))
		require.NoError(t, err)
		require.Equal(t, "approved of version 1 @3", inWords(p), "as recorded before the second approval")
		require.Equal(t, []int{2, 1}, []int{p.Version, p.InForce})
	})
}

func TestAnnounced(t *testing.T) {
	c := newClerk(t, byHand)
	said := draft("Green town", c.ancona)
	said.Status = terms.Announced
	p := c.shown(t, c.plan(t, said), "2030")
	require.Equal(t, progress.Phase{}, p.Phase)
	require.True(t, p.Exists)
	require.Equal(t, "Green town", p.Title().Value)
}

func TestQueries(t *testing.T) {
	c := newClerk(t, byHand)
	zebra := c.plan(t, draft("zebra crossings", c.ancona))
	second := c.plan(t, draft("École verte", c.ancona, c.ikoma), actionplan.Submit{Fact: on("2019-10-01")})
	first := c.plan(t, draft("ecole verte", c.ikoma), actionplan.Submit{Fact: on("2019-10")})
	wrong := c.plan(t, draft("a mistake", c.ikoma), trees(c.ikoma), void(1))
	brief := func(all []progress.Plan) (streams []string) {
		for _, p := range all {
			streams = append(streams, p.Stream)
			require.Empty(t, p.Actions, "a list has no parts")
		}
		return streams
	}
	views(t, t.TempDir(), c.store, func(conn *sqlite.Conn) {
		list := func(f progress.Filter) []string {
			all, next, err := progress.List(conn, f)
			require.NoError(t, err)
			require.Empty(t, next)
			return brief(all)
		}
		require.Equal(t, []string{second, first, zebra}, list(progress.Filter{}), "by title without accents, then as recorded")
		require.Equal(t, []string{second, first}, list(progress.Filter{Party: c.ikoma}))
		require.Equal(t, []string{second, zebra}, list(progress.Filter{Party: c.ancona}))
		submitted := progress.Filter{On: day("2019-10-15"), Phase: actionplan.PhaseSubmitted}
		require.Equal(t, []string{second}, list(submitted), "the other one perhaps is")
		submitted.Party = c.ancona
		require.Equal(t, []string{second}, list(submitted))
		submitted.On = day("2019")
		require.Empty(t, list(submitted), "not on every day of the year")

		require.Len(t, list(progress.Filter{Limit: 3}), 3, "and no more to come")
		page, next, err := progress.List(conn, progress.Filter{Limit: 2})
		require.NoError(t, err)
		require.Equal(t, []string{second, first}, brief(page))
		require.Equal(t, []string{zebra}, list(progress.Filter{Limit: 2, After: next}))

		p, err := progress.Get(conn, wrong, readmodel.At{}, day("2020"))
		require.NoError(t, err)
		require.False(t, p.Exists)
		require.Equal(t, terms.Text{}, p.Title())
		require.Empty(t, p.Actions)

		for _, unknown := range []string{"actionplan-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55", string(c.ancona)} {
			_, err = progress.Get(conn, unknown, readmodel.At{}, day("2020"))
			require.ErrorIs(t, err, es.ErrNotFound)
		}
		beyond := readmodel.At{Events: 1 << 63}
		_, err = progress.Get(conn, zebra, beyond, day("2020"))
		require.ErrorIs(t, err, es.ErrInvalid)
		_, _, err = progress.List(conn, progress.Filter{At: beyond})
		require.ErrorIs(t, err, es.ErrInvalid)
		_, _, err = progress.List(conn, progress.Filter{After: "nonsense"})
		require.ErrorIs(t, err, es.ErrInvalid)
	})
}
