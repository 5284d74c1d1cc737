package answers

import (
	"context"
	"iter"
	"strings"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/obligations"
	"github.com/entente-ledger/entente/projections/offices"
)

// Obligation is something that falls due.
type Obligation struct {
	On     edtf.Date     `json:"on"`
	Kind   terms.DueKind `json:"kind"`
	Rule   string        `json:"rule"`   // that determines it, permanent: memorandum.undertaking
	Stream string        `json:"stream"` // in which it falls due
	Title  string        `json:"title"`  // what that is called
	Of     es.Revision   `json:"of"`     // the event that determines it
	Key    string        `json:"key"`    // tells those of one event and rule apart, or ""
	By     terms.PartyID `json:"by"`     // that owes it, or ""
	ByName string        `json:"byName"`
	To     terms.PartyID `json:"to"` // to whom it is owed, or ""
	ToName string        `json:"toName"`
	What   terms.Text    `json:"what"` // in own words, or nothing
	// Passed says whether the day has passed as of the date that was asked for.
	Passed edtf.Truth `json:"passed"`
	// Reminded is when a reminder was last sent, by that date, and RemindedBy
	// the event that says so, 0 if none was.
	Reminded   edtf.Date   `json:"reminded"`
	RemindedBy es.Revision `json:"remindedBy"`
	// Late says that the event that determines it was recorded after the instant
	// as known at which is answered.
	Late bool `json:"recordedLater"`
	// RecordedAt is when it came to stand so, RFC 3339 UTC.
	RecordedAt string `json:"recordedAt"`

	// RemindedLate says that the event of the reminder was recorded after that
	// instant.
	RemindedLate bool `json:"-"`
}

// Summary says what falls due, in words.
func (o Obligation) Summary() string { return summary(o.Rule, o.What) }

func summary(rule string, what terms.Text) string {
	_, text, _ := strings.Cut(rule, ".")
	text = strings.ReplaceAll(text, "_", " ")
	if what.Value != "" {
		text += ": " + what.Value
	}
	return text
}

// Contact is a person to write to. Without anybody who names natural persons,
// name and contact are "".
type Contact struct {
	Person   terms.PersonID `json:"person"`
	Name     string         `json:"name"` // or instead why there is none
	Function terms.Text     `json:"function"`
	// Held says whether the function is held as of the date that was asked for.
	Held    edtf.Truth `json:"held"`
	Contact string     `json:"contact"`
}

// Reachable is an obligation with whom to write to at the party that owes it.
// Names and Addresses are those of the contacts that have any, joined by "; ", for
// letters.
type Reachable struct {
	Obligation
	Contacts  []Contact `json:"contacts"`
	Names     string    `json:"contactNames"`
	Addresses string    `json:"contactAddresses"`
}

// Due answers a page of what falls due, by its last day. Whether a day has passed
// is said as of f.On.
func (d *Desk) Due(f obligations.Filter) (Page[Obligation], error) {
	f.At = d.At
	rows, next, err := obligations.List(d.Conn, f)
	return paged(rows, next, err, func(o obligations.Obligation) (Obligation, error) { return d.Obligation(o, f.On) })
}

// AllDue yields what falls due and matches f from its cursor on, at most f.Limit
// or, if that is 0, all. After an error it ends.
func (d *Desk) AllDue(f obligations.Filter) iter.Seq2[Obligation, error] {
	return whole(f.Limit, f.After, func(limit int, after string) (Page[Obligation], error) {
		f.Limit, f.After = limit, after
		return d.Due(f)
	})
}

// Obligation puts the names into what the read model has of an obligation.
func (d *Desk) Obligation(o obligations.Obligation, on edtf.Date) (Obligation, error) {
	title, err := d.Name(o.Stream)
	by, byErr := d.Name(string(o.By))
	to, toErr := d.Name(string(o.To))
	late, lateErr := d.Late(o.Stream)
	return Obligation{
		On: o.On, Kind: o.Kind, Rule: o.Rule, Stream: o.Stream, Title: title, Of: o.Of, Key: o.Key,
		By: o.By, ByName: by, To: o.To, ToName: to, What: o.What, Passed: o.Passed(on),
		Reminded: o.Reminded, RemindedBy: o.RemindedBy, RecordedAt: es.FormatInstant(o.Since.Recorded),
		Late: late.Has(o.Of), RemindedLate: late.Has(o.RemindedBy),
	}, terms.First(err, byErr, toErr, lateErr)
}

// Reachable adds to an obligation who holds a function at the party that owes it,
// as of a date.
func (d *Desk) Reachable(ctx context.Context, o Obligation, on edtf.Date) (Reachable, error) {
	r := Reachable{Obligation: o}
	holders, err := offices.At(d.Conn, o.By, on, d.At)
	if err != nil {
		return r, err
	}
	var names, addresses []string
	r.Contacts, err = tried(holders, func(h offices.Holder) (Contact, error) {
		kept, err := d.natural(ctx, string(h.Person))
		if kept.Contact != "" {
			names, addresses = append(names, kept.Name), append(addresses, kept.Contact)
		}
		return Contact{h.Person, kept.Name, h.Function.Title, h.Held, kept.Contact}, err
	})
	r.Names, r.Addresses = strings.Join(names, "; "), strings.Join(addresses, "; ")
	return r, err
}

// natural returns what is kept of a natural person, nothing of anything else.
func (d *Desk) natural(ctx context.Context, id string) (Natural, error) {
	if d.Persons == nil || KindOf(id) != "person" {
		return Natural{}, nil
	}
	return d.Persons(ctx, terms.PersonID(id))
}
