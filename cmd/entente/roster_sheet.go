package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/answers"
)

// rosterSheet is a roster that is being printed. The first error stops it.
type rosterSheet struct {
	*printer
	r answers.Roster
}

// list prints who there is, if anybody.
func (s *rosterSheet) list(title string, all []string) {
	if len(all) > 0 {
		s.line("%s: %s", title, strings.Join(all, ", "))
	}
}

func (s *rosterSheet) head() {
	r := s.r
	for _, t := range r.Titles {
		s.line("%s", t.Value)
	}
	s.line("%s, %s", r.ID, r.Visibility)
	switch {
	case !r.Exists:
		s.line("recorded in error")
	case r.Status != terms.Recorded:
		s.line("%s", only(r.Status))
	}
	s.line("")
	s.line("as of %s: %s%s", r.AsOf, certainty(r.Phase, r.Perhaps), mark(r.Late))
	for _, x := range r.Asserted {
		s.line("%s: %s, %s", x.Phase, cmp.Or(x.From.String(), "unknown date"), x.Status)
	}
	if r.Purpose.Value != "" {
		s.line("purpose: %s", r.Purpose.Value)
	}
	if len(r.Priorities) > 0 {
		s.line("priorities: %s", strings.Join(objects(r.Priorities, func(t terms.Text) string { return t.Value }), "; "))
	}
	s.list("themes", objects(r.Themes, func(t terms.Theme) string { return string(t) }))
	for _, o := range r.Open {
		s.line("open to join: %s%s", cmp.Or(o.To.Value, "not said to whom"), inBrackets(doubt(o.Status, o.Is)))
	}
	s.list("founders", objects(r.Founders, func(f answers.Named) string { return f.Name }))
	s.list("secretariat", stays(r.Secretariat))
}

// stays names parties, each with its role and how doubtful that is.
func stays(all []answers.Stay) []string {
	return objects(all, func(x answers.Stay) string { return x.Party.Name + inBrackets(x.Role, doubt(x.Status, x.Is)) })
}

// doubt is the status of what moves nothing, "perhaps" of what perhaps is so,
// and "" of what is.
func doubt(status terms.Status, is edtf.Truth) string {
	switch {
	case status != terms.Recorded:
		return status.String()
	case is == edtf.Maybe:
		return "perhaps"
	}
	return ""
}

// inBrackets puts those of words that are there behind something.
func inBrackets(words ...string) string {
	words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
	if len(words) == 0 {
		return ""
	}
	return " (" + strings.Join(words, ", ") + ")"
}

func (s *rosterSheet) bodies() {
	if len(s.r.Bodies) == 0 {
		return
	}
	t := table{head: []string{"BODY", "KIND", "SEATS", "MANDATE", "STATUS"}}
	for _, b := range s.r.Bodies {
		t.add(b.Charter.Title.Value, string(b.Charter.Kind), seatsOf(b), dash(b.Charter.Mandate.Value), cmp.Or(doubt(b.Status, b.Is), "recorded"))
	}
	s.line("")
	s.table(t)
	for _, b := range s.r.Bodies {
		s.list(b.Charter.Title.Value, stays(b.Seats))
	}
}

// seatsOf says how many seats a body has, and how many are filled.
func seatsOf(b answers.Body) string {
	var all []string
	if c := b.Charter.Capacity; c != nil {
		about := map[network.Limit]string{"approximate": "about ", "up_to": "up to "}[c.Kind]
		all = append(all, fmt.Sprintf("%s%d", about, c.Number))
	}
	all = append(all, fmt.Sprintf("%d filled", b.Filled))
	if b.Perhaps > 0 {
		all = append(all, fmt.Sprintf("%d perhaps", b.Perhaps))
	}
	if b.Vacant != nil {
		all = append(all, fmt.Sprintf("%d vacant", *b.Vacant))
	}
	return strings.Join(all, ", ")
}

func (s *rosterSheet) members() {
	s.line("")
	if len(s.r.Members) == 0 {
		s.line("no members")
		return
	}
	t := table{head: []string{"PARTY", "CLASS", "STANDING", "SINCE"}}
	perhaps := 0
	for _, m := range s.r.Members {
		if m.Is == edtf.Maybe {
			perhaps++
		}
		t.add(m.Party.Name, dash(cmp.Or(string(m.OwnClass), string(m.Class))), standingOf(m), cmp.Or(m.Since.String(), "unknown date")+mark(m.Late))
	}
	if perhaps == 0 {
		s.line("%d members", len(s.r.Members))
	} else {
		s.line("%d members, %d of them perhaps", len(s.r.Members), perhaps)
	}
	s.table(t)
}

// standingOf puts the standing of a party into words. Where none is certain, that
// it was perhaps not a member yet goes without saying.
func standingOf(m answers.Member) string {
	var perhaps []membership.Standing
	for _, p := range m.Perhaps {
		if m.Standing != "" || p != membership.StandingProspect || len(m.Perhaps) == 1 {
			perhaps = append(perhaps, p)
		}
	}
	return certainty(m.Standing, perhaps)
}

// others prints who belongs to the network otherwise, or not at all.
func (s *rosterSheet) others() {
	s.line("")
	s.list("supporters", stays(s.r.Supporters))
	standing := func(m answers.Member) string { return m.Party.Name + inBrackets(standingOf(m), m.Since.String()) }
	s.list("no longer members", objects(s.r.Ended, standing))
	s.list("not members yet", objects(s.r.Candidates, standing))
	s.present()
	for _, u := range s.r.Unnamed {
		about := ""
		if u.Count.Approximate {
			about = "about "
		}
		s.line("%s%d not named, of %s%d present at %s", about, u.Unnamed, about, u.Count.Number, u.At.Title.Value)
	}
	for status := terms.Announced; status <= terms.Disputed; status++ {
		of := slices.DeleteFunc(slices.Clone(s.r.Claimed), func(c answers.Claim) bool { return c.Status != status })
		memberships := "memberships are"
		if len(of) == 1 {
			memberships = "membership is"
		}
		s.list(fmt.Sprintf("%d %s %s", len(of), memberships, only(status)), objects(of, func(c answers.Claim) string { return c.Party.Name }))
	}
}

// present prints who was present and is no member, by roles: each party once.
func (s *rosterSheet) present() {
	listed := map[terms.PartyID]bool{}
	for _, role := range activity.Role("").Words() {
		var all []string
		for _, p := range s.r.Present {
			as := slices.ContainsFunc(p.At, func(at answers.Attendance) bool { return string(at.Role) == role })
			if as && !listed[p.Party.ID] {
				all, listed[p.Party.ID] = append(all, p.Party.Name), true
			}
		}
		if role == "participant" {
			s.list(fmt.Sprintf("%d present at activities and no member", len(all)), all)
		} else {
			s.list(fmt.Sprintf("%d present as %s and no member", len(all), role), all)
		}
	}
}

// only is a status of what is no more than that.
func only(status terms.Status) string {
	if status == terms.Disputed {
		return status.String()
	}
	return "only " + status.String()
}
