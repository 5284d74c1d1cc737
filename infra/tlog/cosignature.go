package tlog

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	formats "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/entente-ledger/entente/domain/es"
)

// CosignatureStream is the system stream of what witnesses cosigned.
const CosignatureStream = es.SystemPrefix + "cosignature"

const (
	cosignatureType   = "entente.cosignature"
	cosignatureSchema = 1
	witnessedFile     = "witnessed"
)

// Cosignature is that a witness saw a checkpoint, and that it extends those that
// the witness saw before (C2SP tlog-cosignature).
type Cosignature struct {
	Witness string // its name in the policy
	VKey    string // its public key, as in the policy then
	Origin  string
	Tree    tlog.Tree
	Line    string // the signature, as a note has it
	// Time is by the witness's clock, from the signature.
	Time time.Time
}

// keptCosignature is a cosignature as it is stored.
type keptCosignature struct {
	Witness   string `json:"witness"`
	Key       string `json:"key"`
	Origin    string `json:"origin"`
	Size      int64  `json:"size"`
	Root      string `json:"root"` // base64
	Signature string `json:"signature"`
}

// cosignatureRecord returns a cosignature as it is stored. Its id follows from
// it.
func cosignatureRecord(w Witness, c Checkpoint, line string) es.Record {
	return systemRecord(cosignatureType, cosignatureSchema, keptCosignature{w.Name, w.VKey, c.Origin, c.Tree.N, c.Tree.Hash.String(), line})
}

// Cosignatures yields the cosignatures in a store, each verified with the key
// that is kept with it; whether that is the key of somebody whom the reader
// trusts, the reader knows. It fails with [es.ErrCorrupt].
func Cosignatures(ctx context.Context, store es.Store) iter.Seq2[Cosignature, error] {
	return func(yield func(Cosignature, error) bool) {
		for r, err := range store.ReadStream(ctx, CosignatureStream, 0) {
			var c Cosignature
			if err != nil {
				err = fmt.Errorf("read the cosignatures: %w", err)
			} else if c, err = readCosignature(r); err != nil {
				err = alarm("tlog.bad_kept", fmt.Sprintf("record %d of %s: %v", r.Revision, CosignatureStream, err))
			}
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

func readCosignature(r es.Record) (Cosignature, error) {
	if r.Type != cosignatureType || r.Schema != cosignatureSchema {
		return Cosignature{}, fmt.Errorf("it is a %s of schema %d", r.Type, r.Schema)
	}
	var k keptCosignature
	if err := decodeSystem(r, &k); err != nil {
		return Cosignature{}, err
	}
	root, err := base64.StdEncoding.DecodeString(k.Root)
	if err != nil || len(root) != tlog.HashSize {
		return Cosignature{}, errors.New("its root is no SHA-256")
	}
	w := Witness{Name: k.Witness, VKey: k.Key, URL: "https://" + k.Witness}
	if err := w.check(); err != nil {
		return Cosignature{}, err
	}
	n, err := note.Open(fmt.Appendf(nil, "%s\n%d\n%s\n\n%s\n", k.Origin, k.Size, k.Root, k.Signature), note.VerifierList(w.verifier))
	if err != nil {
		return Cosignature{}, fmt.Errorf("the cosignature of %s does not verify: %w", k.Witness, err)
	}
	at, err := formats.CoSigV1Timestamp(n.Sigs[0])
	return Cosignature{k.Witness, k.Key, k.Origin, tlog.Tree{N: k.Size, Hash: tlog.Hash(root)}, k.Signature, at}, err
}

// cosign adds cosignatures to the checkpoint in the folder, if it is still this
// one; and to the file witnessed, if the policy is satisfied.
func (d Dir) cosign(c Checkpoint, p Policy, lines []string) error {
	path := filepath.Join(string(d), checkpointFile)
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the published checkpoint: %w", err)
	}
	if sameBody(text, c.Note) {
		text = withSignatures(text, lines)
		if err := d.replace(path, text); err != nil {
			return fmt.Errorf("publish cosignatures: %w", err)
		}
	}
	path = filepath.Join(string(d), witnessedFile)
	before, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the witnessed checkpoint: %w", err)
	}
	for _, have := range [][]byte{text, before, c.Note} {
		if !sameBody(have, c.Note) {
			continue
		}
		if have = withSignatures(have, lines); p.Satisfied(have) {
			if err := d.replace(path, have); err != nil {
				return fmt.Errorf("publish the witnessed checkpoint: %w", err)
			}
			return nil
		}
	}
	return nil
}

// sameBody reports whether two notes sign the same.
func sameBody(a, b []byte) bool {
	one, _, found := bytes.Cut(a, []byte("\n\n"))
	other, _, _ := bytes.Cut(b, []byte("\n\n"))
	return found && bytes.Equal(one, other)
}

// withSignatures returns a note with lines of signatures in the place of those
// of the same keys, or at its end.
func withSignatures(text []byte, lines []string) []byte {
	body, signatures, _ := strings.Cut(string(text), "\n\n")
	all := strings.Split(strings.TrimSuffix(signatures, "\n"), "\n")
	for _, line := range lines {
		at := len(all)
		for i, have := range all {
			if signer(have) == signer(line) {
				at = i
			}
		}
		all = append(append(all[:at:at], line), all[min(at+1, len(all)):]...)
	}
	return []byte(body + "\n\n" + strings.Join(all, "\n") + "\n")
}

// signer returns what a line of a signature says of its key: the name, and the
// first four bytes of the signature, which are the hash of the key.
func signer(line string) string {
	name, signature, _ := strings.Cut(strings.TrimPrefix(line, "— "), " ")
	raw, err := base64.StdEncoding.DecodeString(signature)
	if err != nil || len(raw) < 4 {
		return line
	}
	return name + " " + string(raw[:4])
}
