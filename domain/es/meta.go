package es

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
)

// Visibility says who may see a stream.
type Visibility string

// The visibilities; an aggregate that states none is internal.
const (
	Public     Visibility = "public"
	Internal   Visibility = "internal"
	Restricted Visibility = "restricted"
)

// Classifier is an event that sets the visibility of its stream: every opening
// event, and the event that changes it.
type Classifier interface{ Classifies() Visibility }

// Words returns the visibilities.
func (Visibility) Words() []string {
	return []string{string(Public), string(Internal), string(Restricted)}
}

// UnmarshalText accepts the three visibilities, and "" for internal.
func (v *Visibility) UnmarshalText(text []byte) error {
	switch w := Visibility(text); w {
	case "":
		*v = Internal
	case Public, Internal, Restricted:
		*v = w
	default:
		return Invalid("es.bad_visibility", strconv.Quote(string(text))+" is not a visibility", "public, internal or restricted")
	}
	return nil
}

// Meta is what no guard reads: who recorded an event, when, and because of
// which command. Its JSON has the keys in this order.
type Meta struct {
	// RecordedAt is when the ledger appended the event: UTC, to the
	// microsecond, never before that of the stream's previous event.
	RecordedAt time.Time `json:"recordedAt"`
	// KnownAt is the instant from which the registrar vouches for the fact:
	// not after RecordedAt, never before that of the stream's previous event.
	KnownAt time.Time `json:"knownAt"`
	// KnownRequested is the KnownAt asked for, where it had to be raised to
	// that of the previous event; else zero.
	KnownRequested time.Time `json:"knownRequested"`
	// Cause is the id of the command.
	Cause uuid.UUID `json:"cause"`
	// Digest is the SHA-256 of the command, see [Command.Digest].
	Digest [32]byte `json:"digest"`
	// Correlation is the act the command is part of; by default the command.
	Correlation uuid.UUID `json:"correlation"`
	// Actor is the opaque id of the identity that gave the command.
	Actor string `json:"actor"`
	// ApprovedBy is the identity that approved it, or empty.
	ApprovedBy string `json:"approvedBy"`
	// Visibility is that of the stream, with this event.
	Visibility Visibility `json:"visibility"`
	// Nonce is random, and keeps a hash of the event from being guessed.
	Nonce [16]byte `json:"nonce"`
	// Backfill says that the event carries over what was recorded elsewhere
	// before. The key is there only if it does.
	Backfill bool `json:"backfill,omitzero"`
}

const backfill = `,"backfill":true`

// instant is how every instant is written: UTC, microseconds, fixed width, so
// that text order is time order.
const instant = "2006-01-02T15:04:05.000000Z"

// FormatInstant writes t as the ledger does, "" if it is zero.
func FormatInstant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(instant)
}

// ParseInstant reads what [FormatInstant] wrote.
func ParseInstant(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	return time.Parse(instant, s)
}

// Encode returns m as JSON.
func (m Meta) Encode() ([]byte, error) {
	b := make([]byte, 0, 512)
	text := func(key, value string) {
		b = append(append(append(b, key...), value...), '"')
	}
	text(`{"recordedAt":"`, FormatInstant(m.RecordedAt))
	text(`,"knownAt":"`, FormatInstant(m.KnownAt))
	text(`,"knownRequested":"`, FormatInstant(m.KnownRequested))
	text(`,"cause":"`, m.Cause.String())
	text(`,"digest":"`, hex.EncodeToString(m.Digest[:]))
	text(`,"correlation":"`, m.Correlation.String())
	for _, free := range []struct{ key, value string }{{`,"actor":`, m.Actor}, {`,"approvedBy":`, m.ApprovedBy}} {
		v, err := json.Marshal(free.value)
		if err != nil {
			return nil, fmt.Errorf("encode metadata: %w", err)
		}
		b = append(append(b, free.key...), v...)
	}
	text(`,"visibility":"`, string(m.Visibility))
	text(`,"nonce":"`, hex.EncodeToString(m.Nonce[:]))
	if m.Backfill {
		b = append(b, backfill...)
	}
	return append(b, '}'), nil
}

// DecodeMeta reads what [Meta.Encode] wrote. It fails with [ErrCorrupt], or
// with [ErrNewer] if there are keys that this version does not know.
func DecodeMeta(data []byte) (Meta, error) {
	s := metaScanner{rest: data}
	m := Meta{
		RecordedAt:     s.instant(`{"recordedAt":"`),
		KnownAt:        s.instant(`,"knownAt":"`),
		KnownRequested: s.instant(`,"knownRequested":"`),
		Cause:          s.uuid(`,"cause":"`),
	}
	s.hex(`,"digest":"`, m.Digest[:])
	m.Correlation = s.uuid(`,"correlation":"`)
	m.Actor = s.free(`,"actor":"`)
	m.ApprovedBy = s.free(`,"approvedBy":"`)
	s.fail(m.Visibility.UnmarshalText(s.text(`,"visibility":"`)))
	s.hex(`,"nonce":"`, m.Nonce[:])
	s.rest, m.Backfill = bytes.CutPrefix(s.rest, []byte(backfill))
	if s.err == nil && string(s.rest) != "}" {
		kind := ErrCorrupt
		if bytes.HasPrefix(s.rest, []byte(`,"`)) {
			kind = ErrNewer
		}
		return Meta{}, &Error{Kind: kind, Code: "es.bad_meta", Message: "the metadata goes on where it should end"}
	}
	if s.err != nil {
		return Meta{}, &Error{Kind: ErrCorrupt, Code: "es.bad_meta", Message: fmt.Sprintf("the metadata is damaged: %v", s.err)}
	}
	return m, nil
}

// metaScanner reads the members of an encoded Meta in their fixed order,
// several times faster than a general decoder; it keeps the first error.
type metaScanner struct {
	rest []byte
	err  error
}

func (s *metaScanner) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

// text returns the string after prefix, as it stands in the JSON.
func (s *metaScanner) text(prefix string) []byte {
	if s.err != nil {
		return nil
	}
	rest, ok := bytes.CutPrefix(s.rest, []byte(prefix))
	for end := 0; ok && end < len(rest); end++ {
		switch rest[end] {
		case '\\':
			end++
		case '"':
			s.rest = rest[end+1:]
			return rest[:end]
		}
	}
	s.fail(fmt.Errorf("no string after %s", prefix))
	return nil
}

// free returns a string that may hold escapes.
func (s *metaScanner) free(prefix string) string {
	text := s.text(prefix)
	if plain := func(b byte) bool { return b >= ' ' && b < utf8.RuneSelf && b != '\\' }; all(text, plain) {
		return string(text)
	}
	var v string
	s.fail(json.Unmarshal(append(append([]byte{'"'}, text...), '"'), &v))
	return v
}

func all(text []byte, is func(byte) bool) bool {
	for _, b := range text {
		if !is(b) {
			return false
		}
	}
	return true
}

func (s *metaScanner) instant(prefix string) time.Time {
	t, err := ParseInstant(string(s.text(prefix)))
	s.fail(err)
	return t
}

func (s *metaScanner) uuid(prefix string) uuid.UUID {
	text := s.text(prefix)
	if s.err != nil {
		return uuid.Nil
	}
	id, err := uuid.ParseBytes(text)
	s.fail(err)
	return id
}

func (s *metaScanner) hex(prefix string, into []byte) {
	text := s.text(prefix)
	if s.err != nil {
		return
	}
	if hex.DecodedLen(len(text)) != len(into) {
		s.fail(fmt.Errorf("%d hexadecimal digits after %s", len(text), prefix))
		return
	}
	_, err := hex.Decode(into, text)
	s.fail(err)
}
