package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/export"
)

// exportable are the commands whose answers can be exported; parties is short
// for list parties.
var exportable = []string{"list", "parties", "due", "findings", "search", "statuschart", "plan", "roster", "history", "log"}

// listOf is the list that gives answers which some formats alone are for.
var listOf = map[export.Answer]string{export.Due: "due", export.Parties: "list parties", export.History: "history"}

func (a *app) exportCommand() *cobra.Command {
	var format, file string
	c := &cobra.Command{
		Use:   "export LIST [its arguments and flags]",
		Short: "Write a list or a history to a file: NDJSON, JSON, CSV, XLSX, a calendar, a map, provenance",
		Long: "Write what a command lists (" + strings.Join(exportable, ", ") + ") to a file, with the same filters and time axes.\n" +
			"It is answered by what the ledger held at one moment.\n\n" +
			"ndjson   ends in a line with the number of lines, the SHA-256 of them, and the sequence they reflect, after\n" +
			"         which `entente log --after` goes on without a gap\n" +
			"json     one array\n" +
			"csv      texts that a spreadsheet would take for formulas begin with an apostrophe\n" +
			"xlsx     a workbook; its texts have the apostrophe too, as it may be saved as CSV. A second sheet says what was\n" +
			"         asked, and has what ends NDJSON\n" +
			"ics      a calendar (RFC 5545) of what is due: days that are not certain are tentative, and those that may be\n" +
			"         any of more than a year are left out\n" +
			"geojson  a map (RFC 7946) of parties: those of which the coordinates are not known are left out and counted\n" +
			"prov     the provenance of a history (W3C PROV-JSON): each revision, the command that led to it, its sources,\n" +
			"         and who acted, by opaque ids",
		Example: "  entente export --format csv -o register.csv list --as-of 2019\n  entente export -o log.ndjson log\n" +
			"  entente export --format xlsx -o findings.xlsx findings\n  entente export --format ics due --within 2y\n" +
			"  entente export parties --country IT --format geojson -o parties.geojson\n  entente export history memorandum-f6 --format prov",
		Args: cobra.MinimumNArgs(1),
	}
	c.Flags().SetInterspersed(false)
	c.Flags().StringVar(&format, "format", string(export.NDJSON), formats())
	c.Flags().StringVarP(&file, "output", "o", "", "file to write (default: standard output)")
	c.RunE = func(cmd *cobra.Command, args []string) error {
		args, err := behind(cmd, args)
		if err == nil {
			err = a.checkServed(cmd)
		}
		if err != nil {
			return err
		}
		if !slices.Contains(exportable, args[0]) {
			return usage(fmt.Sprintf("%.40q cannot be exported", args[0]), strings.Join(exportable, ", "))
		}
		if args[0] == "parties" {
			args = append([]string{"list"}, args...)
		}
		if file == "" {
			if format == string(export.XLSX) && isTerminal(a.out) {
				return es.Invalid("cli.binary_output", "a workbook is binary, and this is a terminal", "-o FILE, or a pipe")
			}
			return a.export(cmd, export.Format(format), args, a.out)
		}
		f, err := os.CreateTemp(dirOf(file), ".entente-export-*")
		if err != nil {
			return es.Invalid("cli.bad_file", "the file cannot be written: "+err.Error(), "-o with the path of a file in a folder that is there")
		}
		err = errors.Join(a.export(cmd, export.Format(format), args, f), f.Close())
		if err == nil {
			err = os.Rename(f.Name(), file) // a file is there whole or not at all
		}
		if err != nil {
			return errors.Join(err, os.Remove(f.Name()))
		}
		return nil
	}
	return c
}

// behind reads the flags of c that stand behind the list, and returns the
// arguments without them.
func behind(c *cobra.Command, args []string) (others []string, err error) {
	names := map[string]string{
		"--format": "format", "--output": "output", "-o": "output", "--data": "data", "--server": "server", "--token-file": "token-file",
	}
	for len(args) > 0 && args[0] != "--" {
		flag, value, whole := strings.Cut(args[0], "=")
		taken := 1
		switch {
		case names[flag] == "":
			others, args = append(others, args[0]), args[1:]
			continue
		case !whole && len(args) == 1:
			return nil, usage(flag+" has no value", "see "+c.CommandPath()+" --help")
		case !whole:
			value, taken = args[1], 2
		}
		if err := c.Flags().Set(names[flag], value); err != nil {
			return nil, fmt.Errorf("export: %w", err)
		}
		args = args[taken:]
	}
	if others = append(others, args...); len(others) == 0 {
		return nil, usage("it is not said what to export", strings.Join(exportable, ", "))
	}
	return others, nil
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// dirOf is the folder of a file.
func dirOf(file string) string {
	if i := strings.LastIndexAny(file, `/\`); i >= 0 {
		return file[:i+1]
	}
	return "."
}

// export runs a command, and writes its answer in a format.
func (a *app) export(cmd *cobra.Command, format export.Format, args []string, out io.Writer) (err error) {
	lines := &lineWriter{}
	sub := &app{in: a.in, out: lines, errs: a.errs, format: format}
	root := sub.root()
	place := []string{"--data", a.data}
	if a.server != "" {
		place = []string{"--server", a.server, "--token-file", a.tokenFile}
	}
	root.SetArgs(append(append([]string{"--actor", a.actor}, args...), append(place, "--json")...))
	list, _, err := root.Find(args)
	if err == nil {
		err = checkFormat(format, list)
	}
	if err != nil {
		return err
	}
	if sub.at.Events, err = a.held(cmd); err != nil {
		return err
	}
	if format.Of() == export.History {
		sub.out = out // which is not made of lines
		return root.ExecuteContext(cmd.Context())
	}
	lines.to, err = export.New(format, out, func() [][2]string { return sub.asked(list, args) })
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	defer func() { err = errors.Join(err, lines.to.Close()) }()
	if err := root.ExecuteContext(cmd.Context()); err != nil {
		return err
	}
	if err := errors.Join(lines.err, lines.to.End(max(sub.at.Events-1, lines.sequence))); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	for _, note := range lines.to.Notes() {
		if _, err := fmt.Fprintln(a.errs, note); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	return nil
}

// formats lists the formats.
func formats() string {
	return strings.Join(objects(export.Formats(), func(f export.Format) string { return string(f) }), ", ")
}

// checkFormat fails if the answer of a command cannot be written in a format.
func checkFormat(format export.Format, list *cobra.Command) error {
	if !slices.Contains(export.Formats(), format) {
		return usage(fmt.Sprintf("--format %.40q is not known", string(format)), formats())
	}
	path := strings.TrimPrefix(list.CommandPath(), "entente ")
	if only := cmp.Or(listOf[format.Of()], path); only != path {
		return usage(fmt.Sprintf("%s cannot be written as %s", path, format), only)
	}
	return nil
}

// asked says which question a list answers, once it has: the command line, and
// the axes that it has.
func (a *app) asked(list *cobra.Command, args []string) [][2]string {
	line := []string{"entente"}
	for _, arg := range args {
		if strings.ContainsAny(arg, " \t\n'\"\\") {
			arg = strconv.Quote(arg)
		}
		line = append(line, arg)
	}
	facts := [][2]string{{"question", strings.Join(line, " ")}}
	if on := list.Flags().Lookup("as-of"); on != nil {
		facts = append(facts, [2]string{"as of", export.Guarded(cmp.Or(on.Value.String(), today().String()))})
	}
	if list.Flags().Lookup("as-known") != nil {
		recorded := es.FormatInstant(a.at.Recorded)
		if recorded == "" && list.Flags().Changed("as-recorded") {
			recorded = fmt.Sprintf("sequence %d", a.at.Events-1)
		}
		facts = append(facts, [2]string{"as known", cmp.Or(es.FormatInstant(a.at.Known), "the latest")}, [2]string{"as recorded", cmp.Or(recorded, "the latest")})
	}
	return facts
}

// held is how many events there are to answer by: at least one, the ledger's
// opening.
func (a *app) held(cmd *cobra.Command) (events uint64, err error) {
	err = a.reading(cmd.Context(), func(l reading) error {
		events, err = l.held(cmd.Context())
		return err
	})
	return events, err
}

// lineWriter gives each line that is written to it to what exports.
type lineWriter struct {
	to       *export.Writer
	rest     []byte
	sequence uint64 // the highest that a line has
	err      error
}

func (w *lineWriter) Write(p []byte) (int, error) {
	w.rest = append(w.rest, p...)
	for w.err == nil {
		line, rest, whole := bytes.Cut(w.rest, []byte{'\n'})
		if !whole {
			break
		}
		var at struct {
			Sequence uint64 `json:"sequence"`
		}
		if err := json.Unmarshal(line, &at); err == nil {
			w.sequence = max(w.sequence, at.Sequence)
		}
		w.err = w.to.Line(line)
		w.rest = rest
	}
	return len(p), w.err
}
