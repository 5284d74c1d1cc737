package activity_test

import (
	"strings"

	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/terms"
)

type (
	cases  = []estest.Case[activity.Command, activity.Event]
	events = []activity.Event
	texts  = []terms.Text
)

const (
	press   terms.SourceID = "source-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e01"
	minutes terms.SourceID = "source-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e02"
	athens  terms.PartyID  = "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e03"
	veria   terms.PartyID  = "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e04"
	chania  terms.PartyID  = "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e05"
	forum   terms.PartyID  = "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e06"
	mayor   terms.PersonID = "person-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e07"
	speaker terms.PersonID = "person-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e08"
	summit  terms.Ref      = "activity-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e09"
	plan    terms.Ref      = "actionplan-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e0a"
)

func day(s string) edtf.Date { return edtf.MustParse(s) }

func on(date string) terms.Fact {
	return terms.Fact{Occurred: day(date), Source: terms.Citation{ID: press, Locator: "p. 3"}}
}

func as(s terms.Status, date string) terms.Fact {
	f := on(date)
	f.Status = s
	return f
}

func text(value string) terms.Text { return terms.Text{Lang: "en", Value: value} }

func correct(of es.Revision, e activity.Event) activity.Correct {
	return activity.Correct{book.Corrected[activity.Event]{Fact: on("2024"), Of: of, As: e, Reason: "misread"}}
}

func void(of es.Revision) activity.Void {
	return activity.Void{book.Voided{Fact: on("2024"), Of: of, Reason: "of another meeting"}}
}

func dispute(of es.Revision) activity.Dispute {
	return activity.Dispute{book.Disputed{Fact: on("2024"), Of: of, By: veria, Grounds: "nobody came"}}
}

func rule(of es.Revision, stands bool) activity.Rule {
	return activity.Rule{book.Ruled{Fact: on("2025"), Of: of, Stands: stands, Reason: "the minutes were found"}}
}

func reclassify(v terms.Visibility) activity.Reclassify {
	return activity.Reclassify{book.Reclassified{Fact: on("2025"), Visibility: v, Reason: "it is in print now"}}
}

func present(id terms.PartyID) activity.ParticipantRecorded {
	return activity.ParticipantRecorded{on("2018-04-10"), activity.Participation{
		Party: terms.PartyRef{ID: id}, Role: "participant", Presence: "present",
	}}
}

func count(n int, among activity.Among) activity.ParticipantsCounted {
	return activity.ParticipantsCounted{on("2018-04-10"), activity.Count{Number: n, Of: "parties", Among: among, Presence: "present"}}
}

var (
	meeting    = activity.Description{Kind: "meeting", Titles: texts{text("network meeting")}, Parent: summit, Series: forum, Number: 4}
	registered = activity.Registered{Fact: on("2017-01-01"), Description: meeting}
	carried    = activity.CarriedOver{
		Fact: on("2020"), Description: meeting, Phase: activity.PhaseHeld, Since: day("2018-04"), When: day("2018-04-10"),
		Place: activity.Place{Town: text("Athens"), Party: athens}, Participants: []activity.Participation{present(veria).Participation},
	}
	titled      = activity.Titled{on("2017-02-01"), terms.Text{Lang: "el", Value: "συνάντηση"}}
	series      = activity.SeriesNamed{on("2017-02-01"), athens, 5}
	located     = activity.Located{on("2017-02-01"), activity.Place{Venue: text("City Hall"), Town: text("Athens"), Party: athens}}
	announced   = activity.Announced{on("2017-02-01"), terms.Ref(mayor), day("2018-04")}
	scheduled   = activity.Scheduled{on("2017-03-01"), day("2018-04-10")}
	rescheduled = activity.Rescheduled{on("2017-04-01"), day("2018-04-20"), text("a strike")}
	postponed   = activity.Postponed{on("2017-05-01"), edtf.Date{}, text("a flood")}
	held        = activity.Held{on("2018-04-10"), 1}
	cancelled   = activity.Cancelled{on("2018-03-01"), text("no money")}
	hosted      = activity.HostNamed{on("2017-02-01"), terms.PartyRef{ID: athens, As: "Αθήνας"}, "venue"}
	took        = present(veria)
	counted     = count(21, "participant")
	agenda      = activity.AgendaSet{on("2017-02-01"), []terms.Theme{"sdg:10"}, texts{text("reception of refugees")}}
	output      = activity.OutputRecorded{on("2018-04-10"), activity.Output{Kind: "approval", Concerning: plan}}
	related     = activity.Related{on("2017-02-01"), summit, "precedes"}
)

// plain is how many of facts say something that no guard stands against.
const plain = 15

// facts is every fact that can follow an opening, with its command, and with
// other values.
var facts = booktest.Examples[activity.Command, activity.Event]{
	{Name: "titled", Command: activity.AddTitle(titled), Event: titled, Changed: activity.Titled{on("2017"), text("4th meeting")}},
	{Name: "series_named", Command: activity.NameSeries(series), Event: series, Changed: activity.SeriesNamed{on("2017"), veria, 0}},
	{Name: "located", Command: activity.Locate(located), Event: located, Changed: activity.Located{on("2017"), activity.Place{Online: true}}},
	{Name: "announced", Command: activity.Announce(announced), Event: announced, Changed: activity.Announced{on("2017-12-01"), "", day("2018-05")}},
	{Name: "scheduled", Command: activity.Schedule(scheduled), Event: scheduled, Changed: activity.Scheduled{on("2017-12-01"), day("2018-05")}},
	{Name: "rescheduled", Command: activity.Reschedule(rescheduled), Event: rescheduled, Changed: activity.Rescheduled{on("2017-12-01"), day("2018-05"), terms.Text{}}},
	{Name: "postponed", Command: activity.Postpone(postponed), Event: postponed, Changed: activity.Postponed{on("2017-12-01"), day("2019"), terms.Text{}}},
	{Name: "held", Command: activity.Hold(held), Event: held, Changed: activity.Held{on("2018-05"), 2}},
	{Name: "cancelled", Command: activity.Cancel(cancelled), Event: cancelled, Changed: activity.Cancelled{on("2018-02"), terms.Text{}}},
	{Name: "host_named", Command: activity.NameHost(hosted), Event: hosted, Changed: activity.HostNamed{on("2017"), terms.PartyRef{ID: veria}, "host"}},
	{Name: "participant_recorded", Command: activity.RecordParticipant(took), Event: took, Changed: present(chania)},
	{Name: "participants_counted", Command: activity.CountParticipants(counted), Event: counted, Changed: count(22, "all")},
	{Name: "agenda_set", Command: activity.SetAgenda(agenda), Event: agenda, Changed: activity.AgendaSet{on("2017"), nil, texts{text("housing")}}},
	{Name: "output_recorded", Command: activity.RecordOutput(output), Event: output, Changed: activity.OutputRecorded{on("2018"), activity.Output{Kind: "document", Source: minutes}}},
	{Name: "related", Command: activity.Relate(related), Event: related, Changed: activity.Related{on("2017"), summit, "follows"}},
	{Name: "corrected", Command: correct(1, registered), Event: activity.Corrected(correct(1, registered))},
	{Name: "voided", Command: void(2), Event: activity.Voided(void(2))},
	{Name: "disputed", Command: dispute(2), Event: activity.Disputed(dispute(2))},
	{Name: "ruled", Command: rule(3, true), Event: activity.Ruled(rule(3, true))},
	{Name: "reclassified", Command: reclassify(es.Public), Event: activity.Reclassified(reclassify(es.Public))},
}

// view is all that an activity answers, without revisions.
type view struct {
	Exists    bool
	Is        activity.Description
	Title     terms.Text
	Phases    []activity.Span
	Ended     activity.Phase
	Planned   activity.Plan
	Place     activity.Place
	Themes    []terms.Theme
	Items     []terms.Text
	Hosts     []activity.Host
	Who       []activity.Participation
	Counts    []activity.Counted
	Outputs   []activity.Output
	Relations []activity.Relative
	Codes     []string
}

func answersOf(s *activity.State) view {
	v := view{Exists: s.Exists(), Is: s.Describe(), Title: s.Title(), Phases: s.Phases(), Place: s.Place()}
	for i := range v.Phases {
		v.Phases[i].By = 0
	}
	end, _ := s.Outcome()
	v.Ended = end.Phase
	v.Planned, _ = s.Planned()
	v.Themes, v.Items = s.Agenda()
	v.Hosts, v.Who, v.Counts = moves(s.Hosts()), moves(s.Participants()), moves(s.Counts())
	v.Outputs, v.Relations = moves(s.Outputs()), moves(s.Relations())
	return v
}

// look adds the codes of the findings.
func look(given ...activity.Event) view {
	s := activity.Decider.Fold(given...)
	v := answersOf(&s)
	for _, f := range s.Findings() {
		v.Codes = append(v.Codes, f.Code)
	}
	return v
}

func moves[T any](all []activity.Said[T]) []T {
	var moving []T
	for _, a := range all {
		if a.Moves {
			moving = append(moving, a.What)
		}
	}
	return moving
}

// stated returns JSON with the visibility that an empty one stands for.
func stated(data string) string {
	return strings.ReplaceAll(data, `"visibility":""`, `"visibility":"internal"`)
}
