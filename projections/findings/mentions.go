package findings

import (
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/namekey"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// mention is a name that a fact uses for a party.
type mention struct {
	revision es.Revision // that first recorded the fact
	party    string
	key      string // the name, as [namekey.Of] has it
	as       string
}

// mentions finds the names that events use for parties. It remembers which
// types have none, and is safe for concurrent use.
type mentions struct{ silent sync.Map } // of reflect.Type

// after returns the mentions of a stream in state s, and before those of the
// state before it, nil if they are not known.
func (m *mentions) after(before []mention, known bool, s readmodel.State) []mention {
	switch {
	case s.Held == nil:
		return nil
	case known && !amends(s.Event) && !opens(s.Event):
		return m.of(before[:len(before):len(before)], s.Revision, s.Event)
	}
	var all []mention
	for f := range s.Held {
		all = m.of(all, f.Revision, f.Event)
	}
	return all
}

// amends reports whether an event is about an earlier one, by the reflection
// that every aggregate's amendments embed those of domain/book.
func amends(event any) bool {
	_, ok := reflect.TypeOf(event).FieldByName("Of")
	return ok
}

// opens reports whether an event can open a stream: what was said before it in
// the stream is then void.
func opens(event any) bool {
	_, ok := event.(es.Classifier)
	return ok
}

// of appends the mentions of an event to all, each once.
func (m *mentions) of(all []mention, revision es.Revision, event any) []mention {
	t := reflect.TypeOf(event)
	if _, silent := m.silent.Load(t); silent {
		return all
	}
	if !speaks(t, nil) {
		m.silent.Store(t, struct{}{})
		return all
	}
	begin := len(all)
	walk(reflect.ValueOf(event), func(p terms.PartyRef) {
		one := mention{revision, string(p.ID), namekey.Of(p.As), strings.TrimSpace(p.As)}
		if p.ID == "" || one.key == "" {
			return
		}
		for _, other := range all[begin:] {
			if other.party == one.party && other.key == one.key {
				return
			}
		}
		all = append(all, one)
	})
	return all
}

var partyRef = reflect.TypeFor[terms.PartyRef]()

// speaks reports whether a value of type t can hold a [terms.PartyRef]. Above
// are the types it is within.
func speaks(t reflect.Type, above []reflect.Type) bool {
	if t == partyRef || t.Kind() == reflect.Interface {
		return true
	}
	if slices.Contains(above, t) {
		return false
	}
	above = append(above, t)
	switch t.Kind() {
	case reflect.Struct:
		for f := range t.Fields() {
			if f.IsExported() && speaks(f.Type, above) {
				return true
			}
		}
	case reflect.Slice, reflect.Array, reflect.Pointer:
		return speaks(t.Elem(), above)
	}
	return false
}

// walk calls visit for every [terms.PartyRef] in v, in the order of its fields.
func walk(v reflect.Value, visit func(terms.PartyRef)) {
	if v.Type() == partyRef {
		visit(v.Interface().(terms.PartyRef))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walk(v.Field(i), visit)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			walk(v.Index(i), visit)
		}
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			walk(v.Elem(), visit)
		}
	}
}
