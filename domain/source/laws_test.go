package source_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/source"
	"github.com/entente-ledger/entente/domain/terms"
)

// view is all that a source answers, without revisions.
type view struct {
	is         source.Description
	exists     bool
	title      terms.Text
	kind       source.Kind
	languages  []terms.Lang
	issuer     terms.PartyID
	files      []source.File
	notes      []source.Note
	replacedBy terms.SourceID
	removed    []terms.Ref
	codes      []string
}

func answersOf(s *source.State) view {
	v := view{title: s.Title(), kind: s.Kind(), languages: s.Languages(), issuer: s.Issuer(), replacedBy: s.ReplacedBy()}
	v.is, v.exists = s.Opened()
	for _, f := range s.Files() {
		v.files = append(v.files, f.File)
	}
	for _, r := range s.Removed() {
		v.removed = append(v.removed, r.Of)
	}
	for _, n := range s.Notes() {
		v.notes = append(v.notes, n.Note)
	}
	return v
}

// look adds the codes of the findings.
func look(given ...source.Event) view {
	s := source.Decider.Fold(given...)
	v := answersOf(&s)
	for _, f := range s.Findings() {
		v.codes = append(v.codes, f.Code)
	}
	return v
}

var subject = booktest.Subject[source.Command, source.State, source.Event]{
	Decider:  source.Decider,
	Book:     (*source.State).Book,
	Openings: events{registered, booktest.Refact(registered, terms.Fact{Status: terms.Claimed}), carriedOver},
	Fact:     facts[:plain].Fact,
	Revise:   facts[:plain].Revise,
	Answers:  func(s *source.State) any { return answersOf(s) },
	Findings: (*source.State).Findings,
	Correct:  func(c book.Corrected[source.Event]) source.Command { return source.Correct{Corrected: c} },
	Void:     func(v book.Voided) source.Command { return source.Void{Voided: v} },
	Dispute:  func(d book.Disputed) source.Command { return source.Dispute{Disputed: d} },
	Rule:     func(r book.Ruled) source.Command { return source.Rule{Ruled: r} },
}

func TestLaws(t *testing.T) {
	subject.Laws(t)
	require.Equal(t, []string{"restoration"}, subject.Hides(facts[:plain]), "what was not removed cannot be seen to be restored")
}

func TestCorrection(t *testing.T) {
	t.Run("of_the_opening", func(t *testing.T) {
		mended := registered
		mended.Titles, mended.Kind = []terms.Text{text("it", "Patto di Patrasso")}, "report"
		got := look(subject.Opened(registered).Do(t, correct(1, mended)).Events...)
		require.Equal(t, mended.Description, got.is)
		require.Equal(t, "Patto di Patrasso", got.title.Value)
		require.Equal(t, source.Kind("report"), got.kind)
	})
	estest.Run(t, source.Decider, cases{
		{Name: "to_what_it_is_already", Given: events{registered}, When: correct(1, registered)},
		{Name: "to_what_is_wrong", Given: events{registered}, When: correct(1, source.Registered{}), Err: es.ErrInvalid},
		{Name: "to_another_type", Given: events{registered}, When: correct(1, carriedOver), Err: es.Invalid("book.other_type", "", "")},
		{Name: "of_what_is_not_there", Given: events{registered}, When: correct(9, noted), Err: es.Invalid("book.no_such_event", "", "")},
		{Name: "void_the_opening", Given: events{registered}, When: void(1), Then: events{source.Voided(void(1))}},
		{Name: "void_again", Given: events{registered, noted, source.Voided(void(2))}, When: void(2)},
		{Name: "rule_on_a_fact", Given: events{registered}, When: rule(1, true), Err: es.Invalid("book.not_a_dispute", "", "")},
	})
}

func TestState(t *testing.T) {
	t.Run("nothing", func(t *testing.T) { require.Equal(t, view{}, look()) })
	t.Run("voided_opening_is_nothing", func(t *testing.T) { require.Equal(t, view{}, look(registered, source.Voided(void(1)))) })
	t.Run("the_last_issuer_counts_and_the_difference_shows", func(t *testing.T) {
		require.Equal(t, patra, look(registered).issuer)
		s := source.Decider.Fold(registered, noted, attributed)
		require.Equal(t, bari, s.Issuer())
		require.Equal(t, []terms.Finding{{Code: "source.issuers_differ", Events: []es.Revision{1, 3}, Detail: "2 facts name different issuers"}}, s.Findings())
		agreed := attributed
		agreed.Issuer = patra
		require.Empty(t, look(registered, agreed).codes)
	})
	t.Run("carried_over_as_it_was", func(t *testing.T) {
		got := look(carriedOver)
		require.Equal(t, view{
			page, true, page.Titles[0], "press_release", page.Languages, patra,
			[]source.File{scan},
			[]source.Note{count},
			edition, nil, nil,
		}, got)
	})
	t.Run("replaced_by_two", func(t *testing.T) {
		elsewhere := replaced
		elsewhere.By = other
		got := look(registered, replaced, elsewhere)
		require.Equal(t, other, got.replacedBy)
		require.Equal(t, []string{"source.replaced_twice"}, got.codes)
	})
	t.Run("partial_date_of_issue_is_dated", func(t *testing.T) {
		for _, on := range []string{"2018", "201X", "2018-10~", "[2017,2018]", "2018/2019", "../2019", "2018-10-05T10:00Z"} {
			e := registered
			e.Issued = edtf.MustParse(on)
			require.Empty(t, look(e).codes, on)
			require.Equal(t, on, look(e).is.Issued.String())
		}
	})
}

func TestFindings(t *testing.T) {
	bare := source.Registered{Description: source.Description{Titles: page.Titles, Kind: "letter"}}
	require.Equal(t, []string{"source.no_issuer", "source.undated", "source.out_of_reach"}, look(bare).codes, "and never unsourced")
	require.Equal(t, []string{"source.undated"}, look(bare, attributed, attached).codes)

	unsourced := attributed
	unsourced.Source = terms.Citation{}
	require.Contains(t, look(registered, unsourced).codes, "source.unsourced", "who issued it was found out somewhere")
	require.Empty(t, look(registered, attached, replaced, source.Reclassified(reclassify(es.Public))).codes)

	for kind, want := range map[source.NoteKind][]string{"defect": {"source.defect"}, "opinion": nil, "statement": nil, "position": nil, "statistic": nil} {
		n := noted
		n.Note.Kind = kind
		require.Equal(t, want, look(registered, n).codes, kind)
	}
}

// A note moves nothing: whatever is noted, every other command is decided as
// if it were not there.
func TestNotesAreReadByNoGuard(t *testing.T) {
	for _, f := range facts[:5] {
		want, wantErr := source.Decider.Decide(f.Command, source.Decider.Fold(registered))
		for _, kind := range source.NoteKind("").Words() {
			n := noted
			n.Note.Kind, n.Note.Gist.Value = source.NoteKind(kind), "something else"
			got, err := source.Decider.Decide(f.Command, source.Decider.Fold(registered, n))
			require.Equal(t, wantErr, err)
			require.Equal(t, want, got)
		}
	}
}

// An entry is removed while the last that was said of it is that it is.
func TestRemoved(t *testing.T) {
	of := removed.Of
	back := source.EntryRestored{Fact: on("2023"), Of: of}
	gone := source.EntryRemoved{Fact: on("2024"), Of: of}
	announced := booktest.Refact(back, terms.Fact{Status: terms.Announced})
	for _, c := range []struct {
		name  string
		given events
		want  []terms.Ref
	}{
		{"removed", events{removed}, []terms.Ref{of}},
		{"restored", events{removed, back}, nil},
		{"removed_again", events{removed, back, gone}, []terms.Ref{of}},
		{"another_restored", events{removed, restored}, []terms.Ref{of}},
		{"restoring_announced", events{removed, announced}, []terms.Ref{of}},
		{"removal_voided", events{removed, source.Voided(void(2))}, nil},
		{"restoring_voided", events{removed, back, source.Voided(void(3))}, []terms.Ref{of}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := look(append(events{registered}, c.given...)...)
			require.Equal(t, c.want, got.removed)
			if len(c.want) > 0 {
				require.Contains(t, got.codes, "source.entry_removed")
			} else {
				require.NotContains(t, got.codes, "source.entry_removed")
			}
		})
	}
}
