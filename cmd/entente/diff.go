package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// span is from one state of knowledge to a later one, both of one axis: as
// recorded, or as known.
type span struct{ from, to readmodel.At }

// change is a field that differs between two states of knowledge, as JSON.
type change struct {
	ID    string         `json:"id"`
	Field string         `json:"field"`
	From  jsontext.Value `json:"from"` // null: it was empty
	To    jsontext.Value `json:"to"`   // null: it is empty
	By    []setter       `json:"by"`   // none: an event of something that the object does not name
	Why   string         `json:"why"`
}

func (a *app) diffCommand() *cobra.Command {
	var p span
	var all bool
	c := &cobra.Command{
		Use:   "diff [ID]",
		Short: "Show what changed between two states of knowledge, and which events changed it",
		Long: "diff compares what `show ID --json` says by two states of knowledge, as of the same date: what this ledger\n" +
			"held (--from, --to), or what the registrar vouched for (--from-known, --to-known). It takes agreements,\n" +
			"parties, networks and action plans; with --all it counts what changed in each that has events in between.",
		Example: "  entente diff memorandum-f6 --from 41 --to 2026-03-01T09:30:00Z\n" +
			"  entente diff --all --from-known 2020-01-01T00:00:00Z",
		Args: cobra.MaximumNArgs(1),
	}
	flags := c.Flags()
	flags.Var(recordedFlag{&p.from}, "from", "what this ledger held at this instant, RFC 3339, or after the event with this sequence")
	flags.Var(recordedFlag{&p.to}, "to", "what it held at this one (default: now)")
	flags.Var(instantFlag{&p.from.Known}, "from-known", "what the registrar vouched for at this instant, RFC 3339")
	flags.Var(instantFlag{&p.to.Known}, "to-known", "what the registrar vouched for at this one (default: now)")
	on := asOf(c, "both are shown")
	flags.BoolVar(&all, "all", false, "everything that has events in between, one line each")
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if all == (len(args) == 1) {
			return usage("diff is of one thing or of all", "an id, or --all")
		}
		return a.withSubject(cmd.Context(), args, on, func(s subject) error {
			if err := p.check(s.conn); err != nil {
				return err
			}
			if all {
				return s.diffAll(cmd.Context(), p)
			}
			return s.diff(cmd.Context(), p)
		})
	}
	return c
}

// check fails with [es.ErrInvalid] if p is not from one state to a later one of
// the same axis.
func (p span) check(conn *sqlite.Conn) error {
	known := func(at readmodel.At) bool { return !at.Known.IsZero() }
	recorded := func(at readmodel.At) bool { return at.Events > 0 || !at.Recorded.IsZero() }
	if known(p.from) == recorded(p.from) || known(p.from) && recorded(p.to) || recorded(p.from) && known(p.to) {
		return es.Invalid("cli.bad_range", "it is not said between which two states of knowledge",
			"--from and perhaps --to, or --from-known and perhaps --to-known")
	}
	ahead, err := history.Between(conn, p.to, p.from)
	if err == nil && (len(ahead) > 0 || known(p.to) && p.from.Known.After(p.to.Known) ||
		!p.to.Recorded.IsZero() && p.from.Recorded.After(p.to.Recorded) || p.to.Events > 0 && p.from.Events > p.to.Events) {
		err = es.Invalid("cli.bad_range", "it begins after its end", "the earlier state of knowledge first")
	}
	return err
}

// compare returns what is shown at the ends of p, and the fields that differ.
func (s subject) compare(ctx context.Context, p span) (from, to fields, changed []string, err error) {
	if from, err = s.at(ctx, p.from); err == nil {
		to, err = s.at(ctx, p.to)
	}
	both := slices.Concat(from.paths(), to.paths())
	slices.Sort(both)
	return from, to, from.differing(to, slices.Compact(both)), err
}

func (s subject) diff(ctx context.Context, p span) error {
	from, to, changed, err := s.compare(ctx, p)
	if err != nil {
		return err
	}
	between := func(l history.Line) bool { return l.Within(p.to) && !l.Within(p.from) }
	by, err := s.causes(ctx, to, changed, p.to, between, from, to)
	if err != nil {
		return err
	}
	t := table{head: []string{"FIELD", "FROM", "TO", "BY", "WHY"}}
	for _, path := range changed {
		c := change{s.id, path, from.json(path), to.json(path), objects(by[path], setterOf), reason(by[path])}
		event := "-"
		for _, l := range by[path] {
			event = fmt.Sprintf("%s by %s, %s", numbered(by[path]), l.Actor, instant(l.Recorded))
		}
		if err := s.print(&t, c, shortPath(path), from.text(path), to.text(path), event, dash(c.Why)); err != nil {
			return err
		}
	}
	return s.finish(t)
}

func (s subject) diffAll(ctx context.Context, p span) error {
	streams, err := history.Between(s.conn, p.from, p.to)
	if err != nil {
		return err
	}
	t := table{head: []string{"ID", "TITLE", "FIELDS"}}
	names := names{conn: s.conn, at: p.to}
	for _, s.id = range streams {
		if !slices.Contains(compared, kindOfStream(s.id)) {
			continue
		}
		_, _, changed, err := s.compare(ctx, p)
		if err != nil {
			return err
		}
		title, err := names.of(s.id)
		if err != nil {
			return err
		}
		if len(changed) == 0 {
			continue
		}
		object := map[string]any{"id": s.id, "title": title, "fields": len(changed)}
		if err := s.print(&t, object, short(s.id), title, fmt.Sprint(len(changed))); err != nil {
			return err
		}
	}
	return s.finish(t)
}

// print adds a row to the table, or prints its object.
func (s subject) print(t *table, object any, row ...string) error {
	t.add(row...)
	if s.l.app.json {
		return s.l.app.printJSON(object)
	}
	return nil
}

// finish prints the table, unless its objects were.
func (s subject) finish(t table) error {
	switch {
	case s.l.app.json:
		return nil
	case len(t.rows) == 0:
		return s.l.app.printf("nothing changed\n")
	}
	return s.l.app.printTable(t)
}

// fields are the members of an object that are not empty, as JSON, by their
// paths: members of members, and of lists each element by the id, party or key
// that it has, else by its place.
type fields map[string]string

func (f fields) paths() []string { return slices.Sorted(maps.Keys(f)) }

// differing returns those of paths that have another value in g.
func (f fields) differing(g fields, paths []string) []string {
	return slices.DeleteFunc(slices.Clone(paths), func(path string) bool { return f[path] == g[path] })
}

// json returns the value of a field, null if it is empty.
func (f fields) json(path string) jsontext.Value { return jsontext.Value(cmp.Or(f[path], "null")) }

// text returns the value of a field as people read it.
func (f fields) text(path string) string {
	var text string
	if json.Unmarshal(f.json(path), &text) == nil {
		return dash(text)
	}
	return f[path]
}

// add adds a value. What follows from the question and not from the facts, the
// date as of which and what was recorded later, is left out.
func (f fields) add(path string, v jsontext.Value) error {
	var members map[string]jsontext.Value
	var elements []jsontext.Value
	var err error
	switch v.Kind() {
	case '{':
		err = json.Unmarshal(v, &members)
	case '[':
		err = json.Unmarshal(v, &elements)
	default:
		if text := string(v); text != `""` && text != "null" {
			f[path] = text
		}
	}
	for name, one := range members {
		if name != "asOf" && name != "recordedLater" {
			err = cmp.Or(err, f.add(strings.TrimPrefix(path+"."+name, "."), one))
		}
	}
	times := map[string]int{}
	for i, one := range elements {
		key := cmp.Or(keyOf(one), strconv.Itoa(i))
		if times[key]++; times[key] > 1 {
			key += "#" + strconv.Itoa(times[key])
		}
		err = cmp.Or(err, f.add(path+"["+key+"]", one))
	}
	return err
}

// keyOf is the id, party or key of an element of a list, or "".
func keyOf(v jsontext.Value) string {
	type id struct {
		ID string `json:"id"`
	}
	var members map[string]jsontext.Value
	_ = json.Unmarshal(v, &members) // not an object: it has none
	for _, name := range []string{"id", "party", "key"} {
		var text string
		var whole id
		_, _ = json.Unmarshal(members[name], &text), json.Unmarshal(members[name], &whole)
		if text = cmp.Or(text, whole.ID); text != "" {
			return text
		}
	}
	return ""
}

// shortPath is a path with the beginnings of the ids in it.
func shortPath(path string) string {
	parts := strings.Split(path, "[")
	for i, part := range parts {
		if id, rest, keyed := strings.Cut(part, "]"); keyed {
			if _, _, err := es.ParseStream(id); err == nil {
				parts[i] = short(id) + "]" + rest
			}
		}
	}
	return strings.Join(parts, "[")
}
