package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/audit"
	"github.com/entente-ledger/entente/infra/eventstore"
	"github.com/entente-ledger/entente/infra/tlog"
)

// verification is what is to be verified.
type verification struct {
	full, views, repair bool
	key                 string
	checkpoints         []string
}

// damagedError says that a verification found damage. Its exit code is 1.
type damagedError int64

func (e damagedError) Error() string {
	if e == 1 {
		return "one damage was found"
	}
	return fmt.Sprintf("%d damages were found", int64(e))
}

func (a *app) verifyCommand() *cobra.Command {
	var v verification
	c := &cobra.Command{
		Use:   "verify",
		Short: "Verify that the ledger still is what was sealed of it",
		Long: "Verify the structure of every stream, that every event is, byte for byte, the one that was sealed, every tile of\n" +
			"the transparency log, every checkpoint ever kept, and every document against its hash. Each damage is named with\n" +
			"its event, stream and revision; the exit code is 0 only if there is none, and 1 if there is any.\n\n" +
			"Without --full, events before the last verification of everything that found no damage are passed over. Who can\n" +
			"write into the folder of the ledger can make a verification without --full pass over anything, and can replace the\n" +
			"key there: with --key and --checkpoint, copies that you kept elsewhere, nothing rests on that folder.\n\n" +
			"--views makes the views anew in a temporary folder and compares them; --repair then replaces those that differ.",
		Example: "  entente verify\n  entente verify --full --key log.vkey --checkpoint last-year.checkpoint\n  entente verify --views --repair",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if v.repair && !v.views {
				return usage("only views can be repaired", "--views --repair")
			}
			return a.with(cmd.Context(), ledger.Opening{}, func(l *opened) error { return l.verify(cmd.Context(), v) }, eventstore.ReadOnly())
		},
	}
	flags := c.Flags()
	flags.BoolVar(&v.full, "full", false, "verify everything, whatever was verified before")
	flags.StringVar(&v.key, "key", "", "file with the public key of the log (default: the one in the folder)")
	flags.StringArrayVar(&v.checkpoints, "checkpoint", nil, "file with a checkpoint that you kept, of which the log must be a continuation; can be repeated")
	flags.BoolVar(&v.views, "views", false, "compare the views with others made anew")
	flags.BoolVar(&v.repair, "repair", false, "make the views anew if they differ")
	return c
}

// checked is what a verification found, as JSON: its last line.
type checked struct {
	From        int64       `json:"from"`
	Events      int64       `json:"events"`
	Sealed      int64       `json:"sealed"`
	Root        string      `json:"root"`
	Checkpoints int64       `json:"checkpoints"`
	Documents   int64       `json:"documents"`
	Absent      int64       `json:"absent"`
	Views       *viewsWhole `json:"views"` // null if they were not looked at
	Damaged     int64       `json:"damaged"`
}

type viewsWhole struct {
	Events   int64 `json:"events"`
	Tables   int   `json:"tables"`
	Rows     int64 `json:"rows"`
	Repaired bool  `json:"repaired"`
}

func (l *opened) verify(ctx context.Context, v verification) error {
	a := l.app
	cfg, err := l.auditing(v)
	if err != nil {
		return err
	}
	progress, finish := a.steps()
	defer finish()
	told := func(p audit.Progress) { progress(p.Step, int(p.Done), int(p.Total)) }
	report, err := audit.Verify(ctx, cfg, told)
	if err != nil {
		return err
	}
	sum := checked{
		report.From, report.Events, report.Sealed, hex.EncodeToString(report.Root[:]), report.Checkpoints, report.Documents, report.Absent, nil, report.Damaged,
	}
	damages := report.Damages
	beside, err := l.verifySurroundings(ctx)
	if err != nil {
		return err
	}
	damages = append(damages, beside...)
	sum.Damaged += int64(len(beside))
	if v.views {
		views, found, err := l.verifyViews(ctx, v.repair, told)
		if err != nil {
			return err
		}
		sum.Views = &views
		sum.Damaged += found.Damaged
		damages = append(damages, found.Damages...)
	}
	finish()
	if err := a.printDamages(damages); err != nil {
		return err
	}
	if err := a.printSummary(sum); err != nil {
		return err
	}
	if sum.Damaged > 0 {
		return damagedError(sum.Damaged)
	}
	return nil
}

// auditing returns what is to be verified of the ledger.
func (l *opened) auditing(v verification) (audit.Config, error) {
	a := l.app
	cfg := audit.Config{
		Store: l.Store(), Ledger: l.ID, Log: a.logDir(), Full: v.full,
		Documents: filepath.Join(a.data, "documents"), Memory: filepath.Join(a.data, "verified"),
	}
	keys, err := a.keys()
	if v.key != "" {
		var text []byte
		if text, err = readNamed(v.key, "the key"); err == nil {
			keys, err = tlog.ParseVerifier(text)
		}
	}
	if err != nil && (v.key != "" || !errors.Is(err, es.ErrNotFound) && !errors.Is(err, es.ErrInvalid)) {
		return cfg, err
	}
	// Without a key in the folder, a checkpoint that there is nevertheless is a damage.
	cfg.Checkpoint = func(note []byte) (tlog.Checkpoint, error) {
		if err != nil {
			return tlog.Checkpoint{}, err
		}
		return keys.Checkpoint(note)
	}
	cfg.Kept = func(r es.Record) (tlog.Checkpoint, error) {
		if err != nil {
			return tlog.Checkpoint{}, err
		}
		if chain, ok := keys.(tlog.Chain); ok {
			return chain.Stored(r)
		}
		return tlog.KeptCheckpoint(r, keys)
	}
	for _, file := range v.checkpoints {
		text, err := readNamed(file, "the checkpoint")
		if err != nil {
			return cfg, err
		}
		c, err := cfg.Checkpoint(text)
		if err != nil {
			return cfg, fmt.Errorf("read %s: %w", file, err)
		}
		cfg.Earlier = append(cfg.Earlier, c)
	}
	return cfg, nil
}

// verifyViews compares the views, and makes them anew if that is wanted and needed.
func (l *opened) verifyViews(ctx context.Context, repair bool, told func(audit.Progress)) (viewsWhole, audit.ViewsReport, error) {
	err := l.catchUp(ctx)
	if err != nil && !errors.Is(err, es.ErrCorrupt) {
		return viewsWhole{}, audit.ViewsReport{}, err
	}
	var r audit.ViewsReport
	if err != nil {
		r = audit.ViewsReport{Damages: []audit.Finding{{Code: "audit.views_damaged", Message: err.Error()}}, Damaged: 1}
	} else if r, err = audit.VerifyViews(ctx, l.Store(), l.app.viewsDir(), told); err != nil {
		return viewsWhole{}, r, err
	}
	whole := viewsWhole{Events: r.Events, Tables: r.Tables, Rows: r.Rows}
	if r.Damaged == 0 || !repair {
		return whole, r, nil
	}
	runner, err := l.runner(nil)
	if err != nil {
		return whole, r, err
	}
	whole.Repaired = true
	return whole, r, errors.Join(runner.Rebuild(ctx), runner.Close())
}

// printDamages prints each on a line.
func (a *app) printDamages(damages []audit.Finding) error {
	p := &printer{app: a}
	for _, d := range damages {
		if a.json {
			if err := a.printJSON(d); err != nil {
				return err
			}
			continue
		}
		p.line("%s: %s%s", d.Code, whereOf(d.Event), d.Message)
	}
	return p.err
}

// whereOf names an event for people, and is empty if there is none.
func whereOf(e *audit.Event) string {
	if e == nil || e.Stream == "" {
		return ""
	}
	text := fmt.Sprintf("%s at revision %d", e.Stream, e.Revision)
	if e.Type != "" {
		text = e.Type + " of " + text
	}
	if e.ID != uuid.Nil {
		text += fmt.Sprintf(" (%s)", e.ID)
	}
	if e.Sequence >= 0 {
		text = fmt.Sprintf("event %d, %s", e.Sequence, text)
	}
	return text + ": "
}

func (a *app) printSummary(c checked) error {
	if a.json {
		return a.printJSON(c)
	}
	p := &printer{app: a}
	if c.From > 0 {
		p.line("events before %d were verified earlier; --full verifies them again", c.From)
	}
	p.line("verified %d events, %d checkpoints and %d documents", c.Events-c.From, c.Checkpoints, c.Documents)
	if c.Sealed > 0 {
		p.line("sealed are %d events, with the root %s", c.Sealed, c.Root)
	} else {
		p.line("nothing is sealed: that events were not changed cannot be shown")
	}
	if n := c.Events - c.Sealed; n > 0 && c.Sealed > 0 {
		p.line("%d events are not sealed yet", n)
	}
	if c.Absent > 0 {
		p.line("%d documents are known by their hash alone, and not kept here", c.Absent)
	}
	if v := c.Views; v != nil {
		p.line("compared %d rows in %d tables of the views, of %d events", v.Rows, v.Tables, v.Events)
		if v.Repaired {
			p.line("the views were made anew")
		}
	}
	if c.Damaged == 0 {
		p.line("no damage was found")
	}
	return p.err
}
