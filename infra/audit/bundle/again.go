package bundle

import (
	"iter"

	"github.com/entente-ledger/entente/projections/history"
)

// maxKept is how many events of a stream are kept between two readings.
const maxKept = 256

// rereading returns lines so that a stream that is read several times in a row,
// as PROV needs it, is read once: unless it is long, or a reading was cut short.
func rereading(lines func(stream string) iter.Seq2[history.Line, error]) func(stream string) iter.Seq2[history.Line, error] {
	var last string
	var kept []history.Line
	return func(stream string) iter.Seq2[history.Line, error] {
		return func(yield func(history.Line, error) bool) {
			if stream == last {
				for _, l := range kept {
					if !yield(l, nil) {
						return
					}
				}
				return
			}
			var read []history.Line
			for l, err := range lines(stream) {
				if len(read) <= maxKept {
					read = append(read, l)
				}
				if !yield(l, err) || err != nil {
					return
				}
			}
			if len(read) <= maxKept {
				last, kept = stream, read
			}
		}
	}
}
