package main

import (
	"context"
	"fmt"
	"iter"
	"regexp"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections/obligations"
)

// dueQuestion is what is asked of what falls due.
type dueQuestion struct {
	obligations.Filter
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
	flags.IntVar(&q.Limit, "limit", 0, "at most so many; 0: all")
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
		q.grouped = by == "party"
		return a.reading(cmd.Context(), func(l reading) error {
			if !q.grouped {
				if q.By, err = partyOf(cmd.Context(), l, by); err != nil {
					return fmt.Errorf("--by: %w", err)
				}
			}
			if q.Party, err = partyOf(cmd.Context(), l, party); err != nil {
				return fmt.Errorf("--party: %w", err)
			}
			return a.printDue(cmd.Context(), l, q)
		})
	}
	return c
}

// partyOf returns the party or network with an id, which may be shortened; none
// for none.
func partyOf(ctx context.Context, l reading, given string) (id terms.PartyID, err error) {
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

// due yields what falls due, by its last day, with whom to write to if that is
// asked for.
func (q dueQuestion) due(ctx context.Context, d answering) iter.Seq2[answers.Reachable, error] {
	return func(yield func(answers.Reachable, error) bool) {
		for o, err := range d.AllDue(q.Filter) {
			line := answers.Reachable{Obligation: o}
			if err == nil && q.contacts {
				line, err = d.Reachable(ctx, o, q.On)
			}
			if !yield(line, err) || err != nil {
				return
			}
		}
	}
}
