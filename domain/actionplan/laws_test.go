package actionplan_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// answers is what the ledger says of a plan, the revisions apart.
type answers struct {
	Description actionplan.Description
	Version     int
	InForce     int
	Phases      []actionplan.Span
	Versions    [][]actionplan.Span
	Actions     []actionplan.ActionState
	Milestones  []actionplan.MilestoneState
	Indicators  []actionplan.IndicatorState
	Budget      actionplan.Budget
	Reports     []actionplan.ReportState
}

func answersOf(s *actionplan.State) any {
	a := answers{
		s.Describe(), s.Version(), s.InForce(), s.Phases(), nil, s.Actions(), s.Milestones(), s.Indicators(), s.Budget(), s.Reports(),
	}
	for v := range 5 {
		a.Versions = append(a.Versions, s.VersionPhases(v))
	}
	blank(reflect.ValueOf(&a).Elem())
	return a
}

// blank turns revisions into whether there is one.
func blank(v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[es.Revision]():
		v.SetUint(min(v.Uint(), 1))
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			blank(v.Index(i))
		}
	case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[edtf.Date]():
		for _, field := range v.Fields() {
			blank(field)
		}
	}
}

var (
	anyKey    = rapid.SampledFrom([]actionplan.Key{"a", "b"})
	orNone    = rapid.SampledFrom([]actionplan.Key{"", "", "a"})
	anyValue  = rapid.SampledFrom([]actionplan.Quantity{"0", "-1.5", "10", "12.25", "100"})
	anyAmount = rapid.SampledFrom([]terms.Money{euros(100), euros(300), {Minor: 100, Currency: "JPY"}})
	anyParty  = rapid.SampledFrom([]partyID{ancona, ikoma, ""})
	anyStatus = rapid.SampledFrom(actionplan.ActionStatus("").Words())
)

// anyFactual is a command whose fact can follow the opening.
func anyFactual(t *rapid.T, f terms.Fact) actionplan.Command {
	key, other, date := anyKey.Draw(t, "key"), orNone.Draw(t, "other"), booktest.Dates.Draw(t, "planned")
	by, value, amount := ref(anyParty.Draw(t, "by")), anyValue.Draw(t, "value"), anyAmount.Draw(t, "amount")
	fixed := []string{"2018-04-01", "2019-04-01"}
	known := edtf.MustParse(rapid.SampledFrom(fixed).Draw(t, "due"))
	groups := []commands{
		{
			actionplan.Submit{Fact: f, To: by},
			actionplan.Return{Fact: f, By: by},
			actionplan.ApproveProvisionally{Fact: f, By: by},
			actionplan.Approve{Fact: f, By: by},
			actionplan.Approve{Fact: f, Definitive: true},
			actionplan.BeginImplementation{Fact: f},
			actionplan.Complete{Fact: f},
			actionplan.Abandon{Fact: f},
			actionplan.AddTitle{Fact: f, Title: text("More")},
			actionplan.SetThemes{Fact: f, Themes: []terms.Theme{"sdg:11"}},
		},
		{actionplan.Revise{Fact: f, Version: rapid.IntRange(2, 4).Draw(t, "version")}},
		{
			actionplan.AddAction{Fact: f, Action: actionplan.Action{Key: key, Title: text("A"), Owner: by}},
			actionplan.AddAction{Fact: f, Action: actionplan.Action{Key: key, Title: text("A"), End: date}},
			actionplan.SetActionStatus{Fact: f, Action: key, Status: actionplan.ActionStatus(anyStatus.Draw(t, "status"))},
		},
		{
			actionplan.SetMilestone{Fact: f, Milestone: actionplan.Milestone{Key: key, Title: text("M"), Action: other, Due: date}},
			actionplan.ReachMilestone{Fact: f, Milestone: key},
			actionplan.MoveMilestone{Fact: f, Milestone: key, Due: known},
		},
		{
			actionplan.SetIndicator{Fact: f, Indicator: actionplan.Indicator{Key: "a", Title: text("I"), Action: other, Baseline: "0", Target: value, By: date, Direction: "increase"}},
			actionplan.TakeReading{Fact: f, Indicator: "a", Value: value},
			actionplan.TakeReading{Fact: f, Indicator: "a", Value: value},
		},
		{
			actionplan.SetBudgetLine{Fact: f, Line: actionplan.Line{Key: "a", Title: text("L"), Amount: amount}},
			actionplan.CommitFunding{Fact: f, Commitment: actionplan.Commitment{Key: key, By: ref(fund), Line: other, Amount: amount}},
		},
		{
			actionplan.SetReportDue{Fact: f, Report: actionplan.Report{Key: "a", Due: edtf.MustParse(fixed[0]), Every: edtf.Period{Years: 1}, By: by}},
			actionplan.SubmitReport{Fact: f, Report: "a", Due: known},
			actionplan.ExtendReport{Fact: f, Report: "a", Due: known, To: edtf.MustParse("2019-07-01")},
			actionplan.ExtendReport{Fact: f, Report: "a", Due: known, To: edtf.MustParse("2019-08-01")},
		},
	}
	return rapid.SampledFrom(rapid.SampledFrom(groups).Draw(t, "group")).Draw(t, "fact")
}

var subject = booktest.Subject[actionplan.Command, actionplan.State, actionplan.Event]{
	Decider:  actionplan.Decider,
	Book:     (*actionplan.State).Book,
	Openings: events{drafted, drafted, own, carriedOver},
	Fact:     anyFactual,
	Answers:  answersOf,
	Findings: (*actionplan.State).Findings,
	Correct: func(c book.Corrected[actionplan.Event]) actionplan.Command {
		return actionplan.Correct{Corrected: c}
	},
	Void:    func(v book.Voided) actionplan.Command { return actionplan.Void{Voided: v} },
	Dispute: func(d book.Disputed) actionplan.Command { return actionplan.Dispute{Disputed: d} },
	Rule:    func(r book.Ruled) actionplan.Command { return actionplan.Rule{Ruled: r} },
	Dated:   []error{actionplan.ErrEnded},
	Dues:    (*actionplan.State).Dues,
	MarkDue: func(d book.FellDue) actionplan.Command { return actionplan.MarkDue{FellDue: d} },
}

type plan = booktest.History[actionplan.Command, actionplan.State, actionplan.Event]

func TestLaws(t *testing.T) { subject.Laws(t) }

func law(t *testing.T, name string, check func(t *rapid.T, h *plan)) {
	t.Run(name, func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) { check(t, subject.Any(t)) })
	})
}

func TestOwnLaws(t *testing.T) {
	law(t, "1_an_action_has_only_statuses_that_a_recorded_fact_gave_it", func(t *rapid.T, h *plan) {
		for _, a := range h.State.Actions() {
			for _, s := range a.Statuses {
				held, ok := h.State.Book().At(s.By)
				require.True(t, ok && held.Moves())
				switch e := held.Event.(type) {
				case actionplan.ActionStatusSet:
					require.Equal(t, s.Status, e.Status)
				case actionplan.ActionAdded:
					require.Equal(t, actionplan.ActionNotStarted, s.Status)
				default:
					require.IsType(t, actionplan.CarriedOver{}, e)
				}
			}
		}
	})
	law(t, "2_a_due_date_has_one_extension", func(t *rapid.T, h *plan) {
		type date struct {
			report actionplan.Key
			due    edtf.Date
		}
		to := map[date]edtf.Date{}
		for _, e := range h.Events {
			switch e.(type) {
			case actionplan.Corrected, actionplan.Disputed, actionplan.Voided:
				return // what an amendment brings about is a finding
			default:
			}
		}
		for m := range h.State.Book().Moving() {
			if e, ok := m.Event.(actionplan.ReportExtended); ok {
				d := date{e.Report, e.Due}
				if known, ok := to[d]; ok {
					require.Equal(t, known, e.To)
				}
				to[d] = e.To
			}
		}
	})
	law(t, "3_versions_are_numbered_without_gaps", func(t *rapid.T, h *plan) {
		seen := map[int]bool{}
		for m := range h.State.Book().Moving() {
			if e, ok := m.Event.(actionplan.Revised); ok {
				seen[e.Version] = true
			}
		}
		for v := 2; v <= h.State.Version(); v++ {
			carried, _ := h.State.Book().Opening()
			older, ok := carried.Event.(actionplan.CarriedOver)
			require.True(t, seen[v] || ok && v <= older.Version, "version %d", v)
			require.True(t, ok && v <= older.Version || len(h.State.VersionPhases(v)) > 0)
		}
		require.Empty(t, h.State.VersionPhases(h.State.Version()+1))
		require.LessOrEqual(t, h.State.InForce(), h.State.Version())
	})
	law(t, "4_the_funding_of_a_line_is_the_sum_of_the_commitments", func(t *rapid.T, h *plan) {
		b := h.State.Budget()
		for _, l := range b.Lines {
			var sum int64
			seen := map[actionplan.Key]bool{}
			for m := range h.State.Book().Moving() {
				e, ok := m.Event.(actionplan.FundingCommitted)
				if ok && !seen[e.Key] && h.State.Version() == 1 { // the first of each key stands
					if seen[e.Key] = true; e.Line == l.Key && e.Amount.Currency == l.Amount.Currency {
						sum += e.Amount.Minor
					}
				}
			}
			if h.State.Version() == 1 {
				require.Equal(t, sum, l.Funded)
			}
		}
	})
}

func TestLaw5_progress_does_not_depend_on_the_order_of_recording(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		readings := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) actionplan.ReadingTaken {
			return actionplan.ReadingTaken{Fact: terms.Fact{Occurred: booktest.Dates.Draw(t, "on")}, Indicator: "stock", Value: anyValue.Draw(t, "value")}
		}), 0, 6, func(r actionplan.ReadingTaken) edtf.Date { return r.Occurred }).Draw(t, "readings")
		progress := func(order []actionplan.ReadingTaken) actionplan.Progress {
			h := with()
			for _, r := range order {
				require.NoError(t, h.try(actionplan.TakeReading(r)))
			}
			p := h.state.Indicators()[0].Progress
			p.By = min(p.By, 1)
			return p
		}
		require.Equal(t, progress(readings), progress(rapid.Permutation(readings).Draw(t, "order")))
	})
}
