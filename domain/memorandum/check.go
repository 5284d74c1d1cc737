package memorandum

import (
	"fmt"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// check fails with [es.ErrInvalid] unless e is complete in itself.
func check(e Event) error {
	switch e := e.(type) {
	case Drafted:
		return e.check()
	case CarriedOver:
		return e.check()
	case PartCarriedOver:
		return e.check("")
	case Titled:
		return terms.CheckText("/title/value", e.Title.Value)
	case Related:
		return terms.First(terms.CheckRef("/to", e.To), terms.CheckWord("/relation", e.Relation))
	case UnitNamed:
		return terms.First(terms.CheckRef("/party", e.Party), terms.CheckRef("/unit/id", e.Unit.ID), terms.CheckWord("/role", e.Role))
	case TermsSet:
		return e.Terms.check("/terms")
	case TextAdded:
		return terms.First(need("/lang", e.Lang), terms.CheckWord("/standing", e.Standing))
	case TextCorrected:
		return terms.First(need("/lang", e.Lang), terms.CheckText("/gist/value", e.Gist.Value))
	case Invited:
		return terms.CheckRef("/party/id", e.Party.ID)
	case Signed:
		return terms.CheckRef("/party/id", e.Party.ID)
	case Counted:
		return positive("/signatories", e.Signatories)
	case Consented:
		return e.check()
	case Weighed:
		return terms.First(terms.CheckRef("/party", e.Party), weight("/weight", e.Weight))
	case Reserved:
		return terms.First(terms.CheckRef("/party", e.Party), need("/key", e.Key), terms.CheckText("/gist/value", e.Gist.Value))
	case Objected:
		return terms.First(terms.CheckRef("/party", e.Party), need("/reservation", e.Reservation))
	case Unreserved:
		return need("/reservation", e.Reservation)
	case AmendmentAdopted:
		return terms.First(need("/key", e.Key), terms.CheckTexts("/titles", e.Titles), e.Entry.check("/entry"))
	case AmendmentAccepted:
		return terms.First(need("/amendment", e.Amendment), terms.CheckRef("/party", e.Party))
	case RenewalDeclined:
		return terms.CheckRef("/party", e.Party)
	case NoticeGiven:
		return terms.CheckRef("/party", e.Party)
	case NoticeRevoked:
		return terms.CheckRef("/party", e.Party)
	case Withdrawn:
		return terms.CheckRef("/party", e.Party)
	case Superseded:
		return terms.CheckRef("/by", e.By)
	case AxisRecorded:
		return terms.First(positive("/number", e.Number), terms.CheckText("/title/value", e.Title.Value))
	case Undertaken:
		return terms.First(need("/key", e.Key), terms.CheckRef("/by/id", e.By.ID), terms.CheckText("/what/value", e.What.Value))
	case Met:
		return need("/undertaking", e.Undertaking)
	case Waived:
		return terms.First(need("/undertaking", e.Undertaking), terms.CheckText("/reason", e.Reason))
	case Extended:
		if e.Due.IsUnknown() {
			return es.Invalid("terms.missing", "an extension without a date", "the new due date").At("/due")
		}
		return need("/undertaking", e.Undertaking)
	case Notified:
		return terms.First(terms.CheckWord("/matter", e.Matter), e.checkDue())
	case Reclassified:
		return terms.First(terms.CheckWord("/visibility", e.Visibility), terms.CheckText("/reason", e.Reason))
	case ThemesSet, Adopted, Opened, Closed, Provisional, ProvisionalEnded, Renewed, Suspended, Resumed, Terminated,
		Abandoned, EntryDetermined, EndDetermined, AmendmentDetermined, FellDue, Corrected, Voided, Disputed, Ruled:
	}
	return nil
}

func (e Notified) checkDue() error {
	if e.Concerning == 0 && !e.Due.IsUnknown() {
		return es.Invalid("terms.missing", "a due day without the event that determines it", "the revision of that event").At("/concerning")
	}
	return nil
}

func (e Drafted) check() error {
	err := terms.First(terms.CheckWord("/kind", e.Kind), terms.CheckTexts("/titles", e.Titles), e.Terms.check("/terms"))
	for i, p := range e.Parties {
		err = terms.First(err, terms.CheckRef(fmt.Sprintf("/parties/%d/id", i), p.ID))
	}
	return err
}

func (e CarriedOver) check() error {
	err := terms.First(terms.CheckWord("/kind", e.Kind), terms.CheckTexts("/titles", e.Titles),
		e.Terms.check("/terms"), terms.CheckWord("/phase", e.Phase))
	for i, p := range e.Parties {
		err = terms.First(err, p.check(fmt.Sprintf("/parties/%d", i)))
	}
	return err
}

func (p CarriedParty) check(field string) error {
	return terms.First(terms.CheckRef(field+"/party/id", p.Party.ID), terms.CheckWord(field+"/state", p.State), weight(field+"/weight", p.Weight))
}

func (e Consented) check() error {
	return terms.First(terms.CheckRef("/party/id", e.Party.ID), terms.CheckWord("/means", e.Means))
}

func need[S ~string](field string, s S) error {
	if s == "" {
		return es.Invalid("terms.missing", "a value is missing", "one").At(field)
	}
	return nil
}

func weight(field string, n int64) error {
	if n < 0 || n > maxWeight {
		return es.Invalid("memorandum.bad_weight", "a weight is out of range", fmt.Sprintf("0 to %d", int64(maxWeight))).At(field)
	}
	return nil
}

func positive(field string, n int) error {
	if n < 1 {
		return es.Invalid("memorandum.bad_number", fmt.Sprintf("%d cannot stand here", n), "1 or more").At(field)
	}
	return nil
}
