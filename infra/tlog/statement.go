package tlog

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/entente-ledger/entente/domain/es"
)

// What a statement says.
const (
	StatesKey        = "key"        // from a size on, the log has another key
	StatesRecovery   = "recovery"   // a key that is kept offline may state keys
	StatesSuccession = "succession" // another log goes on
)

const (
	// statementHeader has spaces, so that a statement is never taken for a
	// checkpoint: the name of a log has none.
	statementHeader = "entente log statement v1"
	recoverySuffix  = "/recovery"
	maxReason       = 500 // bytes
)

// Statement is what a key says of the keys of a log, or of its successor. It is
// a signed note of lines "name value", in the order of the fields here, that
// both By and Key signed.
type Statement struct {
	Says string // StatesKey, StatesRecovery or StatesSuccession
	Log  string // origin of the log that Key is of; of a succession, the successor
	Key  string // the public key that is stated (C2SP signed-note)
	By   string // the public key that states it
	From int64  // StatesKey: size of the first tree that Key may sign

	// Of a succession:
	After       string      // origin of the log that is succeeded
	Last        tlog.Tree   // its last checkpoint
	Kept        tlog.Tree   // the first events of it, which the successor begins with; the others, up to Last, are lost
	Checkpoints es.Revision // of CheckpointStream, after which are the successor's
	Reason      string      // one line, at most 500 bytes

	Note []byte // as signed
}

// text returns what is signed.
func (s Statement) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nsays %s\nlog %s\nkey %s\nby %s\n", statementHeader, s.Says, s.Log, s.Key, s.By)
	switch s.Says {
	case StatesKey:
		fmt.Fprintf(&b, "from %d\n", s.From)
	case StatesSuccession:
		fmt.Fprintf(&b, "after %s\nlast %d %s\nkept %d %s\ncheckpoints %d\nreason %s\n",
			s.After, s.Last.N, s.Last.Hash, s.Kept.N, s.Kept.Hash, s.Checkpoints, s.Reason)
	}
	return b.String()
}

// signed returns the statement with its note.
func (s Statement) signed(by, key note.Signer) (Statement, error) {
	text, err := note.Sign(&note.Note{Text: s.text()}, by, key)
	if err != nil {
		return Statement{}, fmt.Errorf("sign a statement: %w", err)
	}
	return parseStatement(text)
}

// parseStatement reads a statement and checks that the two keys in it signed
// it. Whether By may say so is for [Chain].
func parseStatement(text []byte) (Statement, error) {
	s, err := readStatement(text)
	if err == nil {
		err = s.verify()
	}
	if err != nil {
		return Statement{}, es.Invalid("tlog.bad_statement", "this is no statement of a log: "+err.Error(), "a part of the file keys of a log, as it was signed")
	}
	return s, nil
}

func readStatement(text []byte) (Statement, error) {
	body, _, found := strings.Cut(string(text), "\n\n")
	lines := strings.Split(body, "\n")
	if !found || lines[0] != statementHeader {
		return Statement{}, errors.New("it does not begin as one")
	}
	s := Statement{Note: text}
	var err error
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, " ")
		var bad error
		switch name {
		case "says":
			s.Says = value
		case "log":
			s.Log = value
		case "key":
			s.Key = value
		case "by":
			s.By = value
		case "from":
			s.From, bad = strconv.ParseInt(value, 10, 64)
		case "after":
			s.After = value
		case "last":
			s.Last, bad = readTree(value)
		case "kept":
			s.Kept, bad = readTree(value)
		case "checkpoints":
			var n uint64
			n, bad = strconv.ParseUint(value, 10, 64)
			s.Checkpoints = es.Revision(n)
		case "reason":
			s.Reason = value
		}
		err = errors.Join(err, bad)
	}
	if err == nil && s.text() != body+"\n" { // also where a line is unknown, out of order, or twice there
		err = errors.New("its lines are not those of one")
	}
	return s, err
}

// readTree reads a size and a root.
func readTree(text string) (tlog.Tree, error) {
	size, root, _ := strings.Cut(text, " ")
	n, err := strconv.ParseInt(size, 10, 64)
	hash, badRoot := base64.StdEncoding.DecodeString(root)
	if err != nil || badRoot != nil || len(hash) != tlog.HashSize {
		return tlog.Tree{}, fmt.Errorf("%.60q is no size and root", text)
	}
	return tlog.Tree{N: n, Hash: tlog.Hash(hash)}, nil
}

// verify checks the signatures, and what can be said of the statement alone.
func (s Statement) verify() error {
	by, err := note.NewVerifier(s.By)
	if err != nil {
		return err
	}
	key, err := note.NewVerifier(s.Key)
	if err != nil {
		return err
	}
	n, err := note.Open(s.Note, note.VerifierList(by, key))
	if err != nil {
		return err
	}
	name := s.Log
	if s.Says == StatesRecovery {
		name += recoverySuffix
	}
	switch {
	case len(n.Sigs) != 2: // of each verifier, the first alone counts
		return errors.New("one of its keys did not sign it")
	case key.Name() != name:
		return fmt.Errorf("the key is of %s, not of %s", key.Name(), name)
	case s.Says != StatesKey && s.Says != StatesRecovery && s.Says != StatesSuccession:
		return fmt.Errorf("it says %.40q", s.Says)
	case s.From < 0 || s.Kept.N < 0 || s.Kept.N > s.Last.N || s.Last.N > maxSize:
		return errors.New("its sizes cannot be")
	case len(s.Reason) > maxReason:
		return errors.New("the reason is too long")
	}
	return nil
}
