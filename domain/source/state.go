package source

import (
	"fmt"
	"iter"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// State is what the ledger holds of a source. The zero State is of none.
type State struct{ book book.Book[Event] }

// Book returns the facts by revision.
func (s *State) Book() *book.Book[Event] { return &s.book }

// Facts returns the facts by revision, for who does not know their type.
func (s *State) Facts() iter.Seq[book.Fact] { return s.book.Facts() }

// Opened returns the description the source was registered with, and whether
// it is a source at all: it was opened and the opening was not voided.
func (s *State) Opened() (Description, bool) {
	h, ok := s.book.Opening()
	switch e := h.Event.(type) {
	case Registered:
		return e.Description, ok
	case CarriedOver:
		return e.Description, ok
	default:
	}
	return Description{}, false
}

// Title returns the main title.
func (s *State) Title() terms.Text {
	if d, ok := s.Opened(); ok && len(d.Titles) > 0 {
		return d.Titles[0]
	}
	return terms.Text{}
}

// Kind returns what the source is.
func (s *State) Kind() Kind {
	d, _ := s.Opened()
	return d.Kind
}

// Languages returns those of the text.
func (s *State) Languages() []terms.Lang {
	d, _ := s.Opened()
	return d.Languages
}

// asserted is who or what a fact names, with the fact's revision.
type asserted[T any] struct {
	value    T
	revision es.Revision
}

func (s *State) issuers() []asserted[terms.PartyID] {
	var all []asserted[terms.PartyID]
	for h := range s.book.Moving() {
		var issuer terms.PartyID
		switch e := h.Event.(type) {
		case Registered:
			issuer = e.Issuer
		case CarriedOver:
			issuer = e.Issuer
		case Attributed:
			issuer = e.Issuer
		default:
		}
		if issuer != "" {
			all = append(all, asserted[terms.PartyID]{issuer, h.Revision})
		}
	}
	return all
}

func (s *State) replacements() []asserted[terms.SourceID] {
	var all []asserted[terms.SourceID]
	for h := range s.book.Moving() {
		var by terms.SourceID
		switch e := h.Event.(type) {
		case CarriedOver:
			by = e.ReplacedBy
		case Replaced:
			by = e.By
		default:
		}
		if by != "" {
			all = append(all, asserted[terms.SourceID]{by, h.Revision})
		}
	}
	return all
}

// Issuer returns who issued the source, by the last fact that says so, or "".
func (s *State) Issuer() terms.PartyID { return last(s.issuers()) }

// ReplacedBy returns the source that took the place of this one, by the last
// fact that says so, or "".
func (s *State) ReplacedBy() terms.SourceID { return last(s.replacements()) }

func last[T any](all []asserted[T]) T {
	var none T
	if len(all) == 0 {
		return none
	}
	return all[len(all)-1].value
}

// Kept is a file with the event that attached it.
type Kept struct {
	File
	Revision es.Revision
}

// Files returns the copies kept, in the order of recording.
func (s *State) Files() []Kept {
	var all []Kept
	for h := range s.book.Moving() {
		switch e := h.Event.(type) {
		case CarriedOver:
			for _, f := range e.Files {
				all = append(all, Kept{f, h.Revision})
			}
		case FileAttached:
			all = append(all, Kept{e.File, h.Revision})
		default:
		}
	}
	return all
}

// Noted is a note with the event that recorded it.
type Noted struct {
	Note
	Revision es.Revision
}

// Notes returns the notes, in the order of recording. They are there to be
// read by people.
func (s *State) Notes() []Noted {
	var all []Noted
	for h := range s.book.Moving() {
		switch e := h.Event.(type) {
		case CarriedOver:
			for _, n := range e.Notes {
				all = append(all, Noted{n, h.Revision})
			}
		case NoteRecorded:
			all = append(all, Noted{e.Note, h.Revision})
		default:
		}
	}
	return all
}

// Removed returns what the register does not have any more: the events that were
// recorded from it, each with the event that says so, in the order of recording.
func (s *State) Removed() []Removal {
	last := map[terms.Ref]es.Revision{}
	var all []Removal
	for h := range s.book.Moving() {
		switch e := h.Event.(type) {
		case EntryRemoved:
			last[e.Of] = h.Revision
			all = append(all, Removal{e.Of, h.Revision})
		case EntryRestored:
			last[e.Of] = 0
		default:
		}
	}
	return slices.DeleteFunc(all, func(r Removal) bool { return last[r.Of] != r.Revision })
}

// Removal is an entry that a register does not have any more.
type Removal struct {
	Of       terms.Ref // the event that was recorded from it
	Revision es.Revision
}

// Findings returns what a person should look at: gaps in the description,
// defects of the text, and facts that contradict each other.
func (s *State) Findings() []terms.Finding {
	found := book.Findings("source", &s.book)
	add := func(code, detail string, events ...es.Revision) {
		found = append(found, terms.Finding{Code: "source." + code, Detail: detail, Events: events})
	}
	d, ok := s.Opened()
	if !ok {
		return found
	}
	if s.Issuer() == "" {
		add("no_issuer", "nobody is named as the issuer", 1)
	}
	if d.Issued.IsUnknown() {
		add("undated", "it is not known when the source was issued", 1)
	}
	if d.URL == "" && len(s.Files()) == 0 {
		add("out_of_reach", "there is neither an address nor a copy to look the source up", 1)
	}
	for _, n := range s.Notes() {
		if n.Kind == "defect" {
			add("defect", "the text has a defect: "+n.Gist.Value, n.Revision)
		}
	}
	for _, r := range s.Removed() {
		add("entry_removed", "the register does not have any more what "+string(r.Of)+" was recorded from", r.Revision)
	}
	if all := s.issuers(); differ(all) {
		add("issuers_differ", fmt.Sprintf("%d facts name different issuers", len(all)), revisions(all)...)
	}
	if all := s.replacements(); differ(all) {
		add("replaced_twice", "more than one source is said to replace this one", revisions(all)...)
	}
	return found
}

func differ[T comparable](all []asserted[T]) bool {
	for _, a := range all {
		if a.value != all[0].value {
			return true
		}
	}
	return false
}

func revisions[T any](all []asserted[T]) []es.Revision {
	var at []es.Revision
	for _, a := range all {
		at = append(at, a.revision)
	}
	return at
}
