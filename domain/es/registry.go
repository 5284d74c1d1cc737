package es

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Upcast turns the JSON of one schema of a type into that of the next.
type Upcast func(old []byte) ([]byte, error)

// Definition ties a stored name to a Go type, see [Def].
type Definition struct {
	Name   string // permanent: aggregate.snake_case
	Schema int    // the current one; earlier ones are upcast
	Type   reflect.Type
	ups    []Upcast
	decode func(data []byte, opts json.Options) (any, error)
	opts   json.Options // set by the registry
}

// Def defines the stored name of T. Its current schema is 1 + len(ups); ups[i]
// turns schema i+1 into i+2.
func Def[T any](name string, ups ...Upcast) Definition {
	return Definition{
		Name: name, Schema: 1 + len(ups), Type: reflect.TypeFor[T](), ups: ups,
		decode: func(data []byte, opts json.Options) (any, error) {
			var v T
			err := json.Unmarshal(data, &v, opts)
			return v, err
		},
	}
}

// Registry is a closed set of types that implement T, each with its permanent
// name. It is immutable.
//
// Encoding is compact JSON in the order of the struct's fields. Decoding is
// strict: unknown, repeated or wrongly cased members, invalid UTF-8 and values
// of another type are errors. A field of the interface type T is encoded as an
// object of type, schema and data.
type Registry[T any] struct {
	names map[string]Definition
	types map[reflect.Type]string
}

// NewRegistry returns the registry of defs. It panics if a type does not
// implement T or if a name or type is defined twice, which is a programmer's
// error.
func NewRegistry[T any](defs ...Definition) *Registry[T] {
	r := &Registry[T]{names: map[string]Definition{}, types: map[reflect.Type]string{}}
	for _, d := range defs {
		_, twice := r.names[d.Name]
		_, again := r.types[d.Type]
		if twice || again || !d.Type.Implements(reflect.TypeFor[T]()) {
			panic(fmt.Sprintf("define %s: %v is defined already or is no %v", d.Name, d.Type, reflect.TypeFor[T]()))
		}
		r.names[d.Name], r.types[d.Type] = d, d.Name
	}
	nest(r, r)
	return r
}

// NewCommands returns the registry of commands C, the fields of which may hold
// events: a correction has the event as it should have been.
func NewCommands[C, E any](events *Registry[E], defs ...Definition) *Registry[C] {
	r := NewRegistry[C](defs...)
	nest(r, events)
	return r
}

// nest has the definitions of r coded strictly, and those with a field of the
// interface type E with an event in it. The others are spared the cost.
func nest[T, E any](r *Registry[T], events *Registry[E]) {
	strict := json.JoinOptions(json.RejectUnknownMembers(true), json.Deterministic(true))
	nesting := json.JoinOptions(strict,
		json.WithMarshalers(json.MarshalToFunc(events.marshalNested)),
		json.WithUnmarshalers(json.UnmarshalFromFunc(events.unmarshalNested)))
	for name, d := range r.names {
		d.opts = strict
		if holds(d.Type, reflect.TypeFor[E]()) {
			d.opts = nesting
		}
		r.names[name] = d
	}
}

// holds reports whether a value of type t can have a part of an interface type.
func holds(t, iface reflect.Type) bool {
	switch t.Kind() {
	case reflect.Interface:
		return t == iface
	case reflect.Slice, reflect.Pointer, reflect.Array:
		return holds(t.Elem(), iface)
	case reflect.Struct:
		for field := range t.Fields() {
			if holds(field.Type, iface) {
				return true
			}
		}
	}
	return false
}

// Definitions returns what is registered, by name.
func (r *Registry[T]) Definitions() []Definition {
	return slices.SortedFunc(maps.Values(r.names), func(a, b Definition) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
}

// Name returns the stored name of v's type, "" if it is not registered.
func (r *Registry[T]) Name(v T) string { return r.types[reflect.TypeOf(v)] }

// Encode returns the stored name, current schema and JSON of v.
func (r *Registry[T]) Encode(v T) (name string, schema int, data []byte, err error) {
	d, ok := r.names[r.Name(v)]
	if !ok {
		return "", 0, nil, fmt.Errorf("encode %T: the type is not registered", v)
	}
	data, err = json.Marshal(v, d.opts)
	if err != nil {
		return "", 0, nil, fmt.Errorf("encode %s: %w", d.Name, err)
	}
	return d.Name, d.Schema, data, nil
}

// Decode returns the value that was stored under name with a schema, upcast to
// the current one. It fails with [ErrNewer] if the name or the schema is
// unknown here, and with [ErrCorrupt] if data does not fit.
func (r *Registry[T]) Decode(name string, schema int, data []byte) (T, error) {
	v, err := r.decode(name, schema, data)
	if err != nil && !errors.Is(err, ErrNewer) {
		err = &Error{Kind: ErrCorrupt, Code: "es.bad_payload", Message: fmt.Sprintf("%s does not decode: %v", name, err)}
	}
	return v, err
}

// Parse is Decode for input that was never stored, in the current schema: it
// fails with [ErrInvalid], and names the field. The value is as it would be
// read back, so that it compares equal to what was stored: a member left out
// is as if it were there and empty, and is an error where empty is.
func (r *Registry[T]) Parse(name string, data []byte) (T, error) {
	var none T
	d, ok := r.names[name]
	if !ok {
		return none, Invalid("es.unknown_name", fmt.Sprintf("there is no %q", name), "one of those that are listed")
	}
	v, err := r.decode(name, d.Schema, data)
	if err != nil {
		return none, blame(err)
	}
	if _, _, data, err = r.Encode(v); err != nil {
		return none, err
	}
	if v, err = r.decode(name, d.Schema, data); err != nil {
		return none, blame(err)
	}
	return v, nil
}

func (r *Registry[T]) decode(name string, schema int, data []byte) (T, error) {
	var none T
	d, ok := r.names[name]
	if !ok || schema > d.Schema {
		return none, &Error{
			Kind: ErrNewer, Code: "es.unknown_type",
			Message: fmt.Sprintf("%s with schema %d is unknown to this version", name, schema), Want: "a newer entente",
		}
	}
	if schema < 1 {
		return none, fmt.Errorf("schema %d", schema)
	}
	var err error
	for _, up := range d.ups[schema-1:] {
		if data, err = up(data); err != nil {
			return none, fmt.Errorf("upcast: %w", err)
		}
	}
	if jsontext.Value(data).Kind() == jsontext.KindNull { // which would pass for an empty object
		return none, errNoObject
	}
	v, err := d.decode(data, d.opts)
	if err != nil {
		return none, err
	}
	return v.(T), nil
}

// nested is the JSON of a field whose type is the registry's interface. In
// input, a schema left out is the current one.
type nested struct {
	Type   string         `json:"type"`
	Schema int            `json:"schema"`
	Data   jsontext.Value `json:"data"`
}

func (r *Registry[T]) marshalNested(enc *jsontext.Encoder, v T) error {
	if enc.StackDepth() == 0 {
		return errors.ErrUnsupported
	}
	if p := reflect.ValueOf(v); p.Kind() == reflect.Pointer {
		v = p.Elem().Interface().(T) // the encoder hands addressable values over by pointer
	}
	name, schema, data, err := r.Encode(v)
	if err != nil {
		return err
	}
	return json.MarshalEncode(enc, nested{name, schema, data})
}

func (r *Registry[T]) unmarshalNested(dec *jsontext.Decoder, v *T) error {
	if dec.StackDepth() == 0 {
		return errors.ErrUnsupported
	}
	var n nested
	if err := json.UnmarshalDecode(dec, &n, json.RejectUnknownMembers(true)); err != nil {
		return err
	}
	d, ok := r.names[n.Type]
	if n.Schema == 0 {
		n.Schema = d.Schema
	}
	e, err := r.decode(n.Type, n.Schema, n.Data)
	switch {
	case err == nil:
		*v = e
		return nil
	case !ok:
		return &nestedError{"/type", err}
	case errors.Is(err, ErrNewer):
		return &nestedError{"/schema", err}
	case len(n.Data) == 0:
		err = errNoObject
	}
	return &nestedError{"/data", err}
}
