package grant

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// reading is what the facts that move state say, sorted by subject. It is made
// anew from the book whenever it is needed, and so follows every correction.
type reading struct {
	registered dated
	envelope   *terms.Money // nil: not known, or only announced
	calls      map[Key]*call
	callOrder  []Key
	awards     map[Key]*award
	order      []Key // of awards, by first mention
}

// dated is a fact reduced to where it stands and from when it counts.
type dated struct {
	at   es.Revision
	from edtf.Date
}

// When implements [book.Dated].
func (d dated) When() (es.Revision, edtf.Date) { return d.at, d.from }

type (
	call struct {
		opened, closed []dated
		until          edtf.Date
	}
	// award is an award, or what rests on a key of which no award stands.
	award struct {
		dated    // of the award that stands, zero if none does
		key      Key
		party    terms.PartyRef
		amount   terms.Money
		call     Key
		rivals   []dated // awards that compete with the one that stands
		payments []payment
		reports  []report
		closed   []dated
		rests    []es.Revision // the facts that name the award
	}
	payment struct {
		dated
		key    Key
		amount terms.Money
		back   bool // a clawback
	}
	report struct {
		dated
		due edtf.Date
	}
)

// read sorts the facts that move state. A grant whose opening was voided never
// was, and nothing is read of it.
func (s *State) read() *reading {
	r := &reading{calls: map[Key]*call{}, awards: map[Key]*award{}}
	if !s.Exists() {
		return r
	}
	for h := range s.book.Moving() {
		r.add(dated{at: h.Revision, from: h.Fact.From()}, h.Event)
	}
	return r
}

func (r *reading) add(d dated, e Event) {
	switch e := e.(type) {
	case Registered:
		r.registered, r.envelope = d, e.Envelope
	case CarriedOver:
		r.registered, r.envelope = d, e.Envelope
		for _, a := range e.Awards {
			r.carry(dated{at: d.at, from: book.ByThen(edtf.Date{}, d.from)}, a)
		}
	case CallOpened:
		c := r.call(e.Key)
		if len(c.opened) == 0 {
			c.until = e.Until
		}
		c.opened = append(c.opened, d)
	case CallClosed:
		c := r.call(e.Call)
		c.closed = append(c.closed, d)
	case Awarded:
		r.award(e.Key).promise(d, e.Party, e.Amount, e.Call)
	case Disbursed:
		r.award(e.Award).pay(payment{d, e.Key, e.Amount, false})
	case ClawedBack:
		r.award(e.Award).pay(payment{d, e.Key, e.Amount, true})
	case Reported:
		a := r.award(e.Award)
		a.reports = append(a.reports, report{d, e.Due})
		a.rests = append(a.rests, d.at)
	case AwardClosed:
		a := r.award(e.Award)
		a.closed = append(a.closed, d)
		a.rests = append(a.rests, d.at)
	case FellDue, Reclassified, Corrected, Voided, Disputed, Ruled:
		// no guard and no phase reads these
	}
}

// carry adds an award that an older register gives, with its payments in sum.
func (r *reading) carry(d dated, c CarriedAward) {
	a := r.award(c.Key)
	a.promise(d, c.Party, c.Amount, "")
	for _, p := range []payment{
		{d, "", terms.Money{Minor: c.Disbursed, Currency: c.Amount.Currency}, false},
		{d, "", terms.Money{Minor: c.ClawedBack, Currency: c.Amount.Currency}, true},
	} {
		if p.amount.Minor > 0 {
			a.payments = append(a.payments, p)
		}
	}
	if c.Closed {
		a.closed = append(a.closed, d)
	}
}

// carried reports whether p is a sum that an older register gives, of payments
// whose order is not known.
func (p payment) carried() bool { return p.key == "" }

func (r *reading) call(key Key) *call {
	c, ok := r.calls[key]
	if !ok {
		c = &call{}
		r.calls[key] = c
		r.callOrder = append(r.callOrder, key)
	}
	return c
}

func (r *reading) award(key Key) *award {
	a, ok := r.awards[key]
	if !ok {
		a = &award{key: key}
		r.awards[key] = a
		r.order = append(r.order, key)
	}
	return a
}

func (a *award) stands() bool { return a.at != 0 }

// promise makes the award stand, unless another assertion of it does already.
func (a *award) promise(d dated, party terms.PartyRef, amount terms.Money, call Key) {
	if a.stands() {
		a.rivals = append(a.rivals, d)
		return
	}
	a.dated, a.party, a.amount, a.call = d, party, amount, call
}

// pay adds a payment. The same payment from another source, which has the same
// key, counts once.
func (a *award) pay(p payment) {
	a.rests = append(a.rests, p.at)
	for _, known := range a.payments {
		if known.key == p.key {
			return
		}
	}
	a.payments = append(a.payments, p)
}

// foreign returns the payments in another currency, which are in no sum.
func (a *award) foreign() []es.Revision {
	var all []es.Revision
	for _, p := range a.payments {
		if a.other(p) {
			all = append(all, p.at)
		}
	}
	return all
}

func (a *award) other(p payment) bool { return p.amount.Currency != a.amount.Currency }

// sums returns all that was ever disbursed and clawed back, in minor units.
func (a *award) sums() (paid, back int64) {
	for _, p := range a.payments {
		switch {
		case a.other(p):
		case p.back:
			back = plus(back, p.amount.Minor)
		default:
			paid = plus(paid, p.amount.Minor)
		}
	}
	return paid, back
}

// sumsBy returns what was certainly and what was possibly disbursed as of a
// date, and the same of what was clawed back.
func (a *award) sumsBy(on edtf.Date) (paid, back [2]int64) {
	for _, p := range a.payments {
		held := p.from.HeldBy(on)
		if a.other(p) || held == edtf.No {
			continue
		}
		sum := &paid
		if p.back {
			sum = &back
		}
		sum[1] = plus(sum[1], p.amount.Minor)
		if held == edtf.Yes {
			sum[0] = plus(sum[0], p.amount.Minor)
		}
	}
	return paid, back
}

// peaks returns the most that was certainly, and possibly, paid out as of the
// day of some payment, clawbacks deducted.
func (a *award) peaks() (least, most int64) {
	for _, p := range a.payments {
		paid, back := a.sumsBy(p.from)
		least, most = max(least, paid[0]-back[1]), max(most, paid[1]-back[0])
	}
	return least, most
}

// closedBefore reports whether the award was certainly closed before a date.
func (a *award) closedBefore(on edtf.Date) bool {
	return len(a.closed) > 0 && edtf.Before(a.closed[0].from, on) == edtf.Yes
}

// events are the award and its payments.
func (a *award) events() []es.Revision {
	all := []es.Revision{a.at}
	for _, p := range a.payments {
		all = append(all, p.at)
	}
	return all
}
