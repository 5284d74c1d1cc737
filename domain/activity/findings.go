package activity

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// findings collects what a person should look at.
type findings struct{ *book.Finds }

// Findings returns what a person should look at: vague and missing dates, times
// and announcements that contradict each other, unnamed places.
func (s *State) Findings() []terms.Finding {
	if !s.Exists() {
		return nil // nothing more is said of what was voided
	}
	f := &findings{book.NewFinds("activity", &s.book)}
	f.dates(s)
	f.times(s)
	f.ends(s)
	f.announcements(s)
	f.order(s)
	f.places(s)
	f.presences(s)
	return f.All
}

// dates finds what is vaguely dated, and ends that are not dated at all.
func (f *findings) dates(s *State) {
	for h := range s.book.Held() {
		switch e := h.Event.(type) {
		case Held, Cancelled:
			if h.Fact.From().IsUnknown() {
				f.Vague(h.Fact.From(), h.Revision)
			}
		case CarriedOver:
			f.vague(e.Since, h.Revision)
		case Registered, Announced, Scheduled, Rescheduled, Postponed:
		default:
			continue
		}
		f.vague(h.Fact.From(), h.Revision)
	}
	for _, p := range s.Plans() {
		f.vague(p.What.When, p.Revision)
	}
}

// uncertainYear is a date with a qualifier at a year: the day may be certain
// while the year is not, as in a text that names no year.
var uncertainYear = regexp.MustCompile(`(^|[/,\[.])(\d[\dX]{3}[?~%]|[?~%]\d[\dX]{3})`)

func (f *findings) vague(d edtf.Date, at es.Revision) {
	switch {
	case d.IsUnknown():
	case d.Earliest().Bounded() == d.Latest().Bounded() && uncertainYear.MatchString(d.String()):
		f.Add("uncertain_year", fmt.Sprintf("the year of %s is uncertain or approximate", d), at)
	default:
		f.Vague(d, at)
	}
}

// times finds an activity of which nobody says when it is, and schedules that
// compete.
func (f *findings) times(s *State) {
	plans := s.Plans()
	if _, ended := s.Outcome(); !ended && !slices.ContainsFunc(plans, func(p Said[Plan]) bool { return !p.What.When.IsUnknown() }) {
		f.Add("no_time", "nothing is said of when it takes place", 1)
	}
	var first Scheduled
	var at es.Revision
	for h := range s.book.Moving() {
		e, ok := h.Event.(Scheduled)
		switch {
		case !ok:
		case at == 0:
			first, at = e, h.Revision
		case e.When != first.When:
			f.Add("competing", fmt.Sprintf("it is scheduled for %s and for %s; the first stands", first.When, e.When), at, h.Revision)
		}
	}
}

// ends finds ends of which only one can be so. The one recorded first stands
// until it is corrected, voided or ruled on.
func (f *findings) ends(s *State) {
	ends := s.ends()
	for _, end := range ends[min(1, len(ends)):] {
		switch {
		case end.Phase != ends[0].Phase:
			f.Add("contradiction", "it is said to have been held and to have been cancelled; the first stands", ends[0].By, end.By)
		case end.From != ends[0].From:
			f.Add("competing", fmt.Sprintf("%s on %s and on %s; the first stands", end.Phase, name(ends[0].From), name(end.From)), ends[0].By, end.By)
		}
	}
}

func name(d edtf.Date) string {
	if d.IsUnknown() {
		return "an unknown date"
	}
	return d.String()
}

// announcements finds announcements that differ in who announced the activity,
// or for when.
func (f *findings) announcements(s *State) {
	type announcement struct {
		Announced
		at es.Revision
	}
	var all []announcement
	for h := range s.book.Held() {
		e, ok := h.Event.(Announced)
		if !ok || h.SetAside != 0 {
			continue
		}
		for _, a := range all {
			if differ(a.By, e.By) || differ(a.When, e.When) {
				f.Add("conflicting_announcements", "it is said to have been announced by different people, or for different times", a.at, h.Revision)
			}
		}
		all = append(all, announcement{e, h.Revision})
	}
}

// differ reports whether two values are known and not the same.
func differ[T comparable](a, b T) bool {
	var unknown T
	return a != unknown && b != unknown && a != b
}

// order finds steps whose dates contradict their order, or leave it open, and
// activities that were not held when they were to be.
func (f *findings) order(s *State) {
	spans := s.Phases()
	for i := 1; i < len(spans); i++ {
		for j := range i {
			if a, b := spans[j], spans[i]; a.rank < b.rank {
				f.inOrder(a, b)
			}
		}
	}
	plan, planned := s.Planned()
	end, ended := s.Outcome()
	if !planned || !ended || end.Phase != PhaseHeld || end.From.IsUnknown() || plan.When.IsUnknown() {
		return
	}
	if edtf.Before(end.From, plan.When) == edtf.Yes || edtf.Before(plan.When, end.From) == edtf.Yes {
		f.Add("not_as_planned", fmt.Sprintf("it was planned for %s and held on %s", plan.When, end.From), end.By)
	}
}

// inOrder finds fault unless then came after first.
func (f *findings) inOrder(first, then Span) {
	if first.From.IsUnknown() || then.From.IsUnknown() {
		return
	}
	switch edtf.Before(then.From, first.From) {
	case edtf.Yes:
		f.Add("contradiction", fmt.Sprintf("%s on %s, before it was %s on %s", then.Phase, then.From, first.Phase, first.From), first.By, then.By)
	case edtf.Maybe:
		f.Add("undecidable", fmt.Sprintf("%s on %s, perhaps before it was %s on %s", then.Phase, then.From, first.Phase, first.From), first.By, then.By)
	case edtf.No:
	}
}

// places finds participants that are counted and not named.
func (f *findings) places(s *State) {
	for _, c := range s.Counts() {
		about := ""
		if c.What.Approximate {
			about = "about "
		}
		if !c.Moves {
			about = "perhaps " + about
		}
		stated := fmt.Sprintf("%s%d %s are counted as %s", about, c.What.Number, c.What.Of, c.What.Presence)
		switch n := c.What.Unnamed(); {
		case n > 0:
			f.Add("unnamed_places", fmt.Sprintf("%s, of whom %d are not named", stated, n), c.Revision)
		case c.What.Named > c.What.Number && !c.What.Approximate:
			f.Add("more_named", fmt.Sprintf("%s, but %d are named", stated, c.What.Named), c.Revision)
		}
	}
}

// presences finds who is said to have been there and not to have been there,
// and who was at an activity that nothing says was held.
func (f *findings) presences(s *State) {
	type somebody struct {
		party  terms.PartyID
		person terms.PersonID
	}
	end, _ := s.Outcome()
	seen := map[somebody]Said[Participation]{}
	var early []es.Revision
	for _, p := range s.Participants() {
		if !p.Moves || p.What.Presence == "expected" {
			continue
		}
		who := somebody{p.What.Party.ID, p.What.Person}
		if before, ok := seen[who]; ok && before.What.Presence != p.What.Presence {
			f.Add("contradiction", "somebody is said to have been present and absent", before.Revision, p.Revision)
		} else {
			seen[who] = p
		}
		if p.What.Presence == "present" && end.Phase != PhaseHeld {
			early = append(early, p.Revision)
		}
	}
	if len(early) > 0 {
		f.Add("not_held", "somebody was present, but nothing says that it was held", early...)
	}
}
