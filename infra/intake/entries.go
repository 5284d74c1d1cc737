package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/source"
	"github.com/entente-ledger/entente/domain/terms"
)

// compareEntries keeps which entries of a stream the register has, and which it
// has not any more.
func (r *run) compareEntries(stream string, s stream, claimed map[string]kept) error {
	for _, said := range s.said {
		_, there := claimed[said.slot]
		_, dated := claimed[said.on]
		if said.slot == opening && !there && !r.listsOpenings(stream) {
			continue
		}
		err := r.work.exec("INSERT INTO entry VALUES (?, ?)", nil, fmt.Sprintf("%s@%d", stream, said.revision), there || dated)
		if err != nil {
			return err
		}
	}
	return nil
}

// listsOpenings reports whether a row of the register is what the stream is of,
// so that without a row it has lost an entry.
func (r *run) listsOpenings(stream string) bool {
	kind, _, _ := strings.Cut(stream, "-")
	row := map[string]string{"party": rowParty, "memorandum": rowAgreement, "membership": rowMembership}[kind]
	for _, t := range r.Mapping.Tables {
		if t.Row == row {
			return true
		}
	}
	return false
}

// eachEntry calls visit with what was an entry of the register before, and
// whether it is there.
func (w *work) eachEntry(visit func(of terms.Ref, there bool) error) error {
	var after int64
	for {
		type entry struct {
			of    terms.Ref
			there bool
		}
		var page []entry
		err := w.exec("SELECT rowid, of, there FROM entry WHERE rowid > ? ORDER BY rowid LIMIT 1000", func(row *sqlite.Stmt) error {
			after = row.ColumnInt64(0)
			page = append(page, entry{terms.Ref(row.ColumnText(1)), row.ColumnBool(2)})
			return nil
		}, after)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, e := range page {
			if err := visit(e.of, e.there); err != nil {
				return err
			}
		}
	}
}

// entries records which entries the register does not have any more, and which
// it has again. While rows are refused, none counts as gone: it may be what
// one of them is about.
func (r *run) entries(ctx context.Context) error {
	reg, err := readRegister(ctx, r.Ledger.Store(), r.ids.source())
	if err != nil {
		return err
	}
	removed := map[terms.Ref]bool{}
	for _, e := range reg.state.Removed() {
		removed[e.Of] = true
	}
	var acts []es.Act
	flush := func() error {
		n, err := r.doEntries(ctx, acts)
		r.result.Events += n
		acts = acts[:0]
		return err
	}
	fact := terms.Fact{Occurred: r.asOf, Source: r.citation(r.file.Hash)}
	anyRefused := slices.Contains(r.result.status, refused)
	err = r.work.eachEntry(func(of terms.Ref, there bool) error {
		var event any
		var name string
		switch {
		case there && removed[of]:
			event, name = source.EntryRestored{Fact: fact, Of: of}, "source.restore_entry"
			r.result.Restored++
		case !there && !removed[of] && !anyRefused:
			event, name = source.EntryRemoved{Fact: fact, Of: of}, "source.remove_entry"
			r.result.Removed++
		default:
			return nil
		}
		_, _, data, err := encode(event)
		if err != nil {
			return err
		}
		acts = append(acts, es.Act{{
			ID: command(r.result.ID, r.ids.source(), name, []byte(of)), Name: name, Stream: r.ids.source(), Payload: data,
			Actor: r.Actor, Correlation: r.result.ID, KnownAt: r.known, Backfill: true,
		}})
		if len(acts) < actsAtOnce {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

// actsAtOnce bounds how much of a long stream is decided at a time.
const actsAtOnce = 500

func (r *run) doEntries(ctx context.Context, acts []es.Act) (events int, err error) {
	out, err := r.Ledger.DoAll(ctx, acts)
	for _, o := range out {
		if o.Err != nil {
			return events, o.Err
		}
		if !o.Results[0].Repeated {
			events += len(o.Results[0].Events)
		}
	}
	return events, err
}
