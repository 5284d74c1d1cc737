package findings

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// finding is a row.
type finding struct {
	about        string // the stream
	code, detail string
	// subject tells it from others of the stream with the same code.
	subject     string
	events      string // revisions of the stream, "3 7"
	other       string // another stream it is about, or ""
	otherEvents string // revisions of that
}

// id returns the id of a finding: version 5 of the stream, the code and the
// subject.
func (f finding) id() uuid.UUID {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("urn:entente:finding:"+f.about+":"+f.code+":"+f.subject))
}

// own returns the findings of a state as rows.
func own(stream string, found []terms.Finding) []finding {
	rows := make([]finding, len(found))
	for i, f := range found {
		events := written(f.Events...)
		rows[i] = finding{about: stream, code: f.Code, detail: f.Detail, subject: events, events: events}
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
			Names: []string{"code TEXT", "detail TEXT", "events TEXT", "other INTEGER", "other_events TEXT"},
			Bind: func(b *readmodel.Binder, r finding) {
				b.Text(r.code)
				b.Text(r.detail)
				b.Text(r.events)
				b.Stream(r.other)
				b.Text(r.otherEvents)
			},
		})
}
