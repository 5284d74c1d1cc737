package audit

import (
	"context"
	"encoding/binary"
	"errors"
	"io/fs"
	"iter"
	"os"
	"reflect"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/resource"
	"github.com/entente-ledger/entente/domain/source"
	"github.com/entente-ledger/entente/infra/documents"
)

// namer finds the files that events name. It remembers which types name none.
type namer map[reflect.Type]bool

// files returns the documents that an event names by their hashes, also within
// a correction.
func (n namer) files(event any) []file {
	var found []file
	n.walk(reflect.ValueOf(event), func(h string, kept bool) {
		if hash, err := documents.ParseHash(h); err == nil {
			found = append(found, file{hash, kept})
		}
	})
	return found
}

func (n namer) walk(v reflect.Value, found func(hash string, kept bool)) {
	if !n.may(v.Type()) {
		return
	}
	switch x := v.Interface().(type) {
	case source.File:
		found(string(x.Hash), true) // a copy is kept, says the event
		return
	case memorandum.Hash:
		found(string(x), false)
		return
	case resource.Hash:
		found(string(x), false)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				n.walk(v.Field(i), found)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			n.walk(v.Index(i), found)
		}
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			n.walk(v.Elem(), found)
		}
	}
}

// may reports whether a value of a type can name a file.
func (n namer) may(t reflect.Type) bool {
	if known, ok := n[t]; ok {
		return known
	}
	n[t] = false // while it is looked into
	switch t {
	case reflect.TypeFor[source.File](), reflect.TypeFor[memorandum.Hash](), reflect.TypeFor[resource.Hash]():
		n[t] = true
		return true
	}
	may := false
	switch t.Kind() {
	case reflect.Interface:
		may = true
	case reflect.Slice, reflect.Array, reflect.Pointer:
		may = n.may(t.Elem())
	case reflect.Struct:
		for f := range t.Fields() {
			may = f.IsExported() && n.may(f.Type) || may
		}
	}
	n[t] = may
	return may
}

// naming is a document that an event names. Sorted by their bytes, namings are
// by document, and those that say that it is kept come first.
const namingSize = 32 + 1 + 8 + 1 + 16 + 8 + 16

// name keeps which documents an event names.
func (v *verifier) name(it *item, sequence int64) error {
	for _, f := range it.files {
		kind, id, err := es.ParseStream(it.record.Stream)
		if err != nil {
			continue // which was said
		}
		b := append(v.scrap[:0], f.hash[:]...)
		if f.kept {
			b = append(b, 0)
		} else {
			b = append(b, 1)
		}
		b = append(binary.BigEndian.AppendUint64(b, uint64(sequence)), v.kinds[kind])
		b = binary.BigEndian.AppendUint64(append(b, id[:]...), uint64(it.record.Revision))
		v.scrap = append(b, it.record.ID[:]...)
		if err := v.files.add(v.scrap); err != nil {
			return err
		}
	}
	return nil
}

// named is a document with the first event that names it.
type named struct {
	hash documents.Hash
	kept bool
	by   *Event
}

// namings yields the documents that events name, in the order of their hashes.
func (v *verifier) namings(ctx context.Context) iter.Seq2[named, error] {
	return func(yield func(named, error) bool) {
		var last documents.Hash
		for rec, err := range v.files.all(ctx) {
			if err != nil {
				yield(named{}, err)
				return
			}
			if hash := documents.Hash(rec[:32]); hash != last {
				last = hash
				kind, rest := ledger.Aggregates()[rec[41]].Kind, rec[42:]
				e := &Event{
					int64(binary.BigEndian.Uint64(rec[33:])), uuid.UUID(rest[24:]), es.StreamName(kind, uuid.UUID(rest[:16])),
					es.Revision(binary.BigEndian.Uint64(rest[16:])), "",
				}
				if !yield(named{hash, rec[32] == 0, e}, nil) {
					return
				}
			}
		}
	}
}

// documents verifies those that events name, and those that are there.
func (v *verifier) documents(ctx context.Context) error {
	if v.Documents == "" {
		return v.files.close()
	}
	var folder *documents.Folder
	there := iter.Seq2[documents.Hash, error](func(func(documents.Hash, error) bool) {})
	switch _, err := os.Stat(v.Documents); {
	case err == nil:
		if folder, err = documents.Open(v.Documents, documents.Options{}); err != nil {
			return err
		}
		there = folder.List(ctx)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	next, stop := iter.Pull2(there)
	defer stop()
	file, err, more := next()
	for n, failed := range v.namings(ctx) {
		if failed != nil {
			return failed
		}
		for err == nil && more && string(file[:]) < string(n.hash[:]) {
			if err := v.document(ctx, folder, file, nil); err != nil {
				return err
			}
			file, err, more = next()
		}
		if err != nil {
			return err
		}
		if more && file == n.hash {
			if err := v.document(ctx, folder, file, n.by); err != nil {
				return err
			}
			file, err, more = next()
			continue
		}
		if n.kept {
			v.damage("audit.document_missing", n.by, "document %s, which the event says is kept, is not in the folder of documents", n.hash)
		} else {
			v.report.Absent++
		}
	}
	for ; err == nil && more; file, err, more = next() {
		if err := v.document(ctx, folder, file, nil); err != nil {
			return err
		}
	}
	return errors.Join(err, v.files.close())
}

// document verifies one that is there.
func (v *verifier) document(ctx context.Context, folder *documents.Folder, h documents.Hash, by *Event) error {
	if by == nil && v.report.From > 0 {
		return nil // verified before, or of no event
	}
	err := folder.Verify(ctx, h)
	v.report.Documents++
	v.told(Progress{"documents", v.report.Documents, -1})
	if !errors.Is(err, es.ErrCorrupt) {
		return err
	}
	v.damage("audit.document_changed", by, "the file %s was changed: its bytes no longer have the hash that is its name", h)
	return nil
}
