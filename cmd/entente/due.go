package main

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"strconv"

	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/obligations"
)

// obligation is something that falls due, as JSON.
type obligation struct {
	On     edtf.Date     `json:"on"`
	Kind   terms.DueKind `json:"kind"`
	Rule   string        `json:"rule"`
	Stream string        `json:"stream"`
	Title  string        `json:"title"`
	Of     es.Revision   `json:"of"`
	Key    string        `json:"key"`
	By     terms.PartyID `json:"by"`
	ByName string        `json:"byName"`
	To     terms.PartyID `json:"to"`
	ToName string        `json:"toName"`
	What   terms.Text    `json:"what"`
	// Passed says whether the day has passed as of the date that was asked for.
	Passed edtf.Truth `json:"passed"`
	// Reminded is when a reminder was last sent, by that date, and RemindedBy
	// the event that says so, 0 if none was.
	Reminded   edtf.Date   `json:"reminded"`
	RemindedBy es.Revision `json:"remindedBy"`
	// Late says that the event that determines it was recorded after the instant
	// as known at which is answered.
	Late bool `json:"recordedLater"`
	// RecordedAt is when it came to stand so.
	RecordedAt string `json:"recordedAt"`
}

// dueQuestion is what is asked of what falls due.
type dueQuestion struct {
	obligations.Filter
	limit    int
	grouped  bool // by who owes it
	contacts bool
}

// dueFlags pick what falls due.
type dueFlags struct {
	within  string
	overdue bool
}

func (f *dueFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.within, "within", "90d", "from the date on: days, weeks, months or years (90d, 6w, 3m, 2y)")
	c.Flags().BoolVar(&f.overdue, "overdue", false, "duties that were not met in time instead")
}

// filter is what the flags pick as of a date.
func (f *dueFlags) filter(day edtf.Date) (obligations.Filter, error) {
	if f.overdue {
		return obligations.Filter{Open: true, On: day, Overdue: day}, nil
	}
	span, err := readSpan(f.within)
	return obligations.Filter{Open: true, On: day, From: day, To: edtf.OfDay(day.Latest().Add(span))}, err
}

func (a *app) dueCommand() *cobra.Command {
	var pick dueFlags
	var by, party string
	var q dueQuestion
	c := &cobra.Command{
		Use:   "due",
		Short: "Show what falls due: duties, deadlines, terms that end, notice that runs out",
		Long: "Show what falls due within a span of time, or what is overdue, and when somebody was last reminded of it (see\n" +
			"`entente remind`). With --contacts, the persons are shown who hold a function at the party that owes it, as\n" +
			"of the date, with what the vault has to reach them. Personal data are shown only to who says who they are\n" +
			"(--actor, $ENTENTE_ACTOR, or the file that `entente do --help` names); there are no finer permissions yet.",
		Example: "  entente due --within 90d\n" +
			"  entente due --overdue --by party --contacts\n" +
			"  entente due --overdue --by party-5a",
	}
	pick.add(c)
	flags := c.Flags()
	flags.StringVar(&by, "by", "", "party: grouped by who owes it; an id, or the beginning of one: only what this party owes")
	flags.StringVar(&party, "party", "", "only what this party owes or is owed (its id or the beginning of it)")
	flags.BoolVar(&q.contacts, "contacts", false, "also whom to write to at the party that owes it")
	on := asOf(c, "it is asked")
	flags.IntVar(&q.limit, "limit", 0, "at most so many; 0: all")
	a.axes(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		day, err := on()
		if err != nil {
			return err
		}
		if q.Filter, err = pick.filter(day); err != nil {
			return err
		}
		if q.contacts {
			if _, err := a.identity(); err != nil {
				return fmt.Errorf("--contacts: %w", err)
			}
		}
		q.At, q.grouped = a.at, by == "party"
		return a.withReader(cmd.Context(), func(l *opened) error {
			if !q.grouped {
				if q.By, err = l.party(cmd.Context(), by); err != nil {
					return fmt.Errorf("--by: %w", err)
				}
			}
			if q.Party, err = l.party(cmd.Context(), party); err != nil {
				return fmt.Errorf("--party: %w", err)
			}
			return l.printDue(cmd.Context(), q)
		})
	}
	return c
}

// party returns the party or network with an id, which may be shortened; none
// for none.
func (l *opened) party(ctx context.Context, given string) (id terms.PartyID, err error) {
	if given == "" {
		return "", nil
	}
	full, err := l.resolve(ctx, given)
	if err != nil {
		return "", err
	}
	return id, id.UnmarshalText([]byte(full))
}

var spanSyntax = regexp.MustCompile(`^([0-9]{1,4})([dwmy])$`)

// readSpan reads a span of time as people write it.
func readSpan(text string) (edtf.Period, error) {
	m := spanSyntax.FindStringSubmatch(text)
	if m == nil {
		return edtf.Period{}, usage(fmt.Sprintf("--within %.40q is not a span of time", text), "a number and d, w, m or y, such as 90d")
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return edtf.Period{}, fmt.Errorf("read --within: %w", err)
	}
	switch m[2] {
	case "d":
		return edtf.Period{Days: n}, nil
	case "w":
		return edtf.Period{Days: 7 * n}, nil
	case "m":
		return edtf.Period{Months: n}, nil
	default:
		return edtf.Period{Years: n}, nil
	}
}

// dueLine is a line of the answer.
type dueLine struct {
	obligation
	remindedLate bool // recorded after the instant as known
	contacts     contacts
}

// due calls each for what falls due, by its last day.
func (l *opened) due(ctx context.Context, q dueQuestion, each func(dueLine) error) error {
	if q.contacts {
		if _, err := l.persons(ctx); err != nil {
			return err
		}
	}
	return l.read(ctx, func(conn *sqlite.Conn) error {
		names := names{conn: conn, at: q.At}
		return pages(q.limit, func(limit int, after string) (int, string, error) {
			q.Limit, q.After = limit, after
			found, next, err := obligations.List(conn, q.Filter)
			for _, one := range found {
				o, titleErr := names.obligation(one, q.On)
				late, lateErr := l.app.late(conn, one.Stream)
				if err = cmp.Or(err, titleErr, lateErr); err != nil {
					break
				}
				o.Late = late.mark(one.Of) != ""
				line := dueLine{obligation: o, remindedLate: late.mark(one.RemindedBy) != ""}
				if q.contacts {
					line.contacts, err = l.contacts(ctx, conn, one.By, q)
				}
				if err = cmp.Or(err, each(line)); err != nil {
					break
				}
			}
			return len(found), next, err
		})
	})
}

func (n *names) obligation(o obligations.Obligation, on edtf.Date) (obligation, error) {
	title, err := n.of(o.Stream)
	by, byErr := n.orNone(string(o.By))
	to, toErr := n.orNone(string(o.To))
	return obligation{
		On: o.On, Kind: o.Kind, Rule: o.Rule, Stream: o.Stream, Title: title, Of: o.Of, Key: o.Key,
		By: o.By, ByName: by, To: o.To, ToName: to, What: o.What, Passed: o.Passed(on),
		Reminded: o.Reminded, RemindedBy: o.RemindedBy, RecordedAt: es.FormatInstant(o.Since.Recorded),
	}, cmp.Or(err, byErr, toErr)
}

// orNone is [names.of], "" for nobody.
func (n *names) orNone(id string) (string, error) {
	if id == "" {
		return "", nil
	}
	return n.of(id)
}
