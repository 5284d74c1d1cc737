package actionplan_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/terms"
)

type (
	events   = []actionplan.Event
	cases    = []estest.Case[actionplan.Command, actionplan.Event]
	commands = []actionplan.Command
	partyID  = terms.PartyID
)

var (
	ancona, ikoma, council, fund = id("ancona"), id("ikoma"), id("council"), id("fund")
	page                         = terms.SourceID(es.StreamName("source", uuid.NewSHA1(uuid.Nil, []byte("page"))))
)

func id(name string) partyID {
	return partyID(es.StreamName("party", uuid.NewSHA1(uuid.Nil, []byte(name))))
}

func ref(id partyID) terms.PartyRef { return terms.PartyRef{ID: id} }

func text(value string) terms.Text { return terms.Text{Lang: "en", Value: value} }

func day(date string) edtf.Date { return edtf.MustParse(date) }

func on(date string) terms.Fact {
	return terms.Fact{Occurred: day(date), Source: terms.Citation{ID: page}}
}

func as(s terms.Status, date string) terms.Fact {
	f := on(date)
	f.Status = s
	return f
}

func euros(minor int64) terms.Money { return terms.Money{Minor: minor, Currency: "EUR"} }

func code(c string) error { return &es.Error{Code: c} }

func corrected(of es.Revision, e actionplan.Event) actionplan.Corrected {
	return actionplan.Corrected{book.Corrected[actionplan.Event]{Fact: on("2024"), Of: of, As: e, Reason: "misread"}}
}

func voided(of es.Revision) actionplan.Voided {
	return actionplan.Voided{book.Voided{Fact: on("2024"), Of: of, Reason: "of another plan"}}
}

func disputed(of es.Revision) actionplan.Disputed {
	return actionplan.Disputed{book.Disputed{Fact: on("2024"), Of: of, By: ikoma, Grounds: "the council never met"}}
}

func ruled(of es.Revision, stands bool) actionplan.Ruled {
	return actionplan.Ruled{book.Ruled{Fact: on("2025"), Of: of, Stands: stands, Reason: "the minutes were found"}}
}

func reclassified(v terms.Visibility) actionplan.Reclassified {
	return actionplan.Reclassified{book.Reclassified{Fact: on("2025"), Visibility: v, Reason: "in print"}}
}

func fell(rule string, of es.Revision, key, date string) actionplan.FellDue {
	return actionplan.FellDue{book.FellDue{Fact: terms.Fact{Occurred: day(date)}, Rule: rule, Of: of, Key: key, On: day(date)}}
}

func revised(version int, date string) actionplan.Revised {
	return actionplan.Revised{Fact: on(date), Version: version, Reason: "new targets"}
}

func action(key actionplan.Key, date, end string) actionplan.ActionAdded {
	return actionplan.ActionAdded{Fact: on(date), Action: actionplan.Action{Key: key, Title: text("Plant trees"), Owner: ref(ancona), End: day(end)}}
}

func set(key actionplan.Key, status actionplan.ActionStatus, date string) actionplan.ActionStatusSet {
	return actionplan.ActionStatusSet{Fact: on(date), Action: key, Status: status}
}

func reading(value actionplan.Quantity, date string) actionplan.ReadingTaken {
	return actionplan.ReadingTaken{Fact: on(date), Indicator: "stock", Value: value}
}

func funding(key actionplan.Key, minor int64) actionplan.FundingCommitted {
	return actionplan.FundingCommitted{Fact: on("2020"), Commitment: actionplan.Commitment{Key: key, By: ref(fund), Line: "saplings", Amount: euros(minor)}}
}

func extended(due, to string) actionplan.ReportExtended {
	return actionplan.ReportExtended{Fact: on("2020-12-01"), Report: "annual", Due: day(due), To: day(to)}
}

func handed(due, date string) actionplan.ReportSubmitted {
	return actionplan.ReportSubmitted{Fact: on(date), Report: "annual", Due: day(due), Document: page}
}

var (
	drafted = actionplan.Drafted{
		Fact: on("2018-06"), Titles: []terms.Text{text("Urban action plan")}, Parties: []terms.PartyRef{ref(ancona), ref(ikoma)},
		Themes: []terms.Theme{"sustainable-economy"}, From: day("2019"), Until: day("2022"), Visibility: es.Internal,
	}
	own         = actionplan.Drafted{Fact: on("2018-06"), Titles: []terms.Text{text("Our plan")}, Parties: []terms.PartyRef{ref(ancona)}, Visibility: es.Internal}
	carriedOver = actionplan.CarriedOver{
		Fact: on("2021"), Titles: []terms.Text{text("Older plan")}, Parties: []terms.PartyRef{ref(ancona)},
		Phase: actionplan.PhaseImplementing, Since: day("2019-05"), Version: 2, Visibility: es.Internal,
		Actions: []actionplan.CarriedAction{
			{Action: actionplan.Action{Key: "trees", Title: text("Plant trees")}, Status: actionplan.ActionOngoing, Since: day("2020")},
			{Action: actionplan.Action{Key: "roofs", Title: text("Green roofs")}, Status: actionplan.ActionCompleted},
		},
	}
	titled      = actionplan.Titled{Fact: on("2018-07"), Title: terms.Text{Lang: "it", Value: "Piano"}}
	themed      = actionplan.ThemesSet{Fact: on("2018-07"), Themes: []terms.Theme{"sustainable-tourism"}}
	submitted   = actionplan.Submitted{Fact: on("2018-10-01"), To: ref(council)}
	returned    = actionplan.Returned{Fact: on("2018-11-01"), By: ref(council), Reason: "no figures"}
	provisional = actionplan.ProvisionallyApproved{Fact: on("2019-02-01"), By: ref(council)}
	approved    = actionplan.Approved{Fact: on("2019-11-01"), By: ref(council)}
	begun       = actionplan.ImplementationBegun{Fact: on("2020-01-01")}
	completed   = actionplan.Completed{Fact: on("2022-12-31")}
	abandoned   = actionplan.Abandoned{Fact: on("2022-06-30"), Reason: "no money"}
	second      = revised(2, "2020-06-01")
	trees       = action("trees", "2018-09-01", "2021-12-31")
	ongoing     = set("trees", actionplan.ActionOngoing, "2020-02-01")
	milestone   = actionplan.MilestoneSet{Fact: on("2018-09-01"), Milestone: actionplan.Milestone{Key: "first", Action: "trees", Title: text("First hundred"), Due: day("2020-12-31")}}
	reached     = actionplan.MilestoneReached{Fact: on("2020-11-30"), Milestone: "first"}
	moved       = actionplan.MilestoneMoved{Fact: on("2020-10-01"), Milestone: "first", Due: day("2021-03-31"), Reason: "drought"}
	indicator   = actionplan.IndicatorSet{Fact: on("2018-09-01"), Indicator: actionplan.Indicator{
		Key: "stock", Action: "trees", Title: text("Trees in town"), Unit: "trees", Baseline: "1000", Target: "1500", By: day("2021-12-31"), Direction: actionplan.Increase,
	}}
	measured = reading("1250.5", "2020-12-31")
	line     = actionplan.BudgetLineSet{Fact: on("2018-09-01"), Line: actionplan.Line{Key: "saplings", Action: "trees", Title: text("Saplings"), Amount: euros(1000)}}
	funded   = funding("f1", 600)
	owed     = actionplan.ReportDueSet{Fact: on("2018-09-01"), Report: actionplan.Report{
		Key: "annual", Due: day("2020-12-31"), Every: edtf.Period{Years: 1}, By: ref(ancona), To: ref(council),
	}}
	extension = extended("2020-12-31", "2021-03-31")
	report    = handed("2020-12-31", "2021-03-01")
	// base is a plan with one thing of each kind, in force.
	base = events{drafted, trees, milestone, indicator, line, owed, submitted, provisional, approved}
	// whole is a plan with all of its facts in their order.
	whole = slices.Concat(base, events{begun, ongoing, second, moved, reached, extension, measured, funded, report, completed})
)

// facts is every fact that can follow [base] or an opening, with its command.
var facts = []struct {
	name    string
	command actionplan.Command
	event   actionplan.Event
}{
	{"titled", actionplan.AddTitle(titled), titled},
	{"themes_set", actionplan.SetThemes(themed), themed},
	{"submitted", actionplan.Submit{Fact: on("2018-09")}, actionplan.Submitted{Fact: on("2018-09")}},
	{"returned", actionplan.Return(returned), returned},
	{"provisionally_approved", actionplan.ApproveProvisionally{Fact: on("2019")}, actionplan.ProvisionallyApproved{Fact: on("2019")}},
	{"approved", actionplan.Approve{Fact: on("2019-12"), Definitive: true}, actionplan.Approved{Fact: on("2019-12"), Definitive: true}},
	{"implementation_begun", actionplan.BeginImplementation(begun), begun},
	{"completed", actionplan.Complete(completed), completed},
	{"abandoned", actionplan.Abandon(abandoned), abandoned},
	{"revised", actionplan.Revise(second), second},
	{"action_added", actionplan.AddAction(action("roofs", "2019", "")), action("roofs", "2019", "")},
	{"action_status_set", actionplan.SetActionStatus(ongoing), ongoing},
	{"milestone_set", actionplan.SetMilestone{Fact: on("2019"), Milestone: actionplan.Milestone{Key: "last", Title: text("All")}}, actionplan.MilestoneSet{Fact: on("2019"), Milestone: actionplan.Milestone{Key: "last", Title: text("All")}}},
	{"milestone_reached", actionplan.ReachMilestone(reached), reached},
	{"milestone_moved", actionplan.MoveMilestone(moved), moved},
	{"indicator_set", actionplan.SetIndicator{Fact: on("2019"), Indicator: actionplan.Indicator{Key: "air", Title: text("Air"), Direction: "reach"}}, actionplan.IndicatorSet{Fact: on("2019"), Indicator: actionplan.Indicator{Key: "air", Title: text("Air"), Direction: "reach"}}},
	{"reading_taken", actionplan.TakeReading(measured), measured},
	{"budget_line_set", actionplan.SetBudgetLine{Fact: on("2019"), Line: actionplan.Line{Key: "staff", Title: text("Staff"), Amount: euros(5)}}, actionplan.BudgetLineSet{Fact: on("2019"), Line: actionplan.Line{Key: "staff", Title: text("Staff"), Amount: euros(5)}}},
	{"funding_committed", actionplan.CommitFunding(funded), funded},
	{"report_due_set", actionplan.SetReportDue{Fact: on("2019"), Report: actionplan.Report{Key: "final", Due: day("2023")}}, actionplan.ReportDueSet{Fact: on("2019"), Report: actionplan.Report{Key: "final", Due: day("2023")}}},
	{"report_submitted", actionplan.SubmitReport(report), report},
	{"report_extended", actionplan.ExtendReport(extension), extension},
	{"corrected", actionplan.Correct(corrected(1, own)), corrected(1, own)},
	{"voided", actionplan.Void(voided(2)), voided(2)},
	{"disputed", actionplan.Dispute(disputed(2)), disputed(2)},
	{"ruled", actionplan.Rule(ruled(10, true)), ruled(10, true)},
	{"reclassified", actionplan.Reclassify(reclassified(es.Public)), reclassified(es.Public)},
	{"fell_due", actionplan.MarkDue(fell(actionplan.DueActionEnd, 2, "trees", "2021-12-31")), fell(actionplan.DueActionEnd, 2, "trees", "2021-12-31")},
}

const plainFacts = 22 // of facts, the first that are no amendments

// history is a stream and its state.
type history struct {
	events events
	state  actionplan.State
}

func after(events ...actionplan.Event) *history {
	return &history{slices.Clone(events), actionplan.Decider.Fold(events...)}
}

// with is a history of [base] and more.
func with(more ...actionplan.Event) *history { return after(slices.Concat(base, more)...) }

// try decides a command that may fail.
func (h *history) try(c actionplan.Command) error {
	got, err := actionplan.Decider.Decide(c, h.state)
	for _, e := range got {
		h.events = append(h.events, e)
		h.state = actionplan.Decider.Evolve(h.state, h.at(), e)
	}
	return err
}

func (h *history) at() es.Revision { return es.Revision(len(h.events)) }

// do decides commands, each of which must record.
func (h *history) do(t *testing.T, all ...actionplan.Command) *history {
	t.Helper()
	for _, c := range all {
		at := h.at()
		require.NoError(t, h.try(c))
		require.Greater(t, h.at(), at)
	}
	return h
}

// holds joins what certainly holds as of a date and what perhaps does instead.
func holds[S book.Span](spans []S, date string, name func(S) string) string {
	certain, perhaps := book.AsOf(spans, day(date))
	answer := []string{name(certain)}
	for _, span := range perhaps {
		answer = append(answer, name(span)+"?")
	}
	return strings.TrimSpace(strings.Join(answer, " "))
}

func phaseName(s actionplan.Span) string {
	if s.Version > 1 {
		return string(s.Phase) + " of version " + string(rune('0'+s.Version))
	}
	return string(s.Phase)
}

// phase is the phase as of a date, then those that perhaps hold instead.
func (h *history) phase(date string) string { return holds(h.state.Phases(), date, phaseName) }

// versionPhase is likewise the phase of one version.
func (h *history) versionPhase(version int, date string) string {
	return holds(h.state.VersionPhases(version), date, phaseName)
}

// status is likewise the status of an action.
func (h *history) status(key actionplan.Key, date string) string {
	for _, a := range h.state.Actions() {
		if a.Key == key {
			return holds(a.Statuses, date, func(s actionplan.StatusSpan) string { return string(s.Status) })
		}
	}
	return ""
}

// due is the due of a rule and a key, zero if there is none.
func (h *history) due(rule, key string) terms.Due {
	for _, d := range h.state.Dues() {
		if d.Rule == rule && d.Key == key {
			return d
		}
	}
	return terms.Due{}
}

// findings are the codes, each once and without the aggregate's name.
func (h *history) findings() []string {
	codes := []string{}
	for _, f := range h.state.Findings() {
		if c := strings.TrimPrefix(f.Code, "actionplan."); !slices.Contains(codes, c) {
			codes = append(codes, c)
		}
	}
	return codes
}
