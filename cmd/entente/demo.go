package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/cmd/entente/cases"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/vault"
)

// demoActor is who records the cases, unless somebody says otherwise.
const demoActor = "demo"

func (a *app) demoCommand() *cobra.Command {
	var serve bool
	o := hosting{rate: defaultRate, verifyEvery: defaultVerify}
	c := &cobra.Command{
		Use:   "demo",
		Short: "Record real agreements between cities, and show what the ledger makes of them",
		Long: "Record real agreements between cities, with facts read out of public texts, and show the register, one\n" +
			"agreement's history, and what a person should look at. Run again, it records nothing new. With --serve the ledger\n" +
			"is served over HTTP then, as `entente serve` does.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			actor := a.actor
			if actor == "" {
				actor = demoActor
			}
			if a.origin == "" {
				a.origin = "entente.invalid/demo"
			}
			err := a.withLedger(cmd.Context(), actor, func(l *opened) error {
				all, shown, recorded, err := l.play(cmd.Context(), actor)
				if err != nil {
					return err
				}
				if err := l.catchUp(cmd.Context()); err != nil {
					return err
				}
				return l.account(cmd.Context(), all, shown, recorded)
			})
			if err != nil || !serve {
				return err
			}
			return a.serve(cmd.Context(), o)
		},
	}
	c.Flags().BoolVar(&serve, "serve", false, "serve the ledger over HTTP when it is recorded, until interrupted")
	c.Flags().StringVar(&o.listen, "listen", defaultListen, "with --serve: address to listen on")
	return c
}

// play records the cases. It returns them with what they led to, the agreement
// of which the history is to be shown, and how many events are new.
func (l *opened) play(ctx context.Context, actor string) (all []played, shown string, recorded int, err error) {
	texts, err := cases.Load()
	if err != nil {
		return nil, "", 0, err
	}
	seed, err := cases.Seed()
	if err != nil {
		return nil, "", 0, err
	}
	rows := 0
	for _, c := range texts {
		rows += len(c.Rows)
	}
	bar := l.app.bar(rows, "recording")
	r := cases.NewResolver()
	for _, c := range texts {
		p := played{Case: c}
		for _, row := range c.Rows {
			res, err := l.playRow(ctx, r, c, row, seed, actor)
			if err != nil {
				return nil, "", recorded, err
			}
			p.results = append(p.results, res)
			if !res.Repeated {
				recorded += len(res.Events)
			}
			if err := bar.Add(1); err != nil {
				return nil, "", recorded, fmt.Errorf("show progress: %w", err)
			}
		}
		all = append(all, p)
	}
	return all, r.Stream(cases.Shown), recorded, bar.Finish()
}

// playRow records one row of a case.
func (l *opened) playRow(ctx context.Context, r *cases.Resolver, c cases.Case, row cases.Row, seed map[string]vault.Entry, actor string) (es.Result, error) {
	cmd, err := r.Command(c, row)
	if err != nil {
		return es.Result{}, err
	}
	cmd.Actor = actor
	if person, ok := seed[row.Key]; ok {
		if cmd.Payload, err = l.commit(ctx, cmd, person); err != nil {
			return es.Result{}, err
		}
	}
	res, err := l.Do(ctx, cmd)
	if err != nil {
		return es.Result{}, fmt.Errorf("case %s, row %s: %w", c.Name, row.Key, err)
	}
	return res, nil
}
