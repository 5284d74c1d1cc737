package chronicle

import (
	"fmt"
	"slices"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/obligations"
	"github.com/entente-ledger/entente/projections/progress"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/register"
	"github.com/entente-ledger/entente/projections/roster"
)

// Heading is a sort of what happened. The strings are permanent.
type Heading string

// The headings.
const (
	Signed         Heading = "agreements_signed" // the first signature of each
	Signatures     Heading = "signatures"        // of each party
	InForce        Heading = "entered_into_force"
	InForceFor     Heading = "entered_into_force_for" // a party
	Ended          Heading = "agreements_ended"       // as a whole
	Withdrawals    Heading = "withdrawals"            // of parties from agreements
	Joined         Heading = "members_joined"
	Rested         Heading = "memberships_suspended" // or put on hold
	Left           Heading = "members_left"
	Held           Heading = "activities_held"
	PlansCompleted Heading = "plans_completed"
	Milestones     Heading = "milestones_reached"
	Targets        Heading = "targets_reached" // of indicators, for the first time
	Overdue        Heading = "overdue"         // as of the last day of the span
)

// Headings returns all headings in the order of a report.
func Headings() []Heading {
	return []Heading{
		Signed, Signatures, InForce, InForceFor, Ended, Withdrawals, Joined, Rested, Left, Held, PlansCompleted, Milestones, Targets, Overdue,
	}
}

// Entry is something that happened.
type Entry struct {
	Heading Heading
	// Is says whether it happened within the span: yes or undecidable.
	Is edtf.Truth
	// On is when, of what is overdue the last day in time; unknown: nobody knows.
	On edtf.Date
	// Stream is of the agreement, activity or plan, or of the membership.
	Stream string
	By     es.Revision // the event in that stream it rests on
	// Party is who signed, withdrew, joined, left, or owes it; "": nobody in
	// particular.
	Party   terms.PartyID
	Network terms.PartyID // of a membership
	// What says more, in words of the aggregates: how an agreement ended, the
	// standing of a member, what falls due.
	What []string
	// Title is of the milestone or indicator, or what is owed in own words.
	Title terms.Text
}

// List returns what happened under some headings, each in an order that rests
// on the ledger alone.
func List(conn *sqlite.Conn, w readmodel.Within, headings ...Heading) ([]Entry, error) {
	l := lister{conn: conn, w: w, headings: headings}
	for _, part := range []func() error{l.agreements, l.members, l.held, l.reached, l.overdue} {
		if err := part(); err != nil {
			return nil, fmt.Errorf("list what happened: %w", err)
		}
	}
	return l.all, nil
}

// lister collects what happened.
type lister struct {
	conn     *sqlite.Conn
	w        readmodel.Within
	headings []Heading
	all      []Entry
}

func (l *lister) wants(some ...Heading) bool {
	return slices.ContainsFunc(some, func(h Heading) bool { return slices.Contains(l.headings, h) })
}

// add adds e, if it is wanted.
func (l *lister) add(e Entry) {
	if e.Is != edtf.No && l.wants(e.Heading) {
		l.all = append(l.all, e)
	}
}

func (l *lister) agreements() error {
	for _, part := range []struct {
		heading Heading
		list    func(*sqlite.Conn, readmodel.Within) ([]register.Happened, error)
	}{
		{Signed, register.Signed},
		{Signatures, register.Signatures},
		{InForce, register.Entered},
		{InForceFor, register.EnteredFor},
		{Ended, register.Ended},
		{Withdrawals, register.Withdrawn},
	} {
		if !l.wants(part.heading) {
			continue
		}
		found, err := part.list(l.conn, l.w)
		if err != nil {
			return err
		}
		for _, h := range found {
			e := Entry{Heading: part.heading, Is: l.w.Is(h.On, h.Doubt), On: h.On, Stream: h.Agreement, By: h.By, Party: h.Party}
			for _, phase := range h.Phases {
				if part.heading == Ended {
					e.What = append(e.What, string(phase))
				}
			}
			l.add(e)
		}
	}
	return nil
}

func (l *lister) members() error {
	kinds := map[roster.MoveKind]Heading{roster.Joined: Joined, roster.Rested: Rested, roster.Left: Left}
	if !l.wants(Joined, Rested, Left) {
		return nil
	}
	found, err := roster.Moves(l.conn, l.w)
	for _, m := range found {
		l.add(Entry{
			Heading: kinds[m.Kind], Is: l.w.Is(m.From, m.Doubt), On: m.From, Stream: m.Membership, By: m.By,
			Party: m.Party, Network: m.Network, What: []string{string(m.Standing)},
		})
	}
	return err
}

func (l *lister) held() error {
	if !l.wants(Held) {
		return nil
	}
	found, err := roster.Held(l.conn, l.w)
	for _, m := range found {
		l.add(Entry{Heading: Held, Is: m.Is, On: m.On, Stream: m.Activity, By: m.By})
	}
	return err
}

func (l *lister) reached() error {
	kinds := map[progress.ReachedKind]Heading{
		progress.PlanCompleted: PlansCompleted, progress.MilestoneReached: Milestones, progress.TargetReached: Targets,
	}
	if !l.wants(PlansCompleted, Milestones, Targets) {
		return nil
	}
	found, err := progress.Goals(l.conn, l.w)
	for _, r := range found {
		l.add(Entry{Heading: kinds[r.Kind], Is: l.w.Is(r.On, false), On: r.On, Stream: r.Plan, By: r.By, Title: r.Title})
	}
	return err
}

// overdue adds the duties that were not met as of the last day. A duty of a
// member names no party, and is about the member and the network.
func (l *lister) overdue() error {
	if !l.wants(Overdue) {
		return nil
	}
	last := edtf.OfDay(l.w.To)
	f := obligations.Filter{At: l.w.At, Unmet: last}
	for {
		found, next, err := obligations.List(l.conn, f)
		if err != nil {
			return err
		}
		for _, o := range found {
			e := Entry{
				Heading: Overdue, Is: o.Missed(last), On: o.On, Stream: o.Stream, By: o.Of, Party: o.By, What: []string{o.Rule}, Title: o.What,
			}
			network, member, err := roster.Pair(l.conn, o.Stream, l.w.At)
			if err != nil {
				return err
			}
			if about := terms.PartyID(l.w.About); about == "" || slices.Contains([]terms.PartyID{o.By, o.To, network, member}, about) {
				l.add(e)
			}
		}
		if f.After = next; next == "" {
			return nil
		}
	}
}
