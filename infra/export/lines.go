package export

import (
	"encoding/hex"
	"fmt"
	"hash"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// ndjsonEncoder writes a line an object, and one with which to check them.
type ndjsonEncoder struct {
	w     io.Writer
	sum   hash.Hash
	count int
}

func (e *ndjsonEncoder) object(line jsontext.Value) error {
	e.count++
	_, err := fmt.Fprintf(io.MultiWriter(e.w, e.sum), "%s\n", line)
	return err
}

func (e *ndjsonEncoder) end(sequence uint64) ([]string, error) {
	_, err := fmt.Fprintf(e.w, "{\"count\":%d,\"sha256\":%q,\"sequence\":%d}\n", e.count, hex.EncodeToString(e.sum.Sum(nil)), sequence)
	return nil, err
}

func (e *ndjsonEncoder) close() error { return nil }

// jsonEncoder writes an array.
type jsonEncoder struct {
	w     io.Writer
	begun bool
}

func (e *jsonEncoder) object(line jsontext.Value) error {
	before := ",\n"
	if !e.begun {
		before = "[\n"
	}
	e.begun = true
	_, err := fmt.Fprintf(e.w, "%s%s", before, line)
	return err
}

func (e *jsonEncoder) end(uint64) ([]string, error) {
	text := "\n]\n"
	if !e.begun {
		text = "[]\n"
	}
	_, err := io.WriteString(e.w, text)
	return nil, err
}

func (e *jsonEncoder) close() error { return nil }
