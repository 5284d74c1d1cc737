package export

import (
	"bufio"
	"context"
	"io"
	"iter"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/provenance"
	"github.com/entente-ledger/entente/projections/history"
)

// Provenance writes the provenance of a stream's history, by a desk's knowledge, as
// [PROV]. The ledger has an identity, within which the ids of actors are meant, and
// the answer reflects its events up to that with a sequence. The history is read
// several times and never held. If there is none, nothing is written, and it fails
// with [es.ErrNotFound].
//
// [es.ErrNotFound]: https://pkg.go.dev/github.com/entente-ledger/entente/domain/es#ErrNotFound
func Provenance(ctx context.Context, to io.Writer, d *answers.Desk, ledger uuid.UUID, stream string, sequence uint64) error {
	if _, err := d.History(ctx, stream, 1, ""); err != nil {
		return err
	}
	w := bufio.NewWriter(to)
	if err := provenance.Write(w, ledger, sequence, lines(d.AllHistory(ctx, stream))); err != nil {
		return err
	}
	return w.Flush()
}

// lines yields the events as the read model has them.
func lines(events iter.Seq2[answers.Event, error]) iter.Seq2[history.Line, error] {
	return func(yield func(history.Line, error) bool) {
		for e, err := range events {
			if !yield(e.Line, err) {
				return
			}
		}
	}
}
