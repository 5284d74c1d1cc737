package party_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/book/booktest"
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

func answersOf(s *party.State) view {
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
	return v
}

// look adds the codes of the findings.
func look(given ...party.Event) view {
	s := party.Decider.Fold(given...)
	v := answersOf(&s)
	for _, f := range s.Findings() {
		v.codes = append(v.codes, f.Code)
	}
	return v
}

// stated returns JSON with the visibility that an empty one stands for.
func stated(data string) string {
	return strings.ReplaceAll(data, `"visibility":""`, `"visibility":"internal"`)
}

var subject = booktest.Subject[party.Command, party.State, party.Event]{
	Decider:  party.Decider,
	Book:     (*party.State).Book,
	Openings: events{registered, booktest.Refact(registered, as(terms.Claimed, "1954")), carriedOver},
	Fact:     facts[:plain+1].Fact,
	Revise:   facts[:plain+1].Revise,
	Answers:  func(s *party.State) any { return answersOf(s) },
	Findings: (*party.State).Findings,
	Correct:  func(c book.Corrected[party.Event]) party.Command { return party.Correct{Corrected: c} },
	Void:     func(v book.Voided) party.Command { return party.Void{Voided: v} },
	Dispute:  func(d book.Disputed) party.Command { return party.Dispute{Disputed: d} },
	Rule:     func(r book.Ruled) party.Command { return party.Rule{Ruled: r} },
}

func TestLaws(t *testing.T) {
	subject.Laws(t)
	require.Empty(t, subject.Hides(facts[:plain]))
}

func TestCorrection(t *testing.T) {
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
		{Name: "of_what_is_void", Given: events{registered, named, party.Voided(void(2))}, When: correct(2, named), Err: es.Rejected("book.voided", "", "")},
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
		got := look(subject.Opened(registered, renamed).Do(t, correct(1, mended)).Events...)
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
	t.Run("each_part_of_the_place_is_the_last_one_stated", func(t *testing.T) {
		region := party.Located{Fact: recorded("1963"), Region: terms.Text{Lang: "it", Value: "Friuli"}}
		moved, claimed := located, located
		moved.Longitude, claimed.Latitude = 0, 1
		claimed.Status = terms.Claimed
		s := party.Decider.Fold(registered, located, region, claimed)
		require.Equal(t, party.Place{Region: region.Region, Latitude: 45_650_000, Longitude: 13_770_000}, s.Place())
		s = party.Decider.Fold(registered, located, moved, region)
		require.Equal(t, party.Place{Region: region.Region, Latitude: 45_650_000}, s.Place(), "on the meridian of Greenwich")
		s = party.Decider.Fold(registered, located, party.Voided(void(2)))
		require.False(t, s.Place().Located())
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
			require.Equal(t, "Trieste Capitale official "+want+" ", look(subject.Opened(registered).Do(t, party.Rename(e)).Events...).names[1])
		}
	})
}
