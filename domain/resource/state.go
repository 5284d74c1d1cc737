package resource

import (
	"iter"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// State is what the ledger holds of a resource. The zero State is of none.
type State struct{ book book.Book[Event] }

// Book returns the facts by revision.
func (s *State) Book() *book.Book[Event] { return &s.book }

// Facts returns the facts by revision, for who does not know their type.
func (s *State) Facts() iter.Seq[book.Fact] { return s.book.Facts() }

// Exists reports whether there is such a resource: it was opened, and the
// opening was not voided.
func (s *State) Exists() bool { return s.book.Exists() }

// Describe returns what a catalogue says of the resource, also if it is only
// announced or contested.
func (s *State) Describe() Description {
	var d Description
	open := func(as Description) {
		d = as
		d.Titles = d.Titles[:len(d.Titles):len(d.Titles)] // a title added later stays out of the event
	}
	for h := range s.book.Describing() {
		switch e := h.Event.(type) {
		case Registered:
			open(e.Description)
		case CarriedOver:
			open(e.Description)
		case Titled:
			d.Titles = append(d.Titles, e.Title)
		case ThemesSet:
			d.Themes = e.Themes
		case OwnerNamed:
			d.Owner = e.Owner
		default:
		}
	}
	return d
}

// Title returns the main title.
func (s *State) Title() terms.Text {
	if titles := s.Describe().Titles; len(titles) > 0 {
		return titles[0]
	}
	return terms.Text{}
}

// Kept is a copy with the event that recorded it.
type Kept struct {
	Copy
	Revision es.Revision
}

// Copies returns where the resource can be had, in the order of recording.
func (s *State) Copies() []Kept {
	var all []Kept
	for h := range s.book.Moving() {
		var c Copy
		switch e := h.Event.(type) {
		case CarriedOver:
			c = e.Copy
		case Published:
			c = e.Copy
		case CopyRecorded:
			c = e.Copy
		default:
		}
		if c.InReach() {
			all = append(all, Kept{c, h.Revision})
		}
	}
	return all
}

// Proposals returns who proposed the resource, in the order of recording.
func (s *State) Proposals() []Proposed { return moving[Proposed](s) }

// Reviews returns the reviews, in the order of recording.
func (s *State) Reviews() []Reviewed { return moving[Reviewed](s) }

// Relations returns how the resource stands to others, in the order of
// recording.
func (s *State) Relations() []Related { return moving[Related](s) }

// ReplacedBy returns the resource to use instead of this one, by the last
// retirement that names one, or "".
func (s *State) ReplacedBy() terms.Ref {
	var by terms.Ref
	for _, e := range moving[Retired](s) {
		if e.ReplacedBy != "" {
			by = e.ReplacedBy
		}
	}
	return by
}

// moving returns the events of one type that move state.
func moving[E Event](s *State) []E {
	var all []E
	for h := range s.book.Moving() {
		if e, ok := h.Event.(E); ok {
			all = append(all, e)
		}
	}
	return all
}
