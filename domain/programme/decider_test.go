package programme_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/programme"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestEveryCommand(t *testing.T) {
	t.Run("is_in_the_table", func(t *testing.T) {
		have := map[reflect.Type]bool{reflect.TypeFor[programme.Register](): true, reflect.TypeFor[programme.CarryOver](): true}
		for _, f := range facts {
			have[reflect.TypeOf(f.command)] = true
		}
		for _, d := range programme.Commands.Definitions() {
			require.True(t, have[d.Type], "%s has no case here", d.Name)
		}
	})
	for _, f := range facts {
		estest.Run(t, programme.Decider, cases{
			{Name: f.name + "_of_nothing", When: f.command, Err: es.ErrNotFound},
			{Name: f.name + "_of_what_is_void", Given: events{registered, voided(1)}, When: f.command, Err: code("programme.void")},
		})
		name, _, data, err := programme.Commands.Encode(f.command)
		require.NoError(t, err)
		t.Run(name+"_survives_json", func(t *testing.T) {
			got, err := programme.Commands.Parse(name, data)
			require.NoError(t, err)
			require.IsType(t, f.command, got)
		})
	}
	t.Run("call_can_be_left_out", func(t *testing.T) {
		_, err := programme.Commands.Parse("programme.select", []byte(`{"party":{"id":"`+ancona+`"}}`))
		require.NoError(t, err)
		_, err = programme.Commands.Parse("programme.select", []byte(`{"party":{"id":"`+ancona+`"},"call":"A B"}`))
		require.ErrorIs(t, err, es.ErrInvalid)
	})
}

func TestOpen(t *testing.T) {
	untitled, phaseless, alone, unpaired := registered, carriedOver, carriedOver, carriedOver
	untitled.Titles, phaseless.Phase = nil, ""
	alone.Parts = []programme.CarriedPart{{Party: ref(essen), Part: programme.PartPaired}}
	unpaired.Parts = []programme.CarriedPart{{Party: ref(essen), With: ref(ikoma), Part: programme.PartApplied}}
	estest.Run(t, programme.Decider, cases{
		{Name: "register", When: programme.Register(registered), Then: events{registered}},
		{Name: "carry_over", When: programme.CarryOver(carriedOver), Then: events{carriedOver}},
		{Name: "register_twice", Given: events{registered}, When: programme.Register(registered), Err: code("programme.exists")},
		{Name: "untitled", When: programme.Register(untitled), Err: es.ErrInvalid},
		{Name: "carried_over_without_a_phase", When: programme.CarryOver(phaseless), Err: es.ErrInvalid},
		{Name: "carried_over_paired_with_nobody", When: programme.CarryOver(alone), Err: es.ErrInvalid},
		{Name: "carried_over_applied_with_somebody", When: programme.CarryOver(unpaired), Err: code("programme.bad_pair")},
	})
}

func TestRecord(t *testing.T) {
	for _, f := range facts[:plainFacts] {
		given := events{registered}
		if f.name != "call_opened" {
			given = append(given, opened)
		}
		estest.Run(t, programme.Decider, cases{
			{Name: f.name, Given: given, When: f.command, Then: events{f.event}},
			{Name: f.name + "_again", Given: slices.Concat(given, events{f.event}), When: f.command},
		})
	}
	estest.Run(t, programme.Decider, cases{
		{Name: "purpose_without_words", Given: events{registered}, When: programme.StatePurpose{}, Err: es.ErrInvalid},
		{Name: "project_without_words", Given: events{registered}, When: programme.Launch{Purpose: programme.Purpose{Projects: []terms.Text{{}}}}, Err: es.ErrInvalid},
		{Name: "nobody_owns_it", Given: events{registered}, When: programme.NameOwner{}, Err: es.ErrInvalid},
		{Name: "call_without_a_key", Given: events{registered}, When: programme.OpenCall{}, Err: code("terms.missing")},
		{Name: "no_call_closed", Given: events{registered}, When: programme.CloseCall{}, Err: code("terms.missing")},
		{Name: "nobody_applied", Given: events{registered}, When: programme.ReceiveApplication{}, Err: es.ErrInvalid},
		{Name: "nobody_selected", Given: events{registered}, When: programme.Select{}, Err: es.ErrInvalid},
		{Name: "nobody_rejected", Given: events{registered}, When: programme.Reject{}, Err: es.ErrInvalid},
		{Name: "reason_is_blank", Given: events{registered}, When: programme.Reject{Party: ref(essen), Reason: " "}, Err: es.ErrInvalid},
		{Name: "nothing_counted", Given: events{registered}, When: programme.Count{What: "pairs"}, Err: code("programme.bad_number")},
		{Name: "counted_what", Given: events{registered}, When: programme.Count{Number: 2}, Err: code("terms.missing")},
		{Name: "paired_with_itself", Given: events{registered}, When: programme.Pair{First: ref(essen), Second: ref(essen)}, Err: code("programme.bad_pair")},
		{Name: "paired_with_nobody", Given: events{registered}, When: programme.Pair{First: ref(essen)}, Err: code("terms.missing")},
		{Name: "reclassified_without_reason", Given: events{registered}, When: programme.Reclassify{}, Err: es.ErrInvalid},
	})
}

func TestGuards(t *testing.T) {
	longer, again := opened, opened
	longer.Until, again.Fact = edtf.MustParse("2018"), on("2017-02-02")
	announced := applied
	announced.Status, announced.Call = terms.Announced, "us"
	late, unsure, claimed := applied, applied, applied
	late.Fact, unsure.Fact, claimed.Fact = on("2020-01-01"), on("2019"), as(terms.Claimed, "2021")
	estest.Run(t, programme.Decider, cases{
		{Name: "key_of_another_call", Given: events{registered, opened}, When: programme.OpenCall(longer), Err: programme.ErrKeyTaken},
		{Name: "the_same_call_on_another_date_competes", Given: events{registered, opened}, When: programme.OpenCall(again), Then: events{again}},
		{Name: "unknown_call", Given: events{registered}, When: programme.CloseCall(shut), Err: programme.ErrNoCall},
		{Name: "unknown_call_even_if_announced", Given: events{registered, opened}, When: programme.ReceiveApplication(announced), Err: programme.ErrNoCall},
		{Name: "count_of_an_unknown_call", Given: events{registered}, When: programme.Count{What: "pairs", Number: 1, Call: "x"}, Err: programme.ErrNoCall},
		{Name: "pair_of_an_unknown_call", Given: events{registered}, When: programme.Pair{First: ref(essen), Second: ref(ikoma), Call: "x"}, Err: programme.ErrNoCall},
		{Name: "rejection_in_an_unknown_call", Given: events{registered}, When: programme.Reject(rejected), Err: programme.ErrNoCall},
		{Name: "selection_without_application_is_recorded", Given: events{registered, opened}, When: programme.Select(selected), Then: events{selected}},
		{Name: "application_after_the_end", Given: events{registered, opened, closed}, When: programme.ReceiveApplication(late), Err: programme.ErrEnded},
		{Name: "application_perhaps_after_the_end", Given: events{registered, opened, closed}, When: programme.ReceiveApplication(unsure), Then: events{unsure}},
		{Name: "claimed_after_the_end", Given: events{registered, opened, closed}, When: programme.ReceiveApplication(claimed), Then: events{claimed}},
		{Name: "launch_after_what_was_carried_over_closed", Given: events{carriedOver}, When: programme.Launch{Fact: on("2021")}, Err: programme.ErrEnded},
		{Name: "found_in_an_archive_after_the_end", Given: events{registered, opened, closed}, When: programme.ReceiveApplication(applied), Then: events{applied}},
		{Name: "rejection_after_the_end", Given: events{registered, closed}, When: programme.Reject{Fact: on("2020"), Party: ref(essen)}, Then: events{programme.Rejected{Fact: on("2020"), Party: ref(essen)}}},
		{Name: "corrected_to_after_the_end", Given: events{registered, opened, applied, closed}, When: programme.Correct(corrected(3, late)), Err: programme.ErrEnded},
		{Name: "corrected_to_an_unknown_call", Given: events{registered, opened, applied}, When: programme.Correct(corrected(3, announced)), Err: programme.ErrNoCall},
		{Name: "corrected_in_place", Given: events{registered, opened}, When: programme.Correct(corrected(2, longer)), Then: events{corrected(2, longer)}},
		{Name: "opening_corrected", Given: events{registered}, When: programme.Correct(corrected(1, programme.Registered{Titles: []terms.Text{text("U")}})), Then: events{corrected(1, programme.Registered{Titles: []terms.Text{text("U")}})}},
		{Name: "corrected_to_another_type", Given: events{registered, opened}, When: programme.Correct(corrected(2, shut)), Err: code("book.other_type")},
		{Name: "corrected_to_the_same", Given: events{registered, opened}, When: programme.Correct(corrected(2, opened))},
		{Name: "void_again", Given: events{registered, opened, voided(2)}, When: programme.Void(voided(2))},
	})
}
