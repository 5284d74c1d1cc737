package tlog

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
)

// MaxLeaf is the most bytes of a leaf: its length in a bundle has 16 bits.
const MaxLeaf = 1<<16 - 1

// Leaf is what the log holds of an event: enough to name it and to bind every
// byte that is stored of it, and nothing of what it says. It is JSON without
// white space, with the keys in order and strings as the only values.
type Leaf struct {
	// Actor is the opaque id of who recorded the event, as in its metadata.
	Actor string `json:"actor"`
	// Body is the SHA-256 of the event's data and metadata as stored, see
	// [BodyHash], in lower-case hexadecimal. The nonce in the metadata keeps it
	// from being guessed.
	Body string `json:"body_h"`
	// Cause is the id of the command, as in the metadata.
	Cause string `json:"cause"`
	// ID is the id of the event.
	ID string `json:"id"`
	// Ledger is the id of the ledger.
	Ledger string `json:"ledger"`
	// Recorded is when it was recorded (RFC 3339, UTC), as in the metadata.
	Recorded string `json:"recorded"`
	// Revision is its place in its stream, from 1, in decimal.
	Revision string `json:"rev"`
	// Schema is that of its type, from 1, in decimal.
	Schema string `json:"schema"`
	// Stream is the name of its stream.
	Stream string `json:"stream"`
	// Type is the stored name of its type.
	Type string `json:"type"`
	// Version is that of the leaf, "1".
	Version string `json:"v"`
}

// leafVersion is the version of leaves that this code writes.
const leafVersion = "1"

// BodyHash returns the SHA-256 over the length of data, data, the length of
// meta, and meta; lengths have 64 bits, the most significant first (big-endian).
func BodyHash(data, meta []byte) [sha256.Size]byte {
	h := sha256.New()
	for _, part := range [][]byte{data, meta} {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(part)))
		_, _ = h.Write(n[:]) // never fails
		_, _ = h.Write(part) // never fails
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// LeafOf returns the leaf of a record of a ledger. It says nothing of where the
// record is in its store, so that stores that hold the same records in the same
// order have the same leaves. It fails with [es.ErrCorrupt] if the metadata
// does not decode.
func LeafOf(ledger uuid.UUID, r es.Record) (Leaf, error) {
	m, err := es.DecodeMeta(r.Meta)
	if err != nil {
		return Leaf{}, fmt.Errorf("make the leaf of %s at revision %d: %w", r.Stream, r.Revision, err)
	}
	return LeafWith(ledger, r, m), nil
}

// LeafWith is [LeafOf] for who has decoded the metadata.
func LeafWith(ledger uuid.UUID, r es.Record, m es.Meta) Leaf {
	body := BodyHash(r.Data, r.Meta)
	return Leaf{
		Actor: m.Actor, Body: hex.EncodeToString(body[:]), Cause: m.Cause.String(), ID: r.ID.String(), Ledger: ledger.String(),
		Recorded: es.FormatInstant(m.RecordedAt), Revision: strconv.FormatUint(uint64(r.Revision), 10), Schema: strconv.Itoa(r.Schema),
		Stream: r.Stream, Type: r.Type, Version: leafVersion,
	}
}

// Encode returns the bytes of the leaf, which are what the log hashes.
func (l Leaf) Encode() ([]byte, error) {
	b := make([]byte, 0, 512)
	for i, f := range []struct{ key, value string }{
		{"actor", l.Actor},
		{"body_h", l.Body},
		{"cause", l.Cause},
		{"id", l.ID},
		{"ledger", l.Ledger},
		{"recorded", l.Recorded},
		{"rev", l.Revision},
		{"schema", l.Schema},
		{"stream", l.Stream},
		{"type", l.Type},
		{"v", l.Version},
	} {
		sep := `,"`
		if i == 0 {
			sep = `{"`
		}
		b = append(append(append(b, sep...), f.key...), `":`...)
		if isPlain(f.value) {
			b = append(append(append(b, '"'), f.value...), '"')
			continue
		}
		var err error
		if b, err = jsontext.AppendQuote(b, f.value); err != nil {
			return nil, fmt.Errorf("make the leaf of %s at revision %s: %w", l.Stream, l.Revision, err)
		}
	}
	if b = append(b, '}'); len(b) > MaxLeaf {
		return nil, fmt.Errorf("the leaf of %s at revision %s has %d bytes, more than %d", l.Stream, l.Revision, len(b), MaxLeaf)
	}
	return b, nil
}

// isPlain reports whether a string is in JSON as it is, between quotes.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
