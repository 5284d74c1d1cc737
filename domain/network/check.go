package network

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// check fails with [es.ErrInvalid] unless e is complete in itself.
func check(e Event) error {
	switch e := e.(type) {
	case Registered:
		return terms.First(terms.CheckTexts("/titles", e.Titles), terms.CheckOptionalText("/purpose", e.Purpose))
	case CarriedOver:
		return e.check()
	case Titled:
		return terms.CheckText("/title/value", e.Title.Value)
	case Founded:
		return parties("/founders", e.Founders)
	case Launched:
		return terms.CheckOptionalText("/place", e.Place)
	case Dissolved:
		return terms.CheckOptional("/reason", e.Reason)
	case PurposeStated:
		return terms.CheckText("/purpose/value", e.Purpose.Value)
	case PrioritiesSet:
		return terms.CheckTexts("/priorities", e.Priorities)
	case OpenedToJoin:
		return terms.CheckOptionalText("/to", e.To)
	case ClassDefined:
		return e.Class.check("/class")
	case SecretariatDesignated:
		return e.check()
	case SecretariatEnded:
		return terms.First(terms.CheckRef("/party/id", e.Party.ID), terms.CheckOptional("/reason", e.Reason))
	case BodyEstablished:
		return terms.First(need("/key", e.Key), e.Charter.check("/charter"))
	case BodyDissolved:
		return need("/body", e.Body)
	case SeatNominated:
		return terms.First(need("/body", e.Body), terms.CheckRef("/party/id", e.Party.ID))
	case SeatFilled:
		return terms.First(need("/body", e.Body), terms.CheckRef("/party/id", e.Party.ID), terms.CheckWord("/role", e.Role))
	case SeatVacated:
		return terms.First(need("/body", e.Body), terms.CheckRef("/party/id", e.Party.ID), terms.CheckOptional("/reason", e.Reason))
	case SupporterAdded:
		return terms.First(terms.CheckRef("/party/id", e.Party.ID), terms.CheckWord("/kind", e.Kind))
	case SupporterEnded:
		return terms.CheckRef("/party/id", e.Party.ID)
	case Counted:
		return e.check()
	case DecisionRecorded:
		return e.check()
	case Reclassified:
		return terms.CheckText("/reason", e.Reason)
	case ClosedToJoin, FellDue, Corrected, Voided, Disputed, Ruled:
	}
	return nil
}

func (e CarriedOver) check() error {
	err := terms.First(terms.CheckTexts("/titles", e.Titles), terms.CheckOptionalText("/purpose", e.Purpose),
		terms.CheckWord("/phase", e.Phase), parties("/founders", e.Founders))
	if c := e.Secretariat; c != nil {
		err = terms.First(err, terms.CheckRef("/secretariat/party/id", c.Party.ID), terms.CheckWord("/secretariat/office", c.Office))
	}
	for i, b := range e.Bodies {
		err = terms.First(err, b.check(fmt.Sprintf("/bodies/%d", i)))
	}
	for i, c := range e.Classes {
		err = terms.First(err, c.check(fmt.Sprintf("/classes/%d", i)))
	}
	for i, c := range e.Supporters {
		at := fmt.Sprintf("/supporters/%d", i)
		err = terms.First(err, terms.CheckRef(at+"/party/id", c.Party.ID), terms.CheckWord(at+"/kind", c.Kind))
	}
	return err
}

func (b CarriedBody) check(field string) error {
	err := terms.First(need(field+"/key", b.Key), b.Charter.check(field+"/charter"))
	for i, s := range b.Seats {
		at := fmt.Sprintf("%s/seats/%d", field, i)
		err = terms.First(err, terms.CheckRef(at+"/party/id", s.Party.ID), terms.CheckWord(at+"/role", s.Role))
	}
	return err
}

func (c Charter) check(field string) error {
	err := terms.First(terms.CheckWord(field+"/kind", c.Kind), terms.CheckText(field+"/title/value", c.Title.Value))
	if c.Capacity != nil {
		err = terms.First(err, number(field+"/capacity/number", c.Capacity.Number, 1), terms.CheckWord(field+"/capacity/kind", c.Capacity.Kind))
	}
	return terms.First(err, terms.CheckOptionalText(field+"/of", c.Of), terms.CheckOptionalText(field+"/mandate", c.Mandate),
		terms.CheckOptionalText(field+"/composition", c.Composition))
}

func (c Class) check(field string) error {
	return terms.First(need(field+"/key", c.Key), terms.CheckText(field+"/title/value", c.Title.Value))
}

func (e SecretariatDesignated) check() error {
	if e.Party.ID != "" && e.Party.ID == e.Replaces.ID {
		return es.Invalid("network.replaces_itself", "nobody takes its own place", "another party, or none").At("/replaces/id")
	}
	return terms.First(terms.CheckRef("/party/id", e.Party.ID), terms.CheckWord("/office", e.Office))
}

func (e Counted) check() error {
	err := terms.First(terms.CheckWord("/what", e.What), number("/number", e.Number, 1), terms.CheckWord("/qualifier", e.Qualifier))
	if e.Body != "" && e.What != seats {
		err = terms.First(err, es.Invalid("network.bad_count", "only seats are counted in a body", "none").At("/body"))
	}
	return err
}

func (e DecisionRecorded) check() error {
	err := terms.First(terms.CheckText("/title/value", e.Title.Value), terms.CheckOptional("/number", e.Number),
		terms.CheckWord("/outcome", e.Outcome), number("/quorum", e.Quorum, 0), number("/present", e.Present, 0),
		terms.CheckWord("/rule", e.Rule), parties("/concerns", e.Concerns))
	if v := e.Votes; v != nil {
		err = terms.First(err, number("/votes/for", v.For, 0), number("/votes/against", v.Against, 0),
			number("/votes/abstained", v.Abstained, 0), number("/votes", v.For+v.Against+v.Abstained, 1))
	}
	return err
}

// parties checks that each of some parties is named.
func parties(field string, all []terms.PartyRef) error {
	for i, p := range all {
		if err := terms.CheckRef(fmt.Sprintf("%s/%d/id", field, i), p.ID); err != nil {
			return err
		}
	}
	return nil
}

func need(field string, k Key) error {
	if k == "" {
		return es.Invalid("terms.missing", "a key is missing", "that of a body or a class").At(field)
	}
	return nil
}

// maxNumber is the most that is counted of anything; it is there to catch slips.
const maxNumber = 1_000_000

func number(field string, n, least int) error {
	if n < least || n > maxNumber {
		return es.Invalid("network.bad_number", fmt.Sprintf("%d cannot be meant", n), fmt.Sprintf("%d to %d", least, maxNumber)).At(field)
	}
	return nil
}
