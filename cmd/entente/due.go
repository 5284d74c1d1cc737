package main

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"

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
	// Late says that the event that determines it was recorded after the instant
	// as known at which is answered.
	Late bool `json:"recordedLater"`
	// RecordedAt is when it came to stand so.
	RecordedAt string `json:"recordedAt"`
}

func (a *app) dueCommand() *cobra.Command {
	var within, by string
	var overdue bool
	var limit int
	c := &cobra.Command{
		Use:   "due",
		Short: "Show what falls due: duties, deadlines, terms that end, notice that runs out",
		Example: "  entente due --within 90d\n" +
			"  entente due --overdue --by party-5a",
	}
	flags := c.Flags()
	flags.StringVar(&within, "within", "90d", "from the date on: days, weeks, months or years (90d, 6w, 3m, 2y)")
	flags.BoolVar(&overdue, "overdue", false, "duties that were not met in time instead")
	flags.StringVar(&by, "by", "", "only those of this party (its id or the beginning of it): what it owes, and what is owed to it")
	on := asOf(c, "it is asked")
	flags.IntVar(&limit, "limit", 0, "at most so many; 0: all")
	a.axes(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		day, err := on()
		if err != nil {
			return err
		}
		f := obligations.Filter{At: a.at, Open: true}
		if overdue {
			f.Overdue = day
		} else {
			span, err := readSpan(within)
			if err != nil {
				return err
			}
			f.From, f.To = day, edtf.OfDay(day.Latest().Add(span))
		}
		return a.withReader(cmd.Context(), func(l *opened) error {
			if by != "" {
				full, err := l.resolve(cmd.Context(), by)
				if err != nil {
					return err
				}
				f.Party = terms.PartyID(full)
			}
			return l.read(cmd.Context(), func(conn *sqlite.Conn) error { return a.printDue(conn, f, day, limit) })
		})
	}
	return c
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

func (a *app) printDue(conn *sqlite.Conn, f obligations.Filter, on edtf.Date, limit int) error {
	t := table{head: []string{"DUE", "WHAT", "OF", "ID", "BY", "TO"}}
	names := names{conn: conn, at: a.at}
	err := pages(limit, func(limit int, after string) (int, string, error) {
		f.Limit, f.After = limit, after
		found, next, err := obligations.List(conn, f)
		for _, one := range found {
			line, titleErr := names.obligation(one, on)
			all, lateErr := a.late(conn, one.Stream)
			if err = cmp.Or(err, titleErr, lateErr); err != nil {
				break
			}
			line.Late = all.mark(one.Of) != ""
			if a.json {
				err = a.printJSON(line)
				continue
			}
			addDue(&t, line)
		}
		return len(found), next, err
	})
	if err != nil || a.json {
		return err
	}
	if len(t.rows) == 0 {
		return a.printf("nothing is due\n")
	}
	return a.printMarked(t)
}

func (n *names) obligation(o obligations.Obligation, on edtf.Date) (obligation, error) {
	title, err := n.of(o.Stream)
	by, byErr := n.orNone(string(o.By))
	to, toErr := n.orNone(string(o.To))
	return obligation{
		On: o.On, Kind: o.Kind, Rule: o.Rule, Stream: o.Stream, Title: title, Of: o.Of, Key: o.Key,
		By: o.By, ByName: by, To: o.To, ToName: to, What: o.What, Passed: o.Passed(on), RecordedAt: es.FormatInstant(o.Since.Recorded),
	}, cmp.Or(err, byErr, toErr)
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

func addDue(t *table, o obligation) {
	day := o.On.String()
	if o.Passed == edtf.Maybe {
		day += " (perhaps over)"
	}
	if o.Late {
		day += "*"
	}
	t.add(day, o.summary(), o.Title, short(o.Stream), o.ByName, o.ToName)
}

// orNone is [names.of], "" for nobody.
func (n *names) orNone(id string) (string, error) {
	if id == "" {
		return "", nil
	}
	return n.of(id)
}
