package ledger

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"strings"
	"sync"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// checkReferences fails with [es.ErrRejected] if a command on a stream refers
// to a stream or an event that is not in the store, or to its own stream as
// though it were another.
func (l *Ledger) checkReferences(ctx context.Context, own string, command any) error {
	for field, ref := range References(command) {
		if err := l.checkReference(ctx, own, field, ref); err != nil {
			return err
		}
	}
	return nil
}

func (l *Ledger) checkReference(ctx context.Context, own, field string, ref terms.Reference) error {
	target, at := ref.Target()
	switch {
	case target == "":
		return nil
	case target == own && strings.HasSuffix(field, "/fact/source/id"):
		return nil // what is said of a source may stand in it
	case target == own && at == 0:
		return es.Rejected("ledger.self_reference", own+" cannot stand in this relation to itself", "the id of another record").At(field)
	}
	ok, err := l.exists(ctx, target, at)
	if err == nil && !ok {
		err = UnknownReference(target, at).At(field)
	}
	return err
}

// UnknownReference is what a command meets that refers to a stream, or to an event
// of it if at is not 0, which is not there.
func UnknownReference(stream string, at es.Revision) *es.Error {
	return es.Rejected("ledger.unknown_reference", fmt.Sprintf("there is no %s in this ledger", name(stream, at)),
		"the id of what is in the ledger; else it is recorded first")
}

func name(stream string, at es.Revision) string {
	if at == 0 {
		return stream
	}
	return fmt.Sprintf("%s@%d", stream, at)
}

// exists reports whether a stream has at least at records, and at least one.
// What exists once does so for ever, so a bounded number of answers is kept.
func (l *Ledger) exists(ctx context.Context, stream string, at es.Revision) (bool, error) {
	key := name(stream, at)
	if l.seen.has(key) {
		return true, nil
	}
	for _, err := range l.handler.Store.ReadStream(ctx, stream, max(at, 1)-1) {
		if err == nil {
			l.seen.add(key)
		}
		return err == nil, err
	}
	return false, nil
}

var reference = reflect.TypeFor[terms.Reference]()

// References yields the references in a command, an event or a part of one, each
// with its JSON pointer, in the order of the members. They are found by their
// types; empty ones are among them.
func References(v any) iter.Seq2[string, terms.Reference] {
	return func(yield func(field string, ref terms.Reference) bool) {
		if v != nil {
			walk(reflect.ValueOf(v), "", yield)
		}
	}
}

// walk yields every reference in v, and reports whether more are wanted.
func walk(v reflect.Value, field string, yield func(field string, ref terms.Reference) bool) bool {
	if v.Type().Implements(reference) && v.Kind() == reflect.String {
		return yield(field, v.Interface().(terms.Reference))
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() {
				continue
			}
			at := field
			if tag := f.Tag.Get("json"); tag != "" {
				at += "/" + tag
			}
			if !walk(v.Field(i), at, yield) {
				return false
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if !walk(v.Index(i), fmt.Sprintf("%s/%d", field, i), yield) {
				return false
			}
		}
	case reflect.Interface, reflect.Pointer:
		return v.IsNil() || walk(v.Elem(), field, yield)
	}
	return true
}

// seen is a bounded set, emptied when it is full.
type seen struct {
	mu   sync.Mutex
	keys map[string]struct{}
}

const maxSeen = 1 << 16

func (s *seen) has(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.keys[key]
	return ok
}

func (s *seen) add(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys == nil || len(s.keys) >= maxSeen {
		s.keys = map[string]struct{}{}
	}
	s.keys[key] = struct{}{}
}
