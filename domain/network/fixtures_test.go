package network_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
)

type (
	events   = []network.Event
	cases    = []estest.Case[network.Command, network.Event]
	commands = []network.Command
	partyID  = terms.PartyID
)

var (
	athens, thessaloniki, larissa = id("athens"), id("thessaloniki"), id("larissa")
	isd, iom, unhcr               = id("isd"), id("iom"), id("unhcr")
	page                          = terms.SourceID(es.StreamName("source", uuid.NewSHA1(uuid.Nil, []byte("page"))))
	founding                      = terms.AgreementID(es.StreamName("memorandum", uuid.NewSHA1(uuid.Nil, []byte("founding"))))
	somebody                      = terms.PersonID(es.StreamName("person", uuid.NewSHA1(uuid.Nil, []byte("somebody"))))
)

func id(name string) partyID {
	return partyID(es.StreamName("party", uuid.NewSHA1(uuid.Nil, []byte(name))))
}

// nameOf is the inverse of id.
func nameOf(p partyID) string {
	for _, name := range []string{"athens", "thessaloniki", "larissa", "isd", "iom", "unhcr"} {
		if id(name) == p {
			return name
		}
	}
	return string(p)
}

func ref(id partyID) terms.PartyRef { return terms.PartyRef{ID: id} }

func refs(ids ...partyID) []terms.PartyRef {
	var all []terms.PartyRef
	for _, id := range ids {
		all = append(all, ref(id))
	}
	return all
}

func text(value string) terms.Text { return terms.Text{Lang: "en", Value: value} }

func day(date string) edtf.Date { return edtf.MustParse(date) }

func on(date string) terms.Fact {
	return terms.Fact{Occurred: day(date), Source: terms.Citation{ID: page}}
}

func as(s terms.Status, date string) terms.Fact {
	f := on(date)
	f.Status = s
	return f
}

func code(c string) error { return &es.Error{Code: c} }

func corrected(of es.Revision, e network.Event) network.Corrected {
	return network.Corrected{book.Corrected[network.Event]{Fact: on("2024"), Of: of, As: e, Reason: "misread"}}
}

func voided(of es.Revision) network.Voided {
	return network.Voided{book.Voided{Fact: on("2024"), Of: of, Reason: "of another network"}}
}

func disputed(of es.Revision) network.Disputed {
	return network.Disputed{book.Disputed{Fact: on("2024"), Of: of, By: athens, Grounds: "the minutes say otherwise"}}
}

func ruled(of es.Revision, stands bool) network.Ruled {
	return network.Ruled{book.Ruled{Fact: on("2025"), Of: of, Stands: stands, Reason: "the minutes were found"}}
}

func reclassified(v terms.Visibility) network.Reclassified {
	return network.Reclassified{book.Reclassified{Fact: on("2025"), Visibility: v, Reason: "in print"}}
}

func capacity(n int, kind network.Limit) *network.Capacity {
	return &network.Capacity{Number: n, Kind: kind}
}

func charter(c *network.Capacity) network.Charter {
	return network.Charter{Kind: "steering", Title: text("Steering committee"), Capacity: c}
}

// board sets the body "board" up.
func board(date string, c *network.Capacity) network.BodyEstablished {
	return network.BodyEstablished{Fact: on(date), Key: "board", Charter: charter(c)}
}

// fill and vacate are of seats in the board.
func fill(p partyID, date string) network.SeatFilled {
	return network.SeatFilled{Fact: on(date), Body: "board", Party: ref(p), Role: "member"}
}

func vacate(p partyID, date string) network.SeatVacated {
	return network.SeatVacated{Fact: on(date), Body: "board", Party: ref(p)}
}

func designate(p partyID, date string) network.SecretariatDesignated {
	return network.SecretariatDesignated{Fact: on(date), Party: ref(p), Office: "secretariat"}
}

func leave(p partyID, date string) network.SecretariatEnded {
	return network.SecretariatEnded{Fact: on(date), Party: ref(p)}
}

func support(p partyID, date string) network.SupporterAdded {
	return network.SupporterAdded{Fact: on(date), Party: ref(p), Kind: "technical"}
}

func decided(rule network.DecisionRule, outcome network.Outcome, v *network.Votes) network.DecisionRecorded {
	return network.DecisionRecorded{Fact: on("2019"), Title: text("Admission of Larissa"), Outcome: outcome, Votes: v, Rule: rule}
}

var (
	registered = network.Registered{
		Fact: on("2018"), Titles: []terms.Text{text("Cities Network for Integration")},
		Purpose: text("integration of migrants and refugees"), Themes: []terms.Theme{"social-inclusion"},
	}
	carriedOver = network.CarriedOver{
		Fact: on("2020"), Titles: []terms.Text{text("CNI")}, Phase: network.PhaseLaunched, Since: day("2019"),
		Founders:    refs(athens, thessaloniki),
		Secretariat: &network.CarriedSecretariat{Party: ref(isd), Office: "host", Since: day("2018"), Until: day("2022-12-31")},
		Bodies: []network.CarriedBody{{
			Key: "board", Charter: charter(capacity(2, "exact")), Since: day("2018"),
			Seats: []network.CarriedSeat{
				{Party: ref(athens), Role: "chair", Since: day("2018-06-01"), Until: day("2021-05-31")},
				{Party: ref(larissa), Role: "observer"},
			},
		}},
		Classes:    []network.Class{{Key: "twin", Title: text("Twin")}},
		Supporters: []network.CarriedSupporter{{Party: ref(iom), Kind: "funder"}},
	}
	retitled     = network.Registered{Fact: on("2017"), Titles: registered.Titles}
	titled       = network.Titled{Fact: on("2018"), Title: terms.Text{Lang: "el", Value: "Δίκτυο Πόλεων για την Ένταξη"}}
	founded      = network.Founded{Fact: on("2018"), Founders: refs(athens, thessaloniki), Instrument: founding}
	launched     = network.Launched{Fact: on("2019-03-01"), Place: text("City Hall")}
	dissolved    = network.Dissolved{Fact: on("2022-12-31"), Reason: "its task is done"}
	purposed     = network.PurposeStated{Fact: on("2019"), Purpose: text("better services")}
	prioritised  = network.PrioritiesSet{Fact: on("2019"), Priorities: []terms.Text{text("labour market")}, Themes: []terms.Theme{"sdg:8"}}
	opened       = network.OpenedToJoin{Fact: on("2019-01-01"), To: text("other municipalities"), Until: day("2019-06-30")}
	shut         = network.ClosedToJoin{Fact: on("2019-05-01")}
	classed      = network.ClassDefined{Fact: on("2019"), Class: network.Class{Key: "twin", Title: text("Twin")}}
	designated   = network.SecretariatDesignated{Fact: on("2018-06-01"), Party: ref(isd), Office: "host", Until: day("2021-12-31")}
	replaced     = network.SecretariatDesignated{Fact: on("2019"), Party: ref(iom), Office: "secretariat", Replaces: ref(isd)}
	left         = leave(isd, "2020-01-01")
	established  = board("2018-05-01", capacity(2, "exact"))
	unset        = network.BodyDissolved{Fact: on("2021-01-01"), Body: "board"}
	nominated    = network.SeatNominated{Fact: on("2018-05-15"), Body: "board", Party: ref(athens), By: somebody}
	filled       = fill(athens, "2018-06-01")
	vacated      = vacate(athens, "2020-06-01")
	supported    = support(iom, "2018-07-01")
	unsupported  = network.SupporterEnded{Fact: on("2020-07-01"), Party: ref(iom)}
	counted      = network.Counted{Fact: on("2019"), What: "seats", Body: "board", Number: 5, Qualifier: "exact"}
	decision     = decided("simple_majority", "adopted", &network.Votes{For: 5, Against: 2, Abstained: 1})
	base         = events{registered, established, designated, filled, supported}
	announcement = "2015-09-29T16:00-04:00/2015-09-29T17:30-04:00"
)

// facts is every fact that can follow [base] but what is in it.
var facts = []struct {
	name    string
	command network.Command
	event   network.Event
}{
	{"titled", network.AddTitle(titled), titled},
	{"founded", network.Found(founded), founded},
	{"launched", network.Launch(launched), launched},
	{"dissolved", network.Dissolve(dissolved), dissolved},
	{"purpose_stated", network.StatePurpose(purposed), purposed},
	{"priorities_set", network.SetPriorities(prioritised), prioritised},
	{"opened_to_join", network.OpenToJoin(opened), opened},
	{"closed_to_join", network.CloseToJoin(shut), shut},
	{"class_defined", network.DefineClass(classed), classed},
	{"secretariat_designated", network.DesignateSecretariat(replaced), replaced},
	{"secretariat_ended", network.EndSecretariat(left), left},
	{"body_established", network.EstablishBody(board("2019", capacity(2, "exact"))), board("2019", capacity(2, "exact"))},
	{"body_dissolved", network.DissolveBody(unset), unset},
	{"seat_nominated", network.NominateSeat(nominated), nominated},
	{"seat_filled", network.FillSeat(fill(larissa, "2019")), fill(larissa, "2019")},
	{"seat_vacated", network.VacateSeat(vacated), vacated},
	{"supporter_added", network.AddSupporter(support(unhcr, "")), support(unhcr, "")},
	{"supporter_ended", network.EndSupporter(unsupported), unsupported},
	{"counted", network.Count(counted), counted},
	{"decision_recorded", network.RecordDecision(decision), decision},
	{"corrected", network.Correct(corrected(1, retitled)), corrected(1, retitled)},
	{"voided", network.Void(voided(4)), voided(4)},
	{"disputed", network.Dispute(disputed(4)), disputed(4)},
	{"ruled", network.Rule(ruled(6, true)), ruled(6, true)},
	{"reclassified", network.Reclassify(reclassified(es.Public)), reclassified(es.Public)},
	{"fell_due", network.MarkDue(due), due},
}

var due = network.FellDue{book.FellDue{
	Fact: terms.Fact{Occurred: day("2022-01-01")}, Rule: "network.secretariat_term", Of: 3, Key: string(isd), On: day("2022-01-01"),
}}

// history is a stream and its state.
type history struct {
	events events
	state  network.State
}

func after(events ...network.Event) *history {
	return &history{slices.Clone(events), network.Decider.Fold(events...)}
}

// try decides a command that may fail.
func (h *history) try(c network.Command) error {
	got, err := network.Decider.Decide(c, h.state)
	for _, e := range got {
		h.events = append(h.events, e)
		h.state = network.Decider.Evolve(h.state, h.at(), e)
	}
	return err
}

func (h *history) at() es.Revision { return es.Revision(len(h.events)) }

// do decides commands, each of which must record.
func (h *history) do(t *testing.T, all ...network.Command) *history {
	t.Helper()
	for _, c := range all {
		at := h.at()
		require.NoError(t, h.try(c))
		require.Greater(t, h.at(), at)
	}
	return h
}

// phase is the phase as of a date, then those that perhaps hold instead.
func (h *history) phase(date string) string {
	certain, perhaps := network.AsOf(h.state.Phases(), day(date))
	answer := []string{string(certain.Phase)}
	for _, span := range perhaps {
		answer = append(answer, string(span.Phase)+"?")
	}
	return strings.TrimSpace(strings.Join(answer, " "))
}

// joined joins the names of those that hold something.
func joined(all []string) string {
	return strings.Join(slices.DeleteFunc(all, func(s string) bool { return s == "" }), " ")
}

// held is the name of who holds something as of a date, with "?" if it perhaps
// does; nothing if it does not, or the fact does not count.
func held(p terms.PartyRef, t network.Tenure, s network.Said, date string) string {
	switch name := nameOf(p.ID); {
	case !s.Moves:
		return ""
	case t.Held(day(date)) == edtf.Yes:
		return name
	case t.Held(day(date)) == edtf.Maybe:
		return name + "?"
	}
	return ""
}

// seated is who has a seat, in order of recording.
func (h *history) seated(date string) string {
	var all []string
	for _, s := range h.state.Seats() {
		all = append(all, held(s.Party, s.Tenure, s.Said, date))
	}
	return joined(all)
}

// office is who is the secretariat.
func (h *history) office(date string) string {
	var all []string
	for _, s := range h.state.Secretariats() {
		all = append(all, held(s.Party, s.Tenure, s.Said, date))
	}
	return joined(all)
}

// supporters is who supports the network.
func (h *history) supporters(date string) string {
	var all []string
	for _, s := range h.state.Supporters() {
		all = append(all, held(s.Party, s.Tenure, s.Said, date))
	}
	return joined(all)
}

// seats is how many certainly and perhaps have a seat in the board.
func (h *history) seats(date string) string {
	held, perhaps := h.state.SeatsOn("board", day(date))
	return fmt.Sprintf("%d+%d", held, perhaps)
}

// findings are the codes, each once and without the aggregate's name.
func (h *history) findings() []string {
	codes := []string{}
	for _, f := range h.state.Findings() {
		if c := strings.TrimPrefix(f.Code, "network."); !slices.Contains(codes, c) {
			codes = append(codes, c)
		}
	}
	return codes
}
