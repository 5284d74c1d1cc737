package party_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
)

// view is all that a party answers, without revisions.
type view struct {
	kind    party.Kind
	country party.Country
	exists  bool
	names   []string
	title   terms.Text
	ids     []party.Identifier
	ends    []string
	related []terms.PartyID
	linked  terms.PartyID
	codes   []string
}

func look(given ...party.Event) view {
	s := party.Decider.Fold(given...)
	var v view
	v.kind, v.country, v.exists = s.Opened()
	for _, n := range s.Names() {
		v.names = append(v.names, n.Text.Value+" "+string(n.Use)+" "+n.From.String()+" "+n.Until.String())
	}
	v.title, v.ids, v.linked = s.Title(), s.Identifiers(), s.LinkedTo()
	for _, e := range s.Ends() {
		v.ends = append(v.ends, e.How+" "+e.On.String())
	}
	for _, r := range s.Relations() {
		v.related = append(v.related, r.To)
	}
	for _, f := range s.Findings() {
		v.codes = append(v.codes, f.Code)
	}
	return v
}

// play decides commands one after the other, each of which must record.
func play(t *testing.T, given events, commands ...party.Command) events {
	t.Helper()
	given = given[:len(given):len(given)]
	for _, c := range commands {
		decided, err := party.Decider.Decide(c, party.Decider.Fold(given...))
		require.NoError(t, err)
		require.NotEmpty(t, decided)
		given = append(given, decided...)
	}
	return given
}

// stated returns JSON with the visibility that an empty one stands for.
func stated(data string) string {
	return strings.ReplaceAll(data, `"visibility":""`, `"visibility":"internal"`)
}

func TestCorrection(t *testing.T) {
	for _, f := range facts[:9] {
		base := events{registered, f.event}
		t.Run(f.name+"_and_back_is_as_never_corrected", func(t *testing.T) {
			changed := blank(t, f.event)
			there := play(t, base, correct(2, changed))
			require.Equal(t, look(registered, changed), look(there...))
			back := play(t, there, correct(2, f.event))
			require.Equal(t, look(base...), look(back...))
			require.Equal(t, look(base...), look(play(t, there, void(3))...), "voiding the correction does the same")
		})
		t.Run(f.name+"_voided_is_as_never_recorded", func(t *testing.T) {
			require.NotEqual(t, look(registered), look(base...), "the fact shows nowhere")
			require.Equal(t, look(registered), look(play(t, base, void(2))...))
		})
		t.Run(f.name+"_disputed_moves_nothing_until_ruled", func(t *testing.T) {
			moved := look(base...)
			disputed := play(t, base, dispute(2))
			without := look(registered)
			without.codes = []string{"party.in_dispute"}
			require.Equal(t, without, look(disputed...))
			require.Equal(t, moved, look(play(t, disputed, rule(3, true))...))
			without.codes = nil
			require.Equal(t, without, look(play(t, disputed, rule(3, false))...))
			require.Equal(t, moved, look(play(t, disputed, void(3))...), "a dispute recorded in error")
			require.Equal(t, moved, look(play(t, disputed, rule(3, false), rule(3, true))...), "the last ruling counts")
		})
		for _, s := range []terms.Status{terms.Announced, terms.Claimed, terms.Inferred, terms.Disputed} {
			t.Run(f.name+"_"+s.String()+"_moves_nothing", func(t *testing.T) {
				want := look(registered)
				want.codes = []string{"party." + s.String()}
				require.Equal(t, want, look(registered, restate(t, f.event, func(f *terms.Fact) { f.Status = s })))
			})
		}
	}
	other := registered
	other.Visibility = es.Public
	unsure := correct(1, party.Registered{Kind: "state", Name: text("it", "T")})
	unsure.Status = terms.Inferred
	estest.Run(t, party.Decider, cases{
		{Name: "to_what_it_is_already", Given: events{registered, named}, When: correct(2, named)},
		{Name: "to_another_type", Given: events{registered, named}, When: correct(2, renamed), Err: es.Invalid("book.other_type", "", "")},
		{Name: "to_nothing", Given: events{registered, named}, When: correct(2, nil), Err: es.Invalid("book.other_type", "", "")},
		{Name: "to_what_is_not_complete", Given: events{registered, named}, When: correct(2, party.Named{}), Err: es.ErrInvalid},
		{Name: "of_nothing", Given: events{registered}, When: correct(0, named), Err: es.Invalid("book.no_such_event", "", "")},
		{Name: "of_what_is_not_there", Given: events{registered}, When: correct(2, named), Err: es.Invalid("book.no_such_event", "", "")},
		{Name: "of_what_is_void", Given: events{registered, named, party.Voided(void(2))}, When: correct(2, named), Err: es.Rejected("book.voided", "")},
		{Name: "of_the_visibility", Given: events{registered}, When: correct(1, other), Err: es.Invalid("book.other_visibility", "", "")},
		{Name: "only_inferred", Given: events{registered}, When: unsure, Err: es.Invalid("book.not_recorded", "", "")},
		{Name: "void_again", Given: events{registered, named, party.Voided(void(2))}, When: void(2)},
		{Name: "void_of_a_voiding", Given: events{registered, named, party.Voided(void(2))}, When: void(3), Err: es.Invalid("book.not_voidable", "", "")},
		{Name: "void_the_opening", Given: events{registered}, When: void(1), Then: events{party.Voided(void(1))}},
		{Name: "dispute_again", Given: events{registered, named, party.Disputed(dispute(2))}, When: dispute(2)},
		{Name: "dispute_a_dispute", Given: events{registered, named, party.Disputed(dispute(2))}, When: dispute(3), Err: es.Invalid("book.not_a_fact", "", "")},
		{Name: "rule_on_a_fact", Given: events{registered, named}, When: rule(2, true), Err: es.Invalid("book.not_a_dispute", "", "")},
	})
}

func TestState(t *testing.T) {
	t.Run("nobody", func(t *testing.T) { require.Equal(t, view{}, look()) })
	t.Run("voided_opening_is_nobody", func(t *testing.T) { require.Equal(t, view{}, look(registered, party.Voided(void(1)))) })
	t.Run("renaming_ends_the_official_names_before", func(t *testing.T) {
		got := look(registered, named, renamed)
		require.Equal(t, []string{"Trieste official 1954 2010-05", "Trieste Capitale official 2010-05 ", "Trst exonym 1954 "}, got.names)
		require.Equal(t, "Trieste Capitale", got.title.Value)
	})
	t.Run("corrected_opening_changes_kind_and_name", func(t *testing.T) {
		mended := registered
		mended.Kind, mended.Name.Value = "region", "Venezia Giulia"
		got := look(play(t, events{registered, renamed}, correct(1, mended))...)
		require.Equal(t, party.Kind("region"), got.kind)
		require.Equal(t, "Venezia Giulia official 1954 2010-05", got.names[0])
	})
	t.Run("carried_over_in_the_state_it_ended_in", func(t *testing.T) {
		got := look(carriedOver)
		require.Equal(t, []string{"ended 1927"}, got.ends)
		require.Equal(t, carriedOver.IDs, got.ids)
		require.Equal(t, "Opicina", got.title.Value)
		alive := carriedOver
		alive.Exists = true
		require.Empty(t, look(alive).ends)
	})
	t.Run("unlinking_another_leaves_the_link", func(t *testing.T) {
		other := unlinked
		other.From = koper
		require.Equal(t, trieste, look(registered, linked, other).linked)
		require.Empty(t, look(registered, linked, unlinked).linked)
	})
	t.Run("parent_is_a_relation", func(t *testing.T) {
		unit := registered
		unit.Parent = koper
		require.Equal(t, []terms.PartyID{koper, muggia}, look(unit, party.Related{Fact: recorded(""), To: muggia, Relation: "hosted_by"}).related)
	})
	t.Run("two_ends_contradict_each_other", func(t *testing.T) {
		s := party.Decider.Fold(registered, merged, named, split)
		require.Equal(t, []terms.Finding{{Code: "party.ends_twice", Events: []es.Revision{2, 4}, Detail: "more than one end of the party is recorded"}}, s.Findings())
	})
	t.Run("no_source_is_a_finding_but_not_of_a_reclassification", func(t *testing.T) {
		unsourced, public := named, party.Reclassified(reclassify(es.Public))
		unsourced.Source, public.Source = terms.Citation{}, terms.Citation{}
		require.Equal(t, []string{"party.unsourced"}, look(registered, unsourced, public).codes)
	})
	t.Run("partial_dates_are_kept_as_they_are", func(t *testing.T) {
		for _, on := range []string{"", "2010", "201X", "2010-05~", "[2009,2011]", "2009/2011", "../2011", "2010-05-17T10:00+02:00"} {
			e := renamed
			e.Occurred, e.Effective = edtf.MustParse("1999"), edtf.MustParse(on)
			want := on
			if on == "" {
				want = "1999"
			}
			require.Equal(t, "Trieste Capitale official "+want+" ", look(play(t, events{registered}, party.Rename(e))...).names[1])
		}
	})
}

// restate returns e with another fact.
func restate(t *testing.T, e party.Event, change func(*terms.Fact)) party.Event {
	t.Helper()
	switch e := e.(type) {
	case party.Named:
		change(&e.Fact)
		return e
	case party.Renamed:
		change(&e.Fact)
		return e
	case party.Identified:
		change(&e.Fact)
		return e
	case party.Located:
		change(&e.Fact)
		return e
	case party.Related:
		change(&e.Fact)
		return e
	case party.Merged:
		change(&e.Fact)
		return e
	case party.Split:
		change(&e.Fact)
		return e
	case party.Succeeded:
		change(&e.Fact)
		return e
	case party.Linked:
		change(&e.Fact)
		return e
	}
	require.Fail(t, "restate", "%T", e)
	return nil
}

// blank returns an event of e's type with other values.
func blank(t *testing.T, e party.Event) party.Event {
	t.Helper()
	fact := recorded("1900~")
	switch e := e.(type) {
	case party.Named:
		return party.Named{fact, party.Name{Text: text("de", "Triest"), Use: "exonym"}}
	case party.Renamed:
		return party.Renamed{fact, text("it", "Trieste Nuova")}
	case party.Identified:
		return party.Identified{fact, party.Identifier{Scheme: "unlocode", Value: "ITTRS"}}
	case party.Located:
		return party.Located{Fact: fact, Country: "HR"}
	case party.Related:
		return party.Related{fact, muggia, "owned_by"}
	case party.Merged:
		return party.Merged{fact, muggia}
	case party.Split:
		return party.Split{fact, []terms.PartyID{trieste, muggia}}
	case party.Succeeded:
		return party.Succeeded{fact, koper}
	case party.Linked:
		return party.Linked{fact, muggia, "the same mayor"}
	default:
		require.Fail(t, "blank", "%T", e)
		return nil
	}
}
