package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/edtf"
)

// printDue prints what falls due, one by one, or by who owes it.
func (l *opened) printDue(ctx context.Context, q dueQuestion) error {
	var all []dueLine
	err := l.due(ctx, q, func(line dueLine) error {
		if l.app.json && !q.grouped {
			return l.app.printJSON(line.asJSON(q))
		}
		all = append(all, line)
		return nil
	})
	if err != nil {
		return err
	}
	if q.grouped {
		slices.SortStableFunc(all, byParty)
	}
	switch {
	case l.app.json:
		for _, line := range all {
			if err := l.app.printJSON(line.asJSON(q)); err != nil {
				return err
			}
		}
		return nil
	case len(all) == 0:
		return l.app.printf("nothing is due\n")
	case q.grouped:
		return l.app.printDueGroups(all, q)
	}
	t := table{head: []string{"DUE", "WHAT", "OF", "ID", "BY", "TO", "REMINDED"}}
	if q.contacts {
		t.head = append(t.head, "CONTACTS")
	}
	for _, line := range all {
		t.add(line.day(), line.summary(), line.Title, short(line.Stream), line.ByName, line.ToName, line.reminded(q.On))
		if q.contacts {
			last := &t.rows[len(t.rows)-1]
			*last = append(*last, strings.Join(line.contacts.words(), "; "))
		}
	}
	return l.app.printMarked(t)
}

// byParty orders lines by who owes it, what nobody in particular owes last.
func byParty(a, b dueLine) int {
	nobody := func(l dueLine) int {
		if l.By == "" {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(nobody(a), nobody(b)), cmp.Compare(a.ByName, b.ByName), cmp.Compare(a.By, b.By))
}

// printDueGroups prints lines that are in the order of who owes it.
func (a *app) printDueGroups(all []dueLine, q dueQuestion) error {
	p := &printer{app: a}
	for len(all) > 0 {
		by := all[0].By
		n := slices.IndexFunc(all, func(l dueLine) bool { return l.By != by })
		if n < 0 {
			n = len(all)
		}
		if by == "" {
			p.line("nobody in particular")
		} else {
			p.line("%s  %s", all[0].ByName, short(string(by)))
		}
		for _, text := range all[0].contacts.words() {
			p.line("  %s", text)
		}
		t := table{head: []string{"DUE", "WHAT", "OF", "ID", "TO", "REMINDED"}}
		for _, line := range all[:n] {
			t.add(line.day(), line.summary(), line.Title, short(line.Stream), line.ToName, line.reminded(q.On))
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

// summary says what falls due, in words.
func (o obligation) summary() string {
	_, what, _ := strings.Cut(o.Rule, ".")
	what = strings.ReplaceAll(what, "_", " ")
	if o.What.Value != "" {
		what += ": " + o.What.Value
	}
	return what
}

// day is when it falls due, marked if what determines it was recorded later.
func (l dueLine) day() string {
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
func (l dueLine) reminded(on edtf.Date) string {
	if l.RemindedBy == 0 {
		return ""
	}
	day := cmp.Or(l.Reminded.String(), "on an unknown day")
	if l.Reminded.HeldBy(on) == edtf.Maybe {
		day += " (perhaps later)"
	}
	if l.remindedLate {
		day += "*"
	}
	return day
}
