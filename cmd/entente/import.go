package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/export"
	"github.com/entente-ledger/entente/infra/intake"
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// imported is what an import led to, as JSON.
type imported struct {
	ID        string            `json:"id"`
	Register  string            `json:"register"`
	Hash      string            `json:"sha256"`
	DryRun    bool              `json:"dryRun"`
	Rows      int               `json:"rows"`
	Recorded  int               `json:"recorded"`
	Unchanged int               `json:"unchanged"`
	Flagged   int               `json:"flagged"`
	Refused   int               `json:"refused"`
	Events    int               `json:"events"`
	Removed   int               `json:"entriesRemoved"`
	Restored  int               `json:"entriesRestored"`
	Refusals  []importedRefusal `json:"refusals"`
}

type importedRefusal struct {
	Sheet   string `json:"sheet"`
	Row     int    `json:"row"`
	Column  string `json:"column"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Want    string `json:"want"`
}

// importFlags are those of `entente import FILE`.
type importFlags struct {
	mapping, snapshot, known, refused, encoding string
	dry, propose                                bool
}

// shownRefusals is how many rows that were refused are told on the terminal.
const shownRefusals = 20

func (a *app) importCommand() *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "Carry an existing register over: CSV, XLSX or NDJSON, as a mapping says",
		Long: "Record what the rows of a register say, as a mapping (docs/import.md) says what they are. Each row ends as\n" +
			"recorded, unchanged, flagged (recorded, and to be looked at) or refused, with the reason.\n\n" +
			"The same file again records nothing, an import that was interrupted goes on, and a later state of the same\n" +
			"register records what changed in it: what was corrected here since stays corrected.\n\n" +
			"With --propose, it drafts a mapping from the headings and the rows instead, with comments on what to check.",
		Example: "  entente import --propose members.csv > members.yaml\n" +
			"  entente import members.csv --mapping members.yaml --dry-run\n" +
			"  entente import members.csv --mapping members.yaml --snapshot 2026-03-31 --refused refused.csv\n" +
			"  entente import list\n" +
			"  entente import annul 3f9c --reason 'the wrong file'",
		Args: cobra.ExactArgs(1),
	}
	flags := c.Flags()
	flags.BoolVar(&f.propose, "propose", false, "draft a mapping from the file, print it, and import nothing")
	flags.StringVar(&f.encoding, "encoding", "", "with --propose: how a CSV file is encoded, such as windows-1253 (default: utf-8)")
	flags.StringVar(&f.mapping, "mapping", "", "the YAML file that says what the rows and columns are")
	flags.StringVar(&f.snapshot, "snapshot", "", "the date of this state of the register (default: that of knownAt, else today)")
	flags.StringVar(&f.known, "known-at", "", "from when what the rows say is vouched for, as RFC 3339 (default: as the mapping says, else now)")
	flags.StringVar(&f.refused, "refused", "", "write the rows that were refused to this CSV file, with the reason")
	flags.BoolVar(&f.dry, "dry-run", false, "try it on a copy of the ledger, and record nothing")
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if err := f.checkPropose(cmd.Flags().Changed); err != nil {
			return err
		}
		if f.propose {
			return a.propose(cmd.Context(), args[0], f)
		}
		return a.importFile(cmd.Context(), args[0], f)
	}
	c.AddCommand(a.importListCommand(), a.importAnnulCommand())
	return c
}

func (a *app) importFile(ctx context.Context, path string, f importFlags) error {
	if f.mapping == "" {
		return usage("it is not said what the rows are", "--mapping with a YAML file; `entente import --propose FILE` drafts one")
	}
	m, err := intake.ReadMapping(f.mapping)
	if err != nil {
		return err
	}
	actor, err := a.identity()
	if err != nil {
		return err
	}
	c := intake.Config{Actor: actor, Now: time.Now, Mapping: m, Path: path}
	if f.snapshot != "" {
		if c.AsOf, err = edtf.Parse(f.snapshot); err != nil {
			return es.Invalid("cli.bad_date", fmt.Sprintf("--snapshot: %v", err), "a date such as 2026-03-31")
		}
	}
	if f.known != "" {
		if c.Known, err = time.Parse(time.RFC3339, f.known); err != nil {
			return es.Invalid("cli.bad_instant", fmt.Sprintf("--known-at: %.40q is not an instant", f.known), "RFC 3339, such as 2026-03-01T09:30:00Z")
		}
	}
	if f.dry {
		remove, err := a.rehearse(ctx)
		if err != nil {
			return err
		}
		defer remove()
	}
	return a.withLedger(ctx, actor, func(l *opened) error { return l.importFile(ctx, c, f) })
}

func (l *opened) importFile(ctx context.Context, c intake.Config, f importFlags) (err error) {
	if err := l.catchUp(ctx); err != nil {
		return err
	}
	before, err := l.sequence(ctx)
	if err != nil {
		return err
	}
	progress, finish := l.app.steps()
	c.Ledger, c.Directory, c.Cited, c.Progress = l.Ledger, directory{l}, l.cited, progress
	c.Keep = func(ctx context.Context, path string) error {
		hash, _, err := hashOf(path)
		if err != nil {
			return err
		}
		return l.keep(ctx, path, hash)
	}
	res, err := intake.Run(ctx, c)
	finish()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, res.Close()) }()
	if err := l.catchUp(ctx); err != nil {
		return err
	}
	if err := l.flag(ctx, res, before); err != nil {
		return err
	}
	if f.refused != "" {
		if err := writeRefused(ctx, c, res, f.refused); err != nil {
			return err
		}
	}
	return l.app.reportImport(res, f)
}

// sequence returns the sequence of the next event.
func (l *opened) sequence(ctx context.Context) (uint64, error) {
	at, err := l.views.Checkpoint(ctx)
	return at.Events, err
}

// flag counts the rows that led to findings.
func (l *opened) flag(ctx context.Context, res *intake.Result, from uint64) error {
	return l.read(ctx, func(conn *sqlite.Conn) error {
		log := history.Log{Conn: conn, Store: l.Store()}
		filter := findings.Filter{From: from, Accepted: true, Limit: readmodel.MaxLimit}
		for {
			found, next, err := findings.List(conn, filter)
			if err != nil {
				return err
			}
			for _, one := range found {
				for _, place := range one.Events {
					line, err := log.Event(ctx, place.ID)
					if err != nil {
						return err
					}
					if err := res.Flag(line.Source); err != nil {
						return err
					}
				}
			}
			if next == "" {
				return nil
			}
			filter.After = next
		}
	})
}

// writeRefused writes the rows that were refused as they stand in the file,
// with the reason.
func writeRefused(ctx context.Context, c intake.Config, res *intake.Result, path string) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return es.Invalid("cli.bad_file", "the refused rows cannot be written: "+err.Error(), "--refused with the path of a file to write")
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w := csv.NewWriter(file)
	if err := res.WriteRefused(ctx, c, func(cells []string) error {
		for i := range cells {
			cells[i] = export.Guarded(cells[i])
		}
		return w.Write(cells)
	}); err != nil {
		return err
	}
	w.Flush()
	return w.Error()
}

// reportImport says what became of the rows.
func (a *app) reportImport(res *intake.Result, f importFlags) error {
	shown := imported{
		ID: res.ID.String(), Register: res.Register, Hash: res.Hash, DryRun: f.dry, Rows: res.Rows, Recorded: res.Recorded, Unchanged: res.Unchanged,
		Flagged: res.Flagged, Refused: res.Refused, Events: res.Events, Removed: res.Removed, Restored: res.Restored,
	}
	err := res.Refusals(func(r intake.Refusal) error {
		shown.Refusals = append(shown.Refusals, importedRefusal{r.Sheet, r.Number, r.Column, r.Code, r.Message, r.Want})
		return nil
	})
	if err != nil {
		return err
	}
	if a.json {
		err = a.printJSON(shown)
	} else {
		err = a.tellImport(shown)
	}
	if err == nil && res.Refused > 0 {
		err = &failedLines{kind: es.ErrInvalid, failed: res.Refused, lines: res.Rows, what: "rows were refused"}
	}
	return err
}

func (a *app) tellImport(r imported) error {
	p := &printer{app: a}
	for i, one := range r.Refusals {
		if i == shownRefusals {
			p.line("... and %d more: --refused FILE writes them all", len(r.Refusals)-i)
			break
		}
		p.line("%s", one.sentence())
	}
	verb := "recorded"
	if r.DryRun {
		verb = "would be recorded"
	}
	p.line("%d rows: %d %s, %d unchanged, %d flagged (recorded, and to be looked at), %d refused", r.Rows, r.Recorded, verb, r.Unchanged, r.Flagged, r.Refused)
	if r.Removed+r.Restored > 0 {
		p.line("entries of the register that are gone since: %d; that are back: %d", r.Removed, r.Restored)
	}
	switch {
	case r.DryRun:
		p.line("nothing was recorded: this was a dry run")
	case r.Events > 0:
		p.line("%d events; `entente import annul %s` takes them back", r.Events, r.ID)
	}
	if r.Flagged > 0 && !r.DryRun {
		p.line("`entente findings` shows what to look at")
	}
	return p.err
}

func (r importedRefusal) sentence() string {
	var b strings.Builder
	if r.Sheet != "" {
		fmt.Fprintf(&b, "%s, ", r.Sheet)
	}
	fmt.Fprintf(&b, "row %d", r.Row)
	if r.Column != "" {
		fmt.Fprintf(&b, ", %s", r.Column)
	}
	fmt.Fprintf(&b, ": %s: %s", r.Code, r.Message)
	if r.Want != "" {
		fmt.Fprintf(&b, " (right would be: %s)", r.Want)
	}
	return b.String()
}
