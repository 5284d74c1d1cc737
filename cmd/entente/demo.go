package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/cmd/entente/cases"
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/register"
)

// demoActor is who records the cases, unless somebody says otherwise.
const demoActor = "demo"

func (a *app) demoCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Record real agreements between cities, and show what the ledger makes of them",
		Long: "Record real agreements between cities, with facts read out of public texts, and show the register, one\n" +
			"agreement's history, and what a person should look at. Run again, it records nothing new.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			actor := a.actor
			if actor == "" {
				actor = demoActor
			}
			if a.origin == "" {
				a.origin = "entente.invalid/demo"
			}
			return a.withLedger(cmd.Context(), actor, func(l *opened) error {
				shown, recorded, err := l.play(cmd.Context(), actor)
				if err != nil {
					return err
				}
				if err := l.catchUp(cmd.Context()); err != nil {
					return err
				}
				return l.account(cmd.Context(), shown, recorded)
			})
		},
	}
}

// play records the cases. It returns the agreement of which the history is to
// be shown, and how many events are new.
func (l *opened) play(ctx context.Context, actor string) (shown string, recorded int, err error) {
	all, err := cases.Load()
	if err != nil {
		return "", 0, err
	}
	seed, err := cases.Seed()
	if err != nil {
		return "", 0, err
	}
	rows := 0
	for _, c := range all {
		rows += len(c.Rows)
	}
	bar := l.app.bar(rows, "recording")
	r := cases.NewResolver()
	for _, c := range all {
		for _, row := range c.Rows {
			cmd, err := r.Command(c, row)
			if err != nil {
				return "", recorded, err
			}
			cmd.Actor = actor
			if person, ok := seed[row.Key]; ok {
				if cmd.Payload, err = l.commit(ctx, cmd, person); err != nil {
					return "", recorded, err
				}
			}
			res, err := l.Do(ctx, cmd)
			if err != nil {
				return "", recorded, fmt.Errorf("case %s, row %s: %w", c.Name, row.Key, err)
			}
			if !res.Repeated {
				recorded += len(res.Events)
			}
			if err := bar.Add(1); err != nil {
				return "", recorded, fmt.Errorf("show progress: %w", err)
			}
		}
	}
	return r.Stream(cases.Shown), recorded, bar.Finish()
}

// bar returns a progress bar, which shows on a terminal only.
func (a *app) bar(steps int, what string) *progressbar.ProgressBar {
	file, ok := a.errs.(*os.File)
	visible := ok && term.IsTerminal(int(file.Fd())) && !a.json
	return progressbar.NewOptions(steps, progressbar.OptionSetWriter(a.errs), progressbar.OptionSetVisibility(visible),
		progressbar.OptionSetDescription(what), progressbar.OptionClearOnFinish(), progressbar.OptionShowCount())
}

// account prints what the ledger makes of the cases.
func (l *opened) account(ctx context.Context, shown string, recorded int) error {
	p := &printer{app: l.app}
	section := func(title string, body func() error) {
		if p.err == nil && !l.app.json {
			p.line("")
			p.line("%s", title)
			p.line("%s", strings.Repeat("-", len(title)))
		}
		if p.err == nil {
			p.err = body()
		}
	}
	if !l.app.json {
		p.line("%d new events are recorded in %s", recorded, l.app.data)
	}
	section("The register, as of today", func() error {
		return l.read(ctx, func(conn *sqlite.Conn) error { return l.app.printRegister(conn, register.Filter{On: today()}, 0) })
	})
	section("The history of one agreement", func() error { return l.printHistory(ctx, shown) })
	section("What a person should look at", func() error { return l.printFindings(ctx, findings.Filter{}, 0) })
	return p.err
}
