package person_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/person"
	"github.com/entente-ledger/entente/domain/terms"
)

type (
	cases  = []estest.Case[person.Command, person.Event]
	events = []person.Event
)

const (
	source terms.SourceID = "source-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e01"
	patra  terms.PartyID  = "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e02"
	bari   terms.PartyID  = "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e03"
)

var (
	sealed   = person.Commitment(strings.Repeat("0a", 32))
	resealed = person.Commitment(strings.Repeat("0b", 32))
)

func recorded(on string) terms.Fact {
	return terms.Fact{Occurred: edtf.MustParse(on), Source: terms.Citation{ID: source, Locator: "p. 3"}}
}

func text(lang terms.Lang, value string) terms.Text { return terms.Text{Lang: lang, Value: value} }

func correct(of es.Revision, e person.Event) person.Correct {
	return person.Correct{book.Corrected[person.Event]{Fact: recorded("2024"), Of: of, As: e, Reason: "misread"}}
}

func void(of es.Revision) person.Void {
	return person.Void{book.Voided{Fact: recorded("2024"), Of: of, Reason: "somebody else"}}
}

func dispute(of es.Revision) person.Dispute {
	return person.Dispute{book.Disputed{Fact: recorded("2024"), Of: of, By: bari, Grounds: "the council elected another"}}
}

func rule(of es.Revision, stands bool) person.Rule {
	return person.Rule{book.Ruled{Fact: recorded("2025"), Of: of, Stands: stands, Reason: "the minutes were found"}}
}

func reclassify(v terms.Visibility) person.Reclassify {
	return person.Reclassify{book.Reclassified{Fact: recorded("2025"), Visibility: v, Reason: "in public office"}}
}

var (
	registered  = person.Registered{Fact: recorded("2001"), Commitment: sealed}
	carriedOver = person.CarriedOver{
		Fact: recorded("2001"), Commitment: sealed,
		Functions: []person.Function{{Title: text("en", "mayor"), At: patra, From: edtf.MustParse("1998"), Until: edtf.MustParse("2002-05")}},
	}
	held   = person.FunctionHeld{Fact: recorded("2003"), Function: text("en", "mayor"), At: patra, Until: edtf.MustParse("2010-12")}
	erased = person.Erased{Fact: recorded("2026-01"), Reason: "request"}
)

// every is each command that can follow an opening, with its event.
var every = []struct {
	name    string
	command person.Command
	event   person.Event
}{
	{"function", person.HoldFunction(held), held},
	{"erasure", person.Erase(erased), erased},
	{"reclassification", reclassify(es.Public), person.Reclassified(reclassify(es.Public))},
	{"correction", correct(1, person.Registered{Fact: recorded("2002"), Commitment: resealed}), nil},
	{"voiding", void(2), nil},
	{"dispute", dispute(1), person.Disputed(dispute(1))},
	{"ruling", rule(2, true), nil},
}

func TestEveryCommand(t *testing.T) {
	have := map[reflect.Type]bool{reflect.TypeFor[person.Register](): true, reflect.TypeFor[person.CarryOver](): true}
	for _, c := range every {
		have[reflect.TypeOf(c.command)] = true
		estest.Run(t, person.Decider, cases{{Name: c.name + "_of_nobody", When: c.command, Err: es.ErrNotFound}})
		if c.name != "erasure" {
			estest.Run(t, person.Decider, cases{{
				Name: c.name + "_of_a_voided_person", Given: events{registered, person.Voided(void(1))},
				When: c.command, Err: es.Rejected("person.void", "", ""),
			}})
		}
		if c.event != nil {
			estest.Run(t, person.Decider, cases{
				{Name: c.name, Given: events{registered}, When: c.command, Then: events{c.event}},
				{Name: c.name + "_again", Given: events{registered, c.event}, When: c.command},
			})
		}
		t.Run(c.name+"_survives_json", func(t *testing.T) {
			name, _, data, err := person.Commands.Encode(c.command)
			require.NoError(t, err)
			got, err := person.Commands.Parse(name, data)
			require.NoError(t, err)
			_, _, encoded, err := person.Commands.Encode(got)
			require.NoError(t, err)
			require.JSONEq(t, strings.ReplaceAll(string(data), `"visibility":""`, `"visibility":"internal"`), string(encoded))
		})
	}
	for _, d := range person.Commands.Definitions() {
		require.True(t, have[d.Type], "%s has no case here", d.Name)
	}
}

func TestOpen(t *testing.T) {
	nameless := carriedOver
	nameless.Functions = append(nameless.Functions, person.Function{At: patra})
	estest.Run(t, person.Decider, cases{
		{Name: "register", When: person.Register(registered), Then: events{registered}},
		{Name: "carry_over", When: person.CarryOver(carriedOver), Then: events{carriedOver}},
		{Name: "carry_over_without_functions", When: person.CarryOver{Commitment: sealed}, Then: events{person.CarriedOver{Commitment: sealed}}},
		{Name: "twice", Given: events{registered}, When: person.Register(registered), Err: es.Rejected("person.exists", "", "")},
		{Name: "carry_over_what_is_there", Given: events{registered}, When: person.CarryOver(carriedOver), Err: es.ErrRejected},
		{Name: "without_a_commitment", When: person.Register{}, Err: es.Invalid("person.bad_commitment", "", "")},
		{Name: "carried_over_without_a_commitment", When: person.CarryOver{}, Err: es.Invalid("person.bad_commitment", "", "")},
		{Name: "with_a_name_for_a_commitment", When: person.Register{Commitment: "Mayor Somebody"}, Err: es.ErrInvalid},
		{Name: "carried_over_with_a_function_of_no_title", When: person.CarryOver(nameless), Err: es.Invalid("terms.bad_text", "", "")},
		{Name: "function_without_a_title", Given: events{registered}, When: person.HoldFunction{At: patra}, Err: es.ErrInvalid},
		{Name: "function_at_no_party", Given: events{registered}, When: person.HoldFunction{Function: text("en", "expert")}, Then: events{person.FunctionHeld{Function: text("en", "expert")}}},
	})
}

func TestCommitment(t *testing.T) {
	for _, text := range []string{"", "0a", strings.Repeat("0A", 32), strings.Repeat("0a", 33), strings.Repeat("0g", 32), " " + strings.Repeat("0a", 31) + "0"} {
		var c person.Commitment
		require.ErrorIs(t, c.UnmarshalText([]byte(text)), es.ErrInvalid, "%q", text)
	}
	var c person.Commitment
	require.NoError(t, c.UnmarshalText([]byte(sealed)))
	require.Equal(t, sealed, c)
	_, err := person.Commands.Parse("person.register", []byte(`{}`))
	e := new(es.Error)
	require.ErrorAs(t, err, &e)
	require.Equal(t, es.ErrInvalid, e.Kind)
	require.Equal(t, "/commitment", e.Field)
}

func TestErase(t *testing.T) {
	again, announced, groundless := erased, erased, erased
	again.Reason, announced.Status, groundless.Reason = "retention", terms.Announced, ""
	gone := events{registered, held, erased}
	plain := correct(2, person.FunctionHeld{Fact: recorded("2004"), Function: text("en", "deputy mayor"), At: patra})
	estest.Run(t, person.Decider, cases{
		{Name: "erase", Given: events{registered, held}, When: person.Erase(erased), Then: events{erased}},
		{Name: "erase_again_on_other_grounds", Given: gone, When: person.Erase(again), Err: person.ErrErased},
		{Name: "only_announced", Given: events{registered}, When: person.Erase(announced), Err: person.ErrUnsure},
		{Name: "without_grounds", Given: events{registered}, When: person.Erase(groundless), Err: es.Invalid("terms.missing", "", "")},
		{Name: "whose_record_was_voided", Given: events{registered, person.Voided(void(1))}, When: person.Erase(erased), Then: events{erased}},
		{Name: "whose_record_is_in_dispute", Given: events{registered, person.Disputed(dispute(1))}, When: person.Erase(erased), Then: events{erased}},

		{Name: "no_function_afterwards", Given: gone, When: person.HoldFunction{Function: text("en", "minister")}, Err: person.ErrErased},
		{Name: "but_the_same_as_before", Given: gone, When: person.HoldFunction(held)},
		{Name: "no_registration_afterwards", Given: gone, When: person.Register(registered), Err: es.ErrRejected},
		{Name: "corrected_afterwards", Given: gone, When: plain, Then: events{person.Corrected(plain)}},
		{Name: "disputed_afterwards", Given: gone, When: dispute(2), Then: events{person.Disputed(dispute(2))}},
		{Name: "reclassified_afterwards", Given: gone, When: reclassify(es.Restricted), Then: events{person.Reclassified(reclassify(es.Restricted))}},
		{Name: "opening_voided_afterwards", Given: gone, When: void(1), Then: events{person.Voided(void(1))}},

		{Name: "not_voided", Given: gone, When: void(3), Err: person.ErrFinal},
		{Name: "not_corrected", Given: gone, When: correct(3, again), Err: person.ErrFinal},
		{Name: "not_disputed", Given: gone, When: dispute(3), Err: person.ErrFinal},
		{Name: "not_ruled_on", Given: gone, When: rule(3, false), Err: person.ErrFinal},
	})
	t.Run("stays_whatever_comes_after", func(t *testing.T) {
		s := person.Decider.Fold(registered, erased, person.Voided(void(2)), person.Voided(void(1)), person.Disputed(dispute(2)))
		require.True(t, s.Erased())
		s = person.Decider.Fold(registered, held)
		require.False(t, s.Erased())
	})
}
