package answers

import (
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/roster"
)

// Roster answers who belongs to a network as of a date.
func (d *Desk) Roster(id string, on edtf.Date) (Roster, error) {
	r, err := roster.Get(d.Conn, id, d.At, on)
	if err != nil {
		return Roster{}, err
	}
	t := teller{desk: d}
	return t.roster(r, on), t.err
}

// teller puts a roster together. It keeps the first error.
type teller struct {
	desk *Desk
	err  error
}

func (t *teller) roster(r roster.Roster, on edtf.Date) Roster {
	return Roster{
		AsOf: on, Asserted: each(r.Asserted, func(a roster.Assertion) PhaseAsserted { return PhaseAsserted(a) }),
		Bodies: each(r.Bodies, t.body), Candidates: each(r.Candidates, t.member),
		Claimed: each(r.Claimed, func(c roster.Claim) Claim {
			return Claim{c.Membership, t.named(c.Party), c.Status, c.Visibility}
		}),
		Classes: r.Classes, Ended: each(r.Ended, t.member), Exists: r.Exists, Founders: each(r.Founders, t.named), ID: r.Stream,
		Members: each(r.Members, t.member), Open: each(r.Open, func(o network.Opening) Opening { return opening(o, on) }),
		Perhaps: each(r.Phase.Perhaps, phaseOf), Phase: r.Phase.Certain.Phase, Present: each(r.Present, t.present),
		Priorities: r.Priorities, Purpose: r.Purpose, Late: t.late(r.Stream), Secretariat: each(r.Secretariat, t.stay),
		Since: r.Phase.Certain.From, Status: r.Status, Supporters: each(r.Supporters, t.stay), Themes: r.Themes,
		Title: r.Title, Titles: r.Titles, Unnamed: each(r.Unnamed, func(u roster.Unnamed) Unnamed {
			return Unnamed{meeting(u.Meeting), u.Count, u.Named, u.Unnamed()}
		}),
		Visibility: r.Visibility,
	}
}

func (t *teller) named(p terms.PartyRef) Named {
	name, err := t.desk.Name(string(p.ID))
	t.err = terms.First(t.err, err)
	return Named{p.ID, name, p.As}
}

func (t *teller) late(stream string) Late {
	all, err := t.desk.Late(stream)
	t.err = terms.First(t.err, err)
	return all
}

// is says whether what is said is so: no, if the fact moves nothing.
func is(said network.Said, held edtf.Truth) edtf.Truth {
	if !said.Moves {
		return edtf.No
	}
	return held
}

func opening(o network.Opening, on edtf.Date) Opening {
	return Opening{
		By: o.By, Ended: o.EndedBy != 0, From: o.From, Is: is(o.Said, o.Held(on)), Status: roster.Sure(o.Said), To: o.To, Until: o.Until,
	}
}

func (t *teller) stay(x roster.Stay) Stay {
	return Stay{
		By: x.By, Ended: x.EndedBy != 0, From: x.From, Is: is(x.Said, x.Is), Party: t.named(x.Party), Person: x.Person, Role: x.Role,
		Status: roster.Sure(x.Said), Until: x.Until,
	}
}

func (t *teller) body(b roster.Body) Body {
	one := Body{
		By: b.By, Charter: b.Charter, Ended: b.EndedBy != 0, Filled: b.Filled, From: b.From, Is: is(b.Said, b.Is), Key: b.Key,
		Perhaps: b.Perhaps, Seats: each(b.Seats, t.stay), Status: roster.Sure(b.Said), Until: b.Until,
	}
	if vacant, known := b.Vacant(); known {
		one.Vacant = &vacant
	}
	return one
}

func (t *teller) member(m roster.Member) Member {
	return Member{
		Authority: m.Authority, Class: m.Class, Is: m.Is, Membership: m.Membership, OwnClass: m.OwnClass, Party: t.named(m.Party),
		Perhaps: each(m.Perhaps, func(s membership.Span) membership.Standing { return s.Standing }), Late: t.late(m.Membership),
		Since: m.Since, Standing: m.Certain.Standing, Visibility: m.Visibility,
	}
}

func (t *teller) present(p roster.Present) Present {
	return Present{
		At: each(p.At, func(a roster.Attendance) Attendance {
			return Attendance{a.Activity, a.Is, a.On, a.Role, a.Title, a.Visibility}
		}),
		Party: t.named(p.Party),
	}
}

func meeting(m roster.Meeting) Meeting {
	return Meeting{m.Activity, m.Is, m.On, m.Title, m.Visibility}
}
