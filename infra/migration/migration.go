// Package migration copies a ledger from one event store to another: every
// record of the ledger and of the system, in the order of the log, with the
// bytes and ids it has. It knows stores and records, and nothing of what is in
// them. What other programs keep in a store is not copied.
package migration

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"iter"

	"github.com/entente-ledger/entente/domain/es"
)

// Progress is how far a migration has come.
type Progress struct {
	Verifying bool   // all is copied, and both logs are read again
	Records   uint64 // of the log, that this is done with
}

// Report is what a migration has done.
type Report struct {
	Records uint64 // in both logs
	Copied  uint64 // by this run; the others were there
	// Digest is the SHA-256 over the records of either log, each as stream,
	// revision, id, type, schema, data and metadata, with their lengths before
	// what has no fixed one. Positions are not in it.
	Digest [sha256.Size]byte
}

// Run copies what is in from and not yet in to, and then reads both again from
// the beginning and compares them. Appends are durable one by one, so that a
// run that was cut short is gone on with by another; nothing is deleted
// anywhere. What is appended to from meanwhile is copied too, if it comes before
// the comparison.
//
// It fails with [es.ErrConflict] if to holds anything that from does not hold
// in the same place, and as the stores do. Told, if not nil, hears of progress
// now and then.
func Run(ctx context.Context, from, to es.Store, told func(Progress)) (Report, error) {
	if told == nil {
		told = func(Progress) {}
	}
	copied, err := Copy(ctx, from, to, func(n uint64) { told(Progress{Records: n}) })
	if err != nil {
		return Report{Copied: copied}, fmt.Errorf("copy the ledger: %w", err)
	}
	report, err := Compare(ctx, from, to, func(n uint64) { told(Progress{true, n}) })
	report.Copied = copied
	return report, err
}

const tellEvery = 1000 // records

// Copy appends to one store what another has more, and returns how many records
// that were. It compares only what was there before. Told, if not nil, hears how
// many records it is done with, now and then.
func Copy(ctx context.Context, from, to es.Store, told func(n uint64)) (copied uint64, err error) {
	if told == nil {
		told = func(uint64) {}
	}
	next, stop := iter.Pull2(to.ReadAll(ctx, 0))
	defer stop()
	b := batch{to: to}
	n, there := uint64(0), true
	for want, err := range from.ReadAll(ctx, 0) {
		if err != nil {
			return copied, err
		}
		if n%tellEvery == 0 {
			told(n)
		}
		n++
		if there {
			var have es.Record
			if have, err, there = next(); err != nil {
				return copied, err
			}
			if there && !same(want, have) {
				return copied, differs(n, want, have)
			}
		}
		if !there {
			if err := b.add(ctx, want); err != nil {
				return copied, err
			}
			copied++
		}
	}
	told(n)
	return copied, b.flush(ctx)
}

// batch gathers records of one stream that follow one another in the log.
type batch struct {
	to    es.Store
	recs  []es.Record
	bytes int
}

func (b *batch) add(ctx context.Context, r es.Record) error {
	size := len(r.Data) + len(r.Meta)
	if n := len(b.recs); n > 0 && (b.recs[0].Stream != r.Stream || n == es.MaxAppendRecords || b.bytes+size > es.MaxAppendBytes) {
		if err := b.flush(ctx); err != nil {
			return err
		}
	}
	b.recs, b.bytes = append(b.recs, r), b.bytes+size
	return nil
}

func (b *batch) flush(ctx context.Context) error {
	if len(b.recs) == 0 {
		return nil
	}
	first := b.recs[0]
	_, err := b.to.Append(ctx, first.Stream, first.Revision-1, b.recs...)
	b.recs, b.bytes = nil, 0
	return err
}

// Compare reads two stores from the beginning to the end, and fails with
// [es.ErrConflict] unless they hold the same records of the ledger and of the
// system in the same order. Its Report says nothing of copies.
func Compare(ctx context.Context, one, other es.Store, told func(n uint64)) (Report, error) {
	next, stop := iter.Pull2(other.ReadAll(ctx, 0))
	defer stop()
	var r Report
	digest := sha256.New()
	for want, err := range one.ReadAll(ctx, 0) {
		var have es.Record
		there := false
		if err == nil {
			have, err, there = next()
		}
		if err != nil {
			return r, fmt.Errorf("compare the logs: %w", err)
		}
		if r.Records++; !there || !same(want, have) {
			return r, differs(r.Records, want, have)
		}
		write(digest, want)
		if told != nil && r.Records%tellEvery == 0 {
			told(r.Records)
		}
	}
	if have, err, there := next(); err != nil {
		return r, fmt.Errorf("compare the logs: %w", err)
	} else if there {
		return r, differs(r.Records+1, es.Record{}, have)
	}
	digest.Sum(r.Digest[:0])
	return r, nil
}

// same reports whether two records are the same but for their positions.
func same(a, b es.Record) bool {
	return a.Stream == b.Stream && a.Revision == b.Revision && a.ID == b.ID && a.Type == b.Type && a.Schema == b.Schema &&
		bytes.Equal(a.Data, b.Data) && bytes.Equal(a.Meta, b.Meta)
}

func write(h hash.Hash, r es.Record) {
	b := make([]byte, 0, 512)
	sized := func(n int) { b = binary.BigEndian.AppendUint64(b, uint64(n)) }
	sized(len(r.Stream))
	b = append(b, r.Stream...)
	b = binary.BigEndian.AppendUint64(b, uint64(r.Revision))
	b = append(b, r.ID[:]...)
	sized(len(r.Type))
	b = append(b, r.Type...)
	sized(r.Schema)
	sized(len(r.Data))
	b = append(b, r.Data...)
	sized(len(r.Meta))
	_, _ = h.Write(append(b, r.Meta...)) // never fails
}

func differs(n uint64, want, have es.Record) error {
	describe := func(r es.Record) string {
		if r.Stream == "" {
			return "nothing"
		}
		return fmt.Sprintf("%s at revision %d (%s, %s)", r.Stream, r.Revision, r.Type, r.ID)
	}
	return &es.Error{
		Kind: es.ErrConflict, Code: "migrate.other_log",
		Message: fmt.Sprintf("record %d of the log is %s in one store and %s in the other, or of other bytes", n, describe(want), describe(have)),
		Want:    "an empty store, or one that holds the beginning of the same ledger",
	}
}
