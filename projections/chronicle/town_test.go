package chronicle_test

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/projectiontest"
)

// town is a world in which there are networks, memberships, activities and plans
// besides agreements.
type town struct {
	*projectiontest.World
	store  *projectiontest.Store
	choose projectiontest.Choose
	given  int
	// streams are those opened so far, by kind.
	streams map[string][]string
}

func newTown(t require.TestingT, choose projectiontest.Choose) *town {
	w := &town{store: projectiontest.NewStore(), choose: choose, streams: map[string][]string{}}
	var err error
	w.World, err = projectiontest.NewWorld(w.store, choose)
	require.NoError(t, err)
	return w
}

func pick[T any](w *town, all ...T) T { return all[w.choose(len(all))] }

// step gives a command, which the ledger may refuse.
func (w *town) step() error {
	if w.choose(3) == 0 || len(w.Parties()) < 3 {
		return w.Step()
	}
	var err error
	switch w.choose(8) {
	case 0:
		err = give(w, network.Commands, "", network.Command(network.Register{Titles: []terms.Text{text("Rivers")}}))
	case 1, 2, 3:
		err = onOne(w, "membership", membership.Commands, w.openMembership, w.membershipCommand)
	case 4:
		err = onOne(w, "activity", activity.Commands, w.openActivity, w.activityCommand)
	default:
		err = onOne(w, "actionplan", actionplan.Commands, w.openPlan, w.planCommand)
		if plans := w.streams["actionplan"]; err == nil && len(plans) > 0 {
			err = give(w, actionplan.Commands, plans[len(plans)-1], w.goal())
		}
	}
	if errors.Is(err, es.ErrRejected) || errors.Is(err, es.ErrInvalid) {
		return nil
	}
	return err
}

// onOne opens a stream of a kind, or gives a command on one there is.
func onOne[C any](w *town, kind string, of *es.Registry[C], open, command func() C) error {
	if len(w.streams["network"]) == 0 {
		return nil
	}
	if streams := w.streams[kind]; len(streams) > 0 && w.choose(5) > 0 {
		return give(w, of, pick(w, streams...), command())
	}
	return give(w, of, "", open())
}

func give[C any](w *town, of *es.Registry[C], stream string, c C) error {
	name, _, payload, err := of.Encode(c)
	if err != nil {
		return err
	}
	w.given++
	res, err := w.Ledger.Do(context.Background(), es.Command{
		ID: uuid.NewSHA1(uuid.Nil, fmt.Append(nil, w.given)), Name: name, Stream: stream, Payload: payload, Actor: "tester",
	})
	kind, _, _ := es.ParseStream(res.Stream)
	if err == nil && !slices.Contains(w.streams[kind], res.Stream) {
		w.streams[kind] = append(w.streams[kind], res.Stream)
	}
	return err
}

func text(value string) terms.Text { return terms.Text{Lang: "en", Value: value} }

func (w *town) fact() terms.Fact {
	f := terms.Fact{Occurred: w.date()}
	if w.choose(5) == 0 {
		f.Status = pick(w, terms.Announced, terms.Claimed)
	}
	return f
}

func (w *town) date() edtf.Date {
	return edtf.MustParse(pick(w, "", "2018", "2018-10-03", "2019-06-01/2019-06-30", "2019-05", "2019-12-31", "2019-12-31/2020-01-01", "2020", "2020-01-01", "2020?", "../2019", "2021-01-01"))
}

func (w *town) party() terms.PartyRef {
	return terms.PartyRef{ID: terms.PartyID(pick(w, w.Parties()...))}
}

func (w *town) network() terms.PartyID { return terms.PartyID(pick(w, w.streams["network"]...)) }

func (w *town) openMembership() membership.Command {
	if w.choose(2) == 0 {
		return membership.Register{Fact: w.fact(), Network: w.network(), Party: w.party()}
	}
	return membership.CarryOver{Fact: w.fact(), Network: w.network(), Party: w.party(), Since: w.date(), Standing: pick(w,
		membership.StandingActive, membership.StandingSuspended, membership.StandingOnHold, membership.StandingWithdrawn, membership.StandingApplied)}
}

func (w *town) membershipCommand() membership.Command {
	f, a := w.fact(), w.amend()
	return pick[membership.Command](w,
		membership.Admit{Fact: f, Class: "full"}, membership.Admit{Fact: f}, membership.Activate{Fact: f}, membership.Apply{Fact: f},
		membership.Suspend{Fact: f}, membership.Suspend{Fact: f, Duty: "fee"}, membership.Hold{Fact: f, Duty: "fee"}, membership.Resume{Fact: f}, membership.Hold{Fact: f, Until: w.date()},
		membership.ChangeClass{Fact: f, Class: "observer"}, membership.Withdraw{Fact: f}, membership.Expel{Fact: f},
		membership.GiveNotice{Fact: f, Until: w.date()}, membership.SetDuty{Fact: f, Key: "fee", What: text("Fee"), Due: w.date()},
		membership.MeetDuty{Fact: f, Duty: "fee", Due: w.date()},
		membership.Void{Voided: a.void}, membership.Dispute{Disputed: a.dispute}, membership.Rule{Ruled: a.rule})
}

func (w *town) openActivity() activity.Command {
	d := activity.Description{Kind: "meeting", Titles: []terms.Text{text("Meeting")}}
	if w.choose(2) == 0 {
		d.Series = w.network()
	}
	return activity.Register{Fact: w.fact(), Description: d}
}

func (w *town) activityCommand() activity.Command {
	f, a := w.fact(), w.amend()
	return pick[activity.Command](w, activity.Hold{Fact: f}, activity.Hold{Fact: f}, activity.Cancel{Fact: f},
		activity.Relate{Fact: f, To: terms.Ref(w.network()), Relation: "under"},
		activity.RecordParticipant{Fact: f, Participation: activity.Participation{
			Party: w.party(), Role: "guest", Presence: pick(w, activity.Presence("present"), "expected"),
		}},
		activity.Void{Voided: a.void}, activity.Dispute{Disputed: a.dispute}, activity.Rule{Ruled: a.rule})
}

func (w *town) openPlan() actionplan.Command {
	d := actionplan.Draft{Fact: w.fact(), Titles: []terms.Text{text("Plan")}, Parties: []terms.PartyRef{w.party()}}
	if w.choose(2) == 0 {
		d.Under = terms.Ref(w.network())
	}
	return d
}

func (w *town) planCommand() actionplan.Command {
	f, a := w.fact(), w.amend()
	read := func() actionplan.Command {
		return actionplan.TakeReading{Fact: f, Indicator: "trees", Value: pick(w, actionplan.Quantity("5"), "10", "15")}
	}
	due := edtf.MustParse("2019-04-01")
	return pick[actionplan.Command](w, actionplan.Approve{Fact: f}, actionplan.BeginImplementation{Fact: f}, actionplan.Complete{Fact: f},
		actionplan.ReachMilestone{Fact: f, Milestone: "site"}, read(), read(), read(),
		actionplan.SetReportDue{Fact: f, Report: actionplan.Report{Key: "annual", Due: due, By: w.party(), Every: edtf.Period{Years: 1}}},
		actionplan.SubmitReport{Fact: f, Report: "annual", Due: due},
		actionplan.Void{Voided: a.void}, actionplan.Dispute{Disputed: a.dispute}, actionplan.Rule{Ruled: a.rule})
}

// goal is a command by which a plan has something to reach.
func (w *town) goal() actionplan.Command {
	return pick[actionplan.Command](w, actionplan.SetMilestone{Milestone: actionplan.Milestone{Key: "site", Title: text("Site"), Due: w.date()}},
		actionplan.SetIndicator{Indicator: actionplan.Indicator{
			Key: "trees", Title: text("Trees"), Target: "10", Direction: pick(w, actionplan.Increase, actionplan.Decrease, actionplan.Reach),
		}})
}

type amendments struct {
	void    book.Voided
	dispute book.Disputed
	rule    book.Ruled
}

// amend says something of one of the first events of a stream, rarely of its
// opening.
func (w *town) amend() amendments {
	of := 1 + es.Revision(w.choose(6))
	if of == 1 {
		of = 1 + es.Revision(w.choose(6))
	}
	return amendments{
		book.Voided{Of: of, Reason: "never happened"},
		book.Disputed{Of: of, Grounds: "says otherwise"},
		book.Ruled{Of: of, Stands: w.choose(2) == 0, Reason: "looked into"},
	}
}
