package party

import (
	"iter"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// State is what the ledger holds of a party. The zero State is of none.
type State struct{ book book.Book[Event] }

// Book returns the facts by revision.
func (s *State) Book() *book.Book[Event] { return &s.book }

// Facts returns the facts by revision, for who does not know their type.
func (s *State) Facts() iter.Seq[book.Fact] { return s.book.Facts() }

// Opened returns the kind and country the party was registered with, and
// whether it is a party at all: it was opened and the opening was not voided.
func (s *State) Opened() (Kind, Country, bool) {
	h, ok := s.book.Opening()
	if !ok {
		return "", "", false
	}
	kind, country := Kind(""), Country("")
	switch e := h.Event.(type) {
	case Registered:
		kind, country = e.Kind, e.Country
	case CarriedOver:
		kind, country = e.Kind, e.Country
	default:
	}
	for h := range s.book.Moving() {
		if e, ok := h.Event.(Located); ok && e.Country != "" {
			country = e.Country
		}
	}
	return kind, country, true
}

// Place is where a party is.
type Place struct {
	Region terms.Text // the administrative area, or nothing
	// Latitude and Longitude are WGS 84 in millionths of a degree; both are zero
	// if they are not known.
	Latitude, Longitude int64
}

// Located reports whether the coordinates are known.
func (p Place) Located() bool { return p.Latitude != 0 || p.Longitude != 0 }

// Place returns where the party is: the region and the coordinates that were
// last stated, each for itself, as a fact may state one without the other.
func (s *State) Place() Place {
	var p Place
	for h := range s.book.Moving() {
		e, ok := h.Event.(Located)
		if !ok {
			continue
		}
		if e.Region.Value != "" {
			p.Region = e.Region
		}
		if said := (Place{Latitude: e.Latitude, Longitude: e.Longitude}); said.Located() {
			p.Latitude, p.Longitude = e.Latitude, e.Longitude
		}
	}
	return p
}

// Known is a name with its validity and the event that gave it.
type Known struct {
	Name
	From     edtf.Date
	Revision es.Revision
}

// Names returns the names, the official ones first as they followed each other.
// A renaming ends the official names before it.
func (s *State) Names() []Known {
	var official, others []Known
	for h := range s.book.Describing() {
		add := func(n Name) {
			k := Known{Name: n, From: h.Fact.From(), Revision: h.Revision}
			if n.Use == "official" {
				official = append(official, k)
			} else {
				others = append(others, k)
			}
		}
		switch e := h.Event.(type) {
		case Registered:
			add(Name{Text: e.Name, Use: "official"})
		case CarriedOver:
			for _, n := range e.Names {
				add(n)
			}
		case Named:
			add(e.Name)
		case Renamed:
			for i := range official {
				if official[i].Until.IsUnknown() {
					official[i].Until = h.Fact.From()
				}
			}
			add(Name{Text: e.Name, Use: "official"})
		default:
		}
	}
	return append(official, others...)
}

// Title returns the official name in use, the last one given.
func (s *State) Title() terms.Text {
	var title terms.Text
	for _, k := range s.Names() {
		if title.Value == "" || k.Use == "official" {
			title = k.Text
		}
	}
	return title
}

// Identifiers returns the external identifiers, in the order of recording.
func (s *State) Identifiers() []Identifier {
	var ids []Identifier
	for h := range s.book.Moving() {
		switch e := h.Event.(type) {
		case Identified:
			ids = append(ids, e.Identifier)
		case CarriedOver:
			ids = append(ids, e.IDs...)
		default:
		}
	}
	return ids
}

// End is how a party ceased to exist.
type End struct {
	How      string // merged, split, succeeded, ended
	On       edtf.Date
	Heirs    []terms.PartyID
	Revision es.Revision
}

// Ends returns what is recorded of the party's end; more than one contradict
// each other.
func (s *State) Ends() []End {
	var ends []End
	for h := range s.book.Moving() {
		end := End{On: h.Fact.From(), Revision: h.Revision}
		switch e := h.Event.(type) {
		case Merged:
			end.How, end.Heirs = "merged", []terms.PartyID{e.Into}
		case Split:
			end.How, end.Heirs = "split", e.Into
		case Succeeded:
			end.How, end.Heirs = "succeeded", []terms.PartyID{e.By}
		case CarriedOver:
			if !e.Exists {
				end.How, end.On = "ended", e.Ended
			}
		default:
		}
		if end.How != "" {
			ends = append(ends, end)
		}
	}
	return ends
}

// Relations returns how the party stands to others, its parent included.
func (s *State) Relations() []Related {
	var all []Related
	for h := range s.book.Moving() {
		switch e := h.Event.(type) {
		case Registered:
			if e.Parent != "" {
				all = append(all, Related{Fact: e.Fact, To: e.Parent, Relation: "unit_of"})
			}
		case Related:
			all = append(all, e)
		default:
		}
	}
	return all
}

// LinkedTo returns the record to go by instead of this one, or "".
func (s *State) LinkedTo() terms.PartyID {
	var to terms.PartyID
	for h := range s.book.Moving() {
		switch e := h.Event.(type) {
		case Linked:
			to = e.To
		case Unlinked:
			if e.From == to {
				to = ""
			}
		default:
		}
	}
	return to
}

// Findings returns what a person should look at.
func (s *State) Findings() []terms.Finding {
	found := book.Findings("party", &s.book)
	if ends := s.Ends(); len(ends) > 1 {
		f := terms.Finding{Code: "party.ends_twice", Detail: "more than one end of the party is recorded"}
		for _, e := range ends {
			f.Events = append(f.Events, e.Revision)
		}
		found = append(found, f)
	}
	return found
}
