package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/intake"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// importLine is an import, as JSON.
type importLine struct {
	ID       string `json:"id"`
	Register string `json:"register"`
	Title    string `json:"title"`
	File     string `json:"file"`
	Hash     string `json:"sha256"`
	Snapshot string `json:"snapshot"`
	Recorded string `json:"recordedAt"`
	Actor    string `json:"actor"`
	Annulled bool   `json:"annulled"`
}

func (a *app) importListCommand() *cobra.Command {
	c := &cobra.Command{Use: "list", Short: "Show the files that were imported, register by register", Args: sentence(cobra.NoArgs)}
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		return a.withReader(cmd.Context(), func(l *opened) error {
			all, err := l.snapshots(cmd.Context())
			if err != nil {
				return err
			}
			return a.printImports(all)
		})
	}
	return c
}

func (a *app) printImports(all []intake.Snapshot) error {
	t := table{head: []string{"IMPORT", "REGISTER", "FILE", "SNAPSHOT OF", "RECORDED", "BY", ""}}
	for _, s := range all {
		if a.json {
			err := a.printJSON(importLine{
				s.ID.String(), s.Register, s.Title.Value, s.File.Name, string(s.File.Hash), s.AsOf.String(), es.FormatInstant(s.Recorded), s.Actor, s.Annulled,
			})
			if err != nil {
				return err
			}
			continue
		}
		state := ""
		if s.Annulled {
			state = "annulled"
		}
		t.add(s.ID.String()[:shortImport], s.Title.Value, s.File.Name, s.AsOf.String(), s.Recorded.Format("2006-01-02 15:04"), s.Actor, state)
	}
	if a.json {
		return nil
	}
	if len(all) == 0 {
		return a.printf("nothing was imported\n")
	}
	return a.printTable(t)
}

// shortImport is how much of an import's id is shown in a table.
const shortImport = 8

// snapshots returns all imports, register by register.
func (l *opened) snapshots(ctx context.Context) ([]intake.Snapshot, error) {
	var registers []string
	err := l.read(ctx, func(conn *sqlite.Conn) error {
		log, from := history.Log{Conn: conn, Store: l.Store()}, uint64(0)
		for {
			lines, err := log.Type(ctx, "source.file_attached", from, readmodel.MaxLimit)
			if err != nil || len(lines) == 0 {
				return err
			}
			for _, one := range lines {
				from = one.Sequence + 1
				if one.Backfill && !slices.Contains(registers, one.Stream) {
					registers = append(registers, one.Stream)
				}
			}
		}
	})
	if err != nil {
		return nil, err
	}
	var all []intake.Snapshot
	for _, register := range registers {
		of, err := intake.Snapshots(ctx, l.Store(), register)
		if err != nil {
			return nil, err
		}
		all = append(all, of...)
	}
	return all, nil
}

func (a *app) importAnnulCommand() *cobra.Command {
	var reason string
	var yes bool
	c := &cobra.Command{
		Use:   "annul ID",
		Short: "Take a whole import back, by events that void what it recorded",
		Long: "Void every event that an import recorded. The history keeps them; the register is as if the import had never\n" +
			"been. Only the last import of a register can be taken back, and what others recorded since about agreements and\n" +
			"parties that it opened is not shown any more either.",
		Example: "  entente import annul 3f9c --reason 'the wrong file'",
		Args:    sentence(cobra.ExactArgs(1)),
	}
	c.Flags().StringVar(&reason, "reason", "", "why, in a sentence")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if reason == "" {
			return es.Invalid("cli.no_reason", "it is not said why the import is taken back", "--reason with a sentence")
		}
		return a.annul(cmd.Context(), args[0], reason, yes)
	}
	return c
}

// annul takes an import back, once that is confirmed. The question is put while
// the ledger is closed, so that others can record meanwhile.
func (a *app) annul(ctx context.Context, id, reason string, yes bool) error {
	actor, err := a.identity()
	if err != nil {
		return err
	}
	var s intake.Snapshot
	err = a.withReader(ctx, func(l *opened) error {
		s, err = l.snapshot(ctx, id)
		return err
	})
	if err == nil && !yes {
		err = a.confirm(fmt.Sprintf("Take back %s, imported from %s?", s.ID, s.File.Name))
	}
	if err != nil {
		return err
	}
	return a.withExisting(ctx, func(l *opened) error {
		all, err := intake.Snapshots(ctx, l.Store(), s.Register)
		if err != nil {
			return err
		}
		progress, finish := a.steps()
		an := intake.Annulling{Ledger: l.Ledger, Cited: l.cited, Actor: actor, Snapshot: s, Reason: reason, Progress: progress}
		if err := an.Check(all); err != nil {
			return err
		}
		voided, err := an.Run(ctx)
		finish()
		if err != nil {
			return err
		}
		return a.printf("voided %d events of %s\n", voided, s.ID)
	})
}

// snapshot returns the import with an id, which may be shortened.
func (l *opened) snapshot(ctx context.Context, id string) (intake.Snapshot, error) {
	if id == "" {
		return intake.Snapshot{}, usage("it is not said which import", "the id that `entente import list` shows")
	}
	all, err := l.snapshots(ctx)
	if err != nil {
		return intake.Snapshot{}, err
	}
	all = slices.DeleteFunc(all, func(s intake.Snapshot) bool { return !strings.HasPrefix(s.ID.String(), id) })
	switch len(all) {
	case 0:
		return intake.Snapshot{}, es.NotFound("import.unknown", fmt.Sprintf("there is no import %.40q", id))
	case 1:
		return all[0], nil
	}
	return intake.Snapshot{}, es.Invalid("import.ambiguous", fmt.Sprintf("%d imports begin with %.40q", len(all), id), "more of the id")
}
