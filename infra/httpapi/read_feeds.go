package httpapi

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/answers"
)

// cloudEvent is an event as CloudEvents 1.0 has it in JSON. The members after Data
// are extensions; sequence is a text whose order is that of the log, as the
// extension of that name wants it.
type cloudEvent struct {
	SpecVersion string         `json:"specversion"`
	ID          uuid.UUID      `json:"id"`
	Source      string         `json:"source"` // the ledger
	Type        string         `json:"type"`
	Subject     string         `json:"subject"` // the stream
	Time        string         `json:"time"`
	ContentType string         `json:"datacontenttype"`
	Schema      string         `json:"dataschema"`
	Data        jsontext.Value `json:"data"`
	Sequence    string         `json:"sequence"`
	Revision    es.Revision    `json:"revision"`
	KnownAt     string         `json:"knownat"`
	Status      terms.Status   `json:"status"`
	Backfill    bool           `json:"backfill"`
}

// cloudEvents writes a page as a batch of CloudEvents. A fact that is not recorded
// has a type of its own, so that nobody takes it for one.
func (a *API) cloudEvents(p answers.Page[any]) ([]byte, error) {
	all := make([]cloudEvent, len(p.Items))
	for i, item := range p.Items {
		e := item.(answers.Event)
		name := e.Type
		if e.Status != terms.Recorded {
			name += "." + e.Status.String()
		}
		all[i] = cloudEvent{
			SpecVersion: "1.0", ID: e.ID, Source: a.cfg.Ledger.URN(), Type: name, Subject: e.Stream, Time: e.RecordedAt, ContentType: "application/json",
			Schema: fmt.Sprintf("urn:entente:event:%s:%d", e.Type, e.Schema), Data: e.Data, Sequence: fmt.Sprintf("%020d", e.Sequence), Revision: e.Revision,
			KnownAt: e.KnownAt, Status: e.Status, Backfill: e.Backfill,
		}
	}
	return json.Marshal(all, json.Deterministic(true))
}

// atomFeed is a feed as RFC 4287 has it.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr,omitempty"`
}

type atomEntry struct {
	ID       string       `xml:"id"`
	Title    string       `xml:"title"`
	Updated  string       `xml:"updated"`
	Links    []atomLink   `xml:"link"`
	Category atomCategory `xml:"category"`
	Summary  string       `xml:"summary"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

// atom writes a page of events as a feed, the latest first. It names nobody but
// the ledger.
func (a *API) atom(q *asked, p answers.Page[any]) ([]byte, error) {
	f := atomFeed{
		ID: uuid.NewSHA1(a.cfg.Ledger, []byte(q.r.URL.Path+"?"+q.filters().Encode())).URN(), Title: "entente " + q.r.URL.Path,
		Updated: es.FormatInstant(time.Unix(0, 0)), Author: "ledger " + a.cfg.Ledger.String(),
		Links: []atomLink{{Rel: "self", Href: q.r.URL.RequestURI(), Type: formatAtom.media}},
	}
	if p.Next != "" {
		f.Links = append(f.Links, atomLink{Rel: "next", Href: q.next(p.Next), Type: formatAtom.media})
	}
	for _, item := range slices.Backward(p.Items) {
		e := item.(answers.Event)
		f.Updated = max(f.Updated, e.RecordedAt)
		f.Entries = append(f.Entries, atomEntry{
			ID: e.ID.URN(), Title: e.Type + " (" + answers.Short(e.Stream) + ")", Updated: e.RecordedAt,
			Links:    []atomLink{{Rel: "alternate", Href: "/v1/events/" + e.ID.String(), Type: formatJSON.media}},
			Category: atomCategory{e.Type}, Summary: summaryOf(e),
		})
	}
	text, err := xml.MarshalIndent(f, "", " ")
	return append([]byte(xml.Header), text...), err
}

func summaryOf(e answers.Event) string {
	return fmt.Sprintf("%s of %s, revision %d: %s, effective %s", e.Type, e.Stream, e.Revision, e.Status, cmp.Or(e.Effective.String(), "nobody knows when"))
}
