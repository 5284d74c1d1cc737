package audit

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/google/uuid"
	sumdb "golang.org/x/mod/sumdb/tlog"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/documents"
	"github.com/entente-ledger/entente/infra/tlog"
)

// item is an event as the store has it.
type item struct {
	record  es.Record
	after   es.Position // after which it is
	meta    es.Meta     // if whole
	whole   bool        // the metadata decodes
	leaf    []byte      // nil if none can be made
	hash    sumdb.Hash  // of the leaf
	files   []file      // that it names
	damages []Finding   // of it alone; their events are still to be numbered
}

// file is a document that an event names.
type file struct {
	hash documents.Hash
	kept bool // the event says that it is kept here
}

// sealed is a leaf as the log has it.
type sealed struct {
	hash sumdb.Hash
	leaf []byte // nil if the bundle is damaged
}

// batch is a bundle of the log beside the events that should be in it.
type batch struct {
	first   int64 // index of the leaf
	items   []item
	sealed  []sealed // none behind the end of the log
	same    bool     // items are what was sealed
	damages []Finding
	err     error
	done    chan struct{} // closed when a worker is done with it
}

// worker decodes and hashes batches.
type worker struct {
	ledger uuid.UUID
	log    tlog.Dir
	tiles  bool // there are tiles to compare with
	size   int64
	names  namer
}

func (w *worker) do(b *batch) {
	for i := range b.items {
		w.read(&b.items[i])
	}
	var want int
	if w.tiles {
		want = int(min(max(w.size-b.first, 0), tlog.Width))
	}
	if want > 0 {
		b.err = w.compare(b, want)
	}
}

// read decodes an event, and makes its leaf.
func (w *worker) read(it *item) {
	r := it.record
	bad := func(code, format string, args ...any) {
		it.damages = append(it.damages, Finding{Code: code, Message: fmt.Sprintf(format, args...)})
	}
	if _, _, err := es.ParseStream(r.Stream); err != nil {
		bad("audit.bad_stream", "the name of its stream is none: %v", err)
	}
	e, err := ledger.Decode(r)
	switch {
	case errors.Is(err, es.ErrNewer):
		bad("audit.unknown_type", "its type or schema is unknown: %v", err)
	case err != nil:
		bad("audit.bad_payload", "what it says cannot be read: %v", err)
	default:
		it.files = w.names.files(e)
	}
	if it.meta, err = es.DecodeMeta(r.Meta); err != nil {
		bad("audit.bad_metadata", "its metadata cannot be read: %v", err)
		return
	}
	it.whole = true
	if it.leaf, err = tlog.LeafWith(w.ledger, r, it.meta).Encode(); err != nil {
		bad("audit.bad_leaf", "it cannot be sealed: %v", err)
		it.leaf = nil
	}
}

// compare compares a batch with its bundle and its tile.
func (w *worker) compare(b *batch, want int) error {
	leaves, err := w.log.Bundle(b.first, w.size)
	if err != nil && !tlog.IsDamage(err) {
		return err
	}
	if err != nil {
		b.damages = append(b.damages, Finding{Code: "audit.bundle_damaged", Message: sentence(err)})
		leaves = make([][]byte, want)
	}
	hashes, err := w.log.LeafHashes(b.first, w.size)
	if err != nil && !tlog.IsDamage(err) {
		return err
	}
	tiles := err == nil
	if !tiles {
		b.damages = append(b.damages, Finding{Code: "audit.tile_damaged", Message: sentence(err)})
	}
	b.sealed, b.same = make([]sealed, want), len(b.items) >= want
	for i := range b.items {
		b.items[i].hash = sumdb.RecordHash(b.items[i].leaf)
	}
	badLeaves, badHashes := 0, 0
	for i, leaf := range leaves {
		var own, tile *sumdb.Hash
		if i < len(b.items) && b.items[i].leaf != nil {
			own = &b.items[i].hash
		}
		if tiles {
			tile = &hashes[i]
		}
		s := settle(own, tile, leaf, i < len(b.items) && bytes.Equal(leaf, b.items[i].leaf))
		badLeaves += s.badLeaf
		badHashes += s.badTile
		b.sealed[i] = s.sealed
		b.same = b.same && own != nil && *own == s.hash
	}
	if badLeaves > 0 {
		b.damages = append(b.damages, Finding{
			Code:    "audit.bundle_damaged",
			Message: fmt.Sprintf("%d leaves in the bundle from event %d on are not those that were sealed", badLeaves, b.first),
		})
	}
	if badHashes > 0 {
		b.damages = append(b.damages, Finding{
			Code:    "audit.tile_damaged",
			Message: fmt.Sprintf("%d hashes in the tile of the events from %d on are not those of the leaves", badHashes, b.first),
		})
	}
	return nil
}

// settled is what a leaf was when it was sealed, as far as can be said, and
// whether the bundle and the tile have another.
type settled struct {
	sealed
	badLeaf, badTile int
}

// settle finds what was sealed from three copies: the hash of the event's leaf, the
// hash in the tile, the leaf in the bundle. Any two outvote the third; that they
// were signed is seen from the checkpoint. Same says that the event's leaf is
// the one in the bundle.
func settle(own, tile *sumdb.Hash, leaf []byte, same bool) settled {
	if same && tile != nil && *own == *tile {
		return settled{sealed: sealed{*own, leaf}}
	}
	var hash sumdb.Hash
	if leaf != nil {
		hash = sumdb.RecordHash(leaf)
	}
	switch {
	case leaf != nil && tile != nil && hash == *tile, leaf != nil && tile == nil:
		return settled{sealed: sealed{hash, leaf}}
	case leaf == nil && tile != nil:
		return settled{sealed: sealed{*tile, nil}}
	case leaf == nil && own != nil:
		return settled{sealed: sealed{*own, nil}}
	case leaf == nil:
		return settled{}
	case own != nil && *own == hash:
		return settled{sealed{hash, leaf}, 0, 1}
	case own != nil && *own == *tile:
		return settled{sealed{*tile, nil}, 1, 0}
	default:
		return settled{sealed{*tile, nil}, 1, 1}
	}
}

// event names the event, with the sequence it was sealed with.
func (it *item) event(sequence int64) *Event {
	r := it.record
	return &Event{sequence, r.ID, r.Stream, r.Revision, r.Type}
}
