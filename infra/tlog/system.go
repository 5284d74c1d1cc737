package tlog

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
)

// systemRecord returns a record of a system stream, whose id follows from it.
func systemRecord(typ string, schema int, content any) es.Record {
	data, err := json.Marshal(content)
	if err != nil {
		panic(err) // strings and numbers
	}
	return es.Record{ID: uuid.NewSHA1(uuid.NameSpaceURL, data), Type: typ, Schema: schema, Data: data, Meta: []byte("{}")}
}

// lastRecord returns the last record of a system stream, the zero one if there
// is none. Hint is a revision that the stream may have reached, to begin fast.
func lastRecord(ctx context.Context, store es.Store, stream string, hint es.Revision) (last es.Record, err error) {
	for from := max(hint, 1) - 1; ; from = 0 {
		for r, err := range store.ReadStream(ctx, stream, from) {
			if err != nil {
				return es.Record{}, fmt.Errorf("read %s: %w", stream, err)
			}
			last = r
		}
		if last.Revision > 0 || from == 0 {
			return last, nil
		}
	}
}

// appendLast appends a record to a system stream, wherever that ends, and
// returns its revision.
func appendLast(ctx context.Context, store es.Store, stream string, hint es.Revision, r es.Record) (es.Revision, error) {
	for {
		last, err := lastRecord(ctx, store, stream, hint)
		if err != nil {
			return 0, err
		}
		_, err = store.Append(ctx, stream, last.Revision, r)
		if err == nil {
			return last.Revision + 1, nil
		}
		if !errors.Is(err, es.ErrConflict) {
			return 0, fmt.Errorf("append to %s: %w", stream, err)
		}
		hint = last.Revision
	}
}
