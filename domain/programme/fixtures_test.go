package programme_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/programme"
	"github.com/entente-ledger/entente/domain/terms"
)

type (
	events   = []programme.Event
	cases    = []estest.Case[programme.Command, programme.Event]
	commands = []programme.Command
	partyID  = terms.PartyID
)

var (
	ancona, ikoma, essen, office, regio = id("ancona"), id("ikoma"), id("essen"), id("office"), id("regio")
	page                                = terms.SourceID(es.StreamName("source", uuid.NewSHA1(uuid.Nil, []byte("page"))))
)

func id(name string) partyID {
	return partyID(es.StreamName("party", uuid.NewSHA1(uuid.Nil, []byte(name))))
}

func ref(id partyID) terms.PartyRef { return terms.PartyRef{ID: id} }

func text(value string) terms.Text { return terms.Text{Lang: "en", Value: value} }

func on(date string) terms.Fact {
	return terms.Fact{Occurred: edtf.MustParse(date), Source: terms.Citation{ID: page}}
}

func as(s terms.Status, date string) terms.Fact {
	f := on(date)
	f.Status = s
	return f
}

func code(c string) error { return &es.Error{Code: c} }

func corrected(of es.Revision, e programme.Event) programme.Corrected {
	return programme.Corrected{book.Corrected[programme.Event]{Fact: on("2024"), Of: of, As: e, Reason: "misread"}}
}

func voided(of es.Revision) programme.Voided {
	return programme.Voided{book.Voided{Fact: on("2024"), Of: of, Reason: "of another programme"}}
}

func disputed(of es.Revision) programme.Disputed {
	return programme.Disputed{book.Disputed{Fact: on("2024"), Of: of, By: essen, Grounds: "the jury never met"}}
}

func ruled(of es.Revision, stands bool) programme.Ruled {
	return programme.Ruled{book.Ruled{Fact: on("2025"), Of: of, Stands: stands, Reason: "the minutes were found"}}
}

func reclassified(v terms.Visibility) programme.Reclassified {
	return programme.Reclassified{book.Reclassified{Fact: on("2025"), Visibility: v, Reason: "in print"}}
}

var (
	purpose     = programme.Purpose{Gist: text("exchange between cities"), Themes: []terms.Theme{"sdg:11", "clean-energy"}, Projects: []terms.Text{text("pilot")}}
	registered  = programme.Registered{Fact: on("2016"), Titles: []terms.Text{text("IUC")}, Owner: ref(regio)}
	carriedOver = programme.CarriedOver{
		Fact: on("2020"), Titles: []terms.Text{text("IUC")}, Phase: programme.PhaseClosed, Since: edtf.MustParse("2019"),
		Parts: []programme.CarriedPart{
			{Party: ref(essen), Part: programme.PartSelected},
			{Party: ref(ancona), With: ref(ikoma), Part: programme.PartPaired, Since: edtf.MustParse("2018")},
		},
	}
	launched = programme.Launched{Fact: on("2017-01"), Purpose: purpose}
	stated   = programme.PurposeStated{Fact: on("2017-02"), Purpose: programme.Purpose{Gist: text("better policies")}}
	owned    = programme.OwnerNamed{Fact: on("2018"), Owner: ref(office)}
	opened   = programme.CallOpened{Fact: on("2017-02-01"), Key: "eu", Title: text("Call"), Until: edtf.MustParse("2017-06-30")}
	shut     = programme.CallClosed{Fact: on("2017-05-31"), Call: "eu"}
	applied  = programme.ApplicationReceived{Fact: on("2017-04-01"), Party: ref(ancona), Unit: ref(office), Call: "eu"}
	selected = programme.Selected{Fact: on("2017-09-01"), Party: ref(ancona), Call: "eu"}
	rejected = programme.Rejected{Fact: on("2017-09-01"), Party: ref(ancona), Call: "eu"}
	counted  = programme.Counted{Fact: on("2017-09-01"), What: "selected", Number: 5}
	paired   = programme.Paired{Fact: on("2017-10-01"), First: ref(ancona), Second: ref(ikoma)}
	closed   = programme.Closed{Fact: on("2019-12-31")}
	// That applications to the call that is opened second are over.
	fellDue = programme.FellDue{FellDue: book.FellDue{
		Fact: terms.Fact{Occurred: opened.Until}, Rule: programme.DueCall, Of: 2, Key: "eu", On: opened.Until,
	}}
	everything = events{registered, launched, stated, owned, opened, shut, applied, selected, rejected, counted, paired, closed}
)

// facts is every fact that can follow an opening, with its command.
var facts = []struct {
	name    string
	command programme.Command
	event   programme.Event
}{
	{"launched", programme.Launch(launched), launched},
	{"purpose_stated", programme.StatePurpose(stated), stated},
	{"owner_named", programme.NameOwner(owned), owned},
	{"call_opened", programme.OpenCall(opened), opened},
	{"call_closed", programme.CloseCall(shut), shut},
	{"application_received", programme.ReceiveApplication(applied), applied},
	{"selected", programme.Select(selected), selected},
	{"rejected", programme.Reject(rejected), rejected},
	{"counted", programme.Count(counted), counted},
	{"paired", programme.Pair(paired), paired},
	{"closed", programme.Close(closed), closed},
	{"corrected", programme.Correct(corrected(1, registered)), corrected(1, registered)},
	{"voided", programme.Void(voided(2)), voided(2)},
	{"disputed", programme.Dispute(disputed(2)), disputed(2)},
	{"ruled", programme.Rule(ruled(3, true)), ruled(3, true)},
	{"fell_due", programme.MarkDue(fellDue), fellDue},
	{"reclassified", programme.Reclassify(reclassified(es.Public)), reclassified(es.Public)},
}

const plainFacts = 11 // of facts, the first that are no amendments

// history is a stream and its state.
type history struct {
	events events
	state  programme.State
}

func after(events ...programme.Event) *history {
	return &history{slices.Clone(events), programme.Decider.Fold(events...)}
}

// try decides a command that may fail.
func (h *history) try(c programme.Command) error {
	got, err := programme.Decider.Decide(c, h.state)
	for _, e := range got {
		h.events = append(h.events, e)
		h.state = programme.Decider.Evolve(h.state, h.at(), e)
	}
	return err
}

func (h *history) at() es.Revision { return es.Revision(len(h.events)) }

// do decides commands, each of which must record.
func (h *history) do(t *testing.T, all ...programme.Command) *history {
	t.Helper()
	for _, c := range all {
		at := h.at()
		require.NoError(t, h.try(c))
		require.Greater(t, h.at(), at)
	}
	return h
}

// phase is the phase as of a date, then those that perhaps hold instead.
func (h *history) phase(date string) string {
	certain, perhaps := programme.AsOf(h.state.Phases(), edtf.MustParse(date))
	answer := []string{string(certain.Phase)}
	for _, span := range perhaps {
		answer = append(answer, string(span.Phase)+"?")
	}
	return strings.TrimSpace(strings.Join(answer, " "))
}

// part is likewise a party's part, whatever the call.
func (h *history) part(id partyID, date string) string {
	own := slices.DeleteFunc(h.state.Parts(), func(s programme.Span) bool { return s.Party != id })
	certain, perhaps := programme.AsOf(own, edtf.MustParse(date))
	answer := []string{string(certain.Part)}
	for _, span := range perhaps {
		answer = append(answer, string(span.Part)+"?")
	}
	return strings.TrimSpace(strings.Join(answer, " "))
}

// findings are the codes, each once and without the aggregate's name.
func (h *history) findings() []string {
	codes := []string{}
	for _, f := range h.state.Findings() {
		if c := strings.TrimPrefix(f.Code, "programme."); !slices.Contains(codes, c) {
			codes = append(codes, c)
		}
	}
	return codes
}
