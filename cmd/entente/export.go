package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/infra/calendar"
)

// exportable are the commands whose answers can be exported.
var exportable = []string{"list", "due", "findings", "search", "statuschart", "plan", "roster", "history", "log"}

func (a *app) exportCommand() *cobra.Command {
	var format, file string
	c := &cobra.Command{
		Use:   "export LIST [its arguments and flags]",
		Short: "Write a list or a history to a file, as NDJSON, JSON, CSV or a calendar",
		Long: "Write what a command lists (" + strings.Join(exportable, ", ") + ") to a file, with the same filters and time axes.\n" +
			"It is answered by what the ledger held at one moment. NDJSON ends in a line with the number of lines,\n" +
			"the SHA-256 of them, and the sequence they reflect, after which `entente log --after` goes on without a\n" +
			"gap. In CSV, texts that a spreadsheet would take for formulas begin with an apostrophe. What is due\n" +
			"can be a calendar (ics, RFC 5545): days that are not certain are tentative, and those that may be any of\n" +
			"more than a year are left out.",
		Example: "  entente export --format csv -o register.csv list --as-of 2019\n  entente export -o log.ndjson log\n  entente export --format ics due --within 2y",
		Args:    cobra.MinimumNArgs(1),
	}
	c.Flags().SetInterspersed(false)
	c.Flags().StringVar(&format, "format", "ndjson", "ndjson, json, csv or ics")
	c.Flags().StringVarP(&file, "output", "o", "", "file to write (default: standard output)")
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if !slices.Contains(exportable, args[0]) {
			return usage(fmt.Sprintf("%.40q cannot be exported", args[0]), strings.Join(exportable, ", "))
		}
		if file == "" {
			return a.export(cmd, format, args, a.out)
		}
		f, err := os.CreateTemp(dirOf(file), ".entente-export-*")
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		err = errors.Join(a.export(cmd, format, args, f), f.Close())
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

// dirOf is the folder of a file.
func dirOf(file string) string {
	if i := strings.LastIndexAny(file, `/\`); i >= 0 {
		return file[:i+1]
	}
	return "."
}

// export runs a command, and writes the lines of its answer in a format.
func (a *app) export(cmd *cobra.Command, format string, args []string, out io.Writer) error {
	w := bufio.NewWriter(out)
	var e exporter
	switch format {
	case "ndjson":
		e = &ndjsonExport{w: w, sum: sha256.New()}
	case "json":
		e = &jsonExport{w: w}
	case "csv":
		e = &csvExport{w: csv.NewWriter(w)}
	case "ics":
		if args[0] != "due" {
			return usage(args[0]+" is no calendar", "due")
		}
		e = &icsExport{w: w, errs: a.errs}
	default:
		return usage(fmt.Sprintf("--format %.40q is not known", format), "ndjson, json, csv or ics")
	}
	for i, arg := range args { // it may stand behind the list as well
		if data, ok := strings.CutPrefix(arg, "--data="); ok {
			a.data = data
		} else if arg == "--data" && i+1 < len(args) {
			a.data = args[i+1]
		}
	}
	lines := &lineWriter{to: e}
	sub := &app{in: a.in, out: lines, errs: a.errs, data: a.data, actor: a.actor}
	var err error
	if sub.at.Events, err = a.held(cmd); err != nil {
		return err
	}
	root := sub.root()
	root.SetArgs(append(slices.Clone(args), "--json", "--data", a.data))
	if err := root.ExecuteContext(cmd.Context()); err != nil {
		return err
	}
	if err := errors.Join(lines.err, e.end(max(sub.at.Events-1, lines.sequence))); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return w.Flush()
}

// held is how many events the views have: at least one, the ledger's opening.
func (a *app) held(cmd *cobra.Command) (events uint64, err error) {
	err = a.withReader(cmd.Context(), func(l *opened) error {
		return l.views.Read(cmd.Context(), func(_ *sqlite.Conn, c checkpoint) error {
			events = c.Events
			return nil
		})
	})
	return events, err
}

// exporter writes objects in a format.
type exporter interface {
	object(line jsontext.Value) error
	// end writes what comes last, knowing the sequence that the objects reflect.
	end(sequence uint64) error
}

// lineWriter gives each line that is written to it to an exporter.
type lineWriter struct {
	to       exporter
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
		w.err = w.to.object(line)
		w.rest = rest
	}
	return len(p), w.err
}

// ndjsonExport writes a line an object, and one with which to check them.
type ndjsonExport struct {
	w     io.Writer
	sum   hash.Hash
	count int
}

func (e *ndjsonExport) object(line jsontext.Value) error {
	e.count++
	_, err := fmt.Fprintf(io.MultiWriter(e.w, e.sum), "%s\n", line)
	return err
}

func (e *ndjsonExport) end(sequence uint64) error {
	_, err := fmt.Fprintf(e.w, "{\"count\":%d,\"sha256\":%q,\"sequence\":%d}\n", e.count, hex.EncodeToString(e.sum.Sum(nil)), sequence)
	return err
}

// jsonExport writes an array.
type jsonExport struct {
	w     io.Writer
	begun bool
}

func (e *jsonExport) object(line jsontext.Value) error {
	before := ",\n"
	if !e.begun {
		before = "[\n"
	}
	e.begun = true
	_, err := fmt.Fprintf(e.w, "%s%s", before, line)
	return err
}

func (e *jsonExport) end(uint64) error {
	text := "\n]\n"
	if !e.begun {
		text = "[]\n"
	}
	_, err := io.WriteString(e.w, text)
	return err
}

// csvExport writes a record an object, after one with the names of the members
// of the first.
type csvExport struct {
	w    *csv.Writer
	head []string
}

func (e *csvExport) object(line jsontext.Value) error {
	names, values, err := cells(line)
	if err != nil {
		return err
	}
	if e.head == nil {
		e.head = names
		if err := e.w.Write(names); err != nil {
			return err
		}
	}
	record := make([]string, len(e.head))
	for i, name := range names {
		if at := slices.Index(e.head, name); at >= 0 {
			record[at] = values[i]
		}
	}
	return e.w.Write(record)
}

func (e *csvExport) end(uint64) error {
	e.w.Flush()
	return e.w.Error()
}

// icsExport writes what is due as a calendar.
type icsExport struct {
	w, errs io.Writer
	entries []calendar.Entry
}

func (e *icsExport) object(line jsontext.Value) error {
	var o obligation
	if err := json.Unmarshal(line, &o); err != nil {
		return err
	}
	stamp, err := time.Parse(time.RFC3339, o.RecordedAt)
	if err != nil {
		return err
	}
	id := strings.Join([]string{o.Stream, o.Rule, strconv.FormatUint(uint64(o.Of), 10), o.Key, o.On.String()}, "/")
	e.entries = append(e.entries, calendar.Entry{
		UID: uuid.NewSHA1(uuid.NameSpaceURL, []byte("urn:entente:due:"+id)).String(), Summary: o.summary() + " (" + o.Title + ")",
		Description: strings.TrimSpace(o.ByName + "\n" + o.Stream), On: o.On, Stamp: stamp,
	})
	return nil
}

func (e *icsExport) end(uint64) error {
	leftOut, err := calendar.Write(e.w, e.entries)
	if err == nil && leftOut > 0 {
		_, err = fmt.Fprintf(e.errs, "%d left out: they may be due on any of more than a year of days\n", leftOut)
	}
	return err
}

// cells returns the members of an object: texts as they are, guarded, a text in
// a language as its value, and lists and objects as JSON.
func cells(object jsontext.Value) (names, values []string, err error) {
	dec := jsontext.NewDecoder(bytes.NewReader(object))
	if _, err := dec.ReadToken(); err != nil {
		return nil, nil, err
	}
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, nil, err
		}
		names = append(names, name.String())
		value, err := dec.ReadValue()
		if err != nil {
			return nil, nil, err
		}
		values = append(values, cell(value))
	}
	return names, values, nil
}

func cell(value jsontext.Value) string {
	var text string
	var inLanguage struct {
		Lang  *string `json:"lang"`
		Value string  `json:"value"`
	}
	switch value.Kind() {
	case '"':
		if json.Unmarshal(value, &text) == nil {
			return guarded(text)
		}
	case '{':
		if json.Unmarshal(value, &inLanguage, json.RejectUnknownMembers(true)) == nil && inLanguage.Lang != nil {
			return guarded(inLanguage.Value)
		}
	case 'n':
		return ""
	}
	return string(value)
}

// guarded keeps a spreadsheet from taking a text for a formula.
func guarded(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
