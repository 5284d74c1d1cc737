package main

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/review"
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// finding is something a person should look at, as JSON.
type finding struct {
	ID     uuid.UUID `json:"id"`
	Code   string    `json:"code"`
	Stream string    `json:"stream"`
	Other  string    `json:"other"` // another stream it is about, or ""
	Detail string    `json:"detail"`
	Events []place   `json:"events"`
	// Digest is another when the finding or one of its events changes.
	Digest   string          `json:"digest"`
	Standing review.Standing `json:"standing"` // "" if nothing was decided about it
	Stale    bool            `json:"stale"`    // it was accepted, and has changed since
	To       string          `json:"assignedTo"`
	Reason   string          `json:"reason"`
	// Remedy is the command that settles it, or "".
	Remedy string `json:"remedy"`
}

// place is where an event stands, as JSON.
type place struct {
	Sequence uint64      `json:"sequence"`
	Stream   string      `json:"stream"`
	Revision es.Revision `json:"revision"`
	ID       uuid.UUID   `json:"id"`
	Type     string      `json:"type"`
}

func (a *app) findingsCommand() *cobra.Command {
	var f findings.Filter
	var about string
	var limit int
	c := &cobra.Command{
		Use:   "findings",
		Short: "Show what a person should look at: contradictions, undecidable dates, unnamed places, duplicates",
		Long: "Show what a person should look at: contradictions, undecidable dates, unnamed places, duplicates. Two records\n" +
			"are probably of one party if they have a name in common, whatever its case, accents, punctuation or, within one\n" +
			"country, script. Below such a finding is the command that links them, should they be one.",
		Example: "  entente findings --about memorandum-f6\n  entente findings --code party.duplicate",
	}
	c.Flags().StringVar(&about, "about", "", "only those about this agreement, party, source or person")
	c.Flags().BoolVar(&f.Accepted, "all", false, "also those that were accepted and have not changed since")
	c.Flags().StringVar(&f.Code, "code", "", "only those with this code")
	c.Flags().IntVar(&limit, "limit", 0, "at most so many; 0: all")
	a.axes(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		ctx := cmd.Context()
		f.At = a.at
		return a.withReader(ctx, func(l *opened) (err error) {
			if about != "" {
				if f.Stream, err = l.resolve(ctx, about); err != nil {
					return err
				}
			}
			return l.printFindings(ctx, f, limit)
		})
	}
	return c
}

func (l *opened) printFindings(ctx context.Context, f findings.Filter, limit int) error {
	t := table{head: []string{"ID", "FINDING", "ABOUT", "EVENTS", "WHAT", ""}}
	var shown []findings.Finding // for people, in the order of the events they begin with
	return l.read(ctx, func(conn *sqlite.Conn) error {
		err := pages(limit, func(limit int, after string) (int, string, error) {
			f.Limit, f.After = limit, after
			found, next, err := findings.List(conn, f)
			for _, one := range found {
				if l.app.json {
					err = cmp.Or(err, l.app.printJSON(l.app.findingOf(one)))
				} else {
					shown = append(shown, one)
				}
			}
			return len(found), next, err
		})
		if err != nil || l.app.json {
			return err
		}
		if len(shown) == 0 {
			return l.app.printf("nothing to look at\n")
		}
		for _, one := range inOrder(shown) {
			t.add(one.ID.String()[:8], one.Code, short(one.Stream), events(one.Events), one.Detail, decided(one.Review))
			if remedy := l.app.remedy(one); remedy != "" {
				t.add("", "", "", "", "  "+remedy, "")
			}
		}
		return l.app.printTable(t)
	})
}

// decided puts what was decided about a finding into words.
func decided(r findings.Review) string {
	switch {
	case r.Stale:
		return "accepted, changed since"
	case r.Standing == review.StandingAccepted:
		return "accepted: " + r.Reason
	case r.Standing == review.StandingAssigned:
		return "assigned to " + r.To
	default:
		return ""
	}
}

// inOrder puts findings in the order of the events they begin with.
func inOrder(all []findings.Finding) []findings.Finding {
	slices.SortStableFunc(all, func(a, b findings.Finding) int {
		return cmp.Compare(a.Events[0].Sequence, b.Events[0].Sequence)
	})
	return all
}

func (a *app) findingOf(f findings.Finding) finding {
	line := finding{
		ID: f.ID, Code: f.Code, Stream: f.Stream, Other: f.Other, Detail: f.Detail, Events: []place{}, Digest: hex.EncodeToString(f.Digest[:]),
		Standing: f.Review.Standing, Stale: f.Review.Stale, To: f.Review.To, Reason: f.Review.Reason, Remedy: a.remedy(f),
	}
	for _, e := range f.Events {
		line.Events = append(line.Events, place{e.Sequence, e.Stream, e.Revision, e.ID, e.Type})
	}
	return line
}

// remedy returns the command that settles a finding, or "". It is about the
// present only, and not about what was accepted.
func (a *app) remedy(f findings.Finding) string {
	if f.Code != findings.Duplicate || a.at != (readmodel.At{}) || f.Review.Standing == review.StandingAccepted && !f.Review.Stale {
		return ""
	}
	duplicate, other := f.Stream, f.Other
	if kindOfStream(duplicate) != "party" { // only a party can be linked, though to a network too
		duplicate, other = other, duplicate
	}
	if kindOfStream(duplicate) != "party" {
		return ""
	}
	return fmt.Sprintf("entente party link %s %s --reason 'one party, recorded twice'", short(duplicate), short(other))
}

// events are the sequences of events and what they are, those of one kind
// together.
func events(all []history.Place) string {
	var words []string
	for i, e := range all {
		text := fmt.Sprintf("#%d", e.Sequence)
		if i == len(all)-1 || all[i+1].Type != e.Type {
			text += " " + bare(e.Type)
		}
		words = append(words, text)
	}
	return strings.Join(words, " ")
}
