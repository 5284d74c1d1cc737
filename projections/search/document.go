package search

import (
	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/grant"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/programme"
	"github.com/entente-ledger/entente/domain/resource"
	"github.com/entente-ledger/entente/domain/source"
	"github.com/entente-ledger/entente/domain/terms"
)

// document is what is searched of a stream.
type document struct {
	title  terms.Text
	texts  []terms.Text // all by which it is found
	themes []terms.Theme
	date   edtf.Date // on which it happened, began or was issued, if that is known
}

// documentOf returns what is searched of a stream by its folded state, and
// whether its kind is searched at all.
func documentOf(of any) (document, bool) {
	switch s := of.(type) {
	case *activity.State:
		d := titled(s.Describe().Titles)
		d.themes, _ = s.Agenda()
		if end, ok := s.Outcome(); ok {
			d.date = end.From
		} else if plan, ok := s.Planned(); ok {
			d.date = plan.When
		}
		return d, true
	case *grant.State:
		return titled(s.Describe().Titles), true
	case *memorandum.State:
		about := s.Describe()
		d := titled(about.Titles)
		d.themes = about.Themes
		if entry, _ := s.Entry(); entry.Met != edtf.No {
			d.date = entry.From
		}
		return d, true
	case *actionplan.State:
		about := s.Describe()
		d := titled(about.Titles)
		d.themes, d.date = about.Themes, about.From
		return d, true
	case *network.State:
		about := s.Describe()
		d := titled(about.Titles)
		d.themes = about.Themes
		return d, true
	case *party.State:
		d := document{title: s.Title()}
		for _, n := range s.Names() {
			d.texts = append(d.texts, n.Text)
		}
		return d, true
	case *programme.State:
		about := s.Describe()
		d := titled(about.Titles)
		d.themes = about.Purpose.Themes
		return d, true
	case *resource.State:
		about := s.Describe()
		d := titled(about.Titles)
		d.themes = about.Themes
		return d, true
	case *source.State:
		about, _ := s.Opened()
		d := titled(about.Titles)
		d.date = about.Issued
		return d, true
	}
	return document{}, false
}

// titled returns a document with titles, the main one first.
func titled(titles []terms.Text) document {
	d := document{texts: titles}
	if len(titles) > 0 {
		d.title = titles[0]
	}
	return d
}

// Kinds returns the kinds of streams that are searched, in the order of their
// names.
func Kinds() []string {
	var all []string
	for _, a := range ledger.Aggregates() {
		if _, ok := documentOf(a.Fold().State()); ok {
			all = append(all, a.Kind)
		}
	}
	return all
}
