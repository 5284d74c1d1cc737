package book_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// The invariants of a book, whatever decided events it was given:
//
//	1 what it holds is what the naive model below holds
//	2 nothing is lost: every event added has its revision
//	3 what moves is recorded, in no open dispute and not set aside, and nothing else is kept back
//	4 a clone and its original do not see each other's events
//	5 a correction and the correction back leave all facts as they were
//	6 voiding an event leaves all other facts as if it had not been recorded
//	7 the same amendment twice in a row is recorded once
//	8 nonsense does not panic

// node is an event in the naive model, which overwrites what the book derives.
type node struct {
	at     es.Revision
	event  event
	live   bool
	fact   bool
	amends []*node
}

type model []*node

func (m *model) add(e event) {
	n := &node{at: es.Revision(len(*m) + 1), event: e, live: true}
	*m = append(*m, n)
	switch e := e.(type) {
	case corrected:
		m.at(e.Of).amends = append(m.at(e.Of).amends, n)
	case voided:
		m.at(e.Of).live = false
	case disputed:
		m.at(e.Of).amends = append(m.at(e.Of).amends, n)
	case ruled:
		m.at(e.Of).amends = append(m.at(e.Of).amends, n)
	default:
		n.fact = true
	}
}

func (m *model) at(r es.Revision) *node { return (*m)[r-1] }

func (m *model) held() []book.Held[event] {
	var all []book.Held[event]
	for _, n := range *m {
		if !n.fact || !n.live {
			continue
		}
		h := book.Held[event]{Revision: n.at, By: n.at, Event: n.event}
		for _, a := range n.amends {
			if !a.live {
				continue
			}
			switch e := a.event.(type) {
			case corrected:
				h.By, h.Event = a.at, e.As
			case disputed:
				var last *node
				for _, r := range a.amends {
					if r.live {
						last = r
					}
				}
				if last == nil {
					h.Dispute = a.at
				} else if !last.event.(ruled).Stands {
					h.SetAside = last.at
				}
			}
		}
		h.Fact = h.Event.About()
		all = append(all, h)
	}
	return all
}

func anyFact() *rapid.Generator[event] {
	return rapid.Custom(func(t *rapid.T) event {
		f := terms.Fact{Status: terms.Status(rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(t, "status"))}
		f.Source.Locator = rapid.SampledFrom([]string{"a", "b"}).Draw(t, "locator")
		switch rapid.IntRange(0, 4).Draw(t, "type") {
		case 0:
			return turned{f, rapid.Bool().Draw(t, "on")}
		case 1:
			return derived{f}
		default:
			return stated{f, rapid.IntRange(0, 3).Draw(t, "value")}
		}
	})
}

// anyEvent draws an event that may be about any revision near those there are.
func anyEvent(upTo es.Revision) *rapid.Generator[event] {
	return rapid.Custom(func(t *rapid.T) event {
		of := es.Revision(rapid.Uint64Range(0, uint64(upTo)+2).Draw(t, "of"))
		if upTo > 0 && rapid.Bool().Draw(t, "last") {
			of = upTo // so that amendments of amendments are frequent
		}
		word := rapid.SampledFrom([]string{"one", "two"}).Draw(t, "word")
		switch rapid.IntRange(0, 7).Draw(t, "kind") {
		case 0, 1:
			return correct(of, anyFact().Draw(t, "as"))
		case 2:
			return void(of)
		case 3:
			return dispute(of, word)
		case 4:
			return rule(of, rapid.Bool().Draw(t, "stands"))
		default:
			return anyFact().Draw(t, "fact")
		}
	})
}

func decide(b *book.Book[event], e event) ([]event, error) {
	switch e.(type) {
	case corrected, voided, disputed, ruled:
		return rules.Amend(b, e)
	}
	return rules.Record(b, e)
}

// grow adds decided events to a book and to the model.
func grow(t *rapid.T, b *book.Book[event], m *model, label string) {
	for range rapid.IntRange(0, 25).Draw(t, label) {
		e := anyEvent(b.Revision()).Draw(t, "event")
		if v, ok := e.(voided); ok && v.Of == 1 {
			continue // or nothing more could be said
		}
		decided, err := decide(b, e)
		if err != nil {
			continue
		}
		for _, e := range decided {
			b.Add(e)
			if m != nil {
				m.add(e)
			}
		}
	}
}

// started is a book with its model; the opening stays.
func started(t *rapid.T) (*book.Book[event], *model) {
	b, m := bookOf(opened{}), &model{}
	m.add(opened{})
	grow(t, b, m, "events")
	return b, m
}

// values is what a book holds without how it came to.
func values(b *book.Book[event], without es.Revision) []string {
	var all []string
	for h := range b.Held() {
		if h.Revision != without {
			all = append(all, fmt.Sprintf("%d %v %v", h.Revision, h.Event, h.Moves()))
		}
	}
	return all
}

func TestInvariants(t *testing.T) {
	t.Run("1_2_3_holds_what_the_model_holds", rapid.MakeCheck(func(t *rapid.T) {
		b, m := started(t)
		require.Equal(t, m.held(), held(b))
		require.Equal(t, len(*m), int(b.Revision()))
		moving := map[es.Revision]bool{}
		for h := range b.Moving() {
			moving[h.Revision] = true
		}
		for _, h := range m.held() {
			require.Equal(t, h.Fact.Status == terms.Recorded && h.Dispute == 0 && h.SetAside == 0, moving[h.Revision])
		}
		for _, n := range *m {
			h, ok := b.At(n.at)
			require.Equal(t, n.fact && n.live, ok)
			require.Equal(t, !n.live, b.Voided(n.at))
			if ok {
				require.Contains(t, m.held(), h)
			}
		}
	}))
	t.Run("4_clones_are_independent", rapid.MakeCheck(func(t *rapid.T) {
		b, _ := started(t)
		before := held(b)
		c := b.Clone()
		grow(t, &c, nil, "to_the_clone")
		require.Equal(t, before, held(b))
		cloned := held(&c)
		grow(t, b, nil, "to_the_original")
		require.Equal(t, cloned, held(&c))
	}))
	t.Run("5_correct_and_correct_back_is_as_never_corrected", rapid.MakeCheck(func(t *rapid.T) {
		b, _ := started(t)
		h := rapid.SampledFrom(held(b)).Draw(t, "fact")
		before := values(b, 0)
		decided, err := rules.Amend(b, correct(h.Revision, anyFact().Draw(t, "as")))
		if err != nil || len(decided) == 0 {
			t.Skip("not to be corrected to that")
		}
		b.Add(decided[0])
		decided, err = rules.Amend(b, correct(h.Revision, h.Event))
		require.NoError(t, err)
		require.Len(t, decided, 1)
		b.Add(decided[0])
		require.Equal(t, before, values(b, 0))
	}))
	t.Run("6_void_is_as_never_recorded", rapid.MakeCheck(func(t *rapid.T) {
		b, _ := started(t)
		without := b.Clone()
		at := b.Revision() + 1
		e := anyEvent(b.Revision()).Draw(t, "event")
		if _, ok := e.(derived); ok {
			t.Skip("cannot be voided")
		}
		decided, err := decide(b, e)
		if _, ok := e.(voided); ok || err != nil || len(decided) == 0 {
			t.Skip("not recorded, or not to be voided")
		}
		b.Add(e)
		decided, err = rules.Amend(b, void(at))
		require.NoError(t, err)
		b.Add(decided[0])
		require.Equal(t, values(&without, 0), values(b, 0))
	}))
	t.Run("7_the_same_amendment_twice_is_recorded_once", rapid.MakeCheck(func(t *rapid.T) {
		b, _ := started(t)
		e := anyEvent(b.Revision()).Draw(t, "event")
		decided, err := decide(b, e)
		if err != nil || len(decided) == 0 {
			t.Skip("not recorded")
		}
		b.Add(e)
		decided, err = decide(b, e)
		require.NoError(t, err)
		require.Empty(t, decided)
	}))
	t.Run("8_nonsense_does_not_panic", rapid.MakeCheck(func(t *rapid.T) {
		var b book.Book[event]
		for range rapid.IntRange(0, 30).Draw(t, "events") {
			e := anyEvent(b.Revision()+3).Draw(t, "event")
			if c, ok := e.(corrected); ok {
				c.As = rapid.SampledFrom([]event{nil, c.As, c, void(c.Of), opened{}}).Draw(t, "as")
				c.Of = rapid.SampledFrom([]es.Revision{c.Of, 1<<64 - 1}).Draw(t, "far")
				e = c
			}
			b.Add(e)
			c := b.Clone()
			for h := range c.Held() {
				require.NotNil(t, h.Event)
				_, _ = c.At(h.Revision)
			}
			_ = book.Findings("made", &c)
			_, _ = decide(&c, e)
			_, _ = c.At(b.Revision() + 7)
			require.False(t, c.Voided(0) || c.Voided(b.Revision()+7))
		}
		require.LessOrEqual(t, len(held(&b)), int(b.Revision()))
	}))
}
