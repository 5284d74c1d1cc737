package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

func (a *app) reportCommand() *cobra.Command {
	var from, to, network, party, format string
	c := &cobra.Command{
		Use:   "report --from DAY --to DAY",
		Short: "Report what happened within a span of days: who signed, joined and left, what entered into force and ended",
		Long: "report lists what recorded facts say that happened from one day to another, both included: days such as\n" +
			"2019-03-31, months or years. What partial or missing dates, or disputes, leave open is listed apart as what\n" +
			"perhaps happened then, and is in no count. What is overdue is so as of the last day. With --as-known or\n" +
			"--as-recorded it is the report as it would have been given then.\n" +
			"An agreement is signed when the first of its parties signs it, and ends once, whatever ends it.",
		Example: "  entente report --from 2019 --to 2019\n" +
			"  entente report --from 2018-07-01 --to 2019-06-30 --network 'Strong Cities Network' --format markdown\n" +
			"  entente report --from 2019 --to 2019 --as-known 2020-01-31T00:00:00Z --format csv",
	}
	flags := c.Flags()
	flags.StringVar(&from, "from", "", "first day, or the month or year that begins with it")
	flags.StringVar(&to, "to", "", "last day, or the month or year that ends with it")
	flags.StringVar(&network, "network", "", "only what is about this network (its id, the beginning of that, or a title)")
	flags.StringVar(&party, "party", "", "only what is about this party (its id or the beginning of it)")
	flags.StringVar(&format, "format", "text", "text, markdown or csv")
	read := a.spanOfDays(c, &from, &to, &format, "text", "markdown", "csv")
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		w, err := read()
		if err == nil && (from == "" || to == "") {
			err = usage("a report is of a span of days", "--from and --to, such as --from 2019 --to 2019")
		}
		if err == nil && network != "" && party != "" {
			err = usage("--network and --party do not go together", "one of them")
		}
		if err != nil {
			return err
		}
		ctx := cmd.Context()
		return a.reading(ctx, func(l reading) error {
			if w.About, err = aboutOf(ctx, l, network, party); err != nil {
				return err
			}
			return l.ask(ctx, func(d answering) error { return a.printReport(d, w, format) })
		})
	}
	return c
}

// spanOfDays adds the time axes to a command about a span, to which the date as
// of which is asked does not apply, and returns what reads the flags; a bound
// that is not given is open.
func (a *app) spanOfDays(c *cobra.Command, from, to, format *string, formats ...string) (read func() (readmodel.Within, error)) {
	a.axes(c)
	c.Flags().String("as-of", "", "")
	_ = c.Flags().MarkHidden("as-of") // it is there
	return func() (readmodel.Within, error) {
		w := readmodel.Within{At: a.at, From: edtf.MinDay, To: edtf.MaxDay}
		if c.Flags().Changed("as-of") {
			return w, es.Invalid("cli.no_as_of", "--as-of does not apply to a span of days", "--from and --to; or --as-known, --as-recorded")
		}
		if !slices.Contains(formats, *format) {
			return w, usage(fmt.Sprintf("--format %.40q is not known", *format), strings.Join(formats, ", "))
		}
		if a.json && *format != formats[0] {
			return w, usage("--json and --format "+*format+" do not go together", "one of them")
		}
		var first, last edtf.Date
		if err := terms.First(readBound("--from", *from, &first), readBound("--to", *to, &last)); err != nil {
			return w, err
		}
		w.From, w.To = first.Earliest(), last.Latest()
		if w.From > w.To {
			return w, es.Invalid("cli.bad_span", "--from "+*from+" is after --to "+*to, "a first day that is not after the last")
		}
		return w, nil
	}
}

var plainDate = regexp.MustCompile(`^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$`)

// readBound reads a day, month or year without doubt from a flag; none is
// unknown.
func readBound(flag, text string, into *edtf.Date) error {
	if text == "" {
		return nil
	}
	d, err := edtf.Parse(text)
	if err != nil || !plainDate.MatchString(text) {
		return es.Invalid("cli.bad_date", fmt.Sprintf("%s %.40q is not a plain day, month or year", flag, text), "2019, 2019-03 or 2019-03-31")
	}
	*into = d
	return nil
}

// aboutOf returns the id of the network or party that is named, "" if none is.
func aboutOf(ctx context.Context, l reading, network, party string) (string, error) {
	switch {
	case network != "":
		return l.resolveNetwork(ctx, network)
	case party == "":
		return "", nil
	}
	id, err := l.resolve(ctx, party)
	if kind := kindOfStream(id); err == nil && kind != "party" && kind != "network" {
		return "", usage(fmt.Sprintf("--party %.60s is not a party", id), "the id of a party or network, as in `entente list parties`")
	}
	return id, err
}
