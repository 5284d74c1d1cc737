package main

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

// reminding is what a reminder is recorded of.
type reminding struct {
	pick     dueFlags
	of       uint64 // only what this event determines, 0: any
	by, sent string
	to       []string
	source   string
	locator  string
	dry      bool
}

func (a *app) remindCommand() *cobra.Command {
	var r reminding
	c := &cobra.Command{
		Use:   "remind AGREEMENT",
		Short: "Record that a reminder was sent of what falls due under an agreement",
		Long: "Record that a reminder was sent of what falls due under an agreement, one for each line that `entente due`\n" +
			"has as of the day on which it was sent: to who owes it, or to whom --to names. It sends nothing. The same\n" +
			"reminder of the same day is recorded once. Of networks, memberships, plans and grants no reminders are kept.",
		Example: "  entente remind memorandum-f6 --overdue\n" +
			"  entente remind memorandum-f6 --within 30d --by party-5a --sent 2026-11-20 --source source-7d --locator 'letter 12'",
	}
	r.pick.add(c)
	flags := c.Flags()
	flags.StringVar(&r.by, "by", "", "only what this party owes (its id or the beginning of it)")
	flags.Uint64Var(&r.of, "of", 0, "only what the event with this revision determines")
	flags.StringVar(&r.sent, "sent", "", "day on which it was sent, EDTF (default: today)")
	flags.StringSliceVar(&r.to, "to", nil, "parties to which it was sent (default: who owes it)")
	flags.StringVar(&r.source, "source", "", "the source that holds the reminder (its id or the beginning of it)")
	flags.StringVar(&r.locator, "locator", "", "where in the source")
	flags.BoolVar(&r.dry, "dry-run", false, "show what would be recorded, record nothing")
	c.Args = cobra.ExactArgs(1)
	c.RunE = func(cmd *cobra.Command, args []string) error {
		actor, err := a.identity()
		if err != nil {
			return err
		}
		var day edtf.Date
		if err := readDate(r.sent, &day); err != nil {
			return err
		}
		if day.HeldBy(today()) == edtf.No {
			return usage(fmt.Sprintf("--sent %s has not come yet", day), "a day that has come")
		}
		return a.withExisting(cmd.Context(), func(l *opened) error { return l.remind(cmd, actor, args[0], day, r) })
	}
	return c
}

// remind records a reminder of each obligation that is picked. All are read
// before the first is recorded.
func (l *opened) remind(c *cobra.Command, actor, given string, day edtf.Date, r reminding) error {
	ctx := c.Context()
	q, event, err := l.reminder(ctx, given, day, r)
	if err != nil {
		return err
	}
	var reminders []memorandum.Notify
	err = l.ask(ctx, func(d answering) error {
		for line, err := range d.AllDue(q.Filter) {
			one := event
			switch {
			case err != nil:
				return err
			case r.of != 0 && uint64(line.Of) != r.of:
				continue
			case len(one.To) == 0 && line.By == "":
				return es.Invalid("cli.no_addressee", fmt.Sprintf("%s on %s concerns nobody in particular", line.Summary(), line.On),
					"--to with the party that was reminded, or --by for what one party owes")
			case len(one.To) == 0:
				one.To = []terms.PartyID{line.By}
			}
			one.Concerning, one.Due = line.Of, line.On
			reminders = append(reminders, one)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(reminders) == 0 && !l.app.json {
		return l.app.printf("nothing is due\n")
	}
	for _, one := range reminders {
		payload, err := json.Marshal(one)
		if err != nil {
			return fmt.Errorf("write the command: %w", err)
		}
		res, err := l.give(c.Context(), actor, r.dry, input{Command: "memorandum.notify", To: q.Stream, Payload: payload})
		if err != nil {
			return err
		}
		if err := l.app.report(res); err != nil {
			return err
		}
	}
	return nil
}

// reminder returns what is asked for, and what all reminders have in common.
func (l *opened) reminder(ctx context.Context, given string, day edtf.Date, r reminding) (q dueQuestion, event memorandum.Notify, err error) {
	if q.Filter, err = r.pick.filter(day); err != nil {
		return q, event, err
	}
	if q.Stream, err = l.resolve(ctx, given); err != nil {
		return q, event, err
	}
	if kind := kindOfStream(q.Stream); kind != "memorandum" {
		return q, event, es.Invalid("cli.no_reminders", "no reminders are kept of a "+kind, "the id of an agreement")
	}
	if q.By, err = partyOf(ctx, l, r.by); err != nil {
		return q, event, fmt.Errorf("--by: %w", err)
	}
	event = memorandum.Notify{Matter: memorandum.MatterReminder, Fact: terms.Fact{Occurred: day}}
	for _, one := range r.to {
		id, err := partyOf(ctx, l, one)
		if err != nil {
			return q, event, fmt.Errorf("--to: %w", err)
		}
		event.To = append(event.To, id)
	}
	if r.source == "" {
		return q, event, nil
	}
	full, err := l.resolve(ctx, r.source)
	if err == nil {
		err = event.Source.ID.UnmarshalText([]byte(full))
	}
	if err != nil {
		return q, event, fmt.Errorf("--source: %w", err)
	}
	event.Source.Locator = r.locator
	return q, event, nil
}
