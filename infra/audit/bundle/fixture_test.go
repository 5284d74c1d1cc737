package bundle_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	cosign "github.com/transparency-dev/formats/note"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/audit/bundle"
	"github.com/entente-ledger/entente/infra/eventstore/memory"
	"github.com/entente-ledger/entente/infra/tlog"
	"github.com/entente-ledger/entente/projections/history"
)

const (
	origin = "ledger.example/entente"
	treaty = "the text of the agreement"
)

// instant is when the first event is recorded; each that follows a minute later.
var instant = time.Date(2024, 5, 1, 9, 0, 0, 0, time.UTC)

// archive is a ledger with its log.
type archive struct {
	*ledger.Ledger
	key     tlog.Key
	dir     tlog.Dir
	now     time.Time
	n       int
	subject string
	party   string
	text    string // the hash of a document that is kept
}

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// newArchive returns a ledger with an agreement of two parties, read in a
// source, with a text that is kept and one that is not.
func newArchive(t *testing.T) *archive {
	t.Helper()
	dir := t.TempDir()
	a := &archive{dir: tlog.Dir(filepath.Join(dir, "tlog")), now: instant, text: hashOf(treaty)}
	var err error
	a.key, err = tlog.LoadKey(filepath.Join(dir, "log.key"), origin)
	require.NoError(t, err)
	a.Ledger, err = ledger.Open(t.Context(), memory.Open(), func() time.Time {
		a.now = a.now.Add(time.Minute)
		return a.now
	}, func() [16]byte {
		a.n++
		return [16]byte{15: byte(a.n)}
	}, ledger.Opening{ID: uuid.MustParse("0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"), Origin: origin, Actor: "clerk"})
	require.NoError(t, err)
	a.party = a.do(t, "party.register", "", `{"kind":"municipality","name":{"lang":"it","value":"Ancona"}}`)
	other := a.do(t, "party.register", "", `{"kind":"municipality","name":{"lang":"ja","value":"生駒市"}}`)
	source := a.do(t, "source.register", "", `{"description":{"kind":"web_page","titles":[{"lang":"it","value":"<b>Pagina & altro</b>"}]}}`)
	a.subject = a.do(t, "memorandum.draft", "", `{"kind":"mou","titles":[{"lang":"it","value":"Intesa <script>"}],"fact":{"source":{"id":"`+source+`"}},
		"parties":[{"id":"`+a.party+`"},{"id":"`+other+`"}]}`)
	a.do(t, "memorandum.add_text", a.subject, `{"lang":"it","standing":"authentic","sha256":"`+a.text+`"}`)
	a.do(t, "memorandum.add_text", a.subject, `{"lang":"ja","standing":"authentic","sha256":"`+hashOf("lost")+`"}`)
	a.do(t, "memorandum.sign", a.subject, `{"party":{"id":"`+a.party+`"},"fact":{"occurred":"2018-10"}}`)
	return a
}

func (a *archive) do(t *testing.T, name, stream, payload string) string {
	t.Helper()
	a.n++
	r, err := a.Do(t.Context(), es.Command{
		ID: uuid.NewSHA1(uuid.Nil, fmt.Append(nil, a.n)), Name: name, Stream: stream, Payload: []byte(payload), Actor: "clerk – 7",
	})
	require.NoError(t, err)
	return r.Stream
}

func (a *archive) seal(t *testing.T) tlog.Checkpoint {
	t.Helper()
	s, err := tlog.Open(t.Context(), tlog.Config{Store: a.Store(), Ledger: a.ID, Origin: origin, Key: a.key, Dir: a.dir})
	require.NoError(t, err)
	c, err := s.Seal(t.Context())
	require.NoError(t, err)
	return c
}

// source is what a bundle of everything is made from.
func (a *archive) source(t *testing.T) bundle.Source {
	t.Helper()
	s := bundle.Source{
		Ledger: a.ID, Log: a.dir, VKey: []byte(a.key.VKey + "\n"), Checkpoint: a.seal(t),
		Document: func(hash string) (io.ReadCloser, error) {
			if hash != a.text {
				return nil, es.NotFound("document.unknown", "there is no such document")
			}
			return io.NopCloser(bytes.NewReader([]byte(treaty))), nil
		},
	}
	a.asKnown(t, &s, time.Time{})
	for r, err := range ledger.Own(a.Store().ReadAll(t.Context(), 0)) {
		require.NoError(t, err)
		if r.Revision == 1 {
			s.Streams = append(s.Streams, r.Stream)
		}
	}
	return s
}

// asKnown has a source be as known at an instant.
func (a *archive) asKnown(t *testing.T, s *bundle.Source, at time.Time) {
	size := s.Checkpoint.Tree.N
	s.Known = at
	s.Lines = func(stream string) iter.Seq2[history.Line, error] { return a.lines(t.Context(), stream, size, at) }
}

func (a *archive) lines(ctx context.Context, stream string, size int64, known time.Time) iter.Seq2[history.Line, error] {
	return func(yield func(history.Line, error) bool) {
		n := uint64(0)
		for r, err := range ledger.Own(a.Store().ReadAll(ctx, 0)) {
			if err != nil {
				yield(history.Line{}, err)
				return
			}
			if n++; r.Stream != stream || int64(n) > size {
				continue
			}
			l, err := history.LineOf(n-1, r)
			if err == nil && !known.IsZero() && l.Known.After(known) || !yield(l, err) {
				return
			}
		}
	}
}

// agreement is the source of a bundle of the agreement with what it refers to.
func (a *archive) agreement(t *testing.T) bundle.Source {
	t.Helper()
	s := a.source(t)
	s.Subject, s.Related = a.subject, true
	streams := []string{a.subject}
	for _, stream := range s.Streams[1:] {
		if stream != a.subject {
			streams = append(streams, stream)
		}
	}
	s.Streams = streams
	return s
}

func pack(t *testing.T, s bundle.Source) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, bundle.Make(t.Context(), &b, s))
	return b.Bytes()
}

func (a *archive) trusted() bundle.Trusted { return bundle.Trusted{VKey: []byte(a.key.VKey)} }

func check(t *testing.T, packed []byte, by bundle.Trusted) bundle.Result {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	require.NoError(t, err)
	r, err := bundle.Check(t.Context(), z, by)
	require.NoError(t, err)
	return r
}

// file is one of a bundle.
type file struct{ name, content string }

func unpack(t *testing.T, packed []byte) (files []file) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	require.NoError(t, err)
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(r)
		require.NoError(t, err)
		require.NoError(t, r.Close())
		files = append(files, file{f.Name, string(content)})
	}
	return files
}

// repack returns a bundle of files.
func repack(t *testing.T, files []file) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f.name)
		require.NoError(t, err)
		_, err = io.WriteString(w, f.content)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

// witness returns a policy of one witness, and what adds its cosignature.
func witness(t *testing.T) (policy []byte, cosigned func(tlog.Checkpoint) tlog.Checkpoint) {
	t.Helper()
	skey, vkey, err := note.GenerateKey(nil, "witness.example")
	require.NoError(t, err)
	signer, err := cosign.NewSignerForCosignatureV1(skey)
	require.NoError(t, err)
	vkey, err = cosign.VKeyToCosignatureV1(vkey)
	require.NoError(t, err)
	return []byte("witness w " + vkey + " https://witness.example/\nquorum w\n"), func(c tlog.Checkpoint) tlog.Checkpoint {
		n, err := note.Open(c.Note, nil)
		var unverified *note.UnverifiedNoteError
		require.ErrorAs(t, err, &unverified)
		require.Nil(t, n)
		c.Note, err = note.Sign(unverified.Note, signer)
		require.NoError(t, err)
		return c
	}
}
