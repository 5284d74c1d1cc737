package activity

import (
	"fmt"
	"strings"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// maxNumber is the most a number, a count or a length in days can be; it is
// there to catch slips.
const maxNumber = 1_000_000

// check fails with [es.ErrInvalid] unless e is complete in itself.
func check(e Event) error {
	switch e := e.(type) {
	case Registered:
		return e.check("/description")
	case CarriedOver:
		return e.check()
	case Titled:
		return terms.CheckText("/title/value", e.Title.Value)
	case SeriesNamed:
		return terms.First(terms.CheckRef("/series", e.Series), number("/number", e.Number, 0))
	case Located:
		if e.Place == (Place{}) {
			return es.Invalid("terms.missing", "a place is missing", "a venue, a town, a party, or online").At("/place")
		}
		return e.Place.check("/place")
	case Scheduled:
		return known("/when", e.When)
	case Rescheduled:
		return terms.First(known("/when", e.When), terms.CheckOptionalText("/reason", e.Reason))
	case Postponed:
		return terms.CheckOptionalText("/reason", e.Reason)
	case Held:
		return number("/days", e.Days, 0)
	case Cancelled:
		return terms.CheckOptionalText("/reason", e.Reason)
	case HostNamed:
		return terms.First(terms.CheckRef("/party/id", e.Party.ID), terms.CheckWord("/as", e.As))
	case ParticipantRecorded:
		return e.check("/participation")
	case ParticipantsCounted:
		return e.Count.check("/count")
	case AgendaSet:
		return e.check()
	case OutputRecorded:
		return e.Output.check("/output")
	case Related:
		return terms.First(terms.CheckRef("/to", e.To), terms.CheckWord("/relation", e.Relation))
	case Reclassified:
		return terms.First(terms.CheckWord("/visibility", e.Visibility), terms.CheckText("/reason", e.Reason))
	case Announced, Corrected, Voided, Disputed, Ruled:
	}
	return nil
}

func (e CarriedOver) check() error {
	err := terms.First(e.Description.check("/description"), terms.CheckWord("/phase", e.Phase), e.Place.check("/place"))
	for i, p := range e.Participants {
		err = terms.First(err, p.check(fmt.Sprintf("/participants/%d", i)))
	}
	return err
}

func (e AgendaSet) check() error {
	if len(e.Themes) == 0 && len(e.Items) == 0 {
		return es.Invalid("terms.missing", "an agenda has nothing on it", "a theme or an item").At("/items")
	}
	if len(e.Items) == 0 {
		return nil
	}
	return terms.CheckTexts("/items", e.Items)
}

func (d Description) check(field string) error {
	err := terms.First(terms.CheckWord(field+"/kind", d.Kind), terms.CheckTexts(field+"/titles", d.Titles), number(field+"/number", d.Number, 0))
	if stream, at := d.Parent.Target(); err == nil && stream != "" && (at != 0 || !strings.HasPrefix(stream, "activity-")) {
		return es.Invalid("terms.wrong_ref", "an activity is a part of another activity", "the id of an activity").At(field + "/parent")
	}
	return err
}

func (p Place) check(field string) error {
	return terms.First(terms.CheckOptionalText(field+"/venue", p.Venue), terms.CheckOptionalText(field+"/town", p.Town))
}

func (p Participation) check(field string) error {
	switch {
	case p.Party.ID == "" && p.Person == "":
		return es.Invalid("terms.missing", "nobody takes part", "the id of a party, of a person, or of both").At(field + "/party/id")
	case p.Class && (p.Party.ID == "" || p.Person != ""):
		return es.Invalid("activity.bad_class", "a class of parties is a party, and no person", "a party alone").At(field + "/class")
	}
	return terms.First(terms.CheckWord(field+"/role", p.Role), terms.CheckWord(field+"/presence", p.Presence))
}

func (c Count) check(field string) error {
	return terms.First(number(field+"/number", c.Number, 1), terms.CheckWord(field+"/of", c.Of),
		terms.CheckWord(field+"/among", c.Among), terms.CheckWord(field+"/presence", c.Presence))
}

func (o Output) check(field string) error {
	if o.Source == "" && o.Concerning == "" && o.Gist.Value == "" {
		return es.Invalid("terms.missing", "nothing says what came out", "a source, what it concerns, or a gist").At(field + "/gist/value")
	}
	return terms.First(terms.CheckWord(field+"/kind", o.Kind), terms.CheckOptionalText(field+"/gist", o.Gist))
}

func known(field string, d edtf.Date) error {
	if d.IsUnknown() {
		return es.Invalid("terms.missing", "a date is missing", "an EDTF date or interval, as vague as need be").At(field)
	}
	return nil
}

func number(field string, n, least int) error {
	if n < least || n > maxNumber {
		return es.Invalid("activity.bad_number", fmt.Sprintf("%d cannot stand here", n), fmt.Sprintf("%d to %d", least, maxNumber)).At(field)
	}
	return nil
}
