package findings

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// finding is a row.
type finding struct {
	about        string // the stream
	code, detail string
	// subject tells it from others of the stream with the same code.
	subject     string
	events      string // revisions of the stream, "3 7"
	touched     string // the last events that say something of those
	other       string // another stream it is about, or ""
	otherEvents string // revisions of that
}

// id returns the id of a finding: version 5 of the stream, the code and the
// subject.
func (f finding) id() uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("urn:entente:finding:"+f.about+":"+f.code+":"+f.subject))
}

// digest is another when what the finding says changes, or something was said
// of one of its events.
func (f finding) digest() [sha256.Size]byte {
	return sha256.Sum256([]byte(strings.Join(
		[]string{f.about, f.code, f.subject, f.detail, f.events, f.touched, f.other, f.otherEvents}, "\x00",
	)))
}

// own returns the findings of a state as rows.
func own(s readmodel.State) []finding {
	found := s.Findings()
	if len(found) == 0 {
		return nil
	}
	touched := make([]es.Revision, s.Revision+1)
	for f := range s.Held {
		touched[f.Revision] = f.Touched
	}
	rows := make([]finding, len(found))
	for i, f := range found {
		events, last := written(f.Events...), make([]es.Revision, len(f.Events))
		for j, r := range f.Events {
			last[j] = touched[r]
		}
		rows[i] = finding{about: s.Stream, code: f.Code, detail: f.Detail, subject: events, events: events, touched: written(last...)}
		n := 0
		for _, earlier := range rows[:i] {
			if earlier.code == f.Code && earlier.events == events {
				n++
			}
		}
		if n > 0 { // several notes of one event, say
			rows[i].subject += ":" + strconv.Itoa(n)
		}
	}
	return rows
}

func written(revisions ...es.Revision) string {
	var b strings.Builder
	for i, r := range revisions {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.FormatUint(uint64(r), 10))
	}
	return b.String()
}

func readRevisions(s string) ([]es.Revision, error) {
	var all []es.Revision
	for field := range strings.FieldsSeq(s) {
		n, err := strconv.ParseUint(field, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("read the events of a finding: %w", err)
		}
		all = append(all, es.Revision(n))
	}
	return all, nil
}

func table() *readmodel.Table[finding] {
	return readmodel.NewTable("findings_finding",
		readmodel.Columns[finding]{
			Names: []string{"id BLOB"},
			Bind: func(b *readmodel.Binder, r finding) {
				id := r.id()
				b.Bytes(id[:])
			},
		},
		readmodel.Columns[finding]{
			Names: []string{"code TEXT", "detail TEXT", "digest BLOB", "events TEXT", "other INTEGER", "other_events TEXT"},
			Bind: func(b *readmodel.Binder, r finding) {
				digest := r.digest()
				b.Text(r.code)
				b.Text(r.detail)
				b.Bytes(digest[:])
				b.Text(r.events)
				b.Stream(r.other)
				b.Text(r.otherEvents)
			},
		})
}
