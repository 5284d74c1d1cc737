package es

import (
	"context"
	"reflect"
	"slices"
)

// Decider is an aggregate as two pure functions over commands C, events E and
// state S. The zero S is the initial state. Time and identifiers reach Decide
// only inside the command.
type Decider[C, S, E any] struct {
	// Decide returns the events cmd causes in s: none if cmd changes nothing,
	// or an [*Error] of kind [ErrInvalid], [ErrRejected] or [ErrNotFound]. It
	// leaves s as it is.
	Decide func(cmd C, s S) ([]E, error)
	// Evolve returns s after e, the at-th event of the stream. It cannot fail:
	// e has already happened. It may reuse s, which is not used afterwards.
	Evolve func(s S, at Revision, e E) S
}

// Fold returns the state after events, the first of which has revision 1.
func (d Decider[C, S, E]) Fold(events ...E) S {
	var s S
	for i, e := range events {
		s = d.Evolve(s, Revision(i+1), e)
	}
	return s
}

// Keyed is a command that holds the natural key of its stream, from which the
// stream's name follows (see [KeyedStream]): it needs to name none, and can
// name no other.
type Keyed interface{ NaturalKey() string }

// Aggregate is one kind of stream with all that a ledger needs to run it. Its
// type parameters are hidden so that a ledger can keep a table of them.
type Aggregate struct {
	Kind     string
	Commands []Definition
	Events   []Definition

	handle func(ctx context.Context, h *handling) error
	decode func(r Record) (any, error)
	parse  func(name string, payload []byte) (any, error)
	fold   func() Folding
	keyed  bool // some of its commands are
}

// Folding is the state of one stream, made by adding its events one by one.
type Folding interface {
	// Add adds the event at a revision. It panics if that is none of the
	// aggregate's, which is a programmer's error.
	Add(at Revision, event any)
	// State returns a pointer to the state, which holds until the next Add.
	State() any
}

type folding[C, S, E any] struct {
	decider Decider[C, S, E]
	state   S
}

func (f *folding[C, S, E]) Add(at Revision, event any) {
	f.state = f.decider.Evolve(f.state, at, event.(E))
}

func (f *folding[C, S, E]) State() any { return &f.state }

// NewAggregate returns the aggregate of kind that d decides.
func NewAggregate[C, S, E any](kind string, d Decider[C, S, E], commands *Registry[C], events *Registry[E]) Aggregate {
	return Aggregate{
		Kind: kind, Commands: commands.Definitions(), Events: events.Definitions(),
		keyed: slices.ContainsFunc(commands.Definitions(), func(d Definition) bool { return d.Type.Implements(reflect.TypeFor[Keyed]()) }),
		handle: func(ctx context.Context, h *handling) error {
			return handle(ctx, h, d, commands, events)
		},
		decode: func(r Record) (any, error) { return events.Decode(r.Type, r.Schema, r.Data) },
		parse:  func(name string, payload []byte) (any, error) { return commands.Parse(name, payload) },
		fold:   func() Folding { return &folding[C, S, E]{decider: d} },
	}
}

// Decode returns the event of r, as the Go type it is registered with. It
// fails as [Registry.Decode] does.
func (a Aggregate) Decode(r Record) (any, error) { return a.decode(r) }

// Parse returns the command of a name and its JSON, or fails with [ErrInvalid].
func (a Aggregate) Parse(name string, payload []byte) (any, error) { return a.parse(name, payload) }

// StreamOf returns the stream that cmd is about: the one that its natural key
// gives, the one it names, or the one that its id gives. It fails with
// [ErrInvalid] if the payload cannot be read, or cmd names another stream than
// its natural key gives.
func (a Aggregate) StreamOf(cmd Command) (string, error) {
	if a.keyed {
		c, err := a.Parse(cmd.Name, cmd.Payload)
		if err != nil {
			return "", err
		}
		if k, ok := c.(Keyed); ok {
			stream := KeyedStream(a.Kind, k.NaturalKey())
			if cmd.Stream != "" && cmd.Stream != stream {
				return "", Invalid("es.other_stream", cmd.Name+" is about another stream than "+cmd.Stream, stream+", or none")
			}
			return stream, nil
		}
	}
	if cmd.Stream == "" {
		return NewStream(a.Kind, cmd.ID), nil
	}
	return cmd.Stream, nil
}

// Fold returns the initial state of a stream, to which its events are added.
func (a Aggregate) Fold() Folding { return a.fold() }
