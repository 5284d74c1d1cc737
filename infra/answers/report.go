package answers

import (
	"cmp"
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/chronicle"
	"github.com/entente-ledger/entente/projections/namekey"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Report is what happened within a span of days, both included.
type Report struct {
	About    string    `json:"about"` // the network or party that it is about, or ""
	From     string    `json:"from"`  // a day
	Headings []Section `json:"headings"`
	To       string    `json:"to"` // a day
}

// Section is a heading of a report with what is under it.
type Section struct {
	Heading chronicle.Heading `json:"heading"`
	Count   int               `json:"count"` // of what is certain
	Perhaps int               `json:"perhaps"`
	Entries []Reported        `json:"entries"` // by date and name, what is certain first
}

// Reported is an entry of a report with the names in it.
type Reported struct {
	Heading chronicle.Heading `json:"heading"`
	// Is says whether it happened within the span: yes or undecidable.
	Is      edtf.Truth    `json:"is"`
	On      edtf.Date     `json:"on"`
	Stream  string        `json:"stream"`
	Name    string        `json:"name"` // of what the stream is, of a membership the network's
	Party   terms.PartyID `json:"party"`
	Who     string        `json:"partyName"`
	Network terms.PartyID `json:"network"` // of a membership, or ""
	How     string        `json:"how"`     // in words
	By      es.Revision   `json:"by"`      // the event that it rests on
	// Late says that this event was recorded after the instant as known at which is
	// answered.
	Late bool `json:"recordedLater"`
}

// Report answers what happened within a span, under every heading.
func (d *Desk) Report(w readmodel.Within) (Report, error) {
	w.At = d.At
	found, err := chronicle.List(d.Conn, w, chronicle.Headings()...)
	if err != nil {
		return Report{}, err
	}
	under := map[chronicle.Heading][]Reported{}
	lates := map[string]Late{}
	for _, e := range found {
		if _, ok := lates[e.Stream]; !ok {
			if lates[e.Stream], err = d.Late(e.Stream); err != nil {
				return Report{}, err
			}
		}
		one, err := d.reported(e)
		if err != nil {
			return Report{}, err
		}
		one.Late = lates[e.Stream].Has(e.By)
		under[e.Heading] = append(under[e.Heading], one)
	}
	return Report{w.About, w.From.String(), each(chronicle.Headings(), func(h chronicle.Heading) Section {
		return section(h, under[h])
	}), w.To.String()}, nil
}

func section(h chronicle.Heading, entries []Reported) Section {
	slices.SortStableFunc(entries, Reported.compare)
	s := Section{Heading: h, Entries: entries}
	for _, e := range entries {
		if e.Is == edtf.Yes {
			s.Count++
		}
	}
	s.Perhaps = len(entries) - s.Count
	return s
}

// compare orders what is certain before what is not, then by date and names.
func (r Reported) compare(o Reported) int {
	return cmp.Or(cmp.Compare(o.Is, r.Is), cmp.Compare(r.On.Earliest(), o.On.Earliest()), cmp.Compare(r.On.Latest(), o.On.Latest()),
		cmp.Compare(namekey.Of(r.Name), namekey.Of(o.Name)), cmp.Compare(namekey.Of(r.Who), namekey.Of(o.Who)), cmp.Compare(r.How, o.How))
}

func (d *Desk) reported(e chronicle.Entry) (Reported, error) {
	about := e.Stream
	if e.Network != "" {
		about = string(e.Network)
	}
	name, err := d.Name(about)
	who, whoErr := d.Name(string(e.Party))
	r := Reported{
		Heading: e.Heading, Is: e.Is, On: e.On, Stream: e.Stream, Name: name, Party: e.Party, Who: who, Network: e.Network, By: e.By,
		How: strings.ReplaceAll(strings.Join(e.What, " or "), "_", " "),
	}
	switch {
	case e.Heading == chronicle.Overdue:
		r.How = summary(r.How, e.Title)
	case e.Title.Value != "":
		r.How = e.Title.Value
	}
	return r, terms.First(err, whoErr)
}
