package actionplan

import (
	"fmt"
	"slices"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// check fails with [es.ErrInvalid] unless e is complete in itself.
func check(e Event) error {
	switch e := e.(type) {
	case Drafted:
		return checkOpening(e.Titles, e.Parties, e.Under)
	case CarriedOver:
		return e.check()
	case Titled:
		return terms.CheckText("/title/value", e.Title.Value)
	case ThemesSet:
		if len(e.Themes) == 0 {
			return es.Invalid("terms.missing", "a theme is missing", "at least one").At("/themes")
		}
	case Returned:
		return terms.CheckOptional("/reason", e.Reason)
	case Abandoned:
		return terms.CheckOptional("/reason", e.Reason)
	case Revised:
		return terms.First(version("/version", e.Version, 2), terms.CheckOptional("/reason", e.Reason))
	case ActionAdded:
		return e.check("")
	case ActionStatusSet:
		return terms.First(need("/action", e.Action), terms.CheckWord("/status", e.Status), terms.CheckOptionalText("/note", e.Note))
	case MilestoneSet:
		return terms.First(need("/key", e.Key), terms.CheckText("/title/value", e.Title.Value))
	case MilestoneReached:
		return need("/milestone", e.Milestone)
	case MilestoneMoved:
		return terms.First(need("/milestone", e.Milestone), known("/due", e.Due), terms.CheckOptional("/reason", e.Reason))
	case IndicatorSet:
		return e.check()
	case ReadingTaken:
		if e.Value == "" {
			return es.Invalid("terms.missing", "a value is missing", "a decimal number such as 12.5").At("/value")
		}
		return terms.First(need("/indicator", e.Indicator), e.Value.check("/value"))
	case BudgetLineSet:
		return terms.First(need("/key", e.Key), terms.CheckText("/title/value", e.Title.Value), checkMoney("/amount", e.Amount))
	case FundingCommitted:
		return e.check()
	case ReportDueSet:
		return terms.First(need("/key", e.Key), known("/due", e.Due))
	case ReportSubmitted:
		return need("/report", e.Report)
	case ReportExtended:
		return terms.First(need("/report", e.Report), known("/due", e.Due), known("/to", e.To))
	case Reclassified:
		return terms.CheckText("/reason", e.Reason)
	case Submitted, ProvisionallyApproved, Approved, ImplementationBegun, Completed, Corrected, Voided, Disputed, Ruled, FellDue:
	}
	return nil
}

func checkOpening(titles []terms.Text, parties []terms.PartyRef, under terms.Ref) error {
	if len(parties) == 0 {
		return es.Invalid("terms.missing", "a plan is somebody's", "at least one party").At("/parties")
	}
	err := terms.CheckTexts("/titles", titles)
	for i, p := range parties {
		err = terms.First(err, terms.CheckRef(fmt.Sprintf("/parties/%d/id", i), p.ID))
		if slices.ContainsFunc(parties[:i], func(o terms.PartyRef) bool { return o.ID == p.ID }) {
			err = terms.First(err, es.Invalid("actionplan.party_twice", "a party is named twice", "each once").At(fmt.Sprintf("/parties/%d/id", i)))
		}
	}
	return terms.First(err, checkKind("/under", under, "memorandum", "programme", "network"))
}

func (e CarriedOver) check() error {
	err := terms.First(checkOpening(e.Titles, e.Parties, e.Under), terms.CheckWord("/phase", e.Phase), version("/version", e.Version, 1))
	for i, a := range e.Actions {
		field := fmt.Sprintf("/actions/%d", i)
		err = terms.First(err, a.check(field), terms.CheckWord(field+"/status", a.Status))
		if slices.ContainsFunc(e.Actions[:i], func(o CarriedAction) bool { return o.Key == a.Key }) {
			err = terms.First(err, es.Invalid("actionplan.action_twice", "two actions have one key", "a key for each").At(field+"/key"))
		}
	}
	return err
}

func (a Action) check(field string) error {
	return terms.First(need(field+"/key", a.Key), terms.CheckText(field+"/title/value", a.Title.Value))
}

func (i Indicator) check() error {
	return terms.First(need("/key", i.Key), terms.CheckText("/title/value", i.Title.Value), terms.CheckOptional("/unit", i.Unit),
		i.Baseline.check("/baseline"), i.Target.check("/target"), terms.CheckWord("/direction", i.Direction))
}

func (c Commitment) check() error {
	return terms.First(need("/key", c.Key), terms.CheckRef("/by/id", c.By.ID), checkMoney("/amount", c.Amount),
		checkKind("/grant", c.Grant, "grant"))
}

func checkMoney(field string, m terms.Money) error {
	if err := terms.CheckCurrency(field+"/currency", m.Currency); err != nil {
		return err
	}
	if m.Minor < 1 || m.Minor > terms.MaxMinor {
		return es.Invalid("actionplan.bad_amount", "the amount is out of range", fmt.Sprintf("1 to %d minor units", int64(terms.MaxMinor))).At(field + "/minor")
	}
	return nil
}

// maxVersion bounds the number of a version; it is there to catch slips.
const maxVersion = 1_000

func version(field string, n, least int) error {
	if n < least || n > maxVersion {
		return es.Invalid("actionplan.bad_version", fmt.Sprintf("%d is not the number of a version", n), fmt.Sprintf("%d to %d", least, maxVersion)).At(field)
	}
	return nil
}

func need(field string, k Key) error {
	if k == "" {
		return es.Invalid("terms.missing", "a key is missing", "that of what is meant").At(field)
	}
	return nil
}

func known(field string, d edtf.Date) error {
	if d.IsUnknown() {
		return es.Invalid("terms.missing", "a date is missing", "an EDTF date, as vague as need be").At(field)
	}
	return nil
}

// checkKind fails unless ref names nothing, or one of some kinds.
func checkKind(field string, ref terms.Ref, kinds ...string) error {
	if ref == "" || slices.Contains(kinds, kindOf(ref)) {
		return nil
	}
	return es.Invalid("terms.wrong_ref", fmt.Sprintf("a %s cannot stand here", kindOf(ref)), "the id of one of: "+fmt.Sprint(kinds)).At(field)
}
