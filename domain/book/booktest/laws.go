package booktest

import (
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Laws checks, each as a subtest:
//
//	1 facts other than recorded ones move nothing, and are found (rule 5 of the ledger)
//	2 replaying gives the live state, and deciding leaves it as it is (rule 7)
//	3 what was corrected is as if it had been recorded so at first (rule 1)
//	4 a correction and the correction back leave all as it was (rule 1)
//	5 what was voided is as if it had never been recorded (rule 1)
//	6 what is in dispute moves nothing until a ruling: upheld, it is as before (rule 5)
//	7 an unknown date meets no guard that is about dates (rule 4)
//	8 the same command again changes nothing
//	9 what the ledger says of what was opened in error is nothing
//
// and of aggregates that can do so:
//
//	10 what is opened again is as if it had been opened for the first time
//	11 that something fell due is said once, and changes nothing (rule 7)
func (s *Subject[C, S, E]) Laws(t *testing.T) {
	for name, check := range s.Each() {
		t.Run(name, func(t *testing.T) { check(t) })
	}
}

// Each yields the laws by name, with what fails a test if the law is broken.
func (s *Subject[C, S, E]) Each() iter.Seq2[string, func(t rapid.TB)] {
	return func(yield func(string, func(t rapid.TB)) bool) {
		for _, law := range []struct {
			name  string
			holds func(t *rapid.T, h *History[C, S, E])
			of    bool // the aggregate
		}{
			{"other_than_recorded_facts_move_nothing", s.onlyRecordedMoves, true},
			{"replaying_gives_the_live_state", s.replays, true},
			{"corrected_is_as_recorded_so_at_first", s.corrects, true},
			{"corrected_and_corrected_back_is_as_before", s.correctsBack, true},
			{"voided_is_as_never_recorded", s.voids, true},
			{"in_dispute_moves_nothing_until_a_ruling", s.disputes, true},
			{"an_unknown_date_never_rejects", s.toleratesUnknownDates, true},
			{"the_same_again_changes_nothing", s.repeats, true},
			{"opened_in_error_is_nothing", s.opensInError, true},
			{"opened_again_is_as_for_the_first_time", s.opensAgain, s.Reopen != nil},
			{"fallen_due_is_said_once_and_changes_nothing", s.fallsDue, s.Dues != nil},
		} {
			check := func(t rapid.TB) { rapid.Check(t, func(t *rapid.T) { law.holds(t, s.Any(t)) }) }
			if law.of && !yield(law.name, check) {
				return
			}
		}
	}
}

func (s *Subject[C, S, E]) onlyRecordedMoves(t *rapid.T, h *History[C, S, E]) {
	before, at := h.answers(), h.At()
	f := AnyFact(t)
	f.Status = rapid.SampledFrom([]terms.Status{terms.Announced, terms.Claimed, terms.Inferred, terms.Disputed}).Draw(t, "as")
	_ = h.Try(s.Fact(t, f))
	require.Equal(t, before, h.answers())
	require.True(t, h.At() == at || h.finds(f.Status.String()))
}

// finds reports whether there is a finding with a code, whatever the aggregate.
func (h *History[C, S, E]) finds(code string) bool {
	return slices.ContainsFunc(h.of.Findings(&h.State), func(f terms.Finding) bool { return strings.HasSuffix(f.Code, "."+code) })
}

func (s *Subject[C, S, E]) replays(t *rapid.T, h *History[C, S, E]) {
	for range 5 {
		_, _ = s.Decider.Decide(h.AnyCommand(t), h.State)
	}
	require.Equal(t, s.Decider.Fold(h.Events...), h.State)
}

func (s *Subject[C, S, E]) corrects(t *rapid.T, h *History[C, S, E]) {
	first := s.Opened(h.Events...)
	held, ok := h.anyHeld(t)
	if !ok || held.By != held.Revision {
		return // an earlier correction would have come after
	}
	as := s.anyOther(t, held.Event)
	if h.Try(s.Correct(corrected(held.Revision, as))) != nil {
		return
	}
	first.Events[held.Revision-1] = as
	require.Equal(t, s.Opened(first.Events...).says(), h.says())
}

func (s *Subject[C, S, E]) correctsBack(t *rapid.T, h *History[C, S, E]) {
	before := h.says()
	held, ok := h.anyHeld(t)
	if !ok || h.Try(s.Correct(corrected(held.Revision, s.anyOther(t, held.Event)))) != nil {
		return
	}
	if h.Try(s.Correct(corrected(held.Revision, held.Event))) != nil {
		return // a guard stands against what was recorded before there was one
	}
	require.Equal(t, before, h.says())
}

func (s *Subject[C, S, E]) voids(t *rapid.T, h *History[C, S, E]) {
	before, at := h.says(), h.At()
	if h.Try(h.AnyCommand(t)) != nil || h.At() == at {
		return
	}
	if h.Try(s.Void(voided(at+1))) != nil {
		return // a voiding cannot be voided
	}
	require.Equal(t, before, h.says())
}

func (s *Subject[C, S, E]) disputes(t *rapid.T, h *History[C, S, E]) {
	before, void, at := h.says(), s.Opened(h.Events...), h.At()
	opening, _ := h.book().Opening()
	held, ok := h.anyHeld(t)
	if !ok || !held.Moves() || held.Revision == opening.Revision || void.Try(s.Void(voided(held.Revision))) != nil {
		return
	}
	if h.Try(s.Dispute(disputed(held.Revision))) != nil {
		return
	}
	require.Equal(t, void.answers(), h.answers())
	require.True(t, h.finds("in_dispute"))

	aside := s.Opened(h.Events...)
	require.NoError(t, aside.Try(s.Rule(ruled(at+1, false))))
	require.Equal(t, void.answers(), aside.answers())
	require.NoError(t, aside.Try(s.Rule(ruled(at+1, true))))
	require.Equal(t, before, aside.says(), "the last ruling counts")
}

func (s *Subject[C, S, E]) toleratesUnknownDates(t *rapid.T, h *History[C, S, E]) {
	for range 5 {
		err := h.Try(s.Fact(t, terms.Fact{}))
		for _, dated := range s.Dated {
			require.NotErrorIs(t, err, dated)
		}
	}
}

func (s *Subject[C, S, E]) repeats(t *rapid.T, h *History[C, S, E]) {
	for range 5 {
		c := h.AnyCommand(t)
		if h.Try(c) != nil {
			continue
		}
		at := h.At()
		require.NoError(t, h.Try(c), "%T", c)
		require.Equal(t, at, h.At(), "%T", c)
	}
}

func (s *Subject[C, S, E]) opensInError(t *rapid.T, h *History[C, S, E]) {
	h.voidOpening(t)
	at, c := h.At(), s.Fact(t, AnyFact(t))
	if err := h.Try(c); s.Outlasts == nil || !s.Outlasts(c) {
		require.Error(t, err)
		require.Equal(t, at, h.At())
	}
	require.Equal(t, s.Opened().says(), h.says())
}

// voidOpening voids the opening that stands, if one does.
func (h *History[C, S, E]) voidOpening(t *rapid.T) {
	if opening, ok := h.book().Opening(); ok {
		require.NoError(t, h.Try(h.of.Void(voided(opening.Revision))))
	}
}

func (s *Subject[C, S, E]) opensAgain(t *rapid.T, h *History[C, S, E]) {
	h.voidOpening(t)
	opening := s.anyOpening(t)
	require.NoError(t, h.Try(s.Reopen(opening)))
	fresh := s.Opened(opening)
	for range rapid.IntRange(0, 5).Draw(t, "more") {
		c := s.Fact(t, AnyFact(t))
		require.Equal(t, fresh.Try(c) == nil, h.Try(c) == nil, "%T", c)
	}
	require.Equal(t, fresh.says(), h.says())
	require.Error(t, h.Try(s.Reopen(opening)), "it is open")
}

func (s *Subject[C, S, E]) fallsDue(t *rapid.T, h *History[C, S, E]) {
	dues, before := h.dues(), h.says()
	if len(dues) == 0 {
		return
	}
	due := rapid.SampledFrom(dues).Draw(t, "due")
	if due.Settled == 0 {
		require.NoError(t, h.Try(s.MarkDue(fell(due))))
		require.True(t, h.tells(due))
	}
	for _, d := range []terms.Due{due, notDue(t, due)} {
		at := h.At()
		require.Equal(t, d == due && due.Settled == 0, h.Try(s.MarkDue(fell(d))) == nil, "%+v", d)
		require.Equal(t, at, h.At())
	}
	require.Equal(t, before, h.says())
}

// tells reports whether an event says that d fell due.
func (h *History[C, S, E]) tells(d terms.Due) bool {
	return slices.ContainsFunc(h.Events, func(e E) bool {
		fell, ok := any(e).(interface {
			DerivedBy() string
			DueOn() edtf.Date
		})
		return ok && fell.DerivedBy() == d.Rule && fell.DueOn() == d.On
	})
}

// notDue draws a day that differs from a due one in what tells them apart.
func notDue(t *rapid.T, d terms.Due) terms.Due {
	switch rapid.IntRange(0, 3).Draw(t, "other") {
	case 0:
		d.Rule += "_else"
	case 1:
		d.Of += es.Revision(1 << 20)
	case 2:
		d.Key += "else"
	default:
		d.On = edtf.MustParse("1066-10-14")
	}
	return d
}
