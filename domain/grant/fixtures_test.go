package grant_test

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/grant"
	"github.com/entente-ledger/entente/domain/terms"
)

type (
	events  = []grant.Event
	history = booktest.History[grant.Command, grant.State, grant.Event]
	cases   = []estest.Case[grant.Command, grant.Event]
	partyID = terms.PartyID
)

var (
	ancona, essen, regio = id("ancona"), id("essen"), id("regio")
	page                 = terms.SourceID(es.StreamName("source", uuid.NewSHA1(uuid.Nil, []byte("page"))))
)

func id(name string) partyID {
	return partyID(es.StreamName("party", uuid.NewSHA1(uuid.Nil, []byte(name))))
}

func ref(id partyID) terms.PartyRef { return terms.PartyRef{ID: id} }

func text(value string) terms.Text { return terms.Text{Lang: "en", Value: value} }

func on(date string) terms.Fact {
	return terms.Fact{Occurred: edtf.MustParse(date), Source: terms.Citation{ID: page}}
}

func code(c string) error { return &es.Error{Code: c} }

func corrected(of es.Revision, e grant.Event) grant.Corrected {
	return grant.Corrected{book.Corrected[grant.Event]{Fact: on("2024"), Of: of, As: e, Reason: "misread"}}
}

func voided(of es.Revision) grant.Voided {
	return grant.Voided{book.Voided{Fact: on("2024"), Of: of, Reason: "of another grant"}}
}

func disputed(of es.Revision) grant.Disputed {
	return grant.Disputed{book.Disputed{Fact: on("2024"), Of: of, By: essen, Grounds: "the jury never met"}}
}

func ruled(of es.Revision, stands bool) grant.Ruled {
	return grant.Ruled{book.Ruled{Fact: on("2025"), Of: of, Stands: stands, Reason: "the minutes were found"}}
}

func reclassified(v terms.Visibility) grant.Reclassified {
	return grant.Reclassified{book.Reclassified{Fact: on("2025"), Visibility: v, Reason: "in print"}}
}

const eur = terms.Currency("EUR")

func euros(minor int64) terms.Money { return terms.Money{Minor: minor, Currency: eur} }

func envelope(minor int64) *terms.Money { return &terms.Money{Minor: minor, Currency: eur} }

// award, pay and back are recorded facts of a grant whose envelope is 1000.
func award(key grant.Key, minor int64, date string) grant.Awarded {
	return grant.Awarded{Fact: on(date), Key: key, Party: ref(ancona), Amount: euros(minor)}
}

func pay(key, of grant.Key, minor int64, date string) grant.Disbursed {
	return grant.Disbursed{Fact: on(date), Key: key, Award: of, Amount: euros(minor)}
}

func back(key, of grant.Key, minor int64, date string) grant.ClawedBack {
	return grant.ClawedBack{Fact: on(date), Key: key, Award: of, Amount: euros(minor), Reason: "not spent"}
}

var (
	registered  = grant.Registered{Fact: on("2018"), Titles: []terms.Text{text("Local initiatives")}, Funder: ref(regio), Envelope: envelope(1000)}
	unfunded    = grant.Registered{Fact: on("2018"), Titles: []terms.Text{text("Local initiatives")}}
	carriedOver = grant.CarriedOver{
		Fact: on("2020"), Titles: []terms.Text{text("Old")}, Envelope: envelope(1000),
		Awards: []grant.CarriedAward{
			{Key: "a", Party: ref(ancona), Amount: euros(600), Disbursed: 600, ClawedBack: 100},
			{Key: "b", Party: ref(essen), Amount: euros(400), Closed: true},
		},
	}
	opened   = grant.CallOpened{Fact: on("2018-02-01"), Key: "c", Title: text("Call"), Until: edtf.MustParse("2018-06-30")}
	shut     = grant.CallClosed{Fact: on("2018-05-31"), Call: "c"}
	awarded  = award("a", 600, "2018-09-01")
	paid     = pay("p1", "a", 500, "2019-01-01")
	reported = grant.Reported{Fact: on("2019-07-01"), Award: "a", Period: edtf.MustParse("2019-01/2019-06"), Due: edtf.MustParse("2019-07-31")}
	ended    = grant.AwardClosed{Fact: on("2020-01-01"), Award: "a"}
	clawed   = back("b1", "a", 200, "2020-06-01")
	base     = events{registered, opened, awarded, paid}
	// That applications to the call that is opened second are over.
	fellDue = grant.FellDue{FellDue: book.FellDue{
		Fact: terms.Fact{Occurred: opened.Until}, Rule: grant.DueCall, Of: 2, Key: "c", On: opened.Until,
	}}
)

// facts is every fact that can follow [base] but its last.
var facts = []struct {
	name    string
	command grant.Command
	event   grant.Event
}{
	{"call_closed", grant.CloseCall(shut), shut},
	{"reported", grant.Report(reported), reported},
	{"award_closed", grant.CloseAward(ended), ended},
	{"clawed_back", grant.ClawBack(clawed), clawed},
	{"awarded", grant.Award(award("z", 400, "2019")), award("z", 400, "2019")},
	{"disbursed", grant.Disburse(pay("p2", "a", 100, "2019-02-01")), pay("p2", "a", 100, "2019-02-01")},
	{"call_opened", grant.OpenCall{Fact: on("2019"), Key: "d"}, grant.CallOpened{Fact: on("2019"), Key: "d"}},
	{"corrected", grant.Correct(corrected(4, pay("p1", "a", 400, "2019"))), corrected(4, pay("p1", "a", 400, "2019"))},
	{"voided", grant.Void(voided(4)), voided(4)},
	{"disputed", grant.Dispute(disputed(4)), disputed(4)},
	{"fell_due", grant.MarkDue(fellDue), fellDue},
	{"reclassified", grant.Reclassify(reclassified(es.Public)), reclassified(es.Public)},
	{"ruled", grant.Rule(ruled(5, true)), ruled(5, true)},
}

// phase is the phase as of a date, then those that perhaps hold instead.
func phase(h *history, date string) string {
	certain, perhaps := grant.AsOf(h.State.Phases(), edtf.MustParse(date))
	answer := []string{string(certain.Phase)}
	for _, span := range perhaps {
		answer = append(answer, string(span.Phase)+"?")
	}
	return strings.TrimSpace(strings.Join(answer, " "))
}

// part is likewise the state of an award.
func part(h *history, award grant.Key, date string) string {
	own := slices.DeleteFunc(h.State.Parts(), func(s grant.Span) bool { return s.Award != award })
	certain, perhaps := grant.AsOf(own, edtf.MustParse(date))
	answer := []string{string(certain.Part)}
	for _, span := range perhaps {
		answer = append(answer, string(span.Part)+"?")
	}
	return strings.TrimSpace(strings.Join(answer, " "))
}

// findings are the codes, each once and without the aggregate's name.
func findings(h *history) []string {
	codes := []string{}
	for _, f := range h.State.Findings() {
		if c := strings.TrimPrefix(f.Code, "grant."); !slices.Contains(codes, c) {
			codes = append(codes, c)
		}
	}
	return codes
}
