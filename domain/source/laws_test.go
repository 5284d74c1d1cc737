package source_test

import (
	"testing"

	"github.com/stretchr/testify/require"

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
	codes      []string
}

func look(given ...source.Event) view {
	s := source.Decider.Fold(given...)
	v := view{title: s.Title(), kind: s.Kind(), languages: s.Languages(), issuer: s.Issuer(), replacedBy: s.ReplacedBy()}
	v.is, v.exists = s.Opened()
	for _, f := range s.Files() {
		v.files = append(v.files, f.File)
	}
	for _, n := range s.Notes() {
		v.notes = append(v.notes, n.Note)
	}
	for _, f := range s.Findings() {
		v.codes = append(v.codes, f.Code)
	}
	return v
}

// play decides commands one after the other, each of which must record.
func play(t *testing.T, given events, commands ...source.Command) events {
	t.Helper()
	given = given[:len(given):len(given)]
	for _, c := range commands {
		decided, err := source.Decider.Decide(c, source.Decider.Fold(given...))
		require.NoError(t, err)
		require.NotEmpty(t, decided)
		given = append(given, decided...)
	}
	return given
}

func TestCorrection(t *testing.T) {
	for _, f := range facts[:4] {
		base := events{registered, f.event}
		t.Run(f.name+"_corrected_and_back_is_as_never_corrected", func(t *testing.T) {
			there := play(t, base, correct(2, f.changed))
			require.Equal(t, look(registered, f.changed), look(there...))
			require.NotEqual(t, look(base...), look(there...))
			require.Equal(t, look(base...), look(play(t, there, correct(2, f.event))...))
			require.Equal(t, look(base...), look(play(t, there, void(3))...))
		})
		t.Run(f.name+"_voided_is_as_never_recorded", func(t *testing.T) {
			require.NotEqual(t, look(registered), look(base...))
			require.Equal(t, look(registered), look(play(t, base, void(2))...))
		})
		t.Run(f.name+"_disputed_moves_nothing_until_ruled", func(t *testing.T) {
			disputed := play(t, base, dispute(2))
			without := look(registered)
			without.codes = []string{"source.in_dispute"}
			require.Equal(t, without, look(disputed...))
			require.Equal(t, look(base...), look(play(t, disputed, rule(3, true))...))
			require.Equal(t, look(registered), look(play(t, disputed, rule(3, false))...))
			require.Equal(t, look(base...), look(play(t, disputed, rule(3, false), rule(3, true))...))
		})
	}
	t.Run("of_the_opening", func(t *testing.T) {
		mended := registered
		mended.Titles, mended.Kind = []terms.Text{text("it", "Patto di Patrasso")}, "report"
		got := look(play(t, events{registered}, correct(1, mended))...)
		require.Equal(t, mended.Description, got.is)
		require.Equal(t, "Patto di Patrasso", got.title.Value)
		require.Equal(t, source.Kind("report"), got.kind)
	})
	claimed := attributed
	claimed.Status = terms.Claimed
	t.Run("claimed_moves_nothing", func(t *testing.T) {
		require.Equal(t, patra, look(registered, claimed).issuer)
		require.Equal(t, []string{"source.claimed"}, look(registered, claimed).codes)
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
			edition, nil,
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
		want, wantErr := source.Decider.Decide(f.command, source.Decider.Fold(registered))
		for _, kind := range source.NoteKind("").Words() {
			n := noted
			n.Note.Kind, n.Note.Gist.Value = source.NoteKind(kind), "something else"
			got, err := source.Decider.Decide(f.command, source.Decider.Fold(registered, n))
			require.Equal(t, wantErr, err)
			require.Equal(t, want, got)
		}
	}
}
