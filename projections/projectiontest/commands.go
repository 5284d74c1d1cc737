package projectiontest

import (
	"fmt"
	"strings"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/person"
	"github.com/entente-ledger/entente/domain/source"
	"github.com/entente-ledger/entente/domain/terms"
)

// command returns a random command.
func (w *World) command() (name, stream string, payload []byte, err error) {
	n := w.choose(20)
	if w.Staffed && n > 8 && n < 18 {
		n = 8
	}
	switch {
	case n < 2 || len(w.parties) < 3:
		return encode(party.Commands, "", party.Command(party.Register{
			Fact: w.fact(), Kind: one(w, party.Kind("municipality"), "network"), Name: w.name(),
			Country: one(w, party.Country(""), "IT", "GR"), Visibility: one(w, es.Public, es.Internal),
		}))
	case n < 4 || len(w.agreements) < 2:
		return encode(memorandum.Commands, "", w.opening())
	case n < 7:
		return encode(party.Commands, one(w, w.parties...), w.partyCommand())
	case n == 7:
		return encode(source.Commands, "", source.Command(source.Register{
			Fact: w.fact(), Description: source.Description{Titles: []terms.Text{w.name()}, Kind: "report", Issued: w.date()},
		}))
	case n == 8 && len(w.persons) > 0 && w.choose(3) > 0:
		return encode(person.Commands, one(w, w.persons...), w.personCommand())
	case n == 8:
		return encode(person.Commands, "", person.Command(person.Register{
			Fact: w.fact(), Commitment: person.Commitment(strings.Repeat("ab", 32)),
		}))
	}
	stream = one(w, w.agreements...)
	return encode(memorandum.Commands, stream, w.agreementCommand(stream))
}

func encode[C any](r *es.Registry[C], stream string, c C) (string, string, []byte, error) {
	name, _, payload, err := r.Encode(c)
	return name, stream, payload, err
}

func (w *World) date() edtf.Date {
	return edtf.MustParse(one(w, "", "2018", "2018-10", "2018-10-03", "2019-01-15", "2019?", "2019-06-01/2019-06-30", "2020-02",
		"2020-05-05", "2021-01-01", "../2019", "2020/..", "2018-10-03T10:00+02:00"))
}

func (w *World) fact() terms.Fact {
	f := terms.Fact{Occurred: w.date()}
	if w.choose(4) == 0 {
		f.Effective = w.date()
	}
	if w.choose(8) == 0 {
		f.Status = one(w, terms.Announced, terms.Claimed)
	}
	if w.choose(2) == 0 {
		f.Source = terms.Citation{ID: terms.SourceID(one(w, w.sources...)), Locator: "p. 1"}
	}
	return f
}

func (w *World) name() terms.Text {
	text := w.plainName()
	if w.Distinct {
		text.Value = fmt.Sprintf("%s %d", text.Value, w.count/5)
	}
	return text
}

func (w *World) plainName() terms.Text {
	return one(w, terms.Text{Lang: "it", Value: "Città di Ancona"}, terms.Text{Lang: "en", Value: "Citta di Ancona"},
		terms.Text{Lang: "el", Value: "Ιωάννινα"}, terms.Text{Lang: "el", Value: "ΙΩΑΝΝΙΝΑ"}, terms.Text{Lang: "ja", Value: "生駒市"},
		terms.Text{Lang: "en", Value: "Ikoma"}, terms.Text{Lang: "en", Value: "I-koma"}, terms.Text{Lang: "en", Value: "Ioannina"})
}

func (w *World) party() terms.PartyID { return terms.PartyID(one(w, w.parties...)) }

func (w *World) ref() terms.PartyRef {
	return terms.PartyRef{ID: w.party(), As: one(w, "", w.name().Value)}
}

func (w *World) terms() memorandum.Terms {
	t := memorandum.Terms{Consent: one(w, memorandum.ConsentBy(""), "signature", "ratification"), Minimum: w.choose(3)}
	switch w.choose(4) {
	case 0:
		t.Entry.All = true
	case 1:
		t.Entry.Count, t.Entry.Delay = 2, edtf.Period{Days: 30}
	case 2:
		t.Entry.On = w.date()
	}
	if w.choose(3) == 0 {
		t.Duration = edtf.Period{Years: 1}
	}
	return t
}

func (w *World) opening() memorandum.Command {
	titles := []terms.Text{w.name()}
	themes := [][]terms.Theme{nil, {"sdg:11"}, {"sdg:11", "culture", "culture"}}[w.choose(3)]
	if w.choose(4) > 0 {
		return memorandum.Draft{
			Fact: w.fact(), Kind: one(w, memorandum.Kind("mou"), "twinning", "treaty"), Titles: titles, Themes: themes,
			Parties: []terms.PartyRef{w.ref(), w.ref(), w.ref()}[:w.choose(4)], Open: w.choose(2) == 0, Terms: w.terms(),
		}
	}
	return memorandum.CarryOver{
		Fact: w.fact(), Kind: "twinning", Titles: titles, Themes: themes, Open: true, Terms: w.terms(),
		Phase: one(w, memorandum.PhaseInForce, memorandum.PhaseDraft, memorandum.PhaseSuspended, memorandum.PhaseTerminated),
		Since: w.date(), InForce: w.date(),
		Parties: []memorandum.CarriedParty{
			{Party: w.ref(), State: memorandum.PartInForce, Since: w.date()}, {Party: w.ref(), State: memorandum.PartSignatory, Since: w.date()},
		},
	}
}

func (w *World) agreementCommand(stream string) memorandum.Command {
	f := w.fact()
	if w.Owing && w.choose(4) > 0 {
		return w.owed(stream, f, 1+es.Revision(w.choose(int(w.revisions[stream]))))
	}
	switch w.choose(21) {
	case 0:
		return memorandum.Adopt{Fact: f}
	case 1:
		return memorandum.Open{Fact: f}
	case 2, 3, 4:
		return memorandum.Sign{Fact: f, Party: w.ref()}
	case 5, 6:
		return memorandum.Consent{Fact: f, Party: w.ref(), Means: "ratification"}
	case 7:
		return memorandum.Invite{Fact: f, Party: w.ref()}
	case 8:
		return memorandum.Count{Fact: f, Signatories: 1 + w.choose(5)}
	case 9:
		return memorandum.GiveNotice{Fact: f, Party: w.party()}
	case 10:
		return memorandum.Withdraw{Fact: f, Party: w.party()}
	case 11:
		return one[memorandum.Command](w, memorandum.Suspend{Fact: f}, memorandum.Suspend{Fact: f, Parties: []terms.PartyID{w.party()}},
			memorandum.Resume{Fact: f}, memorandum.ApplyProvisionally{Fact: f})
	case 12:
		return one[memorandum.Command](w, memorandum.Terminate{Fact: f}, memorandum.Abandon{Fact: f}, memorandum.SetTerms{Fact: f, Terms: w.terms()})
	case 13:
		return one[memorandum.Command](w, memorandum.AddTitle{Fact: f, Title: w.name()}, memorandum.SetThemes{Fact: f, Themes: []terms.Theme{"youth"}},
			memorandum.SetThemes{Fact: f, Themes: []terms.Theme{"sdg:11", "youth"}},
			memorandum.Reclassify{Reclassified: book.Reclassified{Fact: f, Visibility: es.Restricted, Reason: "asked"}})
	case 14:
		return memorandum.CarryOverPart{Fact: f, CarriedParty: memorandum.CarriedParty{
			Party: w.ref(), State: one(w, memorandum.PartInForce, memorandum.PartSignatory, memorandum.PartNotice, memorandum.PartWithdrawn, memorandum.PartEnded),
			Since: w.date(), Consented: w.date(),
		}}
	}
	of := 1 + es.Revision(w.choose(int(w.revisions[stream])))
	if w.choose(3) == 0 {
		return w.owed(stream, f, of)
	}
	f.Status = terms.Recorded
	switch w.choose(4) {
	case 0:
		return memorandum.Void{Voided: book.Voided{Fact: f, Of: of, Reason: "never happened"}}
	case 1:
		return memorandum.Dispute{Disputed: book.Disputed{Fact: f, Of: of, Grounds: "says otherwise"}}
	case 2:
		return memorandum.Rule{Ruled: book.Ruled{Fact: f, Of: of, Stands: w.choose(2) == 0, Reason: "looked into"}}
	}
	return memorandum.Correct{Corrected: book.Corrected[memorandum.Event]{
		Fact: f, Of: of, As: one[memorandum.Event](w, memorandum.Signed{Fact: w.fact(), Party: w.ref()},
			memorandum.Consented{Fact: w.fact(), Party: w.ref(), Means: "ratification"}, memorandum.Adopted{Fact: w.fact()}), Reason: "misread",
	}}
}

// owed is a command about an undertaking, or about what is due.
func (w *World) owed(stream string, f terms.Fact, of es.Revision) memorandum.Command {
	due := w.date()
	if u, ok := w.undertakings[stream]; ok && w.choose(2) == 0 {
		return memorandum.Notify{
			Fact: f, Matter: one(w, memorandum.MatterReminder, memorandum.MatterReminder, "notice"), Concerning: u.of, Due: one(w, edtf.Date{}, u.due, u.due, due),
		}
	}
	return one[memorandum.Command](w,
		memorandum.Undertake{
			Fact: f, Key: one(w, memorandum.Key("report"), "fee"), By: w.ref(), To: w.ref(), What: w.name(), Due: due,
			Every: one(w, edtf.Period{}, edtf.Period{Years: 100}),
		},
		memorandum.Meet{Fact: f, Undertaking: "report"},
		memorandum.Extend{Fact: f, Undertaking: "report", Due: due},
		memorandum.MarkDue{FellDue: book.FellDue{
			Fact: terms.Fact{Occurred: due}, Rule: memorandum.DueUndertaking, Of: of, Key: "report", On: due,
		}})
}

// located is a place of which not everything is known.
func (w *World) located(f terms.Fact) party.Command {
	l := party.Locate{Fact: f, Country: one(w, party.Country("IT"), "JP")}
	if w.choose(2) == 0 {
		l.Region = w.name()
	}
	if w.choose(2) == 0 {
		l.Latitude, l.Longitude = one(w, int64(43_615_830), -500_000), one(w, int64(13_518_900), 0)
	}
	return l
}

// personCommand is about functions at parties. What it says of earlier events
// is refused where they are of another type.
func (w *World) personCommand() person.Command {
	f, of := w.fact(), 1+es.Revision(w.choose(4))
	held := person.FunctionHeld{Fact: w.fact(), Function: w.name(), At: one(w, "", w.party(), w.party()), Until: one(w, edtf.Date{}, w.date())}
	if w.choose(2) == 0 {
		return person.HoldFunction(held)
	}
	f.Status = terms.Recorded
	return one[person.Command](w, person.Void{Voided: book.Voided{Fact: f, Of: of, Reason: "another person"}},
		person.Dispute{Disputed: book.Disputed{Fact: f, Of: of, Grounds: "elected another"}},
		person.Rule{Ruled: book.Ruled{Fact: f, Of: of, Stands: w.choose(2) == 0, Reason: "looked into"}},
		person.Correct{Corrected: book.Corrected[person.Event]{Fact: f, Of: of, As: held, Reason: "misread"}},
		person.Erase{Fact: f, Reason: "request"})
}

func (w *World) partyCommand() party.Command {
	f := w.fact()
	switch w.choose(8) {
	case 0, 1:
		return party.AddName{Fact: f, Name: party.Name{Text: w.name(), Use: one(w, party.Use("short"), "exonym"), Until: w.date()}}
	case 2:
		return party.Rename{Fact: f, Name: w.name()}
	case 3:
		return party.Identify{Fact: f, Identifier: party.Identifier{Scheme: "wikidata", Value: one(w, "Q1", "Q2")}}
	case 4:
		return one[party.Command](w, party.Relate{Fact: f, To: w.party(), Relation: "located_in"},
			w.located(f))
	case 5:
		return one[party.Command](w, party.Merge{Fact: f, Into: w.party()}, party.Succeed{Fact: f, By: w.party()})
	case 6:
		return one[party.Command](w, party.Link{Fact: f, To: w.party(), Reason: "the same"}, party.Unlink{Fact: f, From: w.party(), Reason: "not so"})
	}
	f.Status = terms.Recorded
	of := 1 + es.Revision(w.choose(5))
	return one[party.Command](w, party.Void{Voided: book.Voided{Fact: f, Of: of, Reason: "wrong"}},
		party.Dispute{Disputed: book.Disputed{Fact: f, Of: of, Grounds: "says otherwise"}},
		party.Rule{Ruled: book.Ruled{Fact: f, Of: of, Stands: w.choose(2) == 0, Reason: "looked into"}},
		party.Correct{Corrected: book.Corrected[party.Event]{
			Fact: f, Of: of, As: party.Named{Fact: w.fact(), Name: party.Name{Text: w.name(), Use: "short"}}, Reason: "misread",
		}})
}
