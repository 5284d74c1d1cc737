package membership_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/terms"
)

// answers is what the ledger says of a membership, the revisions apart.
type answers struct {
	Spans       []membership.Span
	Description membership.Description
	Network     terms.PartyID
	Party       terms.PartyRef
	Members     []edtf.Truth
}

var someDays = []edtf.Date{day("2016-06-01"), day("2018"), day("2019-12-31"), day("2021-07-01"), day("2030")}

func answersOf(s *membership.State) any {
	a := answers{Spans: s.Spans(), Description: s.Describe()}
	a.Network, a.Party = s.Pair()
	for i := range a.Spans {
		a.Spans[i].By = 0
	}
	for _, on := range someDays {
		a.Members = append(a.Members, s.Member(on))
	}
	return a
}

var (
	anyKey         = rapid.SampledFrom([]membership.Key{"report", "fee"})
	anyClass       = rapid.SampledFrom([]membership.Class{"", "full", "observer"})
	anyConsequence = rapid.SampledFrom([]membership.Consequence{"none", "hold", "suspension", "lapse"})
	anyEvery       = rapid.SampledFrom([]edtf.Period{{}, {}, {Years: 1}})
)

// anyFactual is a command whose fact can follow the opening. Admissions come
// often, since most else follows one.
func anyFactual(t *rapid.T, f terms.Fact) membership.Command {
	key, class, date := anyKey.Draw(t, "key"), anyClass.Draw(t, "class"), booktest.Dates.Draw(t, "other date")
	set := membership.SetDuty{Fact: f, Key: key, Kind: "fee", What: text("dues"), Due: date}
	if key == "fee" {
		set.Due, set.Every, set.Consequence = day("2019-03-31"), anyEvery.Draw(t, "every"), anyConsequence.Draw(t, "consequence")
	}
	admit := membership.Admit{Fact: f, Class: class}
	all := commands{
		admit, admit, admit, admit, set, set, set,
		membership.Invite{Fact: f},
		membership.Apply{Fact: f, Class: class},
		membership.BeginReview{Fact: f},
		membership.Reject{Fact: f},
		membership.Sign{Fact: f},
		membership.Activate{Fact: f},
		membership.Activate{Fact: f},
		membership.ChangeClass{Fact: f, Class: "associate"},
		membership.Hold{Fact: f, Until: date},
		membership.Hold{Fact: f, Duty: key},
		membership.NoticeSuspension{Fact: f, From: date},
		membership.Suspend{Fact: f},
		membership.Resume{Fact: f},
		membership.GiveNotice{Fact: f, Until: date},
		membership.GiveNotice{Fact: f, Period: edtf.Period{Months: 6}},
		membership.RevokeNotice{Fact: f},
		membership.Withdraw{Fact: f},
		membership.Expel{Fact: f},
		membership.Lapse{Fact: f},
		membership.Succeed{Fact: f},
		membership.MeetDuty{Fact: f, Duty: key},
		membership.MeetDuty{Fact: f, Duty: key, Due: day("2019-03-31")},
		membership.WaiveDuty{Fact: f, Duty: key},
		membership.ExtendDuty{Fact: f, Duty: key, To: day("2020-06-30")},
	}
	return rapid.SampledFrom(all).Draw(t, "fact")
}

var (
	applicant = membership.CarriedOver{Network: network, Party: ref(essen), Standing: membership.StandingApplied, Fact: on("2016")}
	former    = membership.CarriedOver{Network: network, Party: ref(essen), Standing: membership.StandingWithdrawn, Fact: on("2017")}
)

var subject = booktest.Subject[membership.Command, membership.State, membership.Event]{
	Decider:  membership.Decider,
	Book:     (*membership.State).Book,
	Openings: events{registered, registered, registered, carriedOver, applicant, former},
	Fact:     anyFactual,
	Answers:  answersOf,
	Findings: (*membership.State).Findings,
	Correct:  func(c book.Corrected[membership.Event]) membership.Command { return membership.Correct{Corrected: c} },
	Void:     func(v book.Voided) membership.Command { return membership.Void{Voided: v} },
	Dispute:  func(d book.Disputed) membership.Command { return membership.Dispute{Disputed: d} },
	Rule:     func(r book.Ruled) membership.Command { return membership.Rule{Ruled: r} },
	Dated:    []error{membership.ErrMember, membership.ErrEnded},
	Reopen: func(e membership.Event) membership.Command {
		if r, ok := e.(membership.Registered); ok {
			return membership.Register(r)
		}
		return membership.CarryOver(e.(membership.CarriedOver))
	},
	Dues:    (*membership.State).Dues,
	MarkDue: func(f book.FellDue) membership.Command { return membership.MarkDue{FellDue: f} },
}

func TestLaws(t *testing.T) { subject.Laws(t) }

type anyHistory = booktest.History[membership.Command, membership.State, membership.Event]

// own checks a law of memberships for random histories.
func own(t *testing.T, law func(t *rapid.T, h *anyHistory)) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) { law(t, subject.Any(t)) })
}

// A round of participation is over before another begins, or at least no dates
// say otherwise.
func TestLaw1_two_participations_are_never_live_at_once(t *testing.T) {
	own(t, func(t *rapid.T, h *anyHistory) {
		var left *membership.Span
		round := 1
		for _, span := range h.State.Spans() {
			if span.Round != round {
				require.Equal(t, round+1, span.Round)
				require.NotNil(t, left, "round %d has no end", round)
				require.Equal(t, round, left.Round)
			}
			round = span.Round
			if left != nil && span.Round > left.Round && span.Standing.Member() {
				require.NotEqual(t, edtf.Yes, edtf.Before(span.From, left.From))
			}
			if span.Standing.Ended() {
				left = &span
			}
		}
	})
}

func TestLaw2_nobody_is_a_member_whom_no_fact_made_one(t *testing.T) {
	own(t, func(t *rapid.T, h *anyHistory) {
		made := false
		for held := range h.State.Book().Moving() {
			switch e := held.Event.(type) {
			case membership.Admitted, membership.Activated:
				made = true
			case membership.CarriedOver:
				made = made || e.Standing.Member()
			default:
			}
		}
		for _, span := range h.State.Spans() {
			require.True(t, made || !span.Standing.Member(), "%+v", span)
		}
	})
}

func TestLaw3_what_is_not_recorded_gives_no_standing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opening := registered
		opening.Status = terms.Claimed
		h := subject.Opened(opening)
		for range rapid.IntRange(0, 8).Draw(t, "length") {
			f := booktest.AnyFact(t)
			f.Status = rapid.SampledFrom([]terms.Status{terms.Announced, terms.Claimed}).Draw(t, "status")
			_ = h.Try(subject.Fact(t, f))
		}
		require.Empty(t, h.State.Spans())
		require.NotEqual(t, terms.Recorded, h.State.Status())
	})
}

// What a membership ended with, and when, stays whatever is said of a later
// participation.
func TestLaw4_a_readmission_leaves_the_end_before_it(t *testing.T) {
	own(t, func(t *rapid.T, h *anyHistory) {
		last, perhaps := membership.AsOf(h.State.Spans(), day("2040"))
		if !last.Standing.Ended() || len(perhaps) > 0 {
			return
		}
		require.NoError(t, h.Try(membership.Admit{Fact: on("2040-01-01")}))
		require.True(t, slices.ContainsFunc(h.State.Spans(), func(s membership.Span) bool {
			s.Rank = last.Rank
			return s == last
		}))
		now, _ := membership.AsOf(h.State.Spans(), day("2040-01-02"))
		require.Equal(t, membership.StandingAdmitted, now.Standing)
		require.Equal(t, last.Round+1, now.Round)
	})
}

// Every day on which something has effect by itself is in the spans, certainly
// or perhaps, unless something averted it or weighs more.
func TestLaw5_what_has_effect_is_in_the_spans(t *testing.T) {
	rests := []string{membership.DueHold, membership.DueSuspension, membership.DueNoticed}
	own(t, func(t *rapid.T, h *anyHistory) {
		spans := h.State.Spans()
		for _, d := range h.State.Dues() {
			if d.Kind != terms.Effect || d.Settled != 0 || d.Rule == membership.DueResumption {
				continue
			}
			certain, perhaps := membership.AsOf(spans, d.On)
			begins := slices.ContainsFunc(spans, func(s membership.Span) bool { return s.By == d.Of && s.From == d.On })
			require.True(t, begins || slices.ContainsFunc(append(perhaps, certain), func(s membership.Span) bool {
				resting := s.Standing == membership.StandingOnHold || s.Standing == membership.StandingSuspended
				return s.Standing.Ended() || resting && slices.Contains(rests, d.Rule)
			}), "%+v\n%+v\n%+v", d, spans, h.Events)
		}
	})
}

func TestLaw6_a_duty_met_and_voided_is_as_before(t *testing.T) {
	own(t, func(t *rapid.T, h *anyHistory) {
		before, at := answersOf(&h.State), h.At()
		meet := membership.MeetDuty{Fact: booktest.AnyFact(t), Duty: anyKey.Draw(t, "duty")}
		if h.Try(meet) != nil || h.At() == at {
			return
		}
		require.NoError(t, h.Try(membership.Void(voided(h.At()))))
		require.Equal(t, before, answersOf(&h.State))
	})
}

func TestLaw7_opened_again_nothing_said_before_counts(t *testing.T) {
	own(t, func(t *rapid.T, h *anyHistory) {
		opening, ok := h.State.Book().Opening()
		if !ok {
			return
		}
		require.NoError(t, h.Try(membership.Void(voided(opening.Revision))))
		require.NoError(t, h.Try(membership.Register(registered)))
		fresh := membership.Decider.Fold(registered)
		require.Equal(t, answersOf(&fresh), answersOf(&h.State))
		require.Empty(t, h.State.Dues())
	})
}
