package book_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestRecord(t *testing.T) {
	one, two := stated{Value: 1}, stated{Value: 2}
	announced := stated{Fact: terms.Fact{Status: terms.Announced}, Value: 1}
	on, off := turned{On: true}, turned{On: false}
	for _, c := range []struct {
		name  string
		given []event
		when  event
		then  []event
		err   error
	}{
		{"nothing_yet", nil, one, nil, es.NotFound("made.unknown", "")},
		{"opening_void", []event{opened{}, void(1)}, one, nil, es.Rejected("made.void", "", "")},
		{"wrong", []event{opened{}}, stated{Value: -1}, nil, es.Invalid("made.negative", "", "")},
		{"new", []event{opened{}, two}, one, []event{one}, nil},
		{"said", []event{opened{}, one, two}, one, nil, nil},
		{"said_less_surely", []event{opened{}, announced}, one, []event{one}, nil},
		{"said_but_void", []event{opened{}, one, void(2)}, one, []event{one}, nil},
		{"said_by_correction", []event{opened{}, two, correct(2, one)}, one, nil, nil},
		{"said_before_correction", []event{opened{}, one, correct(2, two)}, one, []event{one}, nil},
		{"switched_on_already", []event{opened{}, off, on}, on, nil, nil},
		{"switched_on_and_off", []event{opened{}, on, off}, on, []event{on}, nil},
		{"switched_on_and_off_in_error", []event{opened{}, on, off, void(3)}, on, nil, nil},
		{"reclassified_already", []event{opened{}, reclassify(es.Public)}, reclassify(es.Public), nil, nil},
		{"reclassified_and_back", []event{opened{}, reclassify(es.Public), reclassify(es.Restricted)}, reclassify(es.Public), []event{reclassify(es.Public)}, nil},
		{"reclassified_for_sure", []event{opened{}}, reclassified{book.Reclassified{Fact: terms.Fact{Status: terms.Claimed}, Reason: "x"}}, nil, es.Invalid("book.not_recorded", "", "")},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := rules.Record(bookOf(c.given...), c.when)
			requireDecided(t, c.then, c.err, got, err)
		})
	}
}

func TestAmend(t *testing.T) {
	one, two := stated{Value: 1}, stated{Value: 2}
	base := []event{opened{}, one}
	with := func(more ...event) []event { return append(base[:2:2], more...) }
	unsure := func(e event) event {
		f := terms.Fact{Status: terms.Announced}
		switch e := e.(type) {
		case corrected:
			e.Fact = f
			return e
		case voided:
			e.Fact = f
			return e
		case disputed:
			e.Fact = f
			return e
		case ruled:
			e.Fact = f
			return e
		}
		return nil
	}
	noFact, noVoid := es.Invalid("book.not_a_fact", "", ""), es.Invalid("book.not_voidable", "", "")
	for _, c := range []struct {
		name  string
		given []event
		when  event
		then  bool
		err   error
	}{
		{"nothing_yet", nil, void(1), false, es.NotFound("made.unknown", "")},
		{"opening_void", with(void(1)), void(2), false, es.Rejected("made.void", "", "")},
		{"opening_void_again", with(void(1)), void(1), false, nil},
		{"without_reason", base, voided{book.Voided{Of: 2}}, false, es.Invalid("terms.bad_text", "", "").At("/reason")},
		{"without_grounds", base, dispute(2, ""), false, es.Invalid("terms.bad_text", "", "").At("/grounds")},
		{"revision_0", base, void(0), false, es.Invalid("book.no_such_event", "", "").At("/of")},
		{"itself", base, void(3), false, es.Invalid("book.no_such_event", "", "").At("/of")},
		{"far_beyond", base, dispute(1<<63, "no"), false, es.Invalid("book.no_such_event", "", "").At("/of")},

		{"correct", base, correct(2, two), true, nil},
		{"correct_to_the_same", base, correct(2, one), false, nil},
		{"correct_to_the_same_as_now", with(correct(2, two)), correct(2, two), false, nil},
		{"correct_back", with(correct(2, two)), correct(2, one), true, nil},
		{"correct_to_what_is_wrong", base, correct(2, stated{Value: -1}), false, es.Invalid("made.negative", "", "")},
		{"correct_to_another_type", base, correct(2, turned{}), false, es.Invalid("book.other_type", "", "").At("/as")},
		{"correct_to_nothing", base, correct(2, nil), false, es.Invalid("book.other_type", "", "").At("/as")},
		{"correct_a_correction", with(correct(2, two)), correct(3, correct(2, one)), false, noFact},
		{"correct_what_was_derived", with(derived{}), correct(3, derived{}), false, noFact},
		{"correct_what_is_void", with(void(2)), correct(2, two), false, es.Rejected("book.voided", "", "")},
		{"correct_the_visibility", base, correct(1, opened{Visibility: es.Public}), false, es.Invalid("book.other_visibility", "", "")},

		{"void", base, void(2), true, nil},
		{"void_again", with(void(2)), void(2), false, nil},
		{"void_again_in_other_words", with(void(2)), voided{book.Voided{Of: 2, Reason: "other"}}, false, es.Rejected("book.voided", "", "")},
		{"void_a_correction", with(correct(2, two)), void(3), true, nil},
		{"void_a_dispute", with(dispute(2, "no")), void(3), true, nil},
		{"void_a_ruling", with(dispute(2, "no"), rule(3, true)), void(4), true, nil},
		{"void_a_voiding", with(void(2)), void(3), false, noVoid},
		{"void_what_was_derived", with(derived{}), void(3), false, noVoid},
		{"void_a_reclassification", with(reclassify(es.Public)), void(3), false, noVoid},

		{"dispute", base, dispute(2, "no"), true, nil},
		{"dispute_again", with(dispute(2, "no")), dispute(2, "no"), false, nil},
		{"dispute_on_other_grounds", with(dispute(2, "no")), dispute(2, "never"), true, nil},
		{"dispute_again_after_a_ruling", with(dispute(2, "no"), rule(3, true)), dispute(2, "no"), true, nil},
		{"dispute_again_after_it_was_void", with(dispute(2, "no"), void(3)), dispute(2, "no"), true, nil},
		{"dispute_what_was_derived", with(derived{}), dispute(3, "no"), true, nil},
		{"dispute_a_dispute", with(dispute(2, "no")), dispute(3, "no"), false, noFact},
		{"dispute_a_reclassification", with(reclassify(es.Public)), dispute(3, "no"), false, noFact},

		{"rule", with(dispute(2, "no")), rule(3, false), true, nil},
		{"rule_again", with(dispute(2, "no"), rule(3, false)), rule(3, false), false, nil},
		{"rule_otherwise", with(dispute(2, "no"), rule(3, false)), rule(3, true), true, nil},
		{"rule_to_and_fro", with(dispute(2, "no"), rule(3, false), rule(3, true)), rule(3, false), true, nil},
		{"rule_on_a_fact", base, rule(2, true), false, es.Invalid("book.not_a_dispute", "", "").At("/of")},
		{"rule_on_a_ruling", with(dispute(2, "no"), rule(3, true)), rule(4, true), false, es.Invalid("book.not_a_dispute", "", "")},

		{"correction_announced", base, unsure(correct(2, two)), false, es.Invalid("book.not_recorded", "", "").At("/fact/status")},
		{"voiding_announced", base, unsure(void(2)), false, es.Invalid("book.not_recorded", "", "")},
		{"dispute_announced", base, unsure(dispute(2, "no")), false, es.Invalid("book.not_recorded", "", "")},
		{"ruling_announced", with(dispute(2, "no")), unsure(rule(3, true)), false, es.Invalid("book.not_recorded", "", "")},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := rules.Amend(bookOf(c.given...), c.when)
			var then []event
			if c.then {
				then = []event{c.when}
			}
			requireDecided(t, then, c.err, got, err)
		})
	}
}

func requireDecided(t *testing.T, then []event, want error, got []event, err error) {
	t.Helper()
	require.Equal(t, then, got)
	if want == nil {
		require.NoError(t, err)
		return
	}
	wanted, met := new(es.Error), new(es.Error)
	require.ErrorAs(t, want, &wanted)
	require.ErrorAs(t, err, &met)
	require.Equal(t, wanted.Code, met.Code)
	require.Equal(t, wanted.Kind, met.Kind)
	if wanted.Field != "" {
		require.Equal(t, wanted.Field, met.Field)
	}
}

func TestOpen(t *testing.T) {
	got, err := rules.Open(bookOf(), opened{})
	requireDecided(t, []event{opened{}}, nil, got, err)
	got, err = rules.Open(bookOf(), stated{Value: -1})
	requireDecided(t, nil, es.Invalid("made.negative", "", ""), got, err)
	got, err = rules.Open(bookOf(opened{}), opened{})
	requireDecided(t, nil, es.Rejected("made.exists", "", ""), got, err)
	got, err = rules.Open(bookOf(opened{}, void(1)), opened{})
	requireDecided(t, nil, es.Rejected("made.exists", "", ""), got, err)
}

func TestReopening(t *testing.T) {
	again := opened{Visibility: es.Public}
	one, two := stated{Value: 1}, stated{Value: 2}
	keyed := rules.Reopening()
	got, err := keyed.Open(bookOf(opened{}), again)
	requireDecided(t, nil, es.Rejected("made.exists", "", ""), got, err)
	got, err = keyed.Open(bookOf(opened{}, one, void(1)), again)
	requireDecided(t, []event{again}, nil, got, err)
	b := bookOf(opened{}, one, void(1), again, two)
	require.True(t, b.Exists())
	require.Equal(t, []book.Held[event]{{Revision: 4, By: 4, Event: again}, {Revision: 5, By: 5, Event: two}}, held(b))
	h, ok := b.Opening()
	require.True(t, ok)
	require.Equal(t, es.Revision(4), h.Revision)
	require.False(t, b.Says(one), "it belongs to the voided opening")
	_, ok = b.At(2)
	require.False(t, ok)
	got, err = keyed.Amend(b, correct(2, two))
	requireDecided(t, nil, es.Rejected("book.voided", "", ""), got, err)
	got, err = keyed.Record(b, one)
	requireDecided(t, []event{one}, nil, got, err)
	b.Add(void(4))
	require.False(t, b.Exists())
	got, err = keyed.Record(b, one)
	requireDecided(t, nil, es.Rejected("made.void", "", ""), got, err)
	require.False(t, bookOf().Exists())
	twice := bookOf(opened{}, again)
	require.Len(t, held(twice), 2, "a second opening beside the first opens nothing")
	require.True(t, bookOf(opened{}, reclassify(es.Public)).Exists())
	b = bookOf(opened{}, void(1), reclassify(es.Public))
	require.False(t, b.Exists(), "a reclassification opens nothing")
}

func TestMark(t *testing.T) {
	on := edtf.MustParse("2020-05-01")
	due := terms.Due{Rule: "made.over", Of: 2, Key: "a", On: on}
	said := func(change func(f *book.FellDue)) fellDue {
		f := book.FellDue{Fact: terms.Fact{Occurred: on}, Rule: "made.over", Of: 2, Key: "a", On: on}
		change(&f)
		return fellDue{f}
	}
	right := said(func(*book.FellDue) {})
	settled := due
	settled.Settled = 3
	notDue := es.Rejected("made.not_due", "", "")
	for _, c := range []struct {
		name  string
		given *book.Book[event]
		when  event
		dues  []terms.Due
		then  []event
		err   error
	}{
		{"nothing_yet", bookOf(), right, []terms.Due{due}, nil, es.NotFound("made.unknown", "")},
		{"void", bookOf(opened{}, void(1)), right, []terms.Due{due}, nil, es.Rejected("made.void", "", "")},
		{"due", bookOf(opened{}), right, []terms.Due{settled, due}, []event{right}, nil},
		{"said_already", bookOf(opened{}, right), right, []terms.Due{due}, nil, nil},
		{"nothing_due", bookOf(opened{}), right, nil, nil, notDue},
		{"settled", bookOf(opened{}), right, []terms.Due{settled}, nil, notDue},
		{"other_rule", bookOf(opened{}), said(func(f *book.FellDue) { f.Rule = "made.under" }), []terms.Due{due}, nil, notDue},
		{"other_event", bookOf(opened{}), said(func(f *book.FellDue) { f.Of = 1 }), []terms.Due{due}, nil, notDue},
		{"other_key", bookOf(opened{}), said(func(f *book.FellDue) { f.Key = "" }), []terms.Due{due}, nil, notDue},
		{"other_day", bookOf(opened{}), said(func(f *book.FellDue) { f.On = edtf.Date{} }), []terms.Due{due}, nil, notDue},
		{"other_fact", bookOf(opened{}), said(func(f *book.FellDue) { f.Status = terms.Claimed }), []terms.Due{due}, nil, notDue},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := rules.Mark(c.given, c.when, c.dues)
			requireDecided(t, c.then, c.err, got, err)
		})
	}
	require.Equal(t, "made.over", right.DerivedBy())
	require.Equal(t, on, right.DueOn())
}

func TestFindings(t *testing.T) {
	cited := terms.Fact{Source: terms.Citation{ID: "source-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"}}
	claimed := cited
	claimed.Status = terms.Claimed
	b := bookOf(
		opened{}, stated{cited, 1}, stated{claimed, 2}, derived{}, reclassify(es.Public),
		stated{cited, 3}, dispute(6, "no"), stated{Value: 4}, void(8),
	)
	require.Equal(t, []terms.Finding{
		{Code: "made.unsourced", Events: []es.Revision{1}, Detail: "the fact names no source"},
		{Code: "made.claimed", Events: []es.Revision{3}, Detail: "the fact is only claimed and moves nothing"},
		{Code: "made.in_dispute", Events: []es.Revision{6, 7}, Detail: "the fact is contested and moves nothing until a ruling"},
	}, book.Findings("made", b))
}

func TestHeld(t *testing.T) {
	one, two, three := stated{Value: 1}, stated{Value: 2}, stated{Value: 3}
	announced := correct(2, two)
	announced.Status = terms.Announced
	for _, c := range []struct {
		name     string
		given    []event // after the opening and one
		value    event
		by       es.Revision
		dispute  es.Revision
		setAside es.Revision
	}{
		{"as_recorded", nil, one, 2, 0, 0},
		{"corrected_twice", []event{correct(2, two), correct(2, three)}, three, 4, 0, 0},
		{"last_correction_void", []event{correct(2, two), correct(2, three), void(4)}, two, 3, 0, 0},
		{"first_correction_void", []event{correct(2, two), correct(2, three), void(3)}, three, 4, 0, 0},
		{"correction_only_announced", []event{announced}, one, 2, 0, 0},
		{"disputed", []event{dispute(2, "no")}, one, 2, 3, 0},
		{"dispute_void", []event{dispute(2, "no"), void(3)}, one, 2, 0, 0},
		{"set_aside", []event{dispute(2, "no"), rule(3, false)}, one, 2, 0, 4},
		{"upheld", []event{dispute(2, "no"), rule(3, true)}, one, 2, 0, 0},
		{"ruling_void", []event{dispute(2, "no"), rule(3, false), void(4)}, one, 2, 3, 0},
		{"last_ruling_void", []event{dispute(2, "no"), rule(3, false), rule(3, true), void(5)}, one, 2, 0, 4},
		{"dispute_and_so_its_ruling_void", []event{dispute(2, "no"), rule(3, false), void(3)}, one, 2, 0, 0},
		{"disputed_twice_upheld_once", []event{dispute(2, "no"), dispute(2, "never"), rule(3, true)}, one, 2, 4, 0},
		{"disputed_twice_set_aside_once", []event{dispute(2, "no"), dispute(2, "never"), rule(4, false)}, one, 2, 3, 5},
		{"corrected_while_disputed", []event{dispute(2, "no"), correct(2, two), rule(3, true)}, two, 4, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			h, ok := bookOf(append([]event{opened{}, one}, c.given...)...).At(2)
			require.True(t, ok)
			require.Equal(t, book.Held[event]{Revision: 2, By: c.by, Event: c.value, Dispute: c.dispute, SetAside: c.setAside}, h)
			require.Equal(t, c.dispute == 0 && c.setAside == 0, h.Moves())
		})
	}
}

func TestClone(t *testing.T) {
	b := bookOf(opened{}, stated{Value: 1}, correct(2, stated{Value: 2}), correct(2, stated{Value: 3}), correct(2, stated{Value: 4}))
	c := b.Clone()
	c.Add(correct(2, stated{Value: 5}))
	b.Add(stated{Value: 6})
	b.Add(correct(2, stated{Value: 7}))
	h, _ := c.At(2)
	require.Equal(t, stated{Value: 5}, h.Event)
	h, _ = b.At(2)
	require.Equal(t, stated{Value: 7}, h.Event)
}
