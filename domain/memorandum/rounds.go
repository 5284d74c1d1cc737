package memorandum

import (
	"cmp"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// participant is a party's part.
type participant struct {
	id       terms.PartyID
	founding bool // a party of the draft
	carried  *carriedParty
	rivals   []dated // carrying over another part, which competes
	weight   int64
	weighed  bool // expressly
	// In the order of recording.
	invited, signed, consented, withdrawn, notices, revoked []dated

	sorted []round // by the terms, once asked for
}

// carriedParty is what an older register says, at is its event. It is dated from
// when the party has that part.
type carriedParty struct {
	dated
	CarriedParty
}

// same reports whether another register says the same, but for the name.
func (c *carriedParty) same(says CarriedParty) bool {
	says.Party = c.Party
	return c.CarriedParty == says
}

// consented is when the party was bound by what the register says: by the time it
// has its part, and not before a date on which it left, ending the round before.
func (c *carriedParty) consented(after edtf.Date) dated {
	d := dated{at: c.at, from: c.Consented}
	switch {
	case !c.Consented.IsUnknown() && edtf.Before(c.Consented, after) != edtf.Yes:
	case c.State == PartConsented:
		d.from = c.from
	default:
		d.from = edtf.Between(after.Earliest(), c.from.Latest())
	}
	return d
}

// joined is what places a part among the rounds of participation, and begins
// whether it can begin one: who is only said to be invited, to leave, or to be
// there no more, does so by the consent, if that is dated.
func (c *carriedParty) joined() (d dated, begins bool) {
	switch c.State {
	case PartInvited, PartNotice, PartWithdrawn, PartEnded:
		if c.Consented.IsUnknown() {
			return c.dated, false
		}
		return dated{at: c.at, from: c.Consented}, true
	default:
		return c.dated, true
	}
}

// mayJoin reports whether the party was invited, negotiated, or takes part
// already by an older register.
func (p *participant) mayJoin() bool { return p.founding || len(p.invited) > 0 || p.carried != nil }

// takesPart reports whether the party signed or consented.
func (p *participant) takesPart() bool {
	return len(p.signed) > 0 || len(p.consented) > 0 || p.carried != nil && p.carried.State != PartInvited
}

// signatory reports whether the party is a named one of those who signed.
func (p *participant) signatory() bool {
	return len(p.signed) > 0 || p.carried != nil && p.carried.State != PartInvited
}

// leave is how a round of participation ends.
type leave struct {
	dated        // from: the first day on which the party is not bound
	given *dated // the notice it follows from, if any
}

// round is one participation of a party: from a signature or consent to a
// withdrawal. A party that comes back begins another.
type round struct {
	carried           *carriedParty // nil but in one round at most
	signed, consented []dated
	after             edtf.Date // the leave before it; unknown of the first
	leave             *leave
	rivals            []dated // other assertions of the leave, which compete
}

// rounds returns the rounds of a party by the terms of the agreement.
func (r *reading) rounds(p *participant) []round {
	if p.sorted == nil {
		p.sorted = p.rounds(r.terms.notice())
	}
	return p.sorted
}

// rounds sorts a party's signatures and consents by the withdrawals between
// them. Where the dates do not say which came first, the order of recording
// does. Several withdrawals with no return between them compete; the one
// recorded first stands.
func (p *participant) rounds(notice edtf.Period) []round {
	leaves := p.leaves(notice)
	all := make([]round, len(leaves)+1)
	for i := range leaves {
		all[i].leave, all[i+1].after = &leaves[i], leaves[i].from
	}
	in := func(d dated) *round {
		n := 0
		for _, l := range leaves {
			if book.Follows(d, l) {
				n++
			}
		}
		return &all[n]
	}
	for _, d := range p.signed {
		r := in(d)
		r.signed = append(r.signed, d)
	}
	for _, d := range p.consented {
		r := in(d)
		r.consented = append(r.consented, d)
	}
	returns := false // by an older register
	if p.carried != nil {
		d, begins := p.carried.joined()
		in(d).carried, returns = p.carried, begins
	}
	kept := all[:1]
	for _, r := range all[1:] {
		last := &kept[len(kept)-1]
		begins := len(r.signed)+len(r.consented) > 0 || r.carried != nil && returns
		if r.carried != nil && !begins {
			last.carried = r.carried
		}
		switch {
		case begins:
			kept = append(kept, r)
		case r.leave == nil:
		case r.leave.at < last.leave.at:
			last.rivals, last.leave = append(last.rivals, last.leave.dated), r.leave
		default:
			last.rivals = append(last.rivals, r.leave.dated)
		}
	}
	return kept
}

// leaves returns the withdrawals, and the notices that were neither revoked
// nor followed by a withdrawal, by date.
func (p *participant) leaves(period edtf.Period) []leave {
	var leaves []leave
	followed := map[es.Revision]bool{}
	for _, w := range p.withdrawn {
		l := leave{dated: w}
		for i, n := range p.notices {
			if followed[n.at] || !book.Follows(w, n) {
				continue
			}
			followed[n.at] = true
			if l.given == nil {
				l.given = &p.notices[i]
			}
		}
		leaves = append(leaves, l)
	}
	for i, n := range p.notices {
		if revoked, _ := p.revocation(n, period); followed[n.at] || revoked.at != 0 {
			continue
		}
		leaves = append(leaves, leave{dated: dated{at: n.at, from: n.expires(period)}, given: &p.notices[i]})
	}
	slices.SortStableFunc(leaves, func(a, b leave) int { return compare(a.dated, b.dated) })
	return leaves
}

// expires is the day on which a notice takes effect.
func (d dated) expires(period edtf.Period) edtf.Date {
	if d.until.IsUnknown() && !d.from.IsUnknown() {
		return d.from.Add(period)
	}
	return d.until
}

// revocation returns what revokes a notice, and what would if it had not come
// after the notice took effect (VCLT art. 68).
func (p *participant) revocation(n dated, period edtf.Period) (revoked, late dated) {
	for _, v := range p.revoked {
		switch {
		case !book.Follows(v, n):
		case n.expires(period).HeldBy(v.from) == edtf.Yes:
			late = v
		case revoked.at == 0:
			revoked = v
		}
	}
	return revoked, late
}

// compare orders facts by their earliest day, then by recording.
func compare(a, b dated) int {
	return cmp.Or(cmp.Compare(a.from.Earliest(), b.from.Earliest()), cmp.Compare(a.at, b.at))
}
