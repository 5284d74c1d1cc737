package ledger

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/grant"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/person"
	"github.com/entente-ledger/entente/domain/programme"
	"github.com/entente-ledger/entente/domain/proposal"
	"github.com/entente-ledger/entente/domain/resource"
	"github.com/entente-ledger/entente/domain/review"
	"github.com/entente-ledger/entente/domain/source"
)

// aggregates is the one table of all kinds of streams a ledger has.
var aggregates = []es.Aggregate{
	es.NewAggregate("ledger", Decider, Commands, Events),
	actionplan.Aggregate,
	activity.Aggregate,
	grant.Aggregate,
	membership.Aggregate,
	memorandum.Aggregate,
	network.Aggregate,
	party.Aggregate,
	person.Aggregate,
	programme.Aggregate,
	proposal.Aggregate,
	resource.Aggregate,
	review.Aggregate,
	source.Aggregate,
}

// Aggregates returns all kinds of streams a ledger has, by name.
func Aggregates() []es.Aggregate { return aggregates }

// aggregateOf returns the aggregate that a stream, a command or an event
// belongs to by the beginning of its name.
func aggregateOf(name, separator string) (es.Aggregate, bool) {
	kind, _, _ := strings.Cut(name, separator)
	for _, a := range aggregates {
		if a.Kind == kind {
			return a, true
		}
	}
	return es.Aggregate{}, false
}

// Owns reports whether a stream is one of a ledger's own.
func Owns(stream string) bool {
	_, ok := aggregateOf(stream, "-")
	return ok
}

// Own yields those records of a store's log that are a ledger's own, and the
// markers and the error.
func Own(records iter.Seq2[es.Record, error]) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		for r, err := range records {
			if (err != nil || r.IsMarker() || Owns(r.Stream)) && !yield(r, err) {
				return
			}
		}
	}
}

// Decode returns the event of a ledger's record, as the Go type of its
// aggregate. It fails with [es.ErrNewer] or [es.ErrCorrupt].
func Decode(r es.Record) (any, error) {
	a, ok := aggregateOf(r.Type, ".")
	if !ok {
		return nil, &es.Error{
			Kind: es.ErrNewer, Code: "es.unknown_type",
			Message: r.Type + " is unknown to this version", Want: "a newer entente",
		}
	}
	if kind, _, _ := strings.Cut(r.Stream, "-"); kind != a.Kind {
		return nil, &es.Error{
			Kind: es.ErrCorrupt, Code: "ledger.wrong_stream",
			Message: fmt.Sprintf("%s at revision %d is a %s", r.Stream, r.Revision, r.Type),
		}
	}
	e, err := a.Decode(r)
	if err != nil {
		return nil, fmt.Errorf("decode %s at revision %d: %w", r.Stream, r.Revision, err)
	}
	return e, nil
}

// Fold returns the initial state of a stream of a kind, to which its events
// are added; nil if a ledger has no streams of that kind.
func Fold(kind string) es.Folding {
	a, ok := aggregateOf(kind, "-")
	if !ok {
		return nil
	}
	return a.Fold()
}

// Ledger records commands. It is safe for concurrent use.
type Ledger struct {
	ID     uuid.UUID // as the ledger's opening says, like what follows
	Origin string
	Format int

	handler es.Handler
	seen    seen
}

// Opening is what a new ledger needs; the zero Opening makes none.
type Opening struct {
	ID     uuid.UUID
	Origin string
	Actor  string
}

// Open returns the ledger in store. If there is none it makes one as o says,
// or fails with [es.ErrNotFound] if o is zero. It fails with [es.ErrCorrupt] if
// the store begins with something else, with [es.ErrNewer] if the ledger's
// format is newer.
func Open(ctx context.Context, store es.Store, now func() time.Time, nonce func() [16]byte, o Opening) (*Ledger, error) {
	l := &Ledger{}
	l.handler.Store, l.handler.Now, l.handler.Nonce, l.handler.Check = store, now, nonce, l.check
	err := l.readOpening(ctx)
	if errors.Is(err, es.ErrNotFound) && o.ID != uuid.Nil {
		if err := l.open(ctx, o); err != nil {
			return nil, err
		}
		err = l.readOpening(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	return l, nil
}

func (l *Ledger) open(ctx context.Context, o Opening) error {
	payload, err := json.Marshal(Opened{o.ID, o.Origin, Format, es.Public})
	if err != nil {
		return fmt.Errorf("open ledger: %w", err)
	}
	_, err = l.handler.Handle(ctx, aggregates[0], es.Command{
		ID: o.ID, Name: "ledger.open", Stream: stream, Payload: payload, Actor: o.Actor,
	})
	if errors.Is(err, es.ErrConflict) || errors.Is(err, es.ErrRejected) {
		return nil // another process was faster
	}
	return err
}

func (l *Ledger) readOpening(ctx context.Context) error {
	for r, err := range Own(l.handler.Store.ReadAll(ctx, 0)) {
		if err != nil {
			return err
		}
		e, err := Decode(r)
		if err != nil {
			return err
		}
		opened, ok := e.(Opened)
		if !ok {
			return &es.Error{Kind: es.ErrCorrupt, Code: "ledger.no_opening", Message: "the first record is " + r.Type + ", not the opening of a ledger"}
		}
		if opened.Format > Format {
			return &es.Error{Kind: es.ErrNewer, Code: "ledger.newer", Message: fmt.Sprintf("the ledger has format %d", opened.Format), Want: "a newer entente"}
		}
		l.ID, l.Origin, l.Format = opened.ID, opened.Origin, opened.Format
		return nil
	}
	return es.NotFound("ledger.none", "there is no ledger here")
}

// Store returns the store that the ledger writes to, for reading.
func (l *Ledger) Store() es.Store { return l.handler.Store }

// StreamOf returns the stream that cmd is about, see [es.Aggregate.StreamOf].
func StreamOf(cmd es.Command) (string, error) {
	a, ok := aggregateOf(cmd.Name, ".")
	if !ok {
		return "", unknownCommand(cmd.Name)
	}
	return a.StreamOf(cmd)
}

// Parse returns the command that cmd asks for, as the Go type of its aggregate.
// It fails with [es.ErrInvalid] if there is no such command, or its payload
// cannot be read.
func Parse(cmd es.Command) (any, error) {
	a, ok := aggregateOf(cmd.Name, ".")
	if !ok || a.Kind == "ledger" {
		return nil, unknownCommand(cmd.Name)
	}
	return a.Parse(cmd.Name, cmd.Payload)
}

func unknownCommand(name string) error {
	return es.Invalid("ledger.unknown_command", fmt.Sprintf("there is no command %.80q", name), "one of those that `entente commands` lists")
}

// Do records cmd; see [es.Handler.Handle]. It fails with [es.ErrRejected] also
// if cmd refers to what does not exist.
func (l *Ledger) Do(ctx context.Context, cmd es.Command) (es.Result, error) {
	a, ok := aggregateOf(cmd.Name, ".")
	if !ok || a.Kind == "ledger" {
		return es.Result{}, unknownCommand(cmd.Name)
	}
	return l.handler.Handle(ctx, a, cmd)
}

// DoAll records acts that are all on one stream; see [es.Handler.HandleAll].
func (l *Ledger) DoAll(ctx context.Context, acts []es.Act) ([]es.Outcome, error) {
	if len(acts) == 0 || len(acts[0]) == 0 {
		return nil, nil
	}
	name := acts[0][0].Name
	a, ok := aggregateOf(name, ".")
	if !ok || a.Kind == "ledger" {
		return nil, unknownCommand(name)
	}
	return l.handler.HandleAll(ctx, a, acts)
}
