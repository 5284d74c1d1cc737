package esdbwire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/internal/wirename"
)

const (
	typeKey, contentKey, createdKey = "type", "content-type", "created"

	jsonContent   = "application/json"
	binaryContent = "application/octet-stream"
)

// event is a record as clients see it.
type event struct {
	es.Record
	name     string // of the type
	content  string
	created  int64  // in ticks, see [ticks]
	metadata []byte // the client's own
}

// ticks counts the 100 ns from 1970 until t.
func ticks(t time.Time) int64 { return t.UnixNano() / 100 }

// wrap returns the metadata under which a record of another program is stored:
// a line of when it was created, in ticks, and its content type, and then the
// client's metadata.
func wrap(created int64, content string, metadata []byte) []byte {
	return append(fmt.Appendf(nil, "%d %s\n", created, content), metadata...)
}

var errBadWrap = errors.New("the metadata has no line of its own")

func unwrap(meta []byte) (created int64, content string, metadata []byte, err error) {
	line, metadata, ok := bytes.Cut(meta, []byte("\n"))
	when, content, found := strings.Cut(string(line), " ")
	created, err = strconv.ParseInt(when, 10, 64)
	if !ok || !found || err != nil {
		return 0, "", nil, errBadWrap
	}
	return created, content, metadata, nil
}

// shown returns a record as clients see it.
func shown(r es.Record) (event, error) {
	if r.Schema > 0 {
		return event{Record: r, name: wirename.Join(r.Type, r.Schema), content: jsonContent, created: recordedAt(r.Meta), metadata: r.Meta}, nil
	}
	created, content, metadata, err := unwrap(r.Meta)
	if err != nil {
		return event{}, &es.Error{
			Kind: es.ErrCorrupt, Code: "store.bad_wrap", Message: fmt.Sprintf("the record at position %d: %v", r.Position, err),
		}
	}
	return event{Record: r, name: r.Type, content: content, created: created, metadata: metadata}, nil
}

// recordedAt returns when a ledger's record was recorded, in ticks, 0 if its
// metadata does not begin with that.
func recordedAt(meta []byte) int64 {
	const before, length = `{"recordedAt":"`, len("2006-01-02T15:04:05.000000Z")
	if !bytes.HasPrefix(meta, []byte(before)) || len(meta) < len(before)+length {
		return 0
	}
	t, err := es.ParseInstant(string(meta[len(before) : len(before)+length]))
	if err != nil || t.IsZero() {
		return 0
	}
	return ticks(t)
}

// number is the revision of an event as the wire counts them.
func (e *event) number() uint64 { return uint64(e.Revision - 1) }

// recorded returns an event as the protocol has it.
func (e *event) recorded(asText bool) *streams.ReadResp_ReadEvent_RecordedEvent {
	return &streams.ReadResp_ReadEvent_RecordedEvent{
		Id:               wireUUID(e.ID, asText),
		StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(e.Stream)},
		StreamRevision:   e.number(),
		PreparePosition:  uint64(e.Position),
		CommitPosition:   uint64(e.Position),
		Metadata: map[string]string{
			typeKey: e.name, contentKey: e.content, createdKey: strconv.FormatInt(e.created, 10),
		},
		CustomMetadata: e.metadata,
		Data:           e.Data,
	}
}

func wireUUID(id uuid.UUID, asText bool) *shared.UUID {
	if asText {
		return &shared.UUID{Value: &shared.UUID_String_{String_: id.String()}}
	}
	return structuredUUID(id)
}

func structuredUUID(id uuid.UUID) *shared.UUID {
	return &shared.UUID{Value: &shared.UUID_Structured_{Structured: &shared.UUID_Structured{
		MostSignificantBits:  int64(binary.BigEndian.Uint64(id[:8])),
		LeastSignificantBits: int64(binary.BigEndian.Uint64(id[8:])),
	}}}
}

// parseUUID returns the id that a client gave, which must not be the nil UUID.
func parseUUID(u *shared.UUID) (id uuid.UUID, err error) {
	switch v := u.GetValue().(type) {
	case *shared.UUID_Structured_:
		binary.BigEndian.PutUint64(id[:8], uint64(v.Structured.GetMostSignificantBits()))
		binary.BigEndian.PutUint64(id[8:], uint64(v.Structured.GetLeastSignificantBits()))
	case *shared.UUID_String_:
		id, err = uuid.Parse(v.String_)
	}
	if err != nil || id == uuid.Nil {
		return uuid.Nil, badArgument("the id of an event is missing or not a UUID")
	}
	return id, nil
}

// streamName returns the name of a stream, which must not be empty.
func streamName(id *shared.StreamIdentifier) (string, error) {
	if len(id.GetStreamName()) == 0 {
		return "", badArgument("the name of the stream is missing")
	}
	return string(id.GetStreamName()), nil
}
