package person_test

import (
	"testing"

	"github.com/stretchr/testify/require"

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
	erased     bool
	codes      []string
}

func look(given ...person.Event) view {
	s := person.Decider.Fold(given...)
	v := view{commitment: s.Commitment(), erased: s.Erased()}
	for _, f := range s.Functions() {
		v.functions = append(v.functions, f.Function)
	}
	for _, f := range s.Findings() {
		v.codes = append(v.codes, f.Code)
	}
	return v
}

// play decides commands one after the other, each of which must record.
func play(t *testing.T, given events, commands ...person.Command) events {
	t.Helper()
	given = given[:len(given):len(given)]
	for _, c := range commands {
		decided, err := person.Decider.Decide(c, person.Decider.Fold(given...))
		require.NoError(t, err)
		require.NotEmpty(t, decided)
		given = append(given, decided...)
	}
	return given
}

func TestCorrection(t *testing.T) {
	base := events{registered, held}
	deputy := held
	deputy.Function.Value, deputy.Occurred = "deputy mayor", edtf.MustParse("2002~")
	t.Run("changes_the_function", func(t *testing.T) {
		require.Equal(t, look(registered, deputy), look(play(t, base, correct(2, deputy))...))
	})
	t.Run("and_back_is_as_never_corrected", func(t *testing.T) {
		require.Equal(t, look(base...), look(play(t, base, correct(2, deputy), correct(2, held))...))
		require.Equal(t, look(base...), look(play(t, base, correct(2, deputy), void(3))...))
	})
	t.Run("of_the_opening_changes_the_commitment", func(t *testing.T) {
		mended := registered
		mended.Commitment = resealed
		require.Equal(t, resealed, look(play(t, base, correct(1, mended))...).commitment)
		require.Equal(t, look(base...), look(play(t, base, correct(1, mended), correct(1, registered))...))
	})
	t.Run("voided_is_as_never_recorded", func(t *testing.T) {
		require.Equal(t, look(registered), look(play(t, base, void(2))...))
	})
	t.Run("voided_opening_is_nobody", func(t *testing.T) {
		got := look(play(t, events{registered}, void(1))...)
		require.Equal(t, view{}, got)
	})
	t.Run("disputed_moves_nothing_until_ruled", func(t *testing.T) {
		disputed := play(t, base, dispute(2))
		require.Empty(t, look(disputed...).functions)
		require.Equal(t, []string{"person.in_dispute"}, look(disputed...).codes)
		require.Equal(t, look(base...), look(play(t, disputed, rule(3, true))...))
		require.Equal(t, look(registered), look(play(t, disputed, rule(3, false))...))
		require.Equal(t, look(base...), look(play(t, disputed, rule(3, false), rule(3, true))...))
	})
	t.Run("announced_moves_nothing", func(t *testing.T) {
		announced := held
		announced.Status = terms.Announced
		require.Empty(t, look(registered, announced).functions)
		require.Equal(t, []string{"person.announced"}, look(registered, announced).codes)
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
		require.True(t, got.erased)
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
			require.Equal(t, c.want, look(play(t, events{registered}, person.HoldFunction(e))...).codes)
		})
	}
}
