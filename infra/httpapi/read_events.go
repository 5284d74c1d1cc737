package httpapi

import (
	"errors"
	"reflect"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// events are the questions of the log.
func (a *API) events() []question {
	return []question{
		{
			path: "/v1/events", id: "events", tag: "events", summary: "List the events of the ledger",
			about: "The log, in its order. Of each filter any of the values; a page can be short or empty although others follow, as next says. " +
				"With from, whoever follows the log goes on after the last sequence. A feed without from or cursor has the last events rather than the first, of the last 10,000.",
			answer: reflect.TypeFor[answers.Event](), formats: with(tables(), formatAtom, formatEvents), follows: true,
			takes: append(append([]parameter{
				wholes("from", "The lowest sequence wanted"), severalOf("kind", "Only events of records of this kind; can be repeated"),
				severalOf("type", "Only events of this type, such as memorandum.signed; can be repeated"),
				severalOf("stream", "Only events of this record: its id; can be repeated"),
			}, axes()...), paged()...),
			read: a.readEvents,
		},
		{
			path: "/v1/events/{id}", id: "events.one", tag: "events", summary: "Show an event", answer: reflect.TypeFor[answers.Event](),
			formats: []format{formatJSON}, follows: true, takes: append([]parameter{inPath("id", "Its id, a UUID")}, axes()...),
			read: a.readEvent,
		},
	}
}

// recentEvents is how far back a feed of the log looks for events.
const recentEvents = 10_000

func (a *API) readEvents(q *asked) (reply, error) {
	f := answers.LogFilter{Kinds: q.given["kind"], Types: q.given["type"], Streams: q.given["stream"]}
	for _, kind := range f.Kinds {
		if ledger.Fold(kind+"-") == nil {
			return reply{}, bad("kind", "there are no such records", "a kind such as memorandum")
		}
	}
	for _, name := range f.Types {
		if !isEvent(name) {
			return reply{}, bad("type", "there is no such type of events", "one of docs/events.md, such as memorandum.signed")
		}
	}
	for _, id := range f.Streams {
		if _, err := wholeID(id, "query stream"); err != nil {
			return reply{}, err
		}
	}
	if q.has("from") {
		var err error
		if f.From, err = q.sequence("from"); err != nil {
			return reply{}, err
		}
	}
	return list(func(d *answers.Desk, limit int, after string) (answers.Page[answers.Event], error) {
		f.Limit, f.After = limit, after
		if q.recent() {
			f.From = q.held - min(q.held, recentEvents)
		}
		p, err := d.Log(q.r.Context(), f)
		if err == nil {
			p.Items, err = a.followed(q, d, p.Items)
		}
		return p, err
	}), nil
}

func isEvent(name string) bool {
	for _, a := range ledger.Aggregates() {
		for _, d := range a.Events {
			if d.Name == name {
				return true
			}
		}
	}
	return false
}

// followed returns the events that the policy lets whoever asks follow.
func (a *API) followed(q *asked, d *answers.Desk, events []answers.Event) ([]answers.Event, error) {
	sights := map[string]es.Visibility{}
	kept := []answers.Event{}
	for _, e := range events {
		if _, ok := sights[e.Stream]; !ok {
			now, err := readmodel.Visibility(d.Conn, e.Stream)
			if err != nil {
				return nil, err
			}
			sights[e.Stream] = now
		}
		if a.cfg.Permissions.Permits(following(q, e.Stream, e.Type, sights[e.Stream])) {
			kept = append(kept, e)
		}
	}
	return kept, nil
}

// following is what the policy is asked of an event.
func following(q *asked, stream, name string, sight es.Visibility) access.Request {
	return access.Request{Who: q.who, Action: access.Follow, Kind: answers.KindOf(stream), Stream: stream, Visibility: sight, Command: name}
}

func (a *API) readEvent(q *asked) (reply, error) {
	id, err := uuid.Parse(q.r.PathValue("id"))
	if err != nil {
		return reply{}, wanting(problem.BadID, "a whole UUID, as /v1/events shows").At("path id")
	}
	return one("", func(d *answers.Desk) (answers.Event, error) {
		l, err := history.Log{Conn: d.Conn, Store: d.Store, At: q.at}.Event(q.r.Context(), id)
		if errors.Is(err, es.ErrNotFound) {
			return answers.Event{}, problem.NoRecord
		}
		if err != nil {
			return answers.Event{}, err
		}
		kept, err := a.followed(q, d, []answers.Event{answers.EventOf(l)})
		if err == nil && len(kept) == 0 {
			err = problem.NoRecord
		}
		if err != nil {
			return answers.Event{}, err
		}
		return kept[0], a.noteEvent(q, d, kept[0])
	}), nil
}

// noteEvent has the access record say that an event of a restricted record was
// read.
func (a *API) noteEvent(q *asked, d *answers.Desk, e answers.Event) error {
	sight, err := readmodel.Visibility(d.Conn, e.Stream)
	if err != nil || sight != es.Restricted {
		return err
	}
	return a.note(q.r.Context(), following(q, e.Stream, e.Type, sight), q.of.id)
}
