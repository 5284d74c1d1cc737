package booktest_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Failures are what most of these tests want: they are looked for, but not kept,
// nor made small.
func TestMain(m *testing.M) {
	flag.Parse()
	_ = flag.Set("rapid.checks", "1000")
	_ = flag.Set("rapid.nofailfile", "true")
	_ = flag.Set("rapid.shrinktime", "0s")
	os.Exit(m.Run())
}

func TestLaws(t *testing.T) { made().Laws(t) }

// failing is a test that may fail without this one failing.
type failing struct {
	testing.TB
	failed bool
}

func (f *failing) Errorf(string, ...any) { f.failed = true }
func (f *failing) Log(...any)            {}
func (f *failing) Logf(string, ...any)   {}
func (f *failing) Failed() bool          { return f.failed }
func (f *failing) FailNow()              {}

// breaks reports whether s breaks a law.
func breaks(t *testing.T, s *subject, law string) bool {
	for name, check := range s.Each() {
		if name == law {
			f := &failing{TB: t}
			check(f)
			return f.failed
		}
	}
	require.Fail(t, "no such law: "+law)
	return false
}

// answeringAlso has s count the events of a type in its answers.
func answeringAlso(s *subject, e event) {
	s.Decider.Evolve = func(before state, at es.Revision, e event) state {
		added := maps.Clone(before.added)
		if added == nil {
			added = map[string]int{}
		}
		added[fmt.Sprintf("%T", e)]++
		after := evolve(before, at, e)
		after.added = added
		return after
	}
	answers := s.Answers
	s.Answers = func(s *state) any { return []any{answers(s), s.added[fmt.Sprintf("%T", e)]} }
}

// deciding has s decide some commands otherwise, if otherwise returns true.
func deciding(s *subject, otherwise func(e event, s state) ([]event, error, bool)) {
	s.Decider.Decide = func(e event, s state) ([]event, error) {
		if events, err, ok := otherwise(e, s); ok {
			return events, err
		}
		return decide(e, s)
	}
}

func TestLawsCatch(t *testing.T) {
	for _, c := range []struct {
		name   string
		breaks string
		spoil  func(s *subject)
	}{
		{"an_announced_fact_that_moves", "other_than_recorded_facts_move_nothing", func(s *subject) {
			s.Answers = func(s *state) any {
				return values(s, func(h book.Held[event]) bool { return h.Dispute == 0 && h.SetAside == 0 })
			}
		}},
		{"a_due_day_that_is_only_announced", "other_than_recorded_facts_move_nothing", func(s *subject) {
			s.Dues = func(s *state) []terms.Due {
				return make([]terms.Due, len(values(s, func(book.Held[event]) bool { return true })))
			}
		}},
		{"an_announced_fact_that_nobody_is_told_of", "other_than_recorded_facts_move_nothing", func(s *subject) {
			s.Findings = func(*state) []terms.Finding { return nil }
		}},
		{"deciding_that_changes_the_state", "replaying_gives_the_live_state", func(s *subject) {
			deciding(s, func(_ event, s state) ([]event, error, bool) {
				if s.added != nil {
					s.added["decided"]++
				}
				return nil, nil, false
			})
			s.Decider.Evolve = func(before state, at es.Revision, e event) state {
				after := evolve(before, at, e)
				after.added = map[string]int{"decided": before.added["decided"]}
				return after
			}
		}},
		{"a_correction_that_changes_nothing", "corrected_is_as_recorded_so_at_first", func(s *subject) {
			deciding(s, func(e event, _ state) ([]event, error, bool) {
				_, ok := e.(corrected)
				return nil, nil, ok
			})
		}},
		{"a_correction_that_leaves_a_trace", "corrected_and_corrected_back_is_as_before", func(s *subject) { answeringAlso(s, corrected{}) }},
		{"a_voiding_that_leaves_a_trace", "voided_is_as_never_recorded", func(s *subject) { answeringAlso(s, voided{}) }},
		{"a_contested_fact_that_moves", "in_dispute_moves_nothing_until_a_ruling", func(s *subject) {
			s.Answers = func(s *state) any {
				return values(s, func(h book.Held[event]) bool { return h.Fact.Status == terms.Recorded && h.SetAside == 0 })
			}
		}},
		{"a_fact_set_aside_that_moves", "in_dispute_moves_nothing_until_a_ruling", func(s *subject) {
			s.Answers = func(s *state) any {
				return values(s, func(h book.Held[event]) bool { return h.Fact.Status == terms.Recorded && h.Dispute == 0 })
			}
		}},
		{"a_dispute_that_nobody_is_told_of", "in_dispute_moves_nothing_until_a_ruling", func(s *subject) {
			s.Findings = func(*state) []terms.Finding { return nil }
		}},
		{"a_ruling_that_leaves_a_trace", "in_dispute_moves_nothing_until_a_ruling", func(s *subject) { answeringAlso(s, ruled{}) }},
		{"an_unknown_date_that_rejects", "an_unknown_date_never_rejects", func(s *subject) {
			deciding(s, func(e event, _ state) ([]event, error, bool) {
				return nil, errUndated, e.About().Source.ID == "" && isStated(e)
			})
		}},
		{"a_repetition_that_is_recorded", "the_same_again_changes_nothing", func(s *subject) {
			deciding(s, func(e event, s state) ([]event, error, bool) { return []event{e}, nil, isStated(e) && s.book.Exists() })
		}},
		{"a_repetition_that_is_rejected", "the_same_again_changes_nothing", func(s *subject) {
			deciding(s, func(e event, s state) ([]event, error, bool) { return nil, es.ErrRejected, s.book.Says(e) })
		}},
		{"answers_of_what_was_voided", "opened_in_error_is_nothing", func(s *subject) {
			s.Answers = func(s *state) any { return s.book.Revision() > 0 && !s.book.Exists() }
		}},
		{"findings_of_what_was_voided", "opened_in_error_is_nothing", func(s *subject) {
			s.Findings = func(s *state) []terms.Finding {
				return append(findings(s), make([]terms.Finding, s.book.Revision()/2)...)
			}
		}},
		{"facts_of_what_was_voided", "opened_in_error_is_nothing", func(s *subject) {
			deciding(s, func(e event, s state) ([]event, error, bool) {
				return []event{e}, nil, isStated(e) && !s.book.Exists()
			})
		}},
		{"opened_once_only", "opened_again_is_as_for_the_first_time", func(s *subject) {
			deciding(s, func(e event, s state) ([]event, error, bool) {
				_, ok := e.(opened)
				return nil, es.ErrRejected, ok && s.book.Revision() > 0
			})
		}},
		{"opened_twice", "opened_again_is_as_for_the_first_time", func(s *subject) {
			deciding(s, func(e event, _ state) ([]event, error, bool) {
				_, ok := e.(opened)
				return []event{e}, nil, ok
			})
		}},
		{"what_was_said_before_it_was_opened_again", "opened_again_is_as_for_the_first_time", func(s *subject) { answeringAlso(s, stated{}) }},
		{"a_day_that_moves_as_it_comes", "fallen_due_is_said_once_and_changes_nothing", func(s *subject) { answeringAlso(s, fellDue{}) }},
		{"a_day_that_is_due_no_more_once_it_came", "fallen_due_is_said_once_and_changes_nothing", func(s *subject) {
			s.Dues = func(s *state) []terms.Due {
				for h := range s.book.Held() {
					if _, ok := h.Event.(fellDue); ok {
						return nil
					}
				}
				return dues(s)
			}
		}},
		{"a_day_that_comes_twice", "fallen_due_is_said_once_and_changes_nothing", func(s *subject) {
			deciding(s, func(e event, s state) ([]event, error, bool) {
				_, ok := e.(fellDue)
				events, err := decide(e, s)
				return append(events, e), err, ok && err == nil && len(events) == 0
			})
		}},
		{"a_day_that_comes_unsaid", "fallen_due_is_said_once_and_changes_nothing", func(s *subject) {
			deciding(s, func(e event, s state) ([]event, error, bool) {
				_, ok := e.(fellDue)
				_, err := decide(e, s)
				return nil, err, ok
			})
		}},
		{"a_day_that_is_not_due", "fallen_due_is_said_once_and_changes_nothing", func(s *subject) {
			deciding(s, func(e event, s state) ([]event, error, bool) {
				_, ok := e.(fellDue)
				return nil, nil, ok && s.book.Exists()
			})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := made()
			c.spoil(s)
			require.True(t, breaks(t, s, c.breaks))
		})
	}
}

func isStated(e event) bool {
	_, ok := e.(stated)
	return ok
}

// What an aggregate cannot do, it is not asked to.
func TestLawsOfWhatCannotBeOpenedAgain(t *testing.T) {
	s := made()
	all := map[string]bool{}
	for name := range s.Each() {
		all[name] = true
	}
	s.Reopen, s.Dues, s.MarkDue = nil, nil, nil
	for name := range s.Each() {
		delete(all, name)
	}
	require.Equal(t, map[string]bool{"opened_again_is_as_for_the_first_time": true, "fallen_due_is_said_once_and_changes_nothing": true}, all)
	s.Laws(t)
}

// What outlasts a voiding is accepted, and shows in no answer.
func TestOutlasts(t *testing.T) {
	s := made()
	deciding(s, func(e event, s state) ([]event, error, bool) {
		return []event{e}, nil, isStated(e) && s.book.Revision() > 0 && !s.book.Exists()
	})
	s.Outlasts = isStated
	require.False(t, breaks(t, s, "opened_in_error_is_nothing"))
	s.Answers = func(s *state) any { return len(values(s, book.Held[event].Moves)) + int(s.book.Revision()) }
	require.True(t, breaks(t, s, "opened_in_error_is_nothing"))
}

func TestHistory(t *testing.T) {
	s := made()
	h := s.Opened(s.Openings[0]).Do(t, stated{Value: 1}, stated{Value: 2})
	require.Equal(t, []int{1, 2}, s.Answers(&h.State))
	require.Equal(t, es.Revision(3), h.At())
	require.ErrorIs(t, h.Try(opened{}), rules.ErrExists)
	require.NoError(t, h.Try(stated{Value: 2}))
	require.Equal(t, es.Revision(3), h.At())
}

func TestExamples(t *testing.T) {
	all := booktest.Examples[event, event]{
		{Name: "told", Command: ask{Value: 1}, Event: stated{Value: 1}, Changed: stated{Value: 2}},
		{Name: "the_same", Command: ask{Value: 1}, Event: stated{Value: 1}, Changed: stated{Value: 1}},
		{Name: "announced", Command: ask{}, Event: stated{Fact: terms.Fact{Status: terms.Announced}}, Changed: stated{Value: 1}},
		{Name: "changed_to_announced", Command: ask{}, Event: stated{}, Changed: stated{Fact: terms.Fact{Status: terms.Announced}}},
	}
	require.Equal(t, []string{"the_same", "announced", "changed_to_announced"}, made().Hides(all))
	asked, revised := map[int]bool{}, map[int]bool{}
	rapid.Check(t, func(t *rapid.T) {
		f := booktest.AnyFact(t)
		a := all[:1].Fact(t, f).(ask)
		require.Equal(t, f, a.Fact)
		r := all[:1].Revise(t, stated{f, 7}).(stated)
		require.Equal(t, f, r.Fact)
		asked[a.Value], revised[r.Value] = true, true
		require.Equal(t, opened{f, 7}, all.Revise(t, opened{f, 7}), "there is no other")
	})
	require.Equal(t, map[int]bool{1: true, 2: true}, asked)
	require.Equal(t, map[int]bool{1: true, 2: true}, revised)
}

// ask is a command that has the members of an event.
type ask stated

func TestAnyCommandDrawsEvery(t *testing.T) {
	seen := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		for _, e := range made().Any(t).Events {
			seen[fmt.Sprintf("%T", e)] = true
		}
	})
	for _, e := range []event{opened{}, stated{}, corrected{}, voided{}, disputed{}, ruled{}, fellDue{}} {
		require.True(t, seen[fmt.Sprintf("%T", e)], "%T", e)
	}
}
