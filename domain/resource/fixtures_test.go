package resource_test

import (
	"strings"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/resource"
	"github.com/entente-ledger/entente/domain/terms"
)

type (
	cases  = []estest.Case[resource.Command, resource.Event]
	events = []resource.Event
	texts  = []terms.Text
)

const (
	press   terms.SourceID = "source-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e01"
	ancona  terms.PartyID  = "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e02"
	ikoma   terms.PartyID  = "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e03"
	experts terms.Ref      = "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e04"
	visit   terms.Ref      = "activity-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e05"
	newer   terms.Ref      = "resource-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e06"
)

var page = resource.Copy{URL: "https://example.org/practices/1", Lang: "en"}

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

func ref(id terms.PartyID) terms.PartyRef { return terms.PartyRef{ID: id} }

func correct(of es.Revision, e resource.Event) resource.Correct {
	return resource.Correct{book.Corrected[resource.Event]{Fact: on("2024"), Of: of, As: e, Reason: "misread"}}
}

func void(of es.Revision) resource.Void {
	return resource.Void{book.Voided{Fact: on("2024"), Of: of, Reason: "of another module"}}
}

func dispute(of es.Revision) resource.Dispute {
	return resource.Dispute{book.Disputed{Fact: on("2024"), Of: of, By: ikoma, Grounds: "nobody has seen it"}}
}

func rule(of es.Revision, stands bool) resource.Rule {
	return resource.Rule{book.Ruled{Fact: on("2025"), Of: of, Stands: stands, Reason: "it was found"}}
}

func reclassify(v terms.Visibility) resource.Reclassify {
	return resource.Reclassify{book.Reclassified{Fact: on("2025"), Visibility: v, Reason: "it is in print now"}}
}

var (
	practice = resource.Description{
		Kind: "good_practice", Titles: texts{text("urban gardens")}, Themes: []terms.Theme{"sdg:11"}, Owner: ref(ancona),
	}
	registered = resource.Registered{Fact: on("2017"), Description: practice}
	carried    = resource.CarriedOver{Fact: on("2023"), Description: practice, Phase: resource.PhasePublished, Since: day("2019-05"), Copy: page}
	titled     = resource.Titled{on("2018"), terms.Text{Lang: "it", Value: "orti urbani"}}
	themed     = resource.ThemesSet{on("2018"), []terms.Theme{"sdg:2"}}
	owned      = resource.OwnerNamed{on("2018"), ref(ikoma)}
	related    = resource.Related{on("2018"), visit, "output_of"}
	proposed   = resource.Proposed{on("2018-02"), ref(ikoma)}
	reviewed   = resource.Reviewed{on("2018-06"), experts, "accepted", text("to be translated")}
	published  = resource.Published{on("2019-01-01"), page}
	copied     = resource.CopyRecorded{on("2020"), resource.Copy{SHA256: resource.Hash(strings.Repeat("5e", 32))}}
	retired    = resource.Retired{on("2022"), newer, text("out of date")}
)

// plain is how many of facts say something that no guard stands against.
const plain = 9

// facts is every fact that can follow an opening, with its command, and with
// other values.
var facts = booktest.Examples[resource.Command, resource.Event]{
	{Name: "titled", Command: resource.AddTitle(titled), Event: titled, Changed: resource.Titled{on("2018"), text("gardens")}},
	{Name: "themes_set", Command: resource.SetThemes(themed), Event: themed, Changed: resource.ThemesSet{on("2018"), []terms.Theme{"food"}}},
	{Name: "owner_named", Command: resource.NameOwner(owned), Event: owned, Changed: resource.OwnerNamed{on("2018"), terms.PartyRef{ID: ikoma, As: "生駒市"}}},
	{Name: "related", Command: resource.Relate(related), Event: related, Changed: resource.Related{on("2018"), visit, "under"}},
	{Name: "proposed", Command: resource.Propose(proposed), Event: proposed, Changed: resource.Proposed{on("2018-03"), ref(ancona)}},
	{Name: "reviewed", Command: resource.Review(reviewed), Event: reviewed, Changed: resource.Reviewed{on("2018-07"), "", "rejected", terms.Text{}}},
	{Name: "published", Command: resource.Publish(published), Event: published, Changed: resource.Published{on("2020"), resource.Copy{}}},
	{Name: "copy_recorded", Command: resource.RecordCopy(copied), Event: copied, Changed: resource.CopyRecorded{on("2020"), page}},
	{Name: "retired", Command: resource.Retire(retired), Event: retired, Changed: resource.Retired{on("2021"), "", terms.Text{}}},
	{Name: "corrected", Command: correct(1, registered), Event: resource.Corrected(correct(1, registered))},
	{Name: "voided", Command: void(2), Event: resource.Voided(void(2))},
	{Name: "disputed", Command: dispute(2), Event: resource.Disputed(dispute(2))},
	{Name: "ruled", Command: rule(3, true), Event: resource.Ruled(rule(3, true))},
	{Name: "reclassified", Command: reclassify(es.Public), Event: resource.Reclassified(reclassify(es.Public))},
}

// view is all that a resource answers, without revisions.
type view struct {
	Exists    bool
	Is        resource.Description
	Title     terms.Text
	Phases    []resource.Span
	Phase     resource.Phase
	Copies    []resource.Copy
	Proposals []resource.Proposed
	Reviews   []resource.Reviewed
	Relations []resource.Related
	Instead   terms.Ref
	Codes     []string
}

func answersOf(s *resource.State) view {
	v := view{
		Exists: s.Exists(), Is: s.Describe(), Title: s.Title(), Phases: s.Phases(), Phase: s.Phase(), Proposals: s.Proposals(),
		Reviews: s.Reviews(), Relations: s.Relations(), Instead: s.ReplacedBy(),
	}
	for i := range v.Phases {
		v.Phases[i].By = 0
	}
	for _, c := range s.Copies() {
		v.Copies = append(v.Copies, c.Copy)
	}
	return v
}

// look adds the codes of the findings.
func look(given ...resource.Event) view {
	s := resource.Decider.Fold(given...)
	v := answersOf(&s)
	for _, f := range s.Findings() {
		v.Codes = append(v.Codes, f.Code)
	}
	return v
}

// stated returns JSON with the visibility that an empty one stands for.
func stated(data string) string {
	return strings.ReplaceAll(data, `"visibility":""`, `"visibility":"internal"`)
}
