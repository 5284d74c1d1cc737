// Package witnesstest is a witness for tests: a server of the protocol
// (C2SP tlog-witness) that keeps to it, and can be told not to.
package witnesstest

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	formats "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	sumdb "golang.org/x/mod/sumdb/tlog"

	"github.com/entente-ledger/entente/infra/tlog"
)

// Witness is a witness (C2SP tlog-witness) of one log: it cosigns what extends
// what it saw, and nothing else.
type Witness struct {
	*httptest.Server
	Name, VKey string
	cosigner   note.Signer

	mu   sync.Mutex
	keys map[string]tlog.Keys
	saw  map[string]sumdb.Tree

	// Offered counts what it was offered.
	Offered atomic.Int64
	// Slow, if not nil, is closed before it answers.
	Slow atomic.Pointer[chan struct{}]
	// Dead has it answer 503.
	Dead atomic.Bool
	// Wrong has it cosign something else.
	Wrong atomic.Bool
}

// New starts a witness of the logs that keys are of. It ends with the test.
func New(t *testing.T, name string, keys ...tlog.Keys) *Witness {
	skey, vkey, err := note.GenerateKey(rand.Reader, name+".example/witness")
	require.NoError(t, err)
	cosigner, err := formats.NewSignerForCosignatureV1(skey)
	require.NoError(t, err)
	vkey, err = formats.VKeyToCosignatureV1(vkey)
	require.NoError(t, err)
	w := &Witness{Name: name, VKey: vkey, cosigner: cosigner, keys: map[string]tlog.Keys{}, saw: map[string]sumdb.Tree{}}
	for _, k := range keys {
		w.keys[k.Origin] = k
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /witness/add-checkpoint", w.add)
	w.Server = httptest.NewServer(mux)
	t.Cleanup(w.Close)
	return w
}

// Witness returns it as a policy names it.
func (w *Witness) Witness() tlog.Witness {
	return tlog.Witness{Name: w.Name, VKey: w.VKey, URL: w.URL + "/witness/"}
}

// Watch has it know a log.
func (w *Witness) Watch(keys tlog.Keys) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.keys[keys.Origin] = keys
}

func (w *Witness) add(rw http.ResponseWriter, r *http.Request) {
	w.Offered.Add(1)
	if wait := w.Slow.Load(); wait != nil {
		select {
		case <-*wait:
		case <-r.Context().Done():
			return
		}
	}
	body, err := io.ReadAll(r.Body)
	if w.Dead.Load() || err != nil {
		http.Error(rw, "out of order", http.StatusServiceUnavailable)
		return
	}
	head, text, found := bytes.Cut(body, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	old, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "old "), 10, 64)
	if !found || err != nil || !strings.HasPrefix(lines[0], "old ") {
		http.Error(rw, "no size", http.StatusBadRequest)
		return
	}
	var proof sumdb.TreeProof
	for _, line := range lines[1:] {
		h, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(h) != sumdb.HashSize {
			http.Error(rw, "no proof", http.StatusBadRequest)
			return
		}
		proof = append(proof, sumdb.Hash(h))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.consider(rw, old, proof, text)
}

func (w *Witness) consider(rw http.ResponseWriter, old int64, proof sumdb.TreeProof, text []byte) {
	origin, _, _ := strings.Cut(string(text), "\n")
	keys, ok := w.keys[origin]
	if !ok {
		http.Error(rw, "unknown log", http.StatusNotFound)
		return
	}
	c, err := keys.Checkpoint(text)
	saw := w.saw[origin]
	switch {
	case err != nil:
		http.Error(rw, "not signed by the log", http.StatusForbidden)
	case old > c.Tree.N:
		http.Error(rw, "old is newer", http.StatusBadRequest)
	case old != saw.N:
		rw.Header().Set("Content-Type", "text/x.tlog.size")
		rw.WriteHeader(http.StatusConflict)
		_, _ = fmt.Fprintf(rw, "%d\n", saw.N)
	case old == c.Tree.N && saw != c.Tree:
		http.Error(rw, "another root", http.StatusConflict)
	case tlog.CheckConsistency(proof, saw, c.Tree) != nil:
		http.Error(rw, "not an extension", http.StatusUnprocessableEntity)
	default:
		w.saw[origin] = c.Tree
		body, _, _ := strings.Cut(string(text), "\n\n")
		if w.Wrong.Load() {
			body = strings.Replace(body, "\n", "1\n", 1)
		}
		signed, err := note.Sign(&note.Note{Text: body + "\n"}, w.cosigner)
		if err != nil {
			http.Error(rw, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = rw.Write(signed[len(body)+2:])
	}
}

// Saw returns the size that it saw of a log.
func (w *Witness) Saw(origin string) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.saw[origin].N
}
