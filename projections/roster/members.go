package roster

import (
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Member is a party as it stands to a network as of a date.
type Member struct {
	Membership string // its stream
	Party      terms.PartyRef
	Visibility terms.Visibility
	// Is says whether it is a member.
	Is edtf.Truth
	// Certain is the span that certainly holds, zero if none does; Perhaps are
	// those that perhaps hold instead.
	Certain membership.Span
	Perhaps []membership.Span
	// Class is as what it is or was a member, and OwnClass the key of the
	// network's own class; empty: not stated.
	Class    membership.Class
	OwnClass membership.Key
	// Since is from when it is a member, in this round of participation; of who is
	// none any more, from when it is none.
	Since edtf.Date
	// Authority is on whose decision it was admitted, or empty.
	Authority terms.Ref
}

// Claim is a membership that is only claimed, announced, inferred or contested.
type Claim struct {
	Membership string // its stream
	Party      terms.PartyRef
	Visibility terms.Visibility
	Status     terms.Status
}

// record is what the rows have of a membership.
type record struct {
	Claim
	spans       []membership.Span
	authorities []terms.Ref // by span
}

func (q asked) members(into *Roster) error {
	var all []record
	err := q.each(`SELECT s.name, p.name, m.named, m.visibility, m.status,
		t.rank, t.standing, t.class, t.own_class, t.round, t.since, t.doubt, t.by_revision, t.authority
		FROM roster_membership m JOIN stream s ON s.id = m.stream JOIN stream p ON p.id = m.party
		LEFT JOIN roster_standing t ON t.stream = m.stream AND `+q.at.Clause("t")+`
		WHERE m.network = `+theNetwork+" AND "+q.at.Clause("m")+" ORDER BY m.stream, t.rank", func(r *readmodel.Row) error {
		c := Claim{Membership: r.Text(), Party: party(r), Visibility: terms.Visibility(r.Text())}
		err := c.Status.UnmarshalText([]byte(r.Text()))
		if n := len(all); n == 0 || all[n-1].Membership != c.Membership {
			all = append(all, record{Claim: c})
		}
		return terms.First(err, all[len(all)-1].scan(r))
	})
	for _, m := range all {
		into.enter(m, q.on)
	}
	return err
}

// scan reads a span, if there is one.
func (m *record) scan(r *readmodel.Row) error {
	s := membership.Span{Rank: int(r.Int()), Standing: membership.Standing(r.Text())}
	if s.Standing == "" {
		return nil
	}
	s.Class, s.OwnClass, s.Round = membership.Class(r.Text()), membership.Key(r.Text()), int(r.Int())
	err := s.From.UnmarshalText([]byte(r.Text()))
	s.Doubt, s.By = r.Bool(), es.Revision(r.Int())
	m.spans, m.authorities = append(m.spans, s), append(m.authorities, terms.Ref(r.Text()))
	return err
}

// enter puts a membership among those of its sort. One of which nothing holds as
// of the date, even perhaps, is left out.
func (r *Roster) enter(m record, on edtf.Date) {
	if m.Status != terms.Recorded {
		r.Claimed = append(r.Claimed, m.Claim)
		return
	}
	switch one := m.stand(on); {
	case one.Is != edtf.No:
		r.Members = append(r.Members, one)
	case one.Certain.Standing.Ended():
		r.Ended = append(r.Ended, one)
	case one.Certain.Standing != "" || len(one.Perhaps) > 0:
		r.Candidates = append(r.Candidates, one)
	}
}

// stand says how a party stands as of a date.
func (m record) stand(on edtf.Date) Member {
	one := Member{Membership: m.Membership, Party: m.Party, Visibility: m.Visibility}
	one.Certain, one.Perhaps = membership.AsOf(m.spans, on)
	shown := one.Certain // the span that the class and the round are of
	if shown.Standing.Member() {
		one.Is = edtf.Yes
	}
	for _, p := range one.Perhaps {
		if p.Standing.Member() != one.Certain.Standing.Member() {
			one.Is = edtf.Maybe
		}
		if shown.Standing == "" || p.Standing.Member() && !one.Certain.Standing.Member() {
			shown = p
		}
	}
	one.Since, one.Class, one.OwnClass = shown.From, shown.Class, shown.OwnClass
	entered := false
	for i, span := range m.spans[:min(shown.Rank+1, len(m.spans))] {
		if span.Round != shown.Round || !span.Standing.Member() {
			continue
		}
		if !entered {
			entered, one.Authority = true, m.authorities[i]
			if shown.Standing.Member() {
				one.Since = span.From
			}
		}
		one.Class, one.OwnClass = span.Class, span.OwnClass // an end has none
	}
	return one
}
