package bundle

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"

	sumdb "golang.org/x/mod/sumdb/tlog"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/provenance"
	"github.com/entente-ledger/entente/infra/tlog"
	"github.com/entente-ledger/entente/projections/history"
)

// events checks every event: that its receipt proves it, that its stream has no
// gap, that the bundle is to have it.
func (c *checking) events() {
	m := c.result.Manifest
	c.named, c.total = map[string]bool{}, m.total()
	seen, n := map[string]bool{}, 0
	for i, s := range m.Streams {
		if seen[s.Name] || s.Here < 1 || i == 0 && m.Subject != "" && s.Name != m.Subject {
			c.fail(manifestFile, es.Rejected("audit.bad_manifest", "the streams are not as they should be: "+s.Name, ""))
		}
		seen[s.Name] = true
		c.first[s.Name] = n + 1
		last := history.Line{}
		for range s.Here {
			if n++; c.ctx.Err() != nil || !c.has(eventFile(n)) && !c.has(receiptFile(n)) && !c.has(eventFile(n+1)) {
				c.fail(eventFile(n), es.NotFound("audit.missing_file", "the events end before those that bundle.json counts"))
				c.unread = true
				return
			}
			l, ok := c.event(n)
			if !ok {
				continue
			}
			if l.Stream != s.Name || l.Revision != last.Revision+1 || last.Revision > 0 && l.Sequence <= last.Sequence {
				c.fail(eventFile(n), es.Rejected("audit.gap", fmt.Sprintf("it is %s at revision %d in the place of %s at revision %d", l.Stream, l.Revision, s.Name, last.Revision+1), ""))
			}
			if m.Known != "" && es.FormatInstant(l.Known) > m.Known {
				c.fail(eventFile(n), es.Rejected("audit.not_known", "it was not known yet at "+m.Known, ""))
			}
			documentsOf(l.Event, func(hash string) { c.named[hash] = true })
			last = l
		}
		if last.Visibility == es.Restricted && !m.Restricted {
			c.fail(manifestFile, es.Rejected("audit.bad_manifest", s.Name+" is restricted, and the bundle does not say so", ""))
		}
	}
}

// event checks an event by its receipt, and returns it if it can be told of.
func (c *checking) event(n int) (l history.Line, ok bool) {
	text, ok := c.read(eventFile(n))
	proof, has := c.read(receiptFile(n))
	if !ok || !has {
		c.unread = true
		return l, false
	}
	l, leaf, receipt, file, err := line(n, text, proof, c.result.Manifest)
	if err != nil {
		c.unread = true
		c.fail(file, err)
		return l, false
	}
	tree := c.result.Checkpoint.Tree
	switch {
	case string(receipt.Checkpoint) != string(c.result.Checkpoint.Note):
		c.fail(receiptFile(n), es.Rejected("audit.other_checkpoint", "it is of another checkpoint than the one in the bundle, or that does not hold", ""))
	case string(receipt.Leaf) != string(leaf):
		c.fail(eventFile(n), es.Rejected("audit.not_sealed_so", "it is not the event that was sealed: its leaf is not the one in the receipt", ""))
	case sumdb.CheckRecord(receipt.Proof, tree.N, tree.Hash, receipt.Index, sumdb.RecordHash(leaf)) != nil:
		c.fail(receiptFile(n), es.Rejected("tlog.not_in_log", "it does not prove that the event is in the log", ""))
	default:
		c.result.Events++
	}
	return l, true
}

// line reads an event and its receipt. If it fails, file is the one to blame.
func line(n int, text, proof []byte, m Manifest) (l history.Line, leaf []byte, receipt tlog.Receipt, file string, err error) {
	file = receiptFile(n)
	if receipt, err = tlog.ParseReceipt(proof); err != nil {
		return l, leaf, receipt, file, err
	}
	file = eventFile(n)
	e, err := tlog.ParseEvent(text)
	if err != nil {
		return l, leaf, receipt, file, err
	}
	if again, failed := e.Encode(); failed != nil || string(again) != string(text) || e.Ledger != m.Ledger {
		err = es.Invalid("audit.bad_event", "it is not written as a bundle of this ledger has it", "")
		return l, leaf, receipt, file, err
	}
	if leaf, err = e.Leaf(); err == nil {
		l, err = history.LineOf(uint64(receipt.Index), es.Record{
			Stream: e.Stream, Revision: e.Revision, ID: e.ID, Type: e.Type, Schema: e.Schema, Data: []byte(e.Data), Meta: []byte(e.Meta),
		})
	}
	return l, leaf, receipt, file, err
}

// lines yields the events of a stream once more.
func (c *checking) lines(stream string) iter.Seq2[history.Line, error] {
	return func(yield func(history.Line, error) bool) {
		for n := c.first[stream]; n <= c.total; n++ {
			l, err := c.again(n)
			if err == nil && l.Stream != stream || !yield(l, err) || err != nil {
				return
			}
		}
	}
}

func (c *checking) again(n int) (history.Line, error) {
	if err := c.ctx.Err(); err != nil {
		return history.Line{}, err
	}
	text, ok := c.read(eventFile(n))
	proof, has := c.read(receiptFile(n))
	if !ok || !has {
		return history.Line{}, errors.New("an event cannot be read")
	}
	l, _, _, _, err := line(n, text, proof, c.result.Manifest)
	return l, err
}

// ledger checks that nothing of a whole ledger is left out.
func (c *checking) ledger() {
	m := c.result.Manifest
	if m.Subject == "" && m.Known == "" && int64(m.total()) != c.result.Checkpoint.Tree.N {
		c.fail(manifestFile, es.Rejected("audit.incomplete", fmt.Sprintf("the log has %d events, and the bundle %d", c.result.Checkpoint.Tree.N, m.total()), ""))
	}
}

// leaves checks that they are all, and that none is of an event that should be
// here.
func (c *checking) leaves() {
	m := c.result.Manifest
	if !m.Complete {
		for _, s := range m.Streams {
			if s.Sealed != 0 {
				c.fail(manifestFile, es.Rejected("audit.bad_manifest", "it counts leaves that are not in the bundle", ""))
				return
			}
		}
		return
	}
	r, ok := c.open(leavesFile)
	if !ok {
		return
	}
	tree, counts := growing{}, newCounts(m)
	text := bufio.NewReaderSize(r, tlog.MaxLeaf+1)
	var err error
	for err == nil && c.ctx.Err() == nil {
		var leaf []byte
		if leaf, err = text.ReadSlice('\n'); err == nil {
			leaf = leaf[:len(leaf)-1]
			tree.add(leaf)
			err = counts.add(leaf)
		} else if errors.Is(err, io.EOF) && len(leaf) > 0 {
			err = io.ErrUnexpectedEOF
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	switch err = errors.Join(err, r.Close()); {
	case err != nil:
		c.fail(leavesFile, damaged(err))
	case tree.tree() != c.result.Checkpoint.Tree:
		c.fail(leavesFile, es.Rejected("audit.bad_leaves", "the leaves do not give the root of the checkpoint", ""))
	}
	for _, s := range m.Streams {
		if n := counts[s.Name]; n != s.Sealed {
			c.fail(manifestFile, es.Rejected("audit.bad_manifest", fmt.Sprintf("it says that the log has %d events of %s, and the leaves are of %d", s.Sealed, s.Name, n), ""))
		}
		if m.Known == "" && s.Here != s.Sealed {
			c.fail(leavesFile, es.Rejected("audit.incomplete", fmt.Sprintf("the log has %d events of %s, and the bundle %d", s.Sealed, s.Name, s.Here), ""))
		}
	}
}

// derived makes anew what follows from the other files, and compares.
func (c *checking) derived() {
	m := c.result.Manifest
	t := told{Manifest: m, VKey: c.vkey, Checkpoint: c.result.Checkpoint, Since: c.since, lines: rereading(c.lines)}
	for _, p := range pages {
		c.same(p.name, func(w io.Writer) error { return p.write(w, t) })
	}
	for _, s := range m.Streams {
		c.same(m.provFile(s.Name), func(w io.Writer) error {
			return provenance.Write(w, m.Ledger, uint64(m.Events-1), t.lines(s.Name))
		})
	}
}

// same checks that a file is what write writes. What rests on an event that
// cannot be read is not compared.
func (c *checking) same(name string, write func(w io.Writer) error) {
	r, ok := c.open(name)
	if !ok {
		return
	}
	if c.unread {
		c.fail(name, es.Rejected("audit.not_compared", "it cannot be compared with events that cannot be read", ""))
		_ = r.Close() // it was not read
		return
	}
	w := &compared{with: r}
	buffered := bufio.NewWriter(w)
	err := errors.Join(write(buffered), buffered.Flush())
	if err == nil {
		err = w.end()
	}
	if err = errors.Join(err, r.Close()); err != nil {
		c.fail(name, es.Rejected("audit.differs", "it is not what the other files give", ""))
	}
}
