package network_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
)

// answers is what the ledger says of a network, the revisions apart, and what
// does not move state.
type answers struct {
	Phases       []network.Span
	Description  network.Description
	Founders     []terms.PartyRef
	Classes      []network.Class
	Bodies       []network.Body
	Seats        []network.Seat
	Secretariats []network.Secretariat
	Supporters   []network.Supporter
	Open         []network.Opening
	Numbers      []network.Number
	Decisions    []network.Decision
	Nominations  []network.Nomination
	Dues         []terms.Due
}

// counting leaves out what does not move state, and the revisions.
func counting[T any](all []T, of func(*T) (*network.Said, *network.Tenure)) []T {
	var kept []T
	for i := range all {
		said, tenure := of(&all[i])
		if !said.Moves {
			continue
		}
		said.By = 0
		if tenure != nil && tenure.EndedBy != 0 {
			tenure.EndedBy = 1
		}
		kept = append(kept, all[i])
	}
	return kept
}

func answersOf(s *network.State) any {
	a := answers{Phases: s.Phases(), Description: s.Describe(), Founders: s.Founders(), Classes: s.Classes(), Dues: s.Dues()}
	for i := range a.Phases {
		a.Phases[i].By = 0
	}
	for i := range a.Dues {
		a.Dues[i].Of, a.Dues[i].Settled = 0, min(a.Dues[i].Settled, 1)
	}
	a.Bodies = counting(s.Bodies(), func(x *network.Body) (*network.Said, *network.Tenure) { return &x.Said, &x.Tenure })
	a.Seats = counting(s.Seats(), func(x *network.Seat) (*network.Said, *network.Tenure) { return &x.Said, &x.Tenure })
	a.Secretariats = counting(s.Secretariats(), func(x *network.Secretariat) (*network.Said, *network.Tenure) { return &x.Said, &x.Tenure })
	a.Supporters = counting(s.Supporters(), func(x *network.Supporter) (*network.Said, *network.Tenure) { return &x.Said, &x.Tenure })
	a.Open = counting(s.Open(), func(x *network.Opening) (*network.Said, *network.Tenure) { return &x.Said, &x.Tenure })
	a.Numbers = counting(s.Numbers(), func(x *network.Number) (*network.Said, *network.Tenure) { return &x.Said, nil })
	a.Decisions = counting(s.Decisions(), func(x *network.Decision) (*network.Said, *network.Tenure) { return &x.Said, nil })
	a.Nominations = counting(s.Nominations(), func(x *network.Nomination) (*network.Said, *network.Tenure) { return &x.Said, nil })
	return a
}

var (
	anyParty = rapid.SampledFrom([]partyID{athens, larissa, isd})
	anyBody  = rapid.SampledFrom([]network.Key{"board", "board", "jury"})
	anyUntil = rapid.SampledFrom([]string{"", "", "2018-04-01", "2019"})
	anyRole  = rapid.SampledFrom([]network.SeatRole{"member", "member", "chair", "observer"})
	anyLimit = rapid.SampledFrom([]*network.Capacity{nil, capacity(1, "exact"), capacity(2, "exact"), capacity(1, "up_to"), capacity(1, "approximate")})
)

// anyFactual is a command whose fact can follow the opening; most are about
// seats and the office.
func anyFactual(t *rapid.T, f terms.Fact) network.Command {
	p, key, until := ref(anyParty.Draw(t, "party")), anyBody.Draw(t, "body"), day(anyUntil.Draw(t, "until"))
	replaces := rapid.SampledFrom([]terms.PartyRef{{}, ref(isd), ref(athens)}).Draw(t, "replaces")
	fills := network.FillSeat{Fact: f, Body: key, Party: p, Role: anyRole.Draw(t, "role"), Until: until}
	vacates := network.VacateSeat{Fact: f, Body: key, Party: p}
	designates := network.DesignateSecretariat{Fact: f, Party: p, Office: "host", Until: until}
	replacing := designates
	replacing.Replaces = replaces
	all := commands{
		fills, fills, fills, vacates, vacates,
		designates, replacing,
		network.EndSecretariat{Fact: f, Party: p},
		network.EstablishBody{Fact: f, Key: key, Charter: charter(anyLimit.Draw(t, "capacity"))},
		network.DissolveBody{Fact: f, Body: key},
		network.NominateSeat{Fact: f, Body: key, Party: p},
		network.AddSupporter{Fact: f, Party: p, Kind: "funder"},
		network.EndSupporter{Fact: f, Party: p},
		network.Found{Fact: f, Founders: refs(athens)},
		network.Launch{Fact: f},
		network.Dissolve{Fact: f},
		network.AddTitle{Fact: f, Title: titled.Title},
		network.StatePurpose{Fact: f, Purpose: purposed.Purpose},
		network.SetPriorities{Fact: f, Priorities: prioritised.Priorities},
		network.OpenToJoin{Fact: f, Until: until},
		network.CloseToJoin{Fact: f},
		network.DefineClass{Fact: f, Class: classed.Class},
		network.Count{Fact: f, What: "seats", Number: 2, Qualifier: "exact"},
		network.RecordDecision{Fact: f, Title: text("D"), Outcome: "adopted", Rule: "consensus"},
	}
	return rapid.SampledFrom(all).Draw(t, "fact")
}

var subject = booktest.Subject[network.Command, network.State, network.Event]{
	Decider:  network.Decider,
	Book:     (*network.State).Book,
	Openings: events{registered, carriedOver, withSeats(ref(athens))},
	Fact:     anyFactual,
	Answers:  answersOf,
	Findings: (*network.State).Findings,
	Correct:  func(c book.Corrected[network.Event]) network.Command { return network.Correct{Corrected: c} },
	Void:     func(v book.Voided) network.Command { return network.Void{Voided: v} },
	Dispute:  func(d book.Disputed) network.Command { return network.Dispute{Disputed: d} },
	Rule:     func(r book.Ruled) network.Command { return network.Rule{Ruled: r} },
	Dated:    []error{network.ErrDissolved, network.ErrSeated, network.ErrInOffice},
}

func TestLaws(t *testing.T) { subject.Laws(t) }

// everyDay are the days on which anything can begin or end in a random history,
// and those beside them.
func everyDay() []edtf.Date {
	var all []edtf.Date
	for _, text := range []string{
		"2016-01-01", "2016-12-31", "2017-01-01", "2017-04-01", "2017-04-30", "2018-04-01", "2018-04-02", "2018-12-31", "2019-12-31",
		"2020-01-01", "2020-12-31", "2021-06-30", "2022-12-31", "2023-01-01", "2030-01-01",
	} {
		all = append(all, day(text))
	}
	return all
}

// unbroken draws a history that says nothing of earlier events but what corrects
// other facts than bodies: no voiding, dispute or ruling.
func unbroken(t *rapid.T) *booktest.History[network.Command, network.State, network.Event] {
	h := subject.Opened(rapid.SampledFrom(subject.Openings).Draw(t, "opening"))
	for range rapid.IntRange(0, 20).Draw(t, "length") {
		switch c := h.AnyCommand(t).(type) {
		case network.Void, network.Dispute, network.Rule:
		case network.Correct:
			if _, ok := c.As.(network.BodyEstablished); !ok {
				_ = h.Try(c)
			}
		default:
			_ = h.Try(c)
		}
	}
	return h
}

func TestLaw8_no_more_seats_are_held_than_an_exact_capacity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := unbroken(t)
		for _, b := range h.State.Bodies() {
			if c := b.Charter.Capacity; b.Moves && c != nil && c.Kind != "approximate" {
				for _, on := range everyDay() {
					held, _ := h.State.SeatsOn(b.Key, on)
					require.LessOrEqual(t, held, c.Number, on)
				}
			}
		}
	})
}

func TestLaw9_no_party_has_two_seats_in_one_body(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := unbroken(t)
		for _, on := range everyDay() {
			seen := map[any]bool{}
			for _, s := range h.State.Seats() {
				who := [2]string{string(s.Body), string(s.Party.ID)}
				if s.Moves && s.Held(on) == edtf.Yes {
					require.False(t, seen[who], on)
					seen[who] = true
				}
			}
		}
	})
}

func TestLaw10_no_two_are_the_secretariat_at_once(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := unbroken(t)
		for _, on := range everyDay() {
			held := 0
			for _, s := range h.State.Secretariats() {
				if s.Moves && s.Held(on) == edtf.Yes {
					held++
				}
			}
			require.LessOrEqual(t, held, 1, on)
		}
	})
}

func TestLaw11_what_is_broken_is_found(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := subject.Any(t)
		codes := map[string]bool{}
		for _, f := range h.State.Findings() {
			codes[f.Code] = true
		}
		for _, on := range everyDay() {
			for _, b := range h.State.Bodies() {
				held, perhaps := h.State.SeatsOn(b.Key, on)
				if c := b.Charter.Capacity; c != nil && held > c.Number {
					require.True(t, codes["network.no_seat"] || codes["network.over_capacity"], on)
				} else if c != nil && held+perhaps > c.Number {
					require.True(t, codes["network.no_seat"] || codes["network.over_capacity"] || codes["network.undecidable"], on)
				}
			}
		}
	})
}

func TestLaw12_an_undated_seat_is_never_refused_for_want_of_seats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := subject.Any(t)
		err := h.Try(network.FillSeat{Body: "board", Party: ref(anyParty.Draw(t, "party")), Role: "member"})
		require.NotErrorIs(t, err, network.ErrNoSeat)
	})
}

func TestLaw13_an_announced_fact_moves_no_phase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := subject.Any(t)
		before, seats := h.State.Phases(), len(h.State.Seats())
		announced := booktest.AnyFact(t)
		announced.Status = terms.Announced
		_ = h.Try(anyFactual(t, announced))
		require.Equal(t, before, h.State.Phases())
		require.GreaterOrEqual(t, len(h.State.Seats()), seats, "what is announced is shown")
	})
}

func TestLaw14_dues_are_in_order_and_can_come(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := subject.Any(t)
		dues := h.State.Dues()
		require.True(t, slices.IsSortedFunc(dues, func(a, b terms.Due) int { return int(a.Of) - int(b.Of) }))
		for _, d := range dues {
			require.False(t, d.On.IsForever(), d)
			require.True(t, d.Of <= es.Revision(len(h.Events)) && d.Settled <= es.Revision(len(h.Events)))
			if d.Settled == 0 {
				fell := network.MarkDue{FellDue: book.FellDue{Fact: terms.Fact{Occurred: d.On}, Rule: d.Rule, Of: d.Of, Key: d.Key, On: d.On}}
				before := answersOf(&h.State)
				require.NoError(t, h.Try(fell))
				require.Equal(t, before, answersOf(&h.State))
			}
		}
	})
}
