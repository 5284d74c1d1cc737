package access

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Outcome is what came of what somebody asked for.
type Outcome string

// The outcomes.
const (
	Granted Outcome = "granted" // it was allowed, and begun
	Refused Outcome = "refused" // it was not allowed
	Failed  Outcome = "failed"  // it was allowed and did not succeed
)

// Words returns the outcomes.
func (Outcome) Words() []string { return []string{string(Granted), string(Refused), string(Failed)} }

// UnmarshalText accepts an outcome and nothing else.
func (o *Outcome) UnmarshalText(text []byte) error { return terms.ReadWord(o, text) }

// Entry is a line of the access record. It has no name, no token and nothing
// else that is personal in it. Texts that do not apply are ""; one that is
// longer than 256 bytes or not printable ASCII is recorded quoted and cut.
type Entry struct {
	Seq     int64     // from 1, without gaps; set by the journal
	At      time.Time // UTC, to the microsecond, never before that of the entry before; set by the journal
	Who     string    // opaque id of the identity
	Action  Action
	Outcome Outcome
	Kind    string // aggregate
	Stream  string // stream or identity that it was about
	Command string // such as memorandum.sign, or token.revoke for an administrative act
	Reason  string // ids of the policies that decided, or the code of the error
	Request string // id of the request
	Hash    Hash   // of this entry and, through it, of all before; set by the journal
}

// Hash is SHA-256 of an [Entry] and of the hash before it. It is taken over
// these, each preceded by its length in bytes as a big-endian uint64:
//
//   - the label entente/access/entry/v1
//   - the hash of the entry before, 32 bytes; of the first, 32 zero bytes
//   - Seq, and At in microseconds since 1970, each as a big-endian uint64
//   - Who, Action, Outcome, Kind, Stream, Command, Reason and Request as stored
//
// Its text form is 64 lower-case hexadecimal digits.
type Hash [sha256.Size]byte

const entryLabel = "entente/access/entry/v1"

func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText returns the text form.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// chained returns what Hash must be, after an entry with the hash before.
func (e Entry) chained(before Hash) (h Hash) {
	var sum []byte
	put := func(field []byte) {
		sum = binary.BigEndian.AppendUint64(sum, uint64(len(field)))
		sum = append(sum, field...)
	}
	put([]byte(entryLabel))
	put(before[:])
	put(binary.BigEndian.AppendUint64(nil, uint64(e.Seq)))
	put(binary.BigEndian.AppendUint64(nil, uint64(e.At.UnixMicro())))
	for _, text := range e.texts() {
		put([]byte(*text))
	}
	return sha256.Sum256(sum)
}

// texts returns the texts of e in the order in which they are hashed.
func (e *Entry) texts() []*string {
	return []*string{&e.Who, (*string)(&e.Action), (*string)(&e.Outcome), &e.Kind, &e.Stream, &e.Command, &e.Reason, &e.Request}
}

// maxText is the most bytes a text of an entry has.
const maxText = 256

// clean quotes and cuts the texts that somebody may have made up.
func (e *Entry) clean() {
	for _, text := range e.texts() {
		odd := func(r rune) bool { return r < ' ' || r > '~' }
		if len(*text) > maxText || strings.ContainsFunc(*text, odd) {
			quoted := strconv.QuoteToASCII((*text)[:min(len(*text), maxText)])
			*text = quoted[:min(len(quoted), maxText)]
		}
	}
}

// Head names the last entry of a record. Whoever keeps one can tell later
// whether the record still has all that it had then.
type Head struct {
	Seq  int64 // 0 for an empty record
	Hash Hash
}

// String returns the text form: the sequence in decimal, a colon, the hash.
func (h Head) String() string { return fmt.Sprintf("%d:%s", h.Seq, h.Hash) }

// ParseHead reads the text form of a head. It fails with [es.ErrInvalid] and
// code access.bad_head.
func ParseHead(s string) (Head, error) {
	seq, hash, _ := strings.Cut(s, ":")
	n, err := strconv.ParseInt(seq, 10, 64)
	b, hexErr := hex.DecodeString(hash)
	if err == nil && hexErr == nil && len(b) == sha256.Size {
		if h := (Head{n, Hash(b)}); n >= 0 && h.String() == s {
			return h, nil
		}
	}
	return Head{}, es.Invalid("access.bad_head", fmt.Sprintf("%.80q names no entry of an access record", s),
		"a number, a colon and 64 lower-case hexadecimal digits, as `entente access verify` prints them")
}
