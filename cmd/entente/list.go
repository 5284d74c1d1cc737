package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/export"
	"github.com/entente-ledger/entente/projections/parties"
	"github.com/entente-ledger/entente/projections/register"
)

func (a *app) listCommand() *cobra.Command {
	var f register.Filter
	var phase, kind, member, theme, sort string
	c := &cobra.Command{
		Use:   "list",
		Short: "List the register of agreements; `list parties` lists parties",
		Example: "  entente list --phase in_force --as-of 2019-11\n" +
			"  entente list --party party-5a --sort entry",
	}
	flags := c.PersistentFlags()
	flags.IntVar(&f.Limit, "limit", 0, "at most so many; 0: all")
	own := c.Flags()
	on := asOf(c, "phases are given")
	own.StringVar(&phase, "phase", "", "only those in this phase: "+strings.Join(memorandum.Phase("").Words(), ", "))
	own.StringVar(&kind, "kind", "", "only those of this kind: "+strings.Join(memorandum.Kind("").Words(), ", "))
	own.StringVar(&member, "party", "", "only those of this party (its id or the beginning of it)")
	own.StringVar(&theme, "theme", "", "only those with this theme")
	own.StringVar(&sort, "sort", "title", "title or entry (into force)")
	a.axes(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		var err error
		if f.On, err = on(); err != nil {
			return err
		}
		if err := terms.First(readFlag("--phase", phase, &f.Phase),
			readFlag("--kind", kind, &f.Kind), readFlag("--theme", theme, &f.Theme)); err != nil {
			return err
		}
		switch sort {
		case "title":
		case "entry":
			f.Sort = register.ByEntry
		default:
			return usage(fmt.Sprintf("--sort %q is not an order", sort), "title or entry")
		}
		return a.reading(cmd.Context(), func(l reading) error {
			if member != "" {
				full, err := l.resolve(cmd.Context(), member)
				if err != nil {
					return err
				}
				f.Party = terms.PartyID(full)
			}
			return l.ask(cmd.Context(), func(d answering) error { return a.printRegister(d, f) })
		})
	}
	c.AddCommand(a.listPartiesCommand(&f.Limit))
	return c
}

// asOf adds the flag --as-of, as of which something is done, and returns what reads it.
func asOf(c *cobra.Command, what string) (read func() (edtf.Date, error)) {
	text := c.Flags().String("as-of", "", "date as of which "+what+", EDTF (default: today)")
	return func() (day edtf.Date, err error) {
		err = readDate(*text, &day)
		return day, err
	}
}

// readDate reads a date from a flag; none is today.
func readDate(text string, into *edtf.Date) error {
	if text == "" {
		*into = today()
		return nil
	}
	d, err := edtf.Parse(text)
	if err != nil {
		return es.Invalid("cli.bad_date", err.Error(), "an EDTF date such as 2019-11 or 2019-11-30")
	}
	*into = d
	return nil
}

// readFlag reads a value of a closed vocabulary from a flag; none is none.
func readFlag(flag, text string, into interface{ UnmarshalText([]byte) error }) error {
	if text == "" {
		return nil
	}
	if err := into.UnmarshalText([]byte(text)); err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	return nil
}

func (a *app) printRegister(d answering, f register.Filter) error {
	t := table{head: []string{"ID", "KIND", "TITLE", "PHASE", "IN FORCE FROM", "PARTIES"}}
	err := printAll(a, d.AllAgreements(f), func(one answers.Agreement) {
		t.add(short(one.ID)+mark(one.Late), string(one.Kind), one.Title.Value, certainty(one.Phase, one.Perhaps), inForce(one), partiesOf(one))
	})
	if err != nil || a.json {
		return err
	}
	if len(t.rows) == 0 {
		return a.printf("no agreements\n")
	}
	return a.printMarked(t)
}

// certainty puts what certainly holds and what perhaps holds into words.
func certainty[S ~string](certain S, perhaps []S) string {
	words := []string{}
	for _, p := range slices.Compact(slices.Clone(perhaps)) {
		if p != certain {
			words = append(words, string(p))
		}
	}
	switch {
	case len(words) == 0:
		return cmp.Or(string(certain), "-")
	case certain == "":
		return "perhaps " + strings.Join(words, " or ")
	default:
		return string(certain) + ", perhaps " + strings.Join(words, " or ")
	}
}

// inForce says from when an agreement is in force.
func inForce(a answers.Agreement) string {
	switch a.InForce {
	case edtf.No:
		return "-"
	case edtf.Maybe:
		return "undecidable"
	case edtf.Yes:
	}
	return cmp.Or(a.InForceFrom.String(), "unknown date")
}

// partiesOf names the first parties to an agreement, and counts the others.
func partiesOf(a answers.Agreement) string {
	const shown = 3
	var all []string
	for _, p := range a.Parties[:min(shown, len(a.Parties))] {
		all = append(all, p.Name)
	}
	if more := len(a.Parties) - shown; more > 0 {
		all = append(all, fmt.Sprintf("and %d more", more))
	}
	if a.Unnamed > 0 {
		all = append(all, fmt.Sprintf("%d not named", a.Unnamed))
	}
	return strings.Join(all, ", ")
}

func (a *app) listPartiesCommand(limit *int) *cobra.Command {
	var kind, country string
	c := &cobra.Command{
		Use:   "parties",
		Short: "List the parties",
	}
	c.Flags().StringVar(&kind, "kind", "", "only those of this kind: "+strings.Join(party.Kind("").Words(), ", "))
	c.Flags().StringVar(&country, "country", "", "only those of this country, an ISO 3166-1 code such as GR")
	c.Args = sentence(cobra.NoArgs)
	a.axes(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		var f parties.Filter
		if err := terms.First(readFlag("--kind", kind, &f.Kind), readFlag("--country", country, &f.Country)); err != nil {
			return err
		}
		f.Limit, f.Whole = *limit, a.format == export.GeoJSON
		return a.reading(cmd.Context(), func(l reading) error {
			return l.ask(cmd.Context(), func(d answering) error { return a.printParties(d, f) })
		})
	}
	return c
}

func (a *app) printParties(d answering, f parties.Filter) error {
	if a.json && f.Whole {
		return printAll(a, d.AllWholeParties(f), nil)
	}
	t := table{head: []string{"ID", "KIND", "COUNTRY", "NAME"}}
	err := printAll(a, d.AllParties(f), func(p answers.PartyLine) {
		t.add(short(p.ID), string(p.Kind), string(p.Country), p.Name.Value)
	})
	if err != nil || a.json {
		return err
	}
	return a.printTable(t)
}
