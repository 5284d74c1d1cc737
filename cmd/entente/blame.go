package main

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/answers"
)

func (a *app) blameCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "blame ID",
		Short:   "Show which event last set each field of an agreement, party, network or action plan",
		Long:    "blame shows each field of what `show ID --json` says and that is not empty, and the event that last set it.",
		Example: "  entente blame memorandum-f6 --as-of 2019-11",
		Args:    cobra.ExactArgs(1),
	}
	on := asOf(c, "it is shown")
	c.RunE = func(cmd *cobra.Command, args []string) error {
		return a.withSubject(cmd.Context(), args, on, func(s subject) error { return s.blame(cmd.Context()) })
	}
	return c
}

func (s subject) blame(ctx context.Context) error {
	all, err := s.desk.Blame(ctx, s.id, s.on)
	if err != nil {
		return err
	}
	t := table{head: []string{"FIELD", "VALUE", "EVENT", "RECORDED", "BY", "SOURCE"}}
	for _, f := range all {
		recorded, actor, cited := "-", "-", "-"
		for _, e := range f.By {
			recorded, actor, cited = instant(e.Recorded), e.Actor, source(e.Source)
		}
		if err := s.print(&t, f, shortPath(f.Field), dash(f.Text), dash(numbered(f.By)), recorded, actor, cited); err != nil {
			return err
		}
	}
	return s.finish(t)
}

// subject is what is shown, as of a date, by several states of knowledge.
type subject struct {
	app  *app
	desk answering
	id   string // "" if everything is meant
	on   edtf.Date
}

// withSubject calls use with what the argument names, if there is one.
func (a *app) withSubject(ctx context.Context, args []string, on func() (edtf.Date, error), use func(s subject) error) error {
	day, err := on()
	if err != nil {
		return err
	}
	return a.reading(ctx, func(l reading) (err error) {
		s := subject{app: a, on: day}
		for _, arg := range args {
			if s.id, err = l.resolve(ctx, arg); err != nil {
				return err
			}
			if !slices.Contains(answers.Compared(), kindOfStream(s.id)) {
				return es.Invalid("cli.not_compared", short(s.id)+" has no fields that follow from its events",
					"one of "+strings.Join(answers.Compared(), ", ")+"; `entente history` shows the events of the others")
			}
		}
		if s.id != "" {
			if err := l.there(ctx, s.id); err != nil {
				return err
			}
		}
		return l.ask(ctx, func(d answering) error {
			s.desk = d
			return use(s)
		})
	})
}

// numbered names events by their sequences and types.
func numbered(events []answers.Setter) string {
	return strings.Join(objects(events, func(e answers.Setter) string { return strconv.FormatUint(e.Sequence, 10) + " " + e.Type }), ", ")
}
