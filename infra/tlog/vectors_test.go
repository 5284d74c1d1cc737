package tlog_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	sumdb "golang.org/x/mod/sumdb/tlog"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/memory"
	"github.com/entente-ledger/entente/infra/tlog"
)

var update = flag.Bool("update", false, "write testdata/vectors.json")

// vectors are what another implementation can be checked with, see
// testdata/README.md.
type vectors struct {
	Leaves      []leafVector        `json:"leaves"`
	Roots       []rootVector        `json:"roots"`
	Inclusion   []inclusionVector   `json:"inclusion"`
	Consistency []consistencyVector `json:"consistency"`
	Key         string              `json:"vkey"`
	Checkpoint  string              `json:"checkpoint"`
	Receipt     string              `json:"receipt"`
}

type leafVector struct {
	Event tlog.Event `json:"event"`
	Body  string     `json:"body_h"`
	Leaf  string     `json:"leaf"`
	Hash  string     `json:"hash"`
}

type rootVector struct {
	Size int64  `json:"size"`
	Root string `json:"root"`
}

type inclusionVector struct {
	Size  int64    `json:"size"`
	Index int64    `json:"index"`
	Proof []string `json:"proof"`
}

type consistencyVector struct {
	Older int64    `json:"older"`
	Newer int64    `json:"newer"`
	Proof []string `json:"proof"`
}

// vectorEvents are the events of the vectors: in two streams, with texts that
// encoders like to change.
func vectorEvents(t *testing.T, n int) []es.Record {
	recs := make([]es.Record, n)
	for i := range recs {
		id := uuid.NewSHA1(uuid.NameSpaceURL, fmt.Appendf(nil, "urn:entente:vector:%d", i))
		at := time.Date(2026, 1, 2, 3, 4, 5, 1000*i, time.UTC)
		m := es.Meta{RecordedAt: at, KnownAt: at, Cause: id, Correlation: id, Actor: `clerk "7" <Ἄρτα> ` + "\u2028", Visibility: es.Public}
		copy(m.Nonce[:], id[:])
		meta, err := m.Encode()
		require.NoError(t, err)
		recs[i] = es.Record{
			Stream: es.StreamName([]string{"memorandum", "party"}[i%2], uuid.NameSpaceURL), Revision: es.Revision(1 + i/2),
			ID: uuid.NewSHA1(id, []byte("event")), Type: "memorandum.signed", Schema: 1 + i%2,
			Data: fmt.Appendf(nil, ` {"n": %d, "text": "\u00e9 é <&> 条約"}`, i), Meta: meta,
		}
	}
	return recs
}

func b64(h sumdb.Hash) string { return base64.StdEncoding.EncodeToString(h[:]) }

func all(hashes []sumdb.Hash) []string {
	out := make([]string, len(hashes))
	for i, h := range hashes {
		out[i] = b64(h)
	}
	return out
}

func TestVectors(t *testing.T) {
	const size = 300
	store, dir := memory.Open(), t.TempDir()
	skey, vkey, err := note.GenerateKey(bytes.NewReader(bytes.Repeat([]byte{7}, 64)), origin)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "log.key"), []byte(skey+"\n"+vkey+"\n"), 0o600))
	v := vectors{Key: vkey}
	cfg := config(t, store, dir)
	s, err := tlog.Open(t.Context(), cfg)
	require.NoError(t, err)
	var last tlog.Checkpoint
	trees := map[int64]sumdb.Tree{}
	for i, r := range vectorEvents(t, size) {
		_, err := store.Append(t.Context(), r.Stream, r.Revision-1, r)
		require.NoError(t, err)
		last, err = s.Seal(t.Context())
		require.NoError(t, err)
		trees[last.Tree.N] = last.Tree
		if n := int64(i + 1); n <= 8 || n == 255 || n == 256 || n == 257 || n == size {
			v.Roots = append(v.Roots, rootVector{n, b64(last.Tree.Hash)})
		}
		if i < 4 {
			e := tlog.EventOf(ledgerID, r)
			leaf, err := e.Leaf()
			require.NoError(t, err)
			body := tlog.BodyHash(r.Data, r.Meta)
			v.Leaves = append(v.Leaves, leafVector{e, hex.EncodeToString(body[:]), string(leaf), b64(sumdb.RecordHash(leaf))})
		}
	}
	for _, i := range []int64{0, 1, 6, 255, 256, 299} {
		r, err := cfg.Dir.Receipt(i, last)
		require.NoError(t, err)
		v.Inclusion = append(v.Inclusion, inclusionVector{size, i, all(r.Proof)})
		v.Receipt = string(r.Encode())
	}
	for _, n := range []int64{1, 2, 7, 255, 256, 257, 299} {
		p, err := cfg.Dir.Consistency(trees[n], last.Tree)
		require.NoError(t, err)
		v.Consistency = append(v.Consistency, consistencyVector{n, size, all(p)})
	}
	v.Checkpoint = string(last.Note)
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	require.NoError(t, encoder.Encode(v))
	path := filepath.Join("testdata", "vectors.json")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), text.String(), "what others verify must not change")
}
