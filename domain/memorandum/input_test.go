package memorandum_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

func withTerms(by agreed) memorandum.Command { return memorandum.Draft(drafted(by, lviv)) }

func TestBadInputNamesTheField(t *testing.T) {
	untitled, kindless, nameless := drafted(agreed{}), drafted(agreed{}), drafted(agreed{}, lviv, "")
	untitled.Titles, kindless.Kind = nil, ""
	stateless := carriedOver(memorandum.PhaseInForce, "2012", carried(lviv, "", ""))
	heavy := carriedOver(memorandum.PhaseInForce, "2012", memorandum.CarriedParty{Party: ref(lviv), State: memorandum.PartInForce, Weight: -1})
	for _, c := range []struct {
		when  memorandum.Command
		field string
	}{
		{memorandum.Draft(untitled), "/titles"},
		{memorandum.Draft(kindless), "/kind"},
		{memorandum.Draft(nameless), "/parties/1/id"},
		{memorandum.CarryOver(stateless), "/parties/0/state"},
		{memorandum.CarryOver(heavy), "/parties/0/weight"},
		{memorandum.CarryOver(carriedOver("", "2012")), "/phase"},
		{part(memorandum.CarriedParty{State: memorandum.PartInForce}), "/party/id"},
		{part(stateless.Parties[0]), "/state"},
		{part(heavy.Parties[0]), "/weight"},
		{withTerms(agreed{Minimum: -1}), "/terms/minimum"},
		{withTerms(agreed{Duration: period("P1Y"), Renewal: memorandum.Renewal{Tacit: true}}), "/terms/renewal/every"},
		{withTerms(agreed{Renewal: memorandum.Renewal{Tacit: true, Every: period("P1Y")}}), "/terms/renewal/tacit"},
		{withTerms(agreed{Entry: entryBy{Count: -1}}), "/terms/entry/count"},
		{withTerms(agreed{Entry: entryBy{Share: 10001, Total: 1}}), "/terms/entry/share"},
		{withTerms(agreed{Entry: entryBy{Share: -1, Total: 1}}), "/terms/entry/share"},
		{withTerms(agreed{Entry: entryBy{Share: 1}}), "/terms/entry/total"},
		{withTerms(agreed{Entry: entryBy{Share: 1, Total: 1_000_000_000_001}}), "/terms/entry/total"},
		{withTerms(agreed{Entry: entryBy{Total: 1}}), "/terms/entry/share"},
		{withTerms(agreed{Entry: entryBy{Named: parties{lviv, ""}}}), "/terms/entry/named/1"},
		{withTerms(agreed{Entry: entryBy{Named: parties{lviv, lviv}}}), "/terms/entry/named/1"},
		{memorandum.AddTitle{Title: text(" ")}, "/title/value"},
		{memorandum.Relate{Relation: "renews"}, "/to"},
		{memorandum.Relate{To: terms.Ref(other)}, "/relation"},
		{memorandum.NameUnit{Unit: ref(bonn), Role: "lead"}, "/party"},
		{memorandum.NameUnit{Party: lviv, Role: "lead"}, "/unit/id"},
		{memorandum.NameUnit{Party: lviv, Unit: ref(bonn)}, "/role"},
		{memorandum.SetTerms{Terms: agreed{Minimum: -1}}, "/terms/minimum"},
		{memorandum.AddText{Standing: "authentic"}, "/lang"},
		{memorandum.AddText{Lang: "en"}, "/standing"},
		{memorandum.CorrectText{Gist: text("a comma")}, "/lang"},
		{memorandum.CorrectText{Lang: "en"}, "/gist/value"},
		{memorandum.Invite{}, "/party/id"},
		{memorandum.Sign{}, "/party/id"},
		{memorandum.Count{}, "/signatories"},
		{memorandum.Consent{Means: "acceptance"}, "/party/id"},
		{memorandum.Consent{Party: ref(lviv)}, "/means"},
		{memorandum.Weigh{Weight: 1}, "/party"},
		{memorandum.Weigh{Party: lviv, Weight: -1}, "/weight"},
		{memorandum.Weigh{Party: lviv, Weight: 1_000_000_000_001}, "/weight"},
		{memorandum.Reserve{Key: "a", Gist: text("b")}, "/party"},
		{memorandum.Reserve{Party: lviv, Gist: text("b")}, "/key"},
		{memorandum.Reserve{Party: lviv, Key: "a"}, "/gist/value"},
		{memorandum.Object{Reservation: "a"}, "/party"},
		{memorandum.Object{Party: lviv}, "/reservation"},
		{memorandum.Unreserve{}, "/reservation"},
		{memorandum.AdoptAmendment{Titles: []terms.Text{text("a")}}, "/key"},
		{memorandum.AdoptAmendment{Key: "a"}, "/titles"},
		{memorandum.AdoptAmendment{Key: "a", Titles: []terms.Text{text("a")}, Entry: entryBy{Count: -1}}, "/entry/count"},
		{memorandum.AcceptAmendment{Party: lviv}, "/amendment"},
		{memorandum.AcceptAmendment{Amendment: "a"}, "/party"},
		{memorandum.DeclineRenewal{}, "/party"},
		{memorandum.GiveNotice{}, "/party"},
		{memorandum.RevokeNotice{}, "/party"},
		{memorandum.Withdraw{}, "/party"},
		{memorandum.Supersede{}, "/by"},
		{memorandum.RecordAxis{Title: text("a")}, "/number"},
		{memorandum.RecordAxis{Number: 1}, "/title/value"},
		{memorandum.Undertake{By: ref(lviv), What: text("a")}, "/key"},
		{memorandum.Undertake{Key: "a", What: text("a")}, "/by/id"},
		{memorandum.Undertake{Key: "a", By: ref(lviv)}, "/what/value"},
		{memorandum.Meet{}, "/undertaking"},
		{memorandum.Waive{Reason: "a"}, "/undertaking"},
		{memorandum.Waive{Undertaking: "a"}, "/reason"},
		{memorandum.Extend{Due: day("2018")}, "/undertaking"},
		{memorandum.Extend{Undertaking: "a"}, "/due"},
		{memorandum.Notify{}, "/matter"},
		{memorandum.Notify{Matter: "reminder", Due: day("2018")}, "/concerning"},
		{memorandum.Void{Voided: book.Voided{Of: 1}}, "/reason"},
		{memorandum.Dispute{Disputed: book.Disputed{Of: 1}}, "/grounds"},
		{memorandum.Rule{Ruled: book.Ruled{Of: 1}}, "/reason"},
		{memorandum.Reclassify{Reclassified: book.Reclassified{Reason: "asked"}}, "/visibility"},
	} {
		given := memorandum.Decider.Fold(drafted(agreed{}, lviv))
		switch c.when.(type) {
		case memorandum.Draft, memorandum.CarryOver:
			given = memorandum.State{}
		}
		got, err := memorandum.Decider.Decide(c.when, given)
		require.ErrorIs(t, err, es.ErrInvalid, "%T %s", c.when, c.field)
		bad := new(es.Error)
		require.ErrorAs(t, err, &bad)
		require.Equal(t, c.field, bad.Field, "%T", c.when)
		require.NotEmpty(t, bad.Want, "what would have been right")
		require.Empty(t, got)
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		to    interface{ UnmarshalText([]byte) error }
		words []string
	}{
		{new(memorandum.Kind), memorandum.Kind("").Words()},
		{new(memorandum.Phase), memorandum.Phase("").Words()},
		{new(memorandum.Part), memorandum.Part("").Words()},
		{new(memorandum.Means), memorandum.Means("").Words()},
		{new(memorandum.Relation), memorandum.Relation("").Words()},
		{new(memorandum.UnitRole), memorandum.UnitRole("").Words()},
		{new(memorandum.TextStanding), memorandum.TextStanding("").Words()},
		{new(memorandum.EndCause), memorandum.EndCause("").Words()},
		{new(memorandum.Matter), memorandum.Matter("").Words()},
		{new(memorandum.ConsentBy), memorandum.ConsentBy("").Words()},
		{new(memorandum.Key), []string{"art-3", "a"}},
		{new(memorandum.Hash), []string{""}},
	} {
		for _, word := range c.words {
			require.NoError(t, c.to.UnmarshalText([]byte(word)))
		}
		require.ErrorIs(t, c.to.UnmarshalText([]byte("No such word")), es.ErrInvalid)
	}
}
