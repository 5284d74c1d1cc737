package intake

import (
	"crypto/sha256"
	"fmt"
	"reflect"

	"github.com/go-json-experiment/json"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/source"
	"github.com/entente-ledger/entente/domain/terms"
)

// claim is what a row says of one stream: an event that the ledger is to have,
// of which the fact does not name the source yet.
type claim struct {
	stream string
	event  any
	// implied says that the row only names what the event opens, so that it
	// changes nothing if that is there already.
	implied bool
	// dated says that the same at another date is something else.
	dated bool
}

// The streams are made in this order: what others refer to comes first.
const (
	phaseParties = iota
	phaseNetworks
	phaseOthers
	phases
)

func (c claim) phase() int {
	switch c.event.(type) {
	case party.Event:
		return phaseParties
	case network.Event:
		return phaseNetworks
	}
	return phaseOthers
}

// commands are those that lead to the events of claims. They have the same
// members.
var commands = map[string]string{
	"party.carried_over": "party.carry_over", "party.named": "party.add_name", "party.identified": "party.identify",
	"network.carried_over":    "network.carry_over",
	"memorandum.carried_over": "memorandum.carry_over", "memorandum.part_carried_over": "memorandum.carry_over_part",
	"memorandum.invited": "memorandum.invite", "memorandum.signed": "memorandum.sign", "memorandum.consented": "memorandum.consent",
	"memorandum.notice_given": "memorandum.give_notice", "memorandum.withdrawn": "memorandum.withdraw",
	"membership.registered": "membership.register", "membership.carried_over": "membership.carry_over",
	"membership.invited": "membership.invite", "membership.applied": "membership.apply", "membership.admitted": "membership.admit",
	"membership.activated": "membership.activate", "membership.suspended": "membership.suspend", "membership.resumed": "membership.resume",
	"membership.notice_given": "membership.give_notice", "membership.withdrawn": "membership.withdraw",
	"membership.expelled": "membership.expel", "membership.lapsed": "membership.lapse",
}

const opening = "opening"

// slotOf returns what an event is about in its stream: of two claims about the
// same, one is instead of the other. It is empty if no claim has such an event.
func slotOf(event any) string {
	switch e := event.(type) {
	case party.Registered, party.CarriedOver, network.Registered, network.CarriedOver, memorandum.Drafted, memorandum.CarriedOver,
		membership.Registered, membership.CarriedOver:
		return opening
	case party.Named:
		return "name " + string(e.Name.Text.Lang) + " " + e.Name.Text.Value
	case party.Identified:
		return "identifier " + string(e.Identifier.Scheme)
	case memorandum.PartCarriedOver:
		return "part " + string(e.Party.ID)
	case memorandum.Invited:
		return "invited " + string(e.Party.ID)
	case memorandum.Signed:
		return "signed " + string(e.Party.ID)
	case memorandum.Consented:
		return "consented " + string(e.Party.ID)
	case memorandum.NoticeGiven:
		return "notice " + string(e.Party)
	case memorandum.Withdrawn:
		return "withdrawn " + string(e.Party)
	case membership.Invited, membership.Applied, membership.Admitted, membership.Activated, membership.Suspended, membership.Resumed,
		membership.NoticeGiven, membership.Withdrawn, membership.Expelled, membership.Lapsed:
		return fmt.Sprintf("%T", e)
	}
	return ""
}

// slotOn is the slot of an event that at another date is something else.
func slotOn(event any) string { return slotOf(event) + " " + factOf(event).Occurred.String() }

func (c claim) slot() string {
	if c.dated {
		return slotOn(c.event)
	}
	return slotOf(c.event)
}

func factOf(event any) terms.Fact {
	f, ok := event.(interface{ About() terms.Fact })
	if !ok {
		return terms.Fact{}
	}
	return f.About()
}

// refact returns an event with another fact.
func refact(event any, f terms.Fact) any {
	v := reflect.New(reflect.TypeOf(event)).Elem()
	v.Set(reflect.ValueOf(event))
	v.FieldByName("Fact").Set(reflect.ValueOf(f))
	return v.Interface()
}

// content is the same for two events that say the same, wherever it was read:
// of what a register says as of its own date, that date does not count.
func content(event any) ([sha256.Size]byte, error) {
	f := factOf(event)
	f.Source = terms.Citation{}
	switch event.(type) {
	case party.CarriedOver, network.CarriedOver, memorandum.CarriedOver, memorandum.PartCarriedOver, membership.CarriedOver:
		f.Occurred = edtf.Date{}
	}
	data, err := json.Marshal(refact(event, f), json.Deterministic(true))
	if err != nil {
		return [sha256.Size]byte{}, fmt.Errorf("compare %T: %w", event, err)
	}
	return sha256.Sum256(data), nil
}

// encode returns the stored name, the schema and the JSON of an event.
func encode(event any) (name string, schema int, data []byte, err error) {
	switch e := event.(type) {
	case party.Event:
		return party.Events.Encode(e)
	case network.Event:
		return network.Events.Encode(e)
	case memorandum.Event:
		return memorandum.Events.Encode(e)
	case membership.Event:
		return membership.Events.Encode(e)
	case source.Event:
		return source.Events.Encode(e)
	}
	return "", 0, nil, fmt.Errorf("encode %T: no claim has such an event", event)
}

// complete fails if an event that opens a record is not complete in itself.
func complete(event any) error {
	var err error
	switch e := event.(type) {
	case party.CarriedOver:
		_, err = party.Decider.Decide(party.CarryOver(e), party.State{})
	case network.CarriedOver:
		_, err = network.Decider.Decide(network.CarryOver(e), network.State{})
	case memorandum.CarriedOver:
		_, err = memorandum.Decider.Decide(memorandum.CarryOver(e), memorandum.State{})
	case membership.CarriedOver:
		_, err = membership.Decider.Decide(membership.CarryOver(e), membership.State{})
	}
	return err
}
