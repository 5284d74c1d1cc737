package tlog

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/entente-ledger/entente/domain/es"
)

// KeyStream is the system stream of the statements of a ledger's logs.
const KeyStream = es.SystemPrefix + "key"

const (
	statementType   = "entente.key"
	statementSchema = 1
	chainFile       = "keys"
)

// Chain is the keys of a ledger's logs, from the first on, each but the first
// stated by one that was in force. Whoever has the first from somebody else than
// the operator can follow it; whoever has a later one, from there, see
// [Chain.Since].
//
// A key is stated by the one before it or by the recovery key; a recovery key
// by the log's or, once there is one, by the recovery key before it; a successor
// by the key of the log that it succeeds.
type Chain struct {
	Logs       []Log // at least one
	Statements []Statement
	// Recovery is the key that is kept offline, "" if there is none.
	Recovery string
}

// Verifier reads checkpoints and verifies who signed them: [Keys] those of one log, a
// [Chain] those of all logs of a ledger.
type Verifier interface {
	// Checkpoint fails with [es.ErrInvalid].
	Checkpoint(text []byte) (Checkpoint, error)
}

// ParseVerifier reads a public key, as log.vkey has it, or a chain, as keys has
// it. It fails with [es.ErrInvalid].
func ParseVerifier(text []byte) (Verifier, error) {
	if bytes.Contains(text, []byte("\n\n")) {
		return ParseChain(text)
	}
	return ParseKeys(string(text))
}

// Log is a log of a ledger: the first, or one that succeeded another.
type Log struct {
	Keys
	// After is the revision of [CheckpointStream] after which its checkpoints are.
	After es.Revision
}

// newChain returns the chain that begins with a key.
func newChain(first string) (Chain, error) {
	keys, err := ParseKeys(first)
	return Chain{Logs: []Log{{Keys: keys}}}, err
}

// Current returns the log that is kept now.
func (c Chain) Current() Log { return c.Logs[len(c.Logs)-1] }

// VKey returns the text of the key that signs now.
func (c Chain) VKey() string {
	of := c.Current().Of
	return of[len(of)-1].VKey
}

// with returns the chain with one more statement. It fails with [es.ErrInvalid]
// if that does not follow.
func (c Chain) with(s Statement) (Chain, error) {
	bad := func(why string) (Chain, error) {
		return Chain{}, es.Invalid("tlog.bad_statement", "a statement does not follow from those before it: "+why, "statements signed with the key of the log, or with its recovery key")
	}
	current := c.Current()
	last := current.Of[len(current.Of)-1]
	byLog, byRecovery := s.By == last.VKey, s.By == c.Recovery
	next := Chain{slices.Clone(c.Logs), append(slices.Clip(c.Statements), s), c.Recovery}
	switch {
	case s.Says == StatesRecovery && c.Recovery != "" && !byRecovery:
		return bad("another recovery key must be stated by the one before it")
	case !byLog && !byRecovery:
		return bad("it is signed with a key that was not in force")
	case s.Says == StatesSuccession && (s.After != current.Origin || next.has(s.Log)):
		return bad(fmt.Sprintf("%s does not succeed %s", s.Log, current.Origin))
	case s.Says != StatesSuccession && s.Log != current.Origin:
		return bad("it is of another log")
	case s.Says == StatesKey && s.From < last.From:
		return bad("the key before it began later")
	}
	if s.Says == StatesRecovery {
		next.Recovery = s.Key
		return next, nil
	}
	keys, err := ParseKeys(s.Key)
	if err != nil {
		return Chain{}, err
	}
	if s.Says == StatesSuccession {
		next.Logs = append(next.Logs, Log{keys, s.Checkpoints})
		return next, nil
	}
	keys.Of[0].From = s.From
	current.Of = append(slices.Clip(current.Of), keys.Of[0])
	next.Logs[len(next.Logs)-1] = current
	return next, nil
}

func (c Chain) has(origin string) bool {
	return slices.ContainsFunc(c.Logs, func(l Log) bool { return l.Origin == origin })
}

// Encode returns the chain as the file keys has it: the first key in a line, and
// each statement as it was signed, with an empty line before it. What is added
// to a chain is added to its text.
func (c Chain) Encode() []byte {
	var b bytes.Buffer
	b.WriteString(c.Logs[0].Of[0].VKey + "\n")
	for _, s := range c.Statements {
		b.WriteByte('\n')
		b.Write(s.Note)
	}
	return b.Bytes()
}

// ParseChain reads the file keys of a log and verifies every statement in it. It
// fails with [es.ErrInvalid]. That its first key is the right one is for the
// reader to know, see [Chain.Since].
func ParseChain(text []byte) (Chain, error) {
	parts := strings.Split(string(text), "\n\n")
	c, err := newChain(parts[0])
	if err != nil {
		return Chain{}, err
	}
	if len(parts)%2 == 0 {
		return Chain{}, es.Invalid("tlog.bad_statement", "the statements of the log are cut short", "the file keys of a log, whole")
	}
	for i := 1; i < len(parts); i += 2 {
		s, err := parseStatement([]byte(parts[i] + "\n\n" + strings.TrimSuffix(parts[i+1], "\n") + "\n"))
		if err != nil {
			return Chain{}, err
		}
		if c, err = c.with(s); err != nil {
			return Chain{}, err
		}
	}
	if !bytes.Equal(c.Encode(), text) {
		return Chain{}, es.Invalid("tlog.bad_statement", "the statements of the log are not as they were written", "the file keys of a log, byte for byte")
	}
	return c, nil
}

// Since returns the part of the chain that follows from a key that the reader
// has from somebody else: earlier keys and logs are not in it. It fails with
// [es.ErrRejected] if the key is not in the chain.
func (c Chain) Since(vkey string) (Chain, error) {
	vkey = strings.TrimSpace(vkey)
	for i, l := range c.Logs {
		at := slices.IndexFunc(l.Of, func(k PublicKey) bool { return k.VKey == vkey })
		if at < 0 {
			continue
		}
		logs := slices.Clone(c.Logs[i:])
		logs[0].Of = l.Of[at:]
		return Chain{logs, c.Statements, c.Recovery}, nil
	}
	return Chain{}, es.Rejected("tlog.key_unstated", "no statement leads from the key that you have to those of this log",
		"the key of this log; if it is, the log now has a key that was not stated by it")
}

// Checkpoint reads a checkpoint of any of the logs, see [Keys.Checkpoint].
func (c Chain) Checkpoint(text []byte) (Checkpoint, error) {
	origin, _, _ := bytes.Cut(text, []byte("\n"))
	for _, l := range c.Logs {
		if l.Origin == string(origin) {
			return l.Checkpoint(text)
		}
	}
	return c.Current().Checkpoint(text)
}

// Stored reads a record of [CheckpointStream]: a checkpoint of the log that was
// kept at its revision. It fails with [es.ErrCorrupt].
func (c Chain) Stored(r es.Record) (Checkpoint, error) {
	for _, l := range slices.Backward(c.Logs) {
		if l.After < r.Revision {
			return KeptCheckpoint(r, l.Keys)
		}
	}
	return KeptCheckpoint(r, c.Logs[0].Keys)
}

// StoredChain reads what is stated in a store. First is the public key of a log
// of which nothing is stated. It fails with [es.ErrCorrupt] if what is there
// does not follow.
func StoredChain(ctx context.Context, store es.Store, first string) (Chain, error) {
	c, err := stated(ctx, store)
	if err != nil || len(c.Logs) > 0 {
		return c, err
	}
	return newChain(first)
}

// stated reads what is stated in a store: a chain without logs if nothing is.
func stated(ctx context.Context, store es.Store) (Chain, error) {
	var c Chain
	for r, err := range store.ReadStream(ctx, KeyStream, 0) {
		if err != nil {
			return Chain{}, fmt.Errorf("read the statements of the log: %w", err)
		}
		if c, err = c.withRecord(r); err != nil {
			return Chain{}, alarm("tlog.bad_kept", fmt.Sprintf("record %d of %s: %v", r.Revision, KeyStream, err))
		}
	}
	return c, nil
}

// withRecord returns the chain with the statement in a record. The first is by
// the key with which the chain begins.
func (c Chain) withRecord(r es.Record) (Chain, error) {
	if r.Type != statementType || r.Schema != statementSchema {
		return Chain{}, fmt.Errorf("it is a %s of schema %d", r.Type, r.Schema)
	}
	var k kept
	if err := json.Unmarshal(r.Data, &k, json.RejectUnknownMembers(true)); err != nil {
		return Chain{}, err
	}
	s, err := parseStatement([]byte(k.Note))
	if err != nil {
		return Chain{}, err
	}
	if len(c.Logs) == 0 {
		if c, err = newChain(s.By); err != nil {
			return Chain{}, err
		}
	}
	return c.with(s)
}

// statementRecord returns a statement as it is stored. Its id follows from it.
func statementRecord(s Statement) es.Record {
	return systemRecord(statementType, statementSchema, kept{string(s.Note)})
}

// Signer returns the public key that signed a checkpoint of one of the logs, ""
// if none of them may have.
func (c Chain) Signer(checkpoint Checkpoint) string {
	for _, l := range c.Logs {
		if l.Origin != checkpoint.Origin {
			continue
		}
		for _, k := range slices.Backward(l.Of) {
			if k.From <= checkpoint.Tree.N {
				return k.VKey
			}
		}
	}
	return ""
}

// Has reports whether a public key is one of the logs'.
func (c Chain) Has(vkey string) bool {
	return slices.ContainsFunc(c.Logs, func(l Log) bool {
		return slices.ContainsFunc(l.Of, func(k PublicKey) bool { return k.VKey == vkey })
	})
}
