package export

import (
	"bufio"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/calendar"
	"github.com/entente-ledger/entente/infra/gazetteer"
)

// Writer writes an answer, object by object. It is not safe for concurrent use.
// What was written before an error is of no use.
type Writer struct {
	to    encoder
	w     *bufio.Writer
	notes []string
}

// encoder writes objects in a format.
type encoder interface {
	// object writes an object, which is one line of JSON.
	object(line jsontext.Value) error
	// end writes what comes last, knowing the sequence that the objects reflect. It
	// returns what has to be said about the answer.
	end(sequence uint64) (notes []string, err error)
	// close gives up what end does not.
	close() error
}

// New returns what writes to w in a format. About says what was asked, fact by
// fact; it is called at the end, for a format that has a place for it, and may be
// nil. [Writer.End] must follow unless something failed, and [Writer.Close] in any
// case. It fails with [es.ErrInvalid] for [PROV], which is not made of objects.
func New(f Format, w io.Writer, about func() [][2]string) (*Writer, error) {
	to := &Writer{w: bufio.NewWriter(w)}
	var err error
	switch f {
	case NDJSON:
		to.to = &ndjsonEncoder{w: to.w, sum: sha256.New()}
	case JSON:
		to.to = &jsonEncoder{w: to.w}
	case CSV:
		to.to = &csvEncoder{w: csv.NewWriter(to.w)}
	case XLSX:
		to.to, err = newXLSX(to.w, about)
	case ICS:
		to.to = &icsEncoder{to: calendar.New(to.w)}
	case GeoJSON:
		to.to = &mapEncoder{to: gazetteer.New(to.w)}
	default:
		err = es.Invalid("export.not_of_objects", fmt.Sprintf("%.40q is not a format of lists", string(f)), "another format")
	}
	if err != nil {
		return nil, err
	}
	return to, nil
}

// Object writes an answer, which marshals as a JSON object.
func (w *Writer) Object(v any) error {
	line, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return w.Line(line)
}

// Line writes an answer that is a JSON object without line breaks, as it is. It is
// not kept.
func (w *Writer) Line(object jsontext.Value) error { return w.to.object(object) }

// End ends the answer, which reflects the events of the ledger up to that with a
// sequence.
func (w *Writer) End(sequence uint64) (err error) {
	if w.notes, err = w.to.end(sequence); err != nil {
		return err
	}
	return w.w.Flush()
}

// Notes returns, after the end, sentences about what the format could not hold.
func (w *Writer) Notes() []string { return w.notes }

// Close removes what was written to temporary files. It does not close what is
// written to.
func (w *Writer) Close() error {
	return w.to.close()
}
