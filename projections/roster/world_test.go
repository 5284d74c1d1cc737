package roster_test

import (
	"errors"
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
)

// town gives random commands about networks, memberships and activities.
type town struct {
	*clerk
	choose                            func(n int) int
	networks, memberships, activities []string
}

func pick[T any](w *town, all ...T) T { return all[w.choose(len(all))] }

// step gives a command, which the ledger may refuse.
func (w *town) step() error {
	if w.choose(3) == 0 || len(w.Parties()) < 3 {
		return w.Step()
	}
	var err error
	switch n := w.choose(10); {
	case n == 0 || len(w.networks) == 0:
		err = give(w, network.Commands, &w.networks, "", w.openNetwork())
	case n < 5:
		err = give(w, network.Commands, &w.networks, pick(w, w.networks...), w.networkCommand())
	case n == 5 || len(w.memberships) == 0:
		err = give(w, membership.Commands, &w.memberships, "", w.openMembership())
	case n < 8:
		err = give(w, membership.Commands, &w.memberships, pick(w, w.memberships...), w.membershipCommand())
	case n == 8 && w.choose(2) == 0 || len(w.activities) == 0:
		err = give(w, activity.Commands, &w.activities, "", w.openActivity())
	default:
		err = give(w, activity.Commands, &w.activities, pick(w, w.activities...), w.activityCommand())
	}
	if errors.Is(err, es.ErrRejected) || invalid(err) {
		return nil
	}
	return err
}

// invalid reports whether a command was about an event that is not there, or is
// of a sort that nothing can be said of.
func invalid(err error) bool {
	var e *es.Error
	return errors.As(err, &e) && strings.HasPrefix(e.Code, "book.")
}

func give[C any](w *town, of *es.Registry[C], streams *[]string, stream string, c C) error {
	stream, err := try(w.clerk, of, stream, c)
	if err == nil && !slices.Contains(*streams, stream) {
		*streams = append(*streams, stream)
	}
	return err
}

func (w *town) fact() terms.Fact {
	f := terms.Fact{Occurred: w.date()}
	if w.choose(5) == 0 {
		f.Status = pick(w, terms.Announced, terms.Claimed, terms.Disputed)
	}
	return f
}

func (w *town) date() edtf.Date {
	return day(pick(w, "", "2018", "2018-10-03", "2019-06-01/2019-06-30", "2020", "2021-01-01", "../2019"))
}

func (w *town) party() terms.PartyRef {
	return terms.PartyRef{ID: terms.PartyID(pick(w, w.Parties()...)), As: pick(w, "", "so named")}
}

// anyone is a party that may be the network itself.
func (w *town) anyone() terms.PartyRef {
	if w.choose(8) == 0 {
		return ref(terms.PartyID(pick(w, w.networks...)))
	}
	return w.party()
}

func (w *town) charter() network.Charter {
	c := network.Charter{Kind: "steering", Title: text("Board"), Mandate: text(pick(w, "to steer", "to advise"))}
	if w.choose(4) > 0 {
		c.Capacity = &network.Capacity{Number: 1 + w.choose(3), Kind: pick(w, network.Limit("exact"), "up_to", "approximate")}
	}
	return c
}

func (w *town) openNetwork() network.Command {
	titles := []terms.Text{text(pick(w, "Rivers", "rivers", "Árbol"))}
	if w.choose(3) > 0 {
		return network.Register{Fact: w.fact(), Titles: titles, Purpose: text("water"), Themes: []terms.Theme{"water"}}
	}
	return network.CarryOver{
		Fact: w.fact(), Titles: titles, Phase: pick(w, network.PhaseLaunched, network.PhaseDissolved), Since: w.date(),
		Founders: []terms.PartyRef{w.party()}, Secretariat: &network.CarriedSecretariat{Party: w.party(), Office: "host", Since: w.date()},
		Bodies: []network.CarriedBody{{
			Key: "board", Charter: w.charter(), Since: w.date(), Seats: []network.CarriedSeat{{Party: w.party(), Role: "chair"}},
		}},
		Classes:    []network.Class{{Key: "twin", Title: text("Twin")}},
		Supporters: []network.CarriedSupporter{{Party: w.party(), Kind: "funder"}},
	}
}

func (w *town) networkCommand() network.Command {
	f, key := w.fact(), pick(w, network.Key("board"), "panel")
	switch w.choose(12) {
	case 0:
		return network.Found{Fact: f, Founders: []terms.PartyRef{w.party()}}
	case 1:
		return pick[network.Command](w, network.Launch{Fact: f}, network.Dissolve{Fact: f})
	case 2:
		return pick[network.Command](w, network.AddTitle{Fact: f, Title: text("Fiumi")}, network.SetPriorities{Fact: f, Priorities: []terms.Text{text("rain")}})
	case 3:
		return pick[network.Command](w, network.OpenToJoin{Fact: f, To: text("cities")}, network.CloseToJoin{Fact: f})
	case 4:
		return pick[network.Command](w, network.DesignateSecretariat{Fact: f, Party: w.party(), Office: "host"}, network.EndSecretariat{Fact: f, Party: w.party()})
	case 5, 6:
		return pick[network.Command](w, network.EstablishBody{Fact: f, Key: key, Charter: w.charter()}, network.DissolveBody{Fact: f, Body: key})
	case 7, 8:
		return pick[network.Command](w, network.FillSeat{Fact: f, Body: key, Party: w.party(), Role: pick(w, network.SeatRole("member"), "observer")},
			network.VacateSeat{Fact: f, Body: key, Party: w.party()})
	case 9:
		return pick[network.Command](w, network.AddSupporter{Fact: f, Party: w.party(), Kind: "technical"}, network.EndSupporter{Fact: f, Party: w.party()})
	}
	d := w.amend()
	if w.choose(3) == 0 {
		return network.Correct{Corrected: book.Corrected[network.Event]{Of: d.void.Of, Reason: "misread", As: pick[network.Event](w,
			network.Launched{Fact: w.fact()}, network.BodyEstablished{Fact: w.fact(), Key: key, Charter: w.charter()},
			network.SeatFilled{Fact: w.fact(), Body: key, Party: w.party(), Role: "chair"}, network.SupporterAdded{Fact: w.fact(), Party: w.party(), Kind: "funder"})}}
	}
	return pick[network.Command](w, network.Void{Voided: d.void}, network.Dispute{Disputed: d.dispute}, network.Rule{Ruled: d.rule},
		network.Reclassify{Reclassified: d.reclassify})
}

type amendments struct {
	void       book.Voided
	dispute    book.Disputed
	rule       book.Ruled
	reclassify book.Reclassified
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
		book.Reclassified{Visibility: es.Restricted, Reason: "asked"},
	}
}

func (w *town) openMembership() membership.Command {
	of, who := terms.PartyID(pick(w, w.networks...)), w.party()
	if w.choose(3) > 0 {
		return membership.Register{Fact: w.fact(), Network: of, Party: who}
	}
	return membership.CarryOver{
		Fact: w.fact(), Network: of, Party: who, Class: pick(w, membership.Class(""), "observer"), Since: w.date(),
		Standing: pick(w, membership.StandingActive, membership.StandingWithdrawn, membership.StandingApplied),
	}
}

func (w *town) membershipCommand() membership.Command {
	f := w.fact()
	switch w.choose(9) {
	case 0:
		return pick[membership.Command](w, membership.Invite{Fact: f}, membership.Apply{Fact: f, Class: "associate"}, membership.Reject{Fact: f})
	case 1, 2, 3:
		f.Authority = terms.Ref(pick(w, w.networks...) + "@1")
		return membership.Admit{Fact: f, Class: pick(w, membership.Class(""), "full", "founder"), OwnClass: pick(w, membership.Key(""), "twin")}
	case 4:
		return pick[membership.Command](w, membership.Sign{Fact: f}, membership.Activate{Fact: f})
	case 5:
		return pick[membership.Command](w, membership.Suspend{Fact: f}, membership.Resume{Fact: f}, membership.ChangeClass{Fact: f, Class: "observer"})
	case 6:
		return pick[membership.Command](w, membership.Withdraw{Fact: f}, membership.Expel{Fact: f})
	}
	d := w.amend()
	if w.choose(3) == 0 {
		return membership.Correct{Corrected: book.Corrected[membership.Event]{Of: d.void.Of, Reason: "misread", As: pick[membership.Event](w,
			membership.Admitted{Fact: w.fact(), Class: "associate"}, membership.Admitted{Fact: w.fact()}, membership.Withdrawn{Fact: w.fact()})}}
	}
	return pick[membership.Command](w, membership.Void{Voided: d.void}, membership.Dispute{Disputed: d.dispute}, membership.Rule{Ruled: d.rule},
		membership.Reclassify{Reclassified: d.reclassify})
}

func (w *town) openActivity() activity.Command {
	d := activity.Description{Kind: "meeting", Titles: []terms.Text{text("Meeting")}}
	if w.choose(3) == 0 {
		d.Series = terms.PartyID(pick(w, w.networks...))
	}
	return activity.Register{Fact: w.fact(), Description: d}
}

func (w *town) activityCommand() activity.Command {
	f, role := w.fact(), pick(w, activity.Role("participant"), "guest")
	presence := pick(w, activity.Presence("present"), "present", "absent", "expected")
	switch w.choose(8) {
	case 0:
		return pick[activity.Command](w, activity.Hold{Fact: f}, activity.Hold{Fact: f}, activity.Cancel{Fact: f})
	case 1:
		return activity.Relate{Fact: f, To: terms.Ref(pick(w, w.networks...)), Relation: pick(w, activity.Relation("under"), "under", "launches")}
	case 2, 3, 4:
		return activity.RecordParticipant{Fact: f, Participation: activity.Participation{
			Party: w.anyone(), Class: w.choose(6) == 0, Role: role, Presence: presence,
		}}
	case 5:
		return activity.CountParticipants{Fact: f, Count: activity.Count{
			Number: 1 + w.choose(5), Of: pick(w, activity.Unit("parties"), "parties", "people"), Among: pick(w, activity.Among("all"), "guest"), Presence: presence,
		}}
	}
	d := w.amend()
	if w.choose(3) == 0 {
		return activity.Correct{Corrected: book.Corrected[activity.Event]{Of: d.void.Of, Reason: "misread", As: pick[activity.Event](w,
			activity.Held{Fact: w.fact()}, activity.ParticipantRecorded{Fact: w.fact(), Participation: activity.Participation{Party: w.anyone(), Role: role, Presence: presence}})}}
	}
	return pick[activity.Command](w, activity.Void{Voided: d.void}, activity.Dispute{Disputed: d.dispute}, activity.Rule{Ruled: d.rule},
		activity.Reclassify{Reclassified: d.reclassify})
}
