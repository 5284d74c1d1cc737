package bundle

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/provenance"
	"github.com/entente-ledger/entente/infra/tlog"
	"github.com/entente-ledger/entente/projections/history"
)

// Source is where a bundle is made from.
type Source struct {
	Ledger     uuid.UUID
	Log        tlog.Dir
	VKey       []byte // as published
	Keys       []byte // the statements of keys as published, nil if the log has had one key
	Checkpoint tlog.Checkpoint
	Since      *tlog.Checkpoint // of the auditor, nil if there is none
	// Policy is that of the witnesses, nil if there is none. It is left out if
	// they have not signed the checkpoint yet.
	Policy []byte

	Subject string   // a stream, or "" for the whole ledger
	Streams []string // of which the events are taken, the subject first
	Known   time.Time
	// Lines yields the events of a stream, each time the same: those that the
	// checkpoint covers and that were known at Known, if that is not zero.
	Lines func(stream string) iter.Seq2[history.Line, error]
	// Document returns a reader of a document by its hash, or fails with
	// [es.ErrNotFound].
	Document func(hash string) (io.ReadCloser, error)

	Related, Complete bool
	Restricted        bool // some of it is not for everybody
}

// Make writes the bundle of a source. It holds the hashes of documents and a
// line for each file, and nothing else that grows with the ledger. It fails with
// [es.ErrNotFound] if there is no event, and with [es.ErrCorrupt] if the log does
// not prove one.
func Make(ctx context.Context, w io.Writer, s Source) error {
	s.Lines = rereading(s.Lines)
	m := making{ctx: ctx, Source: s, zip: zip.NewWriter(w)}
	if err := m.survey(); err != nil {
		return fmt.Errorf("make a bundle: %w", err)
	}
	for _, part := range []func() error{m.pages, m.statements, m.events, m.keptDocuments, m.provenance, m.leaves, m.zip.Close} {
		if err := errors.Join(ctx.Err(), part()); err != nil {
			return fmt.Errorf("make a bundle: %w", err)
		}
	}
	return nil
}

type making struct {
	Source
	ctx       context.Context //nolint:containedctx // of one call
	zip       *zip.Writer
	manifest  Manifest
	documents []string // the hashes of those that are kept
}

// written is the time of every file, so that the same content gives the same
// bytes; the first that the format can express.
var written = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func (m *making) create(name string) (io.Writer, error) {
	h := zip.FileHeader{Name: name, Method: zip.Deflate, Modified: written}
	h.SetMode(0o644)
	if name == scriptFile {
		h.SetMode(0o755)
	}
	return m.zip.CreateHeader(&h)
}

func (m *making) write(name string, content []byte) error {
	w, err := m.create(name)
	if err == nil {
		_, err = w.Write(content)
	}
	return err
}

// survey finds out what will be in the file.
func (m *making) survey() error {
	m.manifest = Manifest{
		Format: Format, Ledger: m.Ledger, Origin: m.Checkpoint.Origin, Subject: m.Subject, Known: es.FormatInstant(m.Known), Events: m.Checkpoint.Tree.N,
		Related: m.Related, Complete: m.Complete, Restricted: m.Restricted, Absent: []string{},
	}
	if m.Policy != nil && tlog.CheckWitnessed(m.Policy, m.Checkpoint.Note) != nil {
		m.Policy = nil
	}
	if m.Policy != nil {
		m.manifest.Policy = Fingerprint(m.Policy)
	}
	named := map[string]bool{}
	for _, stream := range m.Streams {
		here := 0
		for l, err := range m.Lines(stream) {
			if err != nil {
				return err
			}
			here++
			documentsOf(l.Event, func(hash string) { named[hash] = true })
		}
		if here > 0 {
			m.manifest.Streams = append(m.manifest.Streams, Stream{Name: stream, Here: here})
		}
	}
	if len(m.manifest.Streams) == 0 || m.Subject != "" && m.manifest.Streams[0].Name != m.Subject {
		return es.NotFound("audit.nothing", "the log has nothing of this that was known then")
	}
	for hash := range named {
		switch file, err := m.Document(hash); {
		case errors.Is(err, es.ErrNotFound):
			m.manifest.Absent = append(m.manifest.Absent, hash)
		case err != nil:
			return err
		default:
			m.documents = append(m.documents, hash)
			_ = file.Close() // it was only opened
		}
	}
	slices.Sort(m.documents)
	slices.Sort(m.manifest.Absent)
	if !m.Complete {
		return nil
	}
	counts := newCounts(m.manifest)
	for leaf, err := range m.Log.EveryLeaf(m.Checkpoint.Tree.N) {
		if err == nil {
			err = counts.add(leaf)
		}
		if err != nil {
			return err
		}
	}
	for i := range m.manifest.Streams {
		m.manifest.Streams[i].Sealed = counts[m.manifest.Streams[i].Name]
	}
	return nil
}

// counts are how many leaves there are of the streams in a bundle.
type counts map[string]int

func newCounts(m Manifest) counts {
	c := counts{}
	for _, s := range m.Streams {
		c[s.Name] = 0
	}
	return c
}

func (c counts) add(leaf []byte) error {
	var l tlog.Leaf
	if err := json.Unmarshal(leaf, &l, json.RejectUnknownMembers(true)); err != nil {
		return &es.Error{Kind: es.ErrCorrupt, Code: "audit.bad_leaf", Message: "a leaf of the log cannot be read: " + err.Error()}
	}
	if _, here := c[l.Stream]; here {
		c[l.Stream]++
	}
	return nil
}

// told is what the pages tell of.
func (m *making) told() told {
	return told{Manifest: m.manifest, VKey: m.VKey, Checkpoint: m.Checkpoint, Since: m.Since, lines: m.Lines}
}

func (m *making) pages() error {
	for _, p := range pages {
		w, err := m.create(p.name)
		if err == nil {
			err = p.write(w, m.told())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// statements writes what is said of the log.
func (m *making) statements() error {
	text, err := m.manifest.encode()
	if err != nil {
		return err
	}
	files := [][2]string{{manifestFile, string(text)}, {checkpointFile, string(m.Checkpoint.Note)}, {keyFile, string(m.VKey)}}
	if m.Keys != nil {
		files = append(files, [2]string{keysFile, string(m.Keys)})
	}
	if m.Policy != nil {
		files = append(files, [2]string{policyFile, string(m.Policy)})
	}
	if m.Since != nil {
		p, err := m.Log.Consistency(m.Since.Tree, m.Checkpoint.Tree)
		if err != nil {
			return err
		}
		files = append(files, [2]string{sinceFile, string(m.Since.Note)},
			[2]string{consistencyFile, string(tlog.EncodeConsistency(m.Since.Tree.N, p, m.Checkpoint))})
	}
	for _, f := range files {
		if err := m.write(f[0], []byte(f[1])); err != nil {
			return err
		}
	}
	return nil
}

// events writes the events, each with its receipt.
func (m *making) events() error {
	n := 0
	for _, s := range m.manifest.Streams {
		for l, err := range m.Lines(s.Name) {
			if err != nil {
				return err
			}
			n++
			if err := m.event(n, l); err != nil {
				return err
			}
		}
	}
	if n != m.manifest.total() {
		return errors.New("the ledger has changed meanwhile")
	}
	return nil
}

func (m *making) event(n int, l history.Line) error {
	event := tlog.EventOf(m.Ledger, l.Record)
	want, err := event.Leaf()
	if err != nil {
		return err
	}
	receipt, err := m.Log.Receipt(int64(l.Sequence), m.Checkpoint)
	if err != nil {
		return err
	}
	if string(receipt.Leaf) != string(want) {
		return &es.Error{
			Kind: es.ErrCorrupt, Code: "audit.not_sealed_so", Message: fmt.Sprintf("event %d (%s at revision %d) is not the one that was sealed", l.Sequence, l.Stream, l.Revision),
			Want: "a person who looks into it, with `entente verify`",
		}
	}
	text, err := event.Encode()
	if err != nil {
		return err
	}
	return errors.Join(m.write(eventFile(n), text), m.write(receiptFile(n), receipt.Encode()))
}

func (m *making) keptDocuments() error {
	for _, hash := range m.documents {
		if err := m.document(hash); err != nil {
			return fmt.Errorf("document %s: %w", hash, err)
		}
	}
	return nil
}

func (m *making) document(hash string) (err error) {
	file, err := m.Document(hash)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w, err := m.create(documentsFolder + hash)
	if err != nil {
		return err
	}
	got, err := copyHashed(w, file)
	if err == nil && got != hash {
		err = &es.Error{Kind: es.ErrCorrupt, Code: "document.corrupt", Message: "a document has changed: its bytes hash to " + got, Want: "a backup to be restored"}
	}
	return err
}

func (m *making) provenance() error {
	for _, s := range m.manifest.Streams {
		w, err := m.create(m.manifest.provFile(s.Name))
		if err == nil {
			err = provenance.Write(w, m.Ledger, uint64(m.manifest.Events-1), m.Lines(s.Name))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *making) leaves() error {
	if !m.Complete {
		return nil
	}
	w, err := m.create(leavesFile)
	if err != nil {
		return err
	}
	tree := growing{}
	for leaf, err := range m.Log.EveryLeaf(m.Checkpoint.Tree.N) {
		if err == nil {
			tree.add(leaf)
			_, err = io.Copy(w, io.MultiReader(strings.NewReader(string(leaf)), strings.NewReader("\n")))
		}
		if err != nil {
			return err
		}
	}
	if tree.tree() != m.Checkpoint.Tree {
		return &es.Error{Kind: es.ErrCorrupt, Code: "tlog.tiles_damaged", Message: "the leaves do not give the root of the checkpoint", Want: "a person who looks into it, with `entente verify`"}
	}
	return nil
}
