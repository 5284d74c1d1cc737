package memorandum_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

type (
	events   = []memorandum.Event
	cases    = []estest.Case[memorandum.Command, memorandum.Event]
	parties  = []terms.PartyID
	reasons  = []es.Revision
	forces   = []memorandum.Force
	agreed   = memorandum.Terms
	entryBy  = memorandum.Entry
	commands = []memorandum.Command
)

var (
	lviv, graz, bonn, turku = id("lviv"), id("graz"), id("bonn"), id("turku")
	oulu                    = id("oulu")

	press   = terms.SourceID(es.StreamName("source", uuid.NewSHA1(uuid.Nil, []byte("press"))))
	archive = terms.SourceID(es.StreamName("source", uuid.NewSHA1(uuid.Nil, []byte("archive"))))
	other   = terms.AgreementID(es.StreamName("memorandum", uuid.NewSHA1(uuid.Nil, []byte("other"))))
)

func id(name string) terms.PartyID {
	return terms.PartyID(es.StreamName("party", uuid.NewSHA1(uuid.Nil, []byte(name))))
}

func ref(id terms.PartyID) terms.PartyRef { return terms.PartyRef{ID: id} }

func refs(ids ...terms.PartyID) []terms.PartyRef {
	var all []terms.PartyRef
	for _, id := range ids {
		all = append(all, ref(id))
	}
	return all
}

func day(text string) edtf.Date { return edtf.MustParse(text) }

func period(text string) edtf.Period {
	p, err := edtf.ParsePeriod(text)
	if err != nil {
		panic(err)
	}
	return p
}

// on is a recorded fact of a date, from the press; a fact of another status or
// source is as or from.
func on(date string) terms.Fact {
	return terms.Fact{Occurred: day(date), Source: terms.Citation{ID: press}}
}

func as(status terms.Status, date string) terms.Fact {
	f := on(date)
	f.Status = status
	return f
}

func from(source terms.SourceID, date string) terms.Fact {
	f := on(date)
	f.Source.ID = source
	return f
}

func text(value string) terms.Text { return terms.Text{Lang: "en", Value: value} }

// The opening events of most examples: silent terms, closed to others.
func drafted(by agreed, ids ...terms.PartyID) memorandum.Drafted {
	return memorandum.Drafted{
		Fact: on("2010-01-01"), Kind: "mou", Titles: []terms.Text{text("Clean rivers")},
		Parties: refs(ids...), Terms: by, Visibility: es.Public,
	}
}

func open(by agreed) memorandum.Drafted {
	d := drafted(by)
	d.Open = true
	return d
}

func signed(id terms.PartyID, date string) memorandum.Signed {
	return memorandum.Signed{Fact: on(date), Party: ref(id)}
}

func ratified(id terms.PartyID, date string) memorandum.Consented {
	return memorandum.Consented{Fact: on(date), Party: ref(id), Means: "ratification"}
}

func withdrawn(id terms.PartyID, date string) memorandum.Withdrawn {
	return memorandum.Withdrawn{Fact: on(date), Party: id}
}

func noticed(id terms.PartyID, date string) memorandum.NoticeGiven {
	return memorandum.NoticeGiven{Fact: on(date), Party: id}
}

func sign(id terms.PartyID, date string) memorandum.Sign {
	return memorandum.Sign(signed(id, date))
}

func consent(id terms.PartyID, means memorandum.Means, date string) memorandum.Consent {
	return memorandum.Consent{Fact: on(date), Party: ref(id), Means: means}
}

// entered is the determination that an agreement is in force.
func entered(date, rule string, basis reasons, who ...memorandum.Force) memorandum.EntryDetermined {
	return memorandum.EntryDetermined{
		Fact: terms.Fact{Occurred: day(date)}, Met: edtf.Yes, From: day(date), Rule: rule, Basis: basis, Parties: who,
	}
}

func bound(id terms.PartyID, date string) memorandum.Force {
	return memorandum.Force{Party: id, Round: 1, Met: edtf.Yes, From: day(date)}
}

func voided(of es.Revision) memorandum.Voided {
	return memorandum.Voided{Voided: book.Voided{Of: of, Reason: "belongs elsewhere"}}
}

func corrected(of es.Revision, e memorandum.Event) memorandum.Corrected {
	return memorandum.Corrected{Corrected: book.Corrected[memorandum.Event]{Of: of, As: e, Reason: "misread"}}
}

func disputed(of es.Revision) memorandum.Disputed {
	return memorandum.Disputed{Disputed: book.Disputed{Of: of, Grounds: "never happened"}}
}

func ruled(of es.Revision, stands bool) memorandum.Ruled {
	return memorandum.Ruled{Ruled: book.Ruled{Of: of, Stands: stands, Reason: "heard both"}}
}

// fell says that a day came.
func fell(d terms.Due) memorandum.FellDue {
	return memorandum.FellDue{FellDue: book.FellDue{Fact: terms.Fact{Occurred: d.On}, Rule: d.Rule, Of: d.Of, Key: d.Key, On: d.On}}
}

func (h *history) void(of es.Revision) *history { return h.do(memorandum.Void(voided(of))) }

func (h *history) dispute(of es.Revision) *history { return h.do(memorandum.Dispute(disputed(of))) }

func (h *history) rule(of es.Revision, stands bool) *history {
	return h.do(memorandum.Rule(ruled(of, stands)))
}

func (h *history) correct(of es.Revision, e memorandum.Event) *history {
	return h.do(memorandum.Correct(corrected(of, e)))
}

// history is an agreement as commands make it.
type history struct {
	t      testing.TB
	events events
	state  memorandum.State
}

func begin(t testing.TB, c memorandum.Command) *history { return (&history{t: t}).do(c) }

// do decides commands, none of which may fail, and keeps what they lead to.
func (h *history) do(cs ...memorandum.Command) *history {
	h.t.Helper()
	for _, c := range cs {
		got, err := memorandum.Decider.Decide(c, h.state)
		require.NoError(h.t, err, "%T", c)
		for _, e := range got {
			h.events = append(h.events, e)
			h.state = memorandum.Decider.Evolve(h.state, h.at(), e)
		}
	}
	return h
}

// at is the revision of the last event.
func (h *history) at() es.Revision { return es.Revision(len(h.events)) }

// phase is the phase as of a date, then those that perhaps hold instead.
func (h *history) phase(date string) string {
	certain, perhaps := memorandum.AsOf(h.state.Phases(), day(date))
	answer := []string{string(certain.Phase)}
	for _, span := range perhaps {
		answer = append(answer, string(span.Phase)+"?")
	}
	return strings.TrimSpace(strings.Join(answer, " "))
}

// part is likewise a party's part.
func (h *history) part(id terms.PartyID, date string) string {
	var own []memorandum.Span
	for _, span := range h.state.Parts() {
		if span.Party == id {
			own = append(own, span)
		}
	}
	certain, perhaps := memorandum.AsOf(own, day(date))
	answer := []string{string(certain.Part)}
	for _, span := range perhaps {
		answer = append(answer, string(span.Part)+"?")
	}
	return strings.TrimSpace(strings.Join(answer, " "))
}

// entry is since when the agreement is in force, and end since when not.
func (h *history) entry() string {
	e, _ := h.state.Entry()
	return e.Met.String() + " " + e.From.String()
}

func (h *history) end() string {
	e, _ := h.state.End()
	return strings.TrimSpace(string(e.Cause) + " " + e.On.String())
}

// findings are the codes, each once and without the aggregate's name.
func (h *history) findings() []string {
	codes := []string{}
	seen := map[string]bool{}
	for _, f := range h.state.Findings() {
		code := strings.TrimPrefix(f.Code, "memorandum.")
		if !seen[code] {
			codes = append(codes, code)
		}
		seen[code] = true
	}
	return codes
}

func code(code string) error { return &es.Error{Code: code} }
