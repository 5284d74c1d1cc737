package grant

import (
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// breach is a broken part of the structure.
type breach struct {
	err *es.Error
	key Key // of the award, call or payment; empty for the envelope
}

// broken is a breach with how far it goes, in minor units or in facts, and the
// events it rests on.
type broken struct {
	breach
	by     int64
	events []es.Revision
}

// guard fails with [es.ErrRejected] if e, a fact or a correction, would break
// the structure of the grant, or break it further. What a voiding or a ruling
// broke already does not stand against anything else.
func (s *State) guard(e Event) error {
	after := State{book: s.book.Clone()}
	after.book.Add(e)
	before := map[breach]int64{}
	for _, b := range s.broken() {
		before[b.breach] = b.by
	}
	for _, b := range after.broken() {
		if b.by > before[b.breach] {
			return b.err
		}
	}
	if c, ok := e.(Corrected); ok {
		e = c.As
	}
	if d, ok := e.(Disbursed); ok && d.Status == terms.Recorded && s.read().award(d.Award).closedBefore(d.From()) {
		return ErrAwardClosed
	}
	return nil
}

// broken returns what is broken of the grant's structure, keys first.
func (s *State) broken() []broken {
	if !s.Exists() {
		return nil
	}
	r := s.read()
	all := append(s.brokenKeys(), r.brokenEnvelope()...)
	for _, key := range r.order {
		all = append(all, r.awards[key].broken()...)
	}
	return all
}

// brokenKeys finds keys that are of several things, or of nothing. They are
// asked of facts of any status: an announced payment too is of an award.
func (s *State) brokenKeys() []broken {
	var all []broken
	found := map[breach]int{}
	add := func(err *es.Error, key Key, at es.Revision) {
		b := breach{err, key}
		i, ok := found[b]
		if !ok {
			i = len(all)
			found[b] = i
			all = append(all, broken{breach: b})
		}
		all[i].by++
		all[i].events = append(all[i].events, at)
	}
	named := map[label][]name{}
	for h := range s.book.Held() {
		for _, n := range names(h) {
			if slices.ContainsFunc(named[n.label], n.clashes) {
				add(ErrKeyTaken, n.key, n.at)
			}
			named[n.label] = append(named[n.label], n)
		}
	}
	for h := range s.book.Held() {
		for _, ref := range references(h.Event) {
			if named[ref.label] == nil {
				add(ref.missing, ref.key, h.Revision)
			}
		}
	}
	return all
}

// label is a key with what it is the key of: a call, an award or a payment.
type label struct {
	kind string
	key  Key
}

// name is what a label stands for. Two names with one label clash unless they
// are of the same: of the same party or award, and, if both are recorded,
// of the same amount. Then one competes with the other.
type name struct {
	label
	of       string // the party or award, and whether money comes back
	amount   terms.Money
	recorded bool
	at       es.Revision
}

func (n name) clashes(m name) bool {
	return n.of != m.of || n.recorded && m.recorded && n.amount != m.amount || n.at == m.at
}

// names returns the keys that a fact gives.
func names(h book.Held[Event]) []name {
	n := name{recorded: h.Fact.Status == terms.Recorded, at: h.Revision}
	switch e := h.Event.(type) {
	case CallOpened:
		n.kind, n.key = "call", e.Key
	case Awarded:
		n.kind, n.key, n.of, n.amount = "award", e.Key, string(e.Party.ID), e.Amount
	case Disbursed:
		n.kind, n.key, n.of, n.amount = "payment", e.Key, "to "+string(e.Award), e.Amount
	case ClawedBack:
		n.kind, n.key, n.of, n.amount = "payment", e.Key, "from "+string(e.Award), e.Amount
	case CarriedOver:
		var all []name
		for _, a := range e.Awards {
			n.kind, n.key, n.of, n.amount = "award", a.Key, string(a.Party.ID), a.Amount
			all = append(all, n)
		}
		return all
	default:
		return nil
	}
	return []name{n}
}

// reference is a key that a fact names without giving it.
type reference struct {
	label
	missing *es.Error
}

func references(e Event) []reference {
	award := func(key Key) []reference { return []reference{{label{"award", key}, ErrNoAward}} }
	switch e := e.(type) {
	case CallClosed:
		return []reference{{label{"call", e.Call}, ErrNoCall}}
	case Awarded:
		if e.Call != "" {
			return []reference{{label{"call", e.Call}, ErrNoCall}}
		}
	case Disbursed:
		return award(e.Award)
	case Reported:
		return award(e.Award)
	case AwardClosed:
		return award(e.Award)
	case ClawedBack:
		return award(e.Award)
	default:
	}
	return nil
}

// brokenEnvelope finds awards that exceed the envelope, or are in another
// currency, if it is known.
func (r *reading) brokenEnvelope() []broken {
	if r.envelope == nil {
		return nil
	}
	var all []broken
	sum, events := int64(0), []es.Revision{r.registered.at}
	for _, key := range r.order {
		a := r.awards[key]
		switch {
		case !a.stands():
		case a.amount.Currency != r.envelope.Currency:
			all = append(all, broken{breach{ErrOtherCurrency, key}, 1, []es.Revision{r.registered.at, a.at}})
		default:
			sum = plus(sum, a.amount.Minor)
			events = append(events, a.at)
		}
	}
	if sum > r.envelope.Minor {
		all = append(all, broken{breach{ErrOverEnvelope, ""}, sum - r.envelope.Minor, events})
	}
	return all
}

// broken finds what is broken of one award.
func (a *award) broken() []broken {
	if !a.stands() {
		if len(a.rests) == 0 {
			return nil
		}
		return []broken{{breach{ErrNotAwarded, a.key}, int64(len(a.rests)), a.rests}}
	}
	var all []broken
	add := func(err *es.Error, by int64, events []es.Revision) {
		if by > 0 {
			all = append(all, broken{breach{err, a.key}, by, events})
		}
	}
	other := a.foreign()
	add(ErrOtherCurrency, int64(len(other)), other)
	paid, back := a.sums()
	peak, _ := a.peaks()
	add(ErrOverDisbursed, back-paid, a.events())
	add(ErrOverAward, max(paid-back, peak)-a.amount.Minor, a.events())
	return all
}
