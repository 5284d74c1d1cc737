package es

import (
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// Revision counts the records of a stream: 0 is a stream that does not exist,
// and the n-th record has revision n.
type Revision uint64

// Position is a store's token for a place in its log: 0 is before the first
// record, and later records have larger positions. It may have gaps, means
// nothing in another store, and never leaves the process without its ledger's
// identity beside it.
type Position uint64

// Record is an event as stored.
type Record struct {
	Position Position
	Stream   string // kind-uuid, see [StreamName]
	Revision Revision
	ID       uuid.UUID // see [EventID]
	Type     string    // stored name, "memorandum.signed"
	Schema   int       // from 1
	// Data and Meta are JSON, byte for byte as first written. They belong to
	// whoever received the record, and are not to be modified.
	Data, Meta []byte
}

// IsMarker reports whether r is not a record but the mark of [Store.Subscribe]
// that the subscriber has seen everything up to r.Position.
func (r Record) IsMarker() bool { return r.Stream == "" }

// SystemPrefix begins the names of the system's own streams (checkpoints,
// leases), which are not part of the ledger.
const SystemPrefix = "entente_"

// StreamName returns the name of the stream of an aggregate: kind-uuid.
func StreamName(kind string, id uuid.UUID) string { return kind + "-" + id.String() }

// ParseStream splits a stream's name into kind and id. The kind is one or more
// lower-case ASCII letters; the id is a UUID in its usual lower-case form.
func ParseStream(name string) (kind string, id uuid.UUID, err error) {
	kind, rest, ok := strings.Cut(name, "-")
	if !ok || kind == "" || strings.Trim(kind, "abcdefghijklmnopqrstuvwxyz") != "" || !isUUID(rest) {
		err = errors.New("not of the form")
	} else {
		id, err = uuid.Parse(rest)
	}
	if err != nil {
		return "", uuid.Nil, &Error{
			Kind: ErrInvalid, Code: "es.bad_stream",
			Message: fmt.Sprintf("%.80q is not the id of a stream", name),
			Want:    "a kind and a lower-case UUID, such as memorandum-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55",
		}
	}
	return kind, id, nil
}

// isUUID reports whether s has the characters of a UUID in lower case.
func isUUID(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'f') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return len(s) == 36
}

// EventID returns the id of the index-th event (from 0) that a command caused
// in a stream.
func EventID(cause uuid.UUID, stream string, index int) uuid.UUID {
	return uuid.NewSHA1(cause, fmt.Appendf(nil, "event/%s/%d", stream, index))
}

// NewStream returns the name of the stream that a command opens.
func NewStream(kind string, cause uuid.UUID) string {
	return StreamName(kind, uuid.NewSHA1(cause, []byte("stream/"+kind)))
}

// KeyedStream returns the name of the stream that a natural key gives: the same
// in every ledger, so that what must be unique is so by construction.
func KeyedStream(kind, key string) string {
	return StreamName(kind, uuid.NewSHA1(uuid.NameSpaceURL, []byte("urn:entente:"+kind+":"+key)))
}
