package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// setter is an event that gave a field its value, as JSON.
type setter struct {
	Sequence   uint64         `json:"sequence"`
	Stream     string         `json:"stream"`
	Type       string         `json:"type"`
	RecordedAt string         `json:"recordedAt"`
	Actor      string         `json:"actor"`
	Source     terms.Citation `json:"source"`
}

func setterOf(l history.Line) setter {
	return setter{l.Sequence, l.Stream, l.Type, es.FormatInstant(l.Recorded), l.Actor, l.Source}
}

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
	now, err := s.at(ctx, readmodel.At{})
	if err != nil {
		return err
	}
	by, err := s.causes(ctx, now, now.paths(), readmodel.At{}, func(history.Line) bool { return true }, now)
	if err != nil {
		return err
	}
	t := table{head: []string{"FIELD", "VALUE", "EVENT", "RECORDED", "BY", "SOURCE"}}
	for _, path := range now.paths() {
		object := map[string]any{"id": s.id, "field": path, "value": now.json(path), "by": objects(by[path], setterOf)}
		recorded, actor, cited := "-", "-", "-"
		for _, l := range by[path] {
			recorded, actor, cited = instant(l.Recorded), l.Actor, source(l.Source)
		}
		if err := s.print(&t, object, shortPath(path), now.text(path), dash(numbered(by[path])), recorded, actor, cited); err != nil {
			return err
		}
	}
	return s.finish(t)
}

// compared are the kinds of what is shown by any state of knowledge.
var compared = []string{"memorandum", "party", "network", "actionplan"}

// subject is what is shown, as of a date, by several states of knowledge.
type subject struct {
	l    *opened
	conn *sqlite.Conn
	id   string // "" at first if everything is meant
	on   edtf.Date
}

// withSubject calls use with what the argument names, if there is one.
func (a *app) withSubject(ctx context.Context, args []string, on func() (edtf.Date, error), use func(s subject) error) error {
	day, err := on()
	if err != nil {
		return err
	}
	return a.withReader(ctx, func(l *opened) (err error) {
		s := subject{l: l, on: day}
		for _, arg := range args {
			if s.id, err = l.resolve(ctx, arg); err != nil {
				return err
			}
			if !slices.Contains(compared, kindOfStream(s.id)) {
				return es.Invalid("cli.not_compared", short(s.id)+" has no fields that follow from its events",
					"one of "+strings.Join(compared, ", ")+"; `entente history` shows the events of the others")
			}
		}
		return l.read(ctx, func(conn *sqlite.Conn) error {
			if s.conn = conn; s.id != "" {
				if _, err := history.At(conn, s.id, 1); err != nil {
					return err
				}
			}
			return use(s)
		})
	})
}

// at returns the fields by a state of knowledge, none if it has nothing of the
// subject.
func (s subject) at(ctx context.Context, at readmodel.At) (fields, error) {
	var out bytes.Buffer
	a, l := *s.l.app, *s.l
	a.out, a.json, a.at = &out, true, at
	l.app = &a
	err := l.show(ctx, s.conn, s.id, s.on)
	f := fields{}
	if errors.Is(err, es.ErrNotFound) {
		return f, nil
	}
	if err == nil {
		err = f.add("", out.Bytes())
	}
	return f, err
}

// causes returns the event that last gave each of the open fields the value
// wanted, which it has by the state of knowledge at: before the event it has
// another, after it this one. If a correction brought the event about, that
// stands before it.
// The events are those wanted of the subject and of what the fields shown name.
// There is none for a field that another event changed: one of something else,
// or one that was known before the others and recorded after them.
//
// No stream compared begins with sequence 0, the first event of the ledger.
func (s subject) causes(ctx context.Context, want fields, open []string, at readmodel.At, wanted func(history.Line) bool, shown ...fields) (map[string][]history.Line, error) {
	events, err := s.events(ctx, wanted, shown)
	if err != nil {
		return nil, err
	}
	by := map[string][]history.Line{}
	for _, e := range slices.Backward(events) {
		at.Events = e.Sequence
		before, err := s.at(ctx, at)
		if err != nil {
			return nil, err
		}
		changed := before.differing(want, open)
		if len(changed) == 0 {
			continue
		}
		at.Events++
		after, err := s.at(ctx, at)
		if err != nil {
			return nil, err
		}
		for _, path := range except(changed, after.differing(want, changed)) {
			by[path] = append(corrections(events, e), e)
		}
		open = except(open, changed)
	}
	return by, nil
}

// events returns those wanted of the subject and of what the fields name, by sequence.
func (s subject) events(ctx context.Context, wanted func(history.Line) bool, shown []fields) ([]history.Line, error) {
	streams := map[string]bool{s.id: true}
	for _, f := range shown {
		for path := range f {
			stream, _ := terms.Ref(f.text(path)).Target()
			streams[stream] = true
		}
	}
	log := history.Log{Conn: s.conn, Store: s.l.Store()}
	var all []history.Line
	for stream := range streams {
		for l, err := range log.Whole(ctx, stream) {
			if err != nil {
				return nil, err
			}
			if wanted(l) {
				all = append(all, l)
			}
		}
	}
	slices.SortFunc(all, func(a, b history.Line) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return all, nil
}

// corrections returns what e follows from, by the same command: that an earlier
// event was corrected, voided or disputed, or a dispute settled.
func corrections(events []history.Line, e history.Line) []history.Line {
	var all []history.Line
	for _, l := range events {
		if l.Stream == e.Stream && l.Cause == e.Cause && l.Revision < e.Revision && l.Target > 0 {
			all = append(all, l)
		}
	}
	return all
}

// numbered names events by their sequences and types.
func numbered(events []history.Line) string {
	return strings.Join(objects(events, func(l history.Line) string { return strconv.FormatUint(l.Sequence, 10) + " " + l.Type }), ", ")
}

// reason is what the first of the events that gives one has as its reason, or "".
func reason(events []history.Line) string {
	var why struct {
		Reason string `json:"reason"`
	}
	for _, l := range events {
		if why.Reason == "" {
			_ = json.Unmarshal(l.Record.Data, &why) // it was decoded as its type before
		}
	}
	return why.Reason
}

func except(all, without []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(one string) bool { return slices.Contains(without, one) })
}
