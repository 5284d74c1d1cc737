package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/infra/answers"
)

// printDue prints what falls due, one by one, or by who owes it.
func (a *app) printDue(ctx context.Context, l reading, q dueQuestion) error {
	var all []answers.Reachable
	err := l.ask(ctx, func(d answering) error {
		for line, err := range q.due(ctx, d) {
			if err != nil {
				return err
			}
			if a.json && !q.grouped {
				if err := a.printJSON(q.asked(line)); err != nil {
					return err
				}
				continue
			}
			all = append(all, line)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if q.grouped {
		slices.SortStableFunc(all, byParty)
	}
	switch {
	case a.json:
		for _, line := range all {
			if err := a.printJSON(q.asked(line)); err != nil {
				return err
			}
		}
		return nil
	case len(all) == 0:
		return a.printf("nothing is due\n")
	case q.grouped:
		return a.printDueGroups(all, q)
	}
	t := table{head: []string{"DUE", "WHAT", "OF", "ID", "BY", "TO", "REMINDED"}}
	if q.contacts {
		t.head = append(t.head, "CONTACTS")
	}
	for _, line := range all {
		t.add(dueOn(line.Obligation), line.Summary(), line.Title, short(line.Stream), line.ByName, line.ToName, reminded(line.Obligation, q.On))
		if q.contacts {
			last := &t.rows[len(t.rows)-1]
			*last = append(*last, strings.Join(contactWords(line.Contacts), "; "))
		}
	}
	return a.printMarked(t)
}

// asked is of a line what is asked for.
func (q dueQuestion) asked(line answers.Reachable) any {
	if q.contacts {
		return line
	}
	return line.Obligation
}

// byParty orders lines by who owes it, what nobody in particular owes last.
func byParty(a, b answers.Reachable) int {
	nobody := func(l answers.Reachable) int {
		if l.By == "" {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(nobody(a), nobody(b)), cmp.Compare(a.ByName, b.ByName), cmp.Compare(a.By, b.By))
}

// printDueGroups prints lines that are in the order of who owes it.
func (a *app) printDueGroups(all []answers.Reachable, q dueQuestion) error {
	p := &printer{app: a}
	for len(all) > 0 {
		by := all[0].By
		n := slices.IndexFunc(all, func(l answers.Reachable) bool { return l.By != by })
		if n < 0 {
			n = len(all)
		}
		if by == "" {
			p.line("nobody in particular")
		} else {
			p.line("%s  %s", all[0].ByName, short(string(by)))
		}
		for _, text := range contactWords(all[0].Contacts) {
			p.line("  %s", text)
		}
		t := table{head: []string{"DUE", "WHAT", "OF", "ID", "TO", "REMINDED"}}
		for _, line := range all[:n] {
			t.add(dueOn(line.Obligation), line.Summary(), line.Title, short(line.Stream), line.ToName, reminded(line.Obligation, q.On))
		}
		p.table(t)
		if all = all[n:]; len(all) > 0 {
			p.line("")
		}
	}
	if marks := a.explainMarks(); marks != "" {
		p.line("%s", marks)
	}
	return p.err
}

// contactWords puts each contact on a line of its own.
func contactWords(all []answers.Contact) (lines []string) {
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

// dueOn is when it falls due, marked if what determines it was recorded later.
func dueOn(l answers.Obligation) string {
	day := l.On.String()
	if l.Passed == edtf.Maybe {
		day += " (perhaps over)"
	}
	if l.Late {
		day += "*"
	}
	return day
}

// reminded is when somebody was last reminded by a date, marked if that was
// recorded later, "" if nobody was.
func reminded(l answers.Obligation, on edtf.Date) string {
	if l.RemindedBy == 0 {
		return ""
	}
	day := cmp.Or(l.Reminded.String(), "on an unknown day")
	if l.Reminded.HeldBy(on) == edtf.Maybe {
		day += " (perhaps later)"
	}
	if l.RemindedLate {
		day += "*"
	}
	return day
}
