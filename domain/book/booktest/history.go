package booktest

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// History is a stream of the aggregate.
type History[C, S any, E book.Event] struct {
	Events []E
	State  S
	of     *Subject[C, S, E]
}

// Opened returns a history of some first events.
func (s *Subject[C, S, E]) Opened(events ...E) *History[C, S, E] {
	return &History[C, S, E]{Events: slices.Clone(events), State: s.Decider.Fold(events...), of: s}
}

// Any draws the history that random commands lead to, of which some fail.
func (s *Subject[C, S, E]) Any(t *rapid.T) *History[C, S, E] {
	h := s.Opened(s.anyOpening(t))
	for range rapid.IntRange(0, 10).Draw(t, "length") + rapid.IntRange(0, 10).Draw(t, "more") {
		if s.Reopen != nil && !h.book().Exists() && rapid.Bool().Draw(t, "reopen") {
			_ = h.Try(s.Reopen(s.anyOpening(t)))
			continue
		}
		_ = h.Try(h.AnyCommand(t))
	}
	return h
}

func (s *Subject[C, S, E]) anyOpening(t *rapid.T) E {
	return rapid.SampledFrom(s.Openings).Draw(t, "opening")
}

// At is the revision of the stream.
func (h *History[C, S, E]) At() es.Revision { return es.Revision(len(h.Events)) }

// Try gives a command, and returns its error.
func (h *History[C, S, E]) Try(c C) error {
	decided, err := h.of.Decider.Decide(c, h.State)
	for _, e := range decided {
		h.Events = append(h.Events, e)
		h.State = h.of.Decider.Evolve(h.State, h.At(), e)
	}
	return err
}

// Do gives commands, each of which must record, and returns h.
func (h *History[C, S, E]) Do(t testing.TB, all ...C) *History[C, S, E] {
	t.Helper()
	for _, c := range all {
		at := h.At()
		require.NoError(t, h.Try(c))
		require.Greater(t, h.At(), at, "%T records nothing", c)
	}
	return h
}

// AnyCommand draws a command on the stream, which may be one that fails.
func (h *History[C, S, E]) AnyCommand(t *rapid.T) C {
	of := es.Revision(rapid.IntRange(0, len(h.Events)+1).Draw(t, "of"))
	kind := rapid.SampledFrom([]string{"", "", "", "", "", "", "", "correct", "correct", "dispute", "dispute", "rule", "rule", "void", "mark"})
	switch kind.Draw(t, "command") {
	case "correct":
		if of > 0 && of <= h.At() {
			return h.of.Correct(corrected(of, h.of.anyOther(t, h.Events[of-1])))
		}
	case "dispute":
		return h.of.Dispute(disputed(of))
	case "rule":
		return h.of.Rule(ruled(h.anyDispute(t, of), rapid.Bool().Draw(t, "stands")))
	case "void":
		return h.of.Void(voided(of))
	case "mark":
		if dues := h.dues(); len(dues) > 0 {
			return h.of.MarkDue(fell(rapid.SampledFrom(dues).Draw(t, "due")))
		}
	}
	return h.of.Fact(t, AnyFact(t))
}

// anyDispute draws an unsettled dispute, and is at a revision if there is none.
func (h *History[C, S, E]) anyDispute(t *rapid.T, otherwise es.Revision) es.Revision {
	var open []es.Revision
	for held := range h.book().Held() {
		if held.Dispute != 0 {
			open = append(open, held.Dispute)
		}
	}
	if len(open) == 0 {
		return otherwise
	}
	return rapid.SampledFrom(open).Draw(t, "dispute")
}

// anyOther draws an event like e, with another fact about it or other values.
func (s *Subject[C, S, E]) anyOther(t *rapid.T, e E) E {
	if s.Revise != nil && rapid.Bool().Draw(t, "revise") {
		return s.Revise(t, e)
	}
	return Refact(e, AnyFact(t))
}

// anyHeld draws a fact that was not voided, and whether there is one at the
// revision that was drawn.
func (h *History[C, S, E]) anyHeld(t *rapid.T) (book.Held[E], bool) {
	return h.book().At(es.Revision(rapid.IntRange(1, len(h.Events)).Draw(t, "of")))
}

func (h *History[C, S, E]) book() *book.Book[E] { return h.of.Book(&h.State) }

func (h *History[C, S, E]) dues() []terms.Due {
	if h.of.Dues == nil {
		return nil
	}
	return h.of.Dues(&h.State)
}

// said is what the ledger says of a state, the revisions apart.
type said struct {
	Answers  any
	Dues     []terms.Due
	Findings []string
}

func (h *History[C, S, E]) says() said {
	all := h.answers()
	for _, f := range h.of.Findings(&h.State) {
		all.Findings = append(all.Findings, f.Code+" "+f.Detail)
	}
	return all
}

// answers is what h says, the findings apart.
func (h *History[C, S, E]) answers() said {
	all := said{Answers: h.of.Answers(&h.State)}
	for _, d := range h.dues() {
		d.Of, d.Settled = 0, min(d.Settled, 1)
		all.Dues = append(all.Dues, d)
	}
	return all
}

const reason = "misread"

func voided(of es.Revision) book.Voided { return book.Voided{Of: of, Reason: reason} }

func disputed(of es.Revision) book.Disputed { return book.Disputed{Of: of, Grounds: "contested"} }

func ruled(of es.Revision, stands bool) book.Ruled {
	return book.Ruled{Of: of, Stands: stands, Reason: "decided"}
}

func corrected[E book.Event](of es.Revision, as E) book.Corrected[E] {
	return book.Corrected[E]{Of: of, As: as, Reason: reason}
}

// fell says that d fell due, as the ledger does.
func fell(d terms.Due) book.FellDue {
	return book.FellDue{Fact: terms.Fact{Occurred: d.On}, Rule: d.Rule, Of: d.Of, Key: d.Key, On: d.On}
}

// Refact returns an event or a command with another fact about it.
func Refact[T any](e T, f terms.Fact) T {
	v := reflect.New(reflect.TypeOf(e)).Elem() // of its own type, if T is an interface
	v.Set(reflect.ValueOf(e))
	v.FieldByName("Fact").Set(reflect.ValueOf(f))
	return v.Interface().(T)
}

// Dates are dates of every precision, around the year 2018, that are before,
// after and undecidable to each other.
var Dates = rapid.Map(rapid.SampledFrom([]string{
	"", "2016", "2017?", "2017-04-01", "2017-04", "2018-04-01", "2018/..", "../2018", "[2017..2018]", "2019-12-31", "2020", "2021-06-30",
}), edtf.MustParse)

// AnyFact draws when something happened and how surely, mostly recorded, with a
// source.
func AnyFact(t *rapid.T) terms.Fact {
	return terms.Fact{
		Occurred: Dates.Draw(t, "date"),
		Status:   rapid.SampledFrom([]terms.Status{0, 0, 0, 0, terms.Announced, terms.Claimed}).Draw(t, "status"),
		Source:   terms.Citation{ID: "source-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"},
	}
}
