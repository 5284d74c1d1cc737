package bundle

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	htmltemplate "html/template"
	"io"
	"iter"
	"text/template"

	"github.com/entente-ledger/entente/infra/tlog"
	"github.com/entente-ledger/entente/projections/history"
)

// told is what the pages tell of: nothing but what is in the bundle.
type told struct {
	Manifest
	VKey       []byte
	Checkpoint tlog.Checkpoint
	Since      *tlog.Checkpoint

	lines func(stream string) iter.Seq2[history.Line, error]
}

// pages are the files that follow from the others.
var pages = []struct {
	name  string
	write func(w io.Writer, t told) error
}{
	{pageFile, writePage},
	{guideFile, writeGuide},
	{scriptFile, func(w io.Writer, _ told) error {
		_, err := w.Write(script)
		return err
	}},
}

//go:embed verify.sh
var script []byte

//go:embed guide.md.tmpl
var guideText string

//go:embed page.html.tmpl
var pageText string

var (
	guideTemplate = template.Must(template.New("guide").Parse(guideText))
	pageTemplate  = htmltemplate.Must(htmltemplate.New("page").Parse(pageText))
)

func writeGuide(w io.Writer, t told) error { return guideTemplate.Execute(w, t) }

// Fingerprint is by which people compare the key of a log: the SHA-256 of the
// file, as sha256sum prints it.
func Fingerprint(vkey []byte) string {
	sum := sha256.Sum256(vkey)
	return hex.EncodeToString(sum[:])
}

// Fingerprint is that of the key.
func (t told) Fingerprint() string { return Fingerprint(t.VKey) }

// Hash is the SHA-256 of a file, as sha256sum prints it.
func (t told) Hash(content []byte) string { return Fingerprint(content) }

// What is the subject in words.
func (t told) What() string {
	if t.Subject == "" {
		return "the whole ledger " + t.Origin
	}
	return t.Subject
}

// Total is how many events are here.
func (t told) Total() int { return t.total() }

// Beyond is how many events of the streams here are in the log, and not here.
// It is only known if all leaves are here.
func (t told) Beyond() (n int) {
	for _, s := range t.Streams {
		n += s.Sealed - s.Here
	}
	return n
}

// page is what the page tells, as its template reads it. Events are read as they
// are told.
type page struct {
	told
	Title   string
	Summary *summary // nil unless the subject is an agreement
	err     error
}

func writePage(w io.Writer, t told) error {
	p := &page{told: t, Title: "Evidence of " + t.What()}
	var err error
	if p.Summary, err = t.summary(); err != nil {
		return err
	}
	if p.Summary != nil && len(p.Summary.Titles) > 0 {
		p.Title = p.Summary.Titles[0].Value
	}
	if err := pageTemplate.Execute(w, p); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return p.err
}

// section is what is told of one stream.
type section struct {
	Stream
	Called string // the first text in its opening
	Events iter.Seq[row]
}

// row is what is told of one event.
type row struct {
	history.Line
	Event, Receipt            string // the files
	Recorded, Known, Occurred string
	Effective, Status, Source string
	Said                      []pair
}

// Sections yields the streams in their order.
func (p *page) Sections() iter.Seq[section] {
	return func(yield func(section) bool) {
		n := 0
		for _, s := range p.Streams {
			one := section{Stream: s, Events: p.events(s.Name, n)}
			for l, err := range p.lines(s.Name) {
				p.fail(err)
				if err == nil {
					one.Called = firstText(l.Event)
				}
				break
			}
			if p.err != nil || !yield(one) {
				return
			}
			n += s.Here
		}
	}
}

func (p *page) events(stream string, n int) iter.Seq[row] {
	return func(yield func(row) bool) {
		for l, err := range p.lines(stream) {
			var r row
			if err == nil {
				n++
				r, err = rowOf(n, l)
			}
			if p.fail(err); p.err != nil || !yield(r) {
				return
			}
		}
	}
}

func (p *page) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

// compared is a writer that fails where what is written differs from what is
// read.
type compared struct {
	with io.Reader
	buf  []byte
}

func (c *compared) Write(text []byte) (int, error) {
	if len(c.buf) < len(text) {
		c.buf = make([]byte, len(text))
	}
	n, err := io.ReadFull(c.with, c.buf[:len(text)])
	if err != nil || !bytes.Equal(c.buf[:n], text) {
		return 0, errDiffers
	}
	return len(text), nil
}

// end fails unless all was read.
func (c *compared) end() error {
	if n, err := io.ReadFull(c.with, make([]byte, 1)); n > 0 || err == nil {
		return errDiffers
	}
	return nil
}
