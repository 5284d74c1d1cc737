package main

import (
	"context"
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/offices"
)

// contact is a person to write to, as JSON. The name, and what reaches them,
// are what the vault has; instead of a name it is said why there is none.
type contact struct {
	Person   terms.PersonID `json:"person"`
	Name     string         `json:"name"`
	Function terms.Text     `json:"function"`
	// Held says whether the function is held as of the date that was asked for.
	Held    edtf.Truth `json:"held"`
	Contact string     `json:"contact"`
}

type contacts []contact

// withContacts is an obligation with whom to write to, as JSON. Names and
// Addresses are those of the contacts that have any, joined by "; ", for letters.
type withContacts struct {
	obligation
	Contacts  contacts `json:"contacts"`
	Names     string   `json:"contactNames"`
	Addresses string   `json:"contactAddresses"`
}

// contacts returns the persons who hold a function at a party, as of the date
// and the knowledge of a question.
func (l *opened) contacts(ctx context.Context, conn *sqlite.Conn, party terms.PartyID, q dueQuestion) (contacts, error) {
	holders, err := offices.At(conn, party, q.On, q.At)
	if err != nil {
		return nil, err
	}
	all := contacts{}
	for _, h := range holders {
		kept, err := l.natural(ctx, string(h.Person))
		if err != nil {
			return nil, err
		}
		all = append(all, contact{h.Person, kept.Name, h.Function.Title, h.Held, kept.Contact})
	}
	return all, nil
}

// words puts each contact on a line of its own.
func (all contacts) words() (lines []string) {
	for _, c := range all {
		function := c.Function.Value
		if c.Held == edtf.Maybe {
			function += " (perhaps)"
		}
		parts := append([]string{function, c.Name}, strings.FieldsFunc(c.Contact, func(r rune) bool { return r == '\n' || r == '\r' })...)
		lines = append(lines, strings.Join(parts, ", "))
	}
	return lines
}

// asJSON is a line as it is printed in JSON.
func (l dueLine) asJSON(q dueQuestion) any {
	if !q.contacts {
		return l.obligation
	}
	var names, addresses []string
	for _, c := range l.contacts {
		if c.Contact != "" {
			names, addresses = append(names, c.Name), append(addresses, c.Contact)
		}
	}
	return withContacts{l.obligation, l.contacts, strings.Join(names, "; "), strings.Join(addresses, "; ")}
}
