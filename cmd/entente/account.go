package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/cmd/entente/cases"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/register"
)

// played is a case with what its rows led to.
type played struct {
	cases.Case
	results []es.Result // of the rows
}

// events counts the events of the case.
func (p played) events() (n int) {
	for _, r := range p.results {
		n += len(r.Events)
	}
	return n
}

// streams are what the case opened, which no case before it did.
func (p played) streams() map[string]bool {
	all := map[string]bool{}
	for _, r := range p.results {
		if len(r.Events) > 0 && r.Events[0].Revision == 1 {
			all[r.Stream] = true
		}
	}
	return all
}

// networks are those that the case opened, in their order.
func (p played) networks() (all []string) {
	for i, row := range p.Rows {
		if row.Command == "network.register" {
			all = append(all, p.results[i].Stream)
		}
	}
	return all
}

// facted is an event that records a fact of a source, as JSON.
type facted struct {
	Case string `json:"case"`
	Fact int    `json:"fact"`
	answers.Event
}

// account prints what the ledger makes of the cases: source by source the facts
// with the events that record them, and what a person should look at; then the
// register, the networks, and the history of one agreement.
func (l *opened) account(ctx context.Context, all []played, shown string, recorded int) error {
	p := &printer{app: l.app}
	section := func(title string, body func() error) {
		if !l.app.json {
			p.line("")
			p.line("%s", title)
			p.line("%s", strings.Repeat("-", len([]rune(title))))
		}
		if p.err == nil {
			p.err = body()
		}
	}
	if !l.app.json {
		p.line("%d new events are recorded in %s", recorded, l.app.data)
	}
	for _, one := range all {
		section(one.Title, func() error { return l.printCase(ctx, one) })
	}
	section("The register, as of today", func() error {
		return l.ask(ctx, func(d answering) error { return l.app.printRegister(d, register.Filter{On: today()}) })
	})
	for _, one := range all {
		for _, id := range one.networks() {
			section("The roster of a network", func() error {
				return l.ask(ctx, func(d answering) error { return l.app.printRoster(d, id, today()) })
			})
		}
	}
	section("The history of one agreement", func() error { return l.app.printHistory(ctx, l, shown) })
	return p.err
}

// printCase prints the facts of a source with the events that record them, and
// the findings about what the source led to.
func (l *opened) printCase(ctx context.Context, p played) error {
	found, err := l.findingsOf(ctx, p.streams())
	if err != nil {
		return err
	}
	facts := table{head: []string{"FACT", "SEQ", "EVENT", "OF", "OCCURRED", "STATUS", "WHAT"}}
	err = l.read(ctx, func(conn *sqlite.Conn) error {
		w := words{desk: l.desk(conn)}
		for n := 1; n <= p.Facts; n++ {
			for i, row := range p.Rows {
				if !slices.Contains(row.Facts, n) {
					continue
				}
				for _, r := range p.results[i].Events {
					if err := l.addFact(conn, &facts, &w, p.Name, n, r); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	if err != nil || l.app.json {
		return err
	}
	if err := l.app.printTable(facts); err != nil {
		return err
	}
	return l.app.printf("\n%d facts in %d events; %d findings:\n%s", p.Facts, p.events(), len(found), summary(found))
}

// addFact adds an event that records a fact.
func (l *opened) addFact(conn *sqlite.Conn, t *table, w *words, source string, fact int, r es.Record) error {
	place, err := history.At(conn, r.Stream, r.Revision, readmodel.At{})
	if err != nil {
		return err
	}
	one, err := history.LineOf(place.Sequence, r)
	if err != nil {
		return err
	}
	if l.app.json {
		return l.app.printJSON(facted{source, fact, answers.EventOf(one)})
	}
	what, err := w.what(one)
	if err != nil {
		return err
	}
	of, err := w.desk.Name(one.Stream)
	if err != nil {
		return err
	}
	t.add(strconv.Itoa(fact), strconv.FormatUint(one.Sequence, 10), one.Type, of, dash(one.Occurred.String()), one.Status.String(), what)
	return nil
}

// findingsOf returns the findings about some streams, in the order of their
// events.
func (l *opened) findingsOf(ctx context.Context, streams map[string]bool) (all []answers.Finding, err error) {
	err = l.ask(ctx, func(d answering) error {
		for one, err := range d.AllFindings(findings.Filter{}) {
			if err != nil {
				return err
			}
			if streams[one.Stream] {
				all = append(all, one)
			}
		}
		return nil
	})
	return inOrder(all), err
}

// summary has a line for each code, with its events; what many facts share is
// said once.
func summary(found []answers.Finding) string {
	var codes []string
	places := map[string][]string{}
	for _, f := range found {
		key := f.Code + "  " + f.Detail
		if places[key] == nil {
			codes = append(codes, key)
		}
		places[key] = append(places[key], fmt.Sprintf("#%d", f.Events[0].Sequence))
	}
	var b strings.Builder
	for _, key := range codes {
		fmt.Fprintf(&b, "  %s  (%s)\n", key, strings.Join(places[key], " "))
	}
	return b.String()
}
