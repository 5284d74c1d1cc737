package grant_test

import (
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/grant"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestEveryCommand(t *testing.T) {
	t.Run("is_in_the_table", func(t *testing.T) {
		have := map[reflect.Type]bool{reflect.TypeFor[grant.Register](): true, reflect.TypeFor[grant.CarryOver](): true}
		for _, f := range facts {
			have[reflect.TypeOf(f.command)] = true
		}
		for _, d := range grant.Commands.Definitions() {
			require.True(t, have[d.Type], "%s has no case here", d.Name)
		}
	})
	for _, f := range facts {
		given := base
		if f.name == "ruled" {
			given = slices.Concat(base, events{disputed(4)})
		}
		estest.Run(t, grant.Decider, cases{
			{Name: f.name, Given: given, When: f.command, Then: events{f.event}},
			{Name: f.name + "_again", Given: slices.Concat(given, events{f.event}), When: f.command},
			{Name: f.name + "_of_nothing", When: f.command, Err: es.ErrNotFound},
			{Name: f.name + "_of_what_is_void", Given: slices.Concat(given, events{voided(1)}), When: f.command, Err: code("grant.void")},
		})
		name, _, data, err := grant.Commands.Encode(f.command)
		require.NoError(t, err)
		t.Run(name+"_survives_json", func(t *testing.T) {
			got, err := grant.Commands.Parse(name, data)
			require.NoError(t, err)
			require.IsType(t, f.command, got)
		})
	}
	t.Run("envelope_can_be_left_out", func(t *testing.T) {
		_, err := grant.Commands.Parse("grant.register", []byte(`{"titles":[{"lang":"en","value":"Grant"}]}`))
		require.NoError(t, err)
		_, err = grant.Commands.Parse("grant.register", []byte(`{"titles":[{"lang":"en","value":"Grant"}],"envelope":{"minor":1}}`))
		require.ErrorIs(t, err, es.ErrInvalid)
		_, err = grant.Commands.Parse("grant.close_call", []byte(`{"call":"A B"}`))
		require.ErrorIs(t, err, es.ErrInvalid)
	})
}

func TestOpen(t *testing.T) {
	untitled, none, odd := registered, registered, registered
	untitled.Titles, none.Envelope, odd.Envelope = nil, envelope(0), &terms.Money{Minor: 1}
	over, twice, negative, more := carriedOver, carriedOver, carriedOver, carriedOver
	over.Envelope = envelope(999)
	twice.Awards = []grant.CarriedAward{{Key: "a", Party: ref(essen), Amount: euros(1)}, {Key: "a", Party: ref(essen), Amount: euros(1)}}
	negative.Awards = []grant.CarriedAward{{Key: "a", Party: ref(essen), Amount: euros(1), Disbursed: -1}}
	more.Awards = []grant.CarriedAward{{Key: "a", Party: ref(essen), Amount: euros(1), Disbursed: 2}}
	estest.Run(t, grant.Decider, cases{
		{Name: "register", When: grant.Register(registered), Then: events{registered}},
		{Name: "envelope_unknown", When: grant.Register(unfunded), Then: events{unfunded}},
		{Name: "carry_over", When: grant.CarryOver(carriedOver), Then: events{carriedOver}},
		{Name: "register_twice", Given: events{registered}, When: grant.Register(registered), Err: code("grant.exists")},
		{Name: "untitled", When: grant.Register(untitled), Err: es.ErrInvalid},
		{Name: "empty_envelope", When: grant.Register(none), Err: code("grant.bad_amount")},
		{Name: "envelope_without_a_currency", When: grant.Register(odd), Err: code("terms.missing")},
		{Name: "carried_over_above_the_envelope", When: grant.CarryOver(over), Err: grant.ErrOverEnvelope},
		{Name: "carried_over_with_one_key_twice", When: grant.CarryOver(twice), Err: grant.ErrKeyTaken},
		{Name: "carried_over_with_a_negative_sum", When: grant.CarryOver(negative), Err: code("grant.bad_amount")},
		{Name: "carried_over_with_more_paid_than_awarded", When: grant.CarryOver(more), Err: grant.ErrOverAward},
	})
}

// Sums beyond what an int64 holds are as large as it can hold: they exceed
// everything, and never wrap.
func TestNoOverflow(t *testing.T) {
	vast := carriedOver
	vast.Awards = nil
	for i := range 9_300 {
		vast.Awards = append(vast.Awards, grant.CarriedAward{Key: grant.Key(strconv.Itoa(i)), Party: ref(essen), Amount: euros(terms.MaxMinor)})
	}
	estest.Run(t, grant.Decider, cases{{Name: "vast", When: grant.CarryOver(vast), Err: grant.ErrOverEnvelope}})
}

func TestBadInput(t *testing.T) {
	huge, reasonless := award("b", terms.MaxMinor+1, "2019"), back("x", "a", 1, "2020")
	reasonless.Reason = ""
	estest.Run(t, grant.Decider, cases{
		{Name: "award_without_a_key", Given: base, When: grant.Award{Party: ref(essen), Amount: euros(1)}, Err: code("terms.missing")},
		{Name: "call_without_a_key", Given: base, When: grant.OpenCall{}, Err: code("terms.missing")},
		{Name: "no_call_closed", Given: base, When: grant.CloseCall{}, Err: code("terms.missing")},
		{Name: "award_to_nobody", Given: base, When: grant.Award{Key: "b", Amount: euros(1)}, Err: code("terms.missing")},
		{Name: "award_of_nothing", Given: base, When: grant.Award(award("b", 0, "2019")), Err: code("grant.bad_amount")},
		{Name: "award_of_too_much", Given: events{unfunded}, When: grant.Award(huge), Err: code("grant.bad_amount")},
		{Name: "award_without_a_currency", Given: base, When: grant.Award{Key: "b", Party: ref(essen)}, Err: code("terms.missing")},
		{Name: "payment_without_a_key", Given: base, When: grant.Disburse(pay("", "a", 1, "2019")), Err: code("terms.missing")},
		{Name: "report_on_nothing", Given: base, When: grant.Report{}, Err: code("terms.missing")},
		{Name: "blank_reason", Given: base, When: grant.CloseAward{Award: "a", Reason: " "}, Err: code("terms.bad_text")},
		{Name: "clawback_without_a_reason", Given: base, When: grant.ClawBack(reasonless), Err: code("terms.bad_text")},
		{Name: "reclassified_without_reason", Given: base, When: grant.Reclassify{}, Err: es.ErrInvalid},
	})
}

func TestGuards(t *testing.T) {
	dollars, elsewhere, announced, again, other := award("b", 1, "2019"), pay("p2", "a", 1, "2019"), award("b", 900, "2019"), awarded, awarded
	dollars.Amount.Currency, elsewhere.Amount.Currency = "USD", "USD"
	announced.Status = terms.Announced
	again.Fact, other.Party = on("2018-10"), ref(essen)
	announcedPay := pay("p2", "x", 1, "2019")
	announcedPay.Status = terms.Announced
	inCall, samePay := award("b", 1, "2019"), paid
	inCall.Call, samePay.Source.Locator = "x", "p. 2"
	estest.Run(t, grant.Decider, cases{
		{Name: "just_the_envelope", Given: base, When: grant.Award(award("b", 400, "2019")), Then: events{award("b", 400, "2019")}},
		{Name: "above_the_envelope", Given: base, When: grant.Award(award("b", 401, "2019")), Err: grant.ErrOverEnvelope},
		{Name: "above_it_on_no_date", Given: base, When: grant.Award(award("b", 401, "")), Err: grant.ErrOverEnvelope},
		{Name: "announced_above_the_envelope", Given: base, When: grant.Award(announced), Then: events{announced}},
		{Name: "announced_counts_for_nothing", Given: append(base[:4:4], announced), When: grant.Award(award("d", 400, "2019")), Then: events{award("d", 400, "2019")}},
		{Name: "awarded_less_than_announced", Given: append(base[:4:4], announced), When: grant.Award(award("b", 100, "2019")), Then: events{award("b", 100, "2019")}},
		{Name: "envelope_unknown", Given: events{unfunded}, When: grant.Award(award("b", terms.MaxMinor, "2019")), Then: events{award("b", terms.MaxMinor, "2019")}},
		{Name: "in_another_currency", Given: base, When: grant.Award(dollars), Err: grant.ErrOtherCurrency},
		{Name: "paid_in_another_currency", Given: base, When: grant.Disburse(elsewhere), Err: grant.ErrOtherCurrency},
		{Name: "key_taken", Given: base, When: grant.Award(other), Err: grant.ErrKeyTaken},
		{Name: "key_taken_with_another_amount", Given: base, When: grant.Award(award("a", 1, "2019")), Err: grant.ErrKeyTaken},
		{Name: "competing_award_counts_once", Given: base, When: grant.Award(again), Then: events{again}},
		{Name: "payment_from_another_source_counts_once", Given: base, When: grant.Disburse(samePay), Then: events{samePay}},
		{Name: "payment_with_the_key_of_another", Given: base, When: grant.Disburse(pay("p1", "a", 1, "2019")), Err: grant.ErrKeyTaken},
		{Name: "clawback_with_the_key_of_a_payment", Given: base, When: grant.ClawBack(back("p1", "a", 500, "2020")), Err: grant.ErrKeyTaken},
		{Name: "unknown_call", Given: base, When: grant.Award(inCall), Err: grant.ErrNoCall},
		{Name: "unknown_call_closed", Given: base, When: grant.CloseCall{Call: "x"}, Err: grant.ErrNoCall},
		{Name: "unknown_award", Given: base, When: grant.Disburse(pay("p2", "x", 1, "2019")), Err: grant.ErrNoAward},
		{Name: "unknown_award_even_if_announced", Given: base, When: grant.Disburse(announcedPay), Err: grant.ErrNoAward},
		{Name: "unknown_award_closed", Given: base, When: grant.CloseAward{Award: "x"}, Err: grant.ErrNoAward},
		{Name: "report_on_an_unknown_award", Given: base, When: grant.Report{Award: "x"}, Err: grant.ErrNoAward},
		{Name: "paid_of_what_is_only_announced", Given: append(base[:4:4], announced), When: grant.Disburse(pay("p2", "b", 1, "2019")), Err: grant.ErrNotAwarded},
		{Name: "just_the_award", Given: base, When: grant.Disburse(pay("p2", "a", 100, "")), Then: events{pay("p2", "a", 100, "")}},
		{Name: "above_the_award", Given: base, When: grant.Disburse(pay("p2", "a", 101, "")), Err: grant.ErrOverAward},
		{Name: "clawed_back_can_be_paid_again", Given: append(base[:4:4], clawed), When: grant.Disburse(pay("p2", "a", 300, "2021")), Then: events{pay("p2", "a", 300, "2021")}},
		{Name: "but_not_before_it_was_clawed_back", Given: append(base[:4:4], clawed), When: grant.Disburse(pay("p2", "a", 300, "2020-05-01")), Err: grant.ErrOverAward},
		{Name: "perhaps_before_it_was_clawed_back", Given: append(base[:4:4], clawed), When: grant.Disburse(pay("p2", "a", 300, "2020")), Then: events{pay("p2", "a", 300, "2020")}},
		{Name: "after_it_was_perhaps_clawed_back", Given: append(base[:4:4], back("b1", "a", 200, "2020")), When: grant.Disburse(pay("p2", "a", 300, "2020-05-01")), Then: events{pay("p2", "a", 300, "2020-05-01")}},
		{Name: "more_clawed_back_than_paid", Given: base, When: grant.ClawBack(back("b", "a", 501, "2020")), Err: grant.ErrOverDisbursed},
		{Name: "paid_after_the_award_was_closed", Given: append(base[:4:4], ended), When: grant.Disburse(pay("p2", "a", 1, "2021")), Err: grant.ErrAwardClosed},
		{Name: "paid_perhaps_after", Given: append(base[:4:4], ended), When: grant.Disburse(pay("p2", "a", 1, "2020")), Then: events{pay("p2", "a", 1, "2020")}},
		{Name: "paid_of_what_was_carried_over_as_closed", Given: events{carriedOver}, When: grant.Disburse(pay("p", "b", 1, "2021")), Err: grant.ErrAwardClosed},
		{Name: "paid_above_what_was_carried_over", Given: events{carriedOver}, When: grant.Disburse(pay("p", "a", 101, "2021")), Err: grant.ErrOverAward},
	})
}

func TestCorrections(t *testing.T) {
	lower, raised, unknown := registered, registered, unfunded
	lower.Envelope, raised.Envelope = envelope(599), envelope(2000)
	renamed, announced := awarded, awarded
	renamed.Key, announced.Status = "z", terms.Announced
	late := pay("p1", "a", 500, "2021")
	correct := func(of es.Revision, e grant.Event) (grant.Command, events) {
		return grant.Correct(corrected(of, e)), events{corrected(of, e)}
	}
	for _, c := range []struct {
		name  string
		given events
		of    es.Revision
		as    grant.Event
		err   error
	}{
		{"envelope_raised", base, 1, raised, nil},
		{"envelope_forgotten", base, 1, unknown, nil},
		{"envelope_below_the_awards", base, 1, lower, grant.ErrOverEnvelope},
		{"award_above_the_envelope", base, 3, award("a", 1001, "2018"), grant.ErrOverEnvelope},
		{"award_below_what_was_paid", base, 3, award("a", 499, "2018"), grant.ErrOverAward},
		{"award_just_what_was_paid", base, 3, award("a", 500, "2018"), nil},
		{"award_under_another_key", base, 3, renamed, grant.ErrNoAward},
		{"award_only_announced", base, 3, announced, grant.ErrNotAwarded},
		{"payment_above_the_award", base, 4, pay("p1", "a", 601, "2019"), grant.ErrOverAward},
		{"payment_below_what_was_clawed_back", append(base[:4:4], clawed), 4, pay("p1", "a", 199, "2019"), grant.ErrOverDisbursed},
		{"payment_to_after_the_end", append(base[:4:4], ended), 4, late, grant.ErrAwardClosed},
		{"clawback_in_another_currency", append(base[:4:4], clawed), 5, grant.ClawedBack{Key: "b1", Award: "a", Amount: terms.Money{Minor: 1, Currency: "JPY"}, Reason: "r"}, grant.ErrOtherCurrency},
		{"call_under_another_key", append(base[:4:4], shut), 2, grant.CallOpened{Key: "z"}, grant.ErrNoCall},
		{"to_another_type", base, 2, shut, code("book.other_type")},
	} {
		when, then := correct(c.of, c.as)
		if c.err != nil {
			then = nil
		}
		estest.Run(t, grant.Decider, cases{{Name: c.name, Given: c.given, When: when, Then: then, Err: c.err}})
	}
}

// What breaks a sum by a voiding or a ruling is recorded and found, stands
// against nothing else, and can be mended step by step.
func TestBrokenAllTheSame(t *testing.T) {
	h := subject.Opened(base...).Do(
		t,
		grant.Correct(corrected(3, award("a", 500, "2018-09-01"))),
		grant.Award(award("b", 500, "2019-01-01")),
		grant.Void(voided(5)),
	)
	require.Equal(t, []string{"over_envelope"}, findings(h))
	f := h.State.Findings()[0]
	require.Equal(t, terms.Finding{Code: "grant.over_envelope", Events: []es.Revision{1, 3, 6}, Detail: "the awards exceed the envelope"}, f)
	require.ErrorIs(t, h.Try(grant.Award(award("c", 1, "2019"))), grant.ErrOverEnvelope)
	h.Do(t, grant.Disburse(pay("p2", "b", 500, "2019-02-01")), grant.Report(reported))
	raised := registered
	raised.Envelope = envelope(1050)
	h.Do(t, grant.Correct(corrected(1, raised)))
	require.Equal(t, []string{"over_envelope"}, findings(h))
	raised.Envelope = envelope(1100)
	h.Do(t, grant.Correct(corrected(1, raised)))
	require.Empty(t, findings(h))

	h = subject.Opened(base...).Do(t, grant.Dispute(disputed(3)))
	require.Equal(t, []string{"in_dispute", "not_awarded"}, findings(h))
	h.Do(t, grant.Award(award("b", 1000, "2019-01-01")), grant.Rule(ruled(5, true)))
	require.Equal(t, []string{"over_envelope"}, findings(h))
	h.Do(t, grant.Rule(ruled(5, false)))
	require.Equal(t, []string{"not_awarded"}, findings(h))
	require.Equal(t, edtf.MustParse("2019-01-01"), h.State.Parts()[0].From)

	h = subject.Opened(base...).Do(t, grant.ClawBack(clawed), grant.Void(voided(4)))
	require.Equal(t, []string{"over_disbursed", "contradiction"}, findings(h))
	h = subject.Opened(base...).Do(t, grant.Void(voided(3)))
	require.Equal(t, []string{"no_award", "not_awarded"}, findings(h))
}
