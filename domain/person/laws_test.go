package person_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/person"
	"github.com/entente-ledger/entente/domain/terms"
)

// view is all that a person answers, without revisions.
type view struct {
	commitment person.Commitment
	functions  []person.Function
	codes      []string
}

func answersOf(s *person.State) view {
	v := view{commitment: s.Commitment()}
	for _, f := range s.Functions() {
		v.functions = append(v.functions, f.Function)
	}
	return v
}

// look adds the codes of the findings.
func look(given ...person.Event) view {
	s := person.Decider.Fold(given...)
	v := answersOf(&s)
	for _, f := range s.Findings() {
		v.codes = append(v.codes, f.Code)
	}
	return v
}

var deputy = person.FunctionHeld{Fact: recorded("2002~"), Function: text("en", "deputy mayor"), At: patra}

var functions = booktest.Examples[person.Command, person.Event]{
	{Name: "function", Command: person.HoldFunction(held), Event: held, Changed: deputy},
}

// subject answers nothing of an erasure, which is in no book to be corrected
// or voided: nothing undoes it.
var subject = booktest.Subject[person.Command, person.State, person.Event]{
	Decider:  person.Decider,
	Book:     (*person.State).Book,
	Openings: events{registered, booktest.Refact(registered, terms.Fact{Status: terms.Claimed}), carriedOver},
	Fact: func(t *rapid.T, f terms.Fact) person.Command {
		if rapid.IntRange(0, 9).Draw(t, "erase") == 9 {
			return person.Erase{Fact: f, Reason: "request"}
		}
		return functions.Fact(t, f)
	},
	Revise:   functions.Revise,
	Answers:  func(s *person.State) any { return answersOf(s) },
	Findings: (*person.State).Findings,
	Correct:  func(c book.Corrected[person.Event]) person.Command { return person.Correct{Corrected: c} },
	Void:     func(v book.Voided) person.Command { return person.Void{Voided: v} },
	Dispute:  func(d book.Disputed) person.Command { return person.Dispute{Disputed: d} },
	Rule:     func(r book.Ruled) person.Command { return person.Rule{Ruled: r} },
	Outlasts: func(c person.Command) bool {
		_, ok := c.(person.Erase)
		return ok
	},
}

func TestLaws(t *testing.T) {
	subject.Laws(t)
	require.Empty(t, subject.Hides(functions))
}

// Whoever was erased stays so, whatever comes before and after.
func TestErasureIsFinal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, erased := subject.Any(t), false
		for range rapid.IntRange(0, 10).Draw(t, "more") {
			for _, e := range h.Events {
				_, ok := e.(person.Erased)
				erased = erased || ok
			}
			require.Equal(t, erased, h.State.Erased())
			_ = h.Try(h.AnyCommand(t))
		}
	})
}

func TestCorrection(t *testing.T) {
	base := events{registered, held}
	t.Run("of_the_opening_changes_the_commitment", func(t *testing.T) {
		mended := registered
		mended.Commitment = resealed
		require.Equal(t, resealed, look(subject.Opened(base...).Do(t, correct(1, mended)).Events...).commitment)
	})
	estest.Run(t, person.Decider, cases{
		{Name: "to_what_it_is_already", Given: base, When: correct(2, held)},
		{Name: "to_a_wrong_commitment", Given: base, When: correct(1, person.Registered{Commitment: "x"}), Err: es.ErrInvalid},
		{Name: "to_an_erasure", Given: base, When: correct(2, erased), Err: es.Invalid("book.other_type", "", "")},
		{Name: "of_what_is_not_there", Given: base, When: correct(3, held), Err: es.Invalid("book.no_such_event", "", "")},
		{Name: "void_again", Given: append(base[:2:2], person.Voided(void(2))), When: void(2)},
		{Name: "rule_on_a_fact", Given: base, When: rule(2, true), Err: es.Invalid("book.not_a_dispute", "", "")},
	})
}

func TestState(t *testing.T) {
	t.Run("nobody", func(t *testing.T) { require.Equal(t, view{}, look()) })
	t.Run("carried_over_with_functions", func(t *testing.T) {
		got := look(carriedOver, held)
		require.Equal(t, []person.Function{
			carriedOver.Functions[0],
			{Title: text("en", "mayor"), At: patra, From: edtf.MustParse("2003"), Until: edtf.MustParse("2010-12")},
		}, got.functions)
		require.Equal(t, sealed, got.commitment)
		require.Empty(t, got.codes)
	})
	t.Run("functions_stay_after_an_erasure", func(t *testing.T) {
		got := look(registered, held, erased)
		require.Len(t, got.functions, 1)
		require.Equal(t, sealed, got.commitment)
	})
	t.Run("an_erasure_needs_no_source_but_a_function_does", func(t *testing.T) {
		bare, unsourced := erased, held
		bare.Source, unsourced.Source = terms.Citation{}, terms.Citation{}
		require.Empty(t, look(registered, bare).codes)
		require.Equal(t, []string{"person.unsourced"}, look(registered, unsourced).codes)
	})
	for _, c := range []struct {
		name, from, until string
		want              []string
	}{
		{"ended_before_it_began", "2010", "2009-12-31", []string{"person.dates_reversed"}},
		{"ended_in_the_same_year", "2010", "2010", nil},
		{"perhaps_ended_before", "2010~", "2009", nil},
		{"still_held", "2010", "", nil},
		{"began_once", "", "2010", nil},
		{"undated", "", "", []string{"person.undated"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := held
			e.Occurred, e.Until = edtf.MustParse(c.from), edtf.MustParse(c.until)
			require.Equal(t, c.want, look(subject.Opened(registered).Do(t, person.HoldFunction(e)).Events...).codes)
		})
	}
}
