package review_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/review"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestGolden(t *testing.T) { estest.Golden(t, review.Events) }

func TestDecide(t *testing.T) {
	without := func(change func(c *review.Accept)) review.Accept {
		c := accept
		change(&c)
		return c
	}
	nobody, other := assign, carried
	nobody.To = ""
	other.Finding = uuid.NewSHA1(uuid.Nil, []byte("other"))
	unclear, baseless := carried, carried
	unclear.Standing, baseless.Basis = "", review.Basis{}
	unassigned := baseless
	unassigned.Standing = review.StandingAssigned
	open := baseless
	open.Standing = review.StandingOpen
	later := accepted
	later.Basis = changed
	claimed := reopened
	claimed.Status = terms.Claimed
	due := review.FellDue{FellDue: book.FellDue{Fact: terms.Fact{Occurred: assigned.Due}, Rule: review.DueLook, Of: 2, On: assigned.Due}}
	estest.Run(t, review.Decider, cases{
		{Name: "accept", When: accept, Then: events{opened, accepted}},
		{Name: "assign", When: assign, Then: events{opened, assigned}},
		{Name: "carry_over", When: review.CarryOver(carried), Then: events{carried}},
		{Name: "carry_over_open", When: review.CarryOver(open), Then: events{open}},
		{Name: "carry_over_twice", Given: events{opened, accepted}, When: review.CarryOver(carried), Err: code("review.exists")},
		{Name: "carry_over_without_a_standing", When: review.CarryOver(unclear), Err: code("terms.missing")},
		{Name: "carry_over_accepted_without_a_basis", When: review.CarryOver(baseless), Err: code("review.bad_digest")},
		{Name: "carry_over_assigned_to_nobody", When: review.CarryOver(unassigned), Err: code("review.bad_actor")},

		{Name: "accept_again", Given: events{opened, accepted}, When: accept},
		{Name: "accept_what_changed", Given: events{opened, accepted}, When: without(func(c *review.Accept) { c.Basis = changed }), Then: events{later}},
		{Name: "accept_what_was_assigned", Given: events{opened, assigned}, When: accept, Then: events{accepted}},
		{Name: "accept_what_was_reopened", Given: events{opened, accepted, reopened}, When: accept, Then: events{accepted}},
		{Name: "accept_after_a_void_review", Given: events{opened, accepted, voided(1)}, When: accept, Then: events{opened, accepted}},
		{Name: "accept_without_reason", When: without(func(c *review.Accept) { c.Reason = "" }), Err: code("terms.bad_text")},
		{Name: "accept_nothing", When: without(func(c *review.Accept) { c.Finding.ID = uuid.Nil }), Err: code("terms.missing")},
		{Name: "accept_without_a_code", When: without(func(c *review.Accept) { c.Finding.Code = "" }), Err: code("terms.bad_text")},
		{Name: "accept_about_nothing", When: without(func(c *review.Accept) { c.Finding.Stream = "" }), Err: code("terms.missing")},
		{Name: "accept_without_digest", When: without(func(c *review.Accept) { c.Basis.Digest = "0A" }), Err: code("review.bad_digest")},
		{Name: "accept_without_events", When: without(func(c *review.Accept) { c.Basis.Events = nil }), Err: code("terms.missing")},
		{Name: "accept_by_a_stream", When: without(func(c *review.Accept) { c.Basis.Events = []terms.Ref{pact} }), Err: code("review.bad_event")},

		{Name: "assign_to_nobody", When: nobody, Err: code("review.bad_actor")},
		{Name: "assign_again", Given: events{opened, assigned}, When: assign},

		{Name: "reopen", Given: events{opened, accepted}, When: reopen, Then: events{reopened}},
		{Name: "reopen_what_was_assigned", Given: events{opened, assigned}, When: reopen, Then: events{reopened}},
		{Name: "reopen_what_is_open", Given: events{open}, When: reopen, Err: review.ErrNotClosed},
		{Name: "reopen_twice", Given: events{opened, accepted, reopened}, When: reopen},
		{Name: "reopen_when_the_acceptance_is_void", Given: events{opened, accepted, voided(2)}, When: reopen, Err: review.ErrNotClosed},
		{Name: "only_said_to_be_reopened", Given: events{opened, accepted}, When: review.Reopen(claimed), Err: code("review.not_recorded")},
		{Name: "reopen_nothing", When: reopen, Err: es.ErrNotFound},

		{Name: "correct_the_finding", Given: events{carried}, When: review.Correct(corrected(1, other)), Err: review.ErrOtherFinding},
		{Name: "correct_the_reason", Given: events{opened, accepted}, When: review.Correct(corrected(2, later)), Then: events{corrected(2, later)}},

		{Name: "fell_due", Given: events{opened, assigned}, When: review.MarkDue(due), Then: events{due}},
		{Name: "fell_due_but_accepted", Given: events{opened, assigned, accepted}, When: review.MarkDue(due), Err: code("review.not_due")},
	})
	require.Equal(t, accept.NaturalKey(), assign.NaturalKey())
	require.Equal(t, accept.NaturalKey(), review.CarryOver(carried).NaturalKey())
}

func TestStanding(t *testing.T) {
	for _, c := range []struct {
		name  string
		given events
		want  review.Decision
	}{
		{"nothing", nil, review.Decision{}},
		{"only_opened", events{opened}, review.Decision{Standing: review.StandingOpen}},
		{"accepted", events{opened, accepted}, review.Decision{Standing: review.StandingAccepted, Basis: basis, Reason: accepted.Reason, By: 2}},
		{"assigned", events{opened, accepted, assigned}, review.Decision{Standing: review.StandingAssigned, To: "clerk-7", Due: assigned.Due, Reason: assigned.Reason, By: 3}},
		{"reopened", events{opened, accepted, reopened}, review.Decision{Standing: review.StandingOpen, Reason: reopened.Reason, By: 3}},
		{"reopening_void", events{opened, accepted, reopened, voided(3)}, review.Decision{Standing: review.StandingAccepted, Basis: basis, Reason: accepted.Reason, By: 2}},
		{"void", events{opened, accepted, voided(1)}, review.Decision{}},
		{"begun_again", events{opened, accepted, voided(1), opened, assigned}, review.Decision{Standing: review.StandingAssigned, To: "clerk-7", Due: assigned.Due, Reason: assigned.Reason, By: 5}},
		{"carried_over", events{carried}, review.Decision{Standing: review.StandingAccepted, Basis: basis, By: 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := review.Decider.Fold(c.given...)
			require.Equal(t, c.want, s.Standing())
		})
	}
	s := review.Decider.Fold(opened, accepted)
	require.Equal(t, review.Description{Finding: undated.ID, Code: undated.Code, Stream: pact}, s.Describe())
	require.Empty(t, s.Findings(), "a decision needs no source")
}

func TestDues(t *testing.T) {
	due := func(given ...review.Event) []terms.Due {
		s := review.Decider.Fold(given...)
		return s.Dues()
	}
	look := terms.Due{Kind: terms.Duty, Rule: review.DueLook, Of: 2, On: assigned.Due}
	settled := look
	settled.Settled = 3
	again := look
	again.Of = 3
	endless := assigned
	endless.Due = edtf.Date{}
	require.Equal(t, []terms.Due{look}, due(opened, assigned))
	require.Equal(t, []terms.Due{settled}, due(opened, assigned, accepted))
	require.Equal(t, []terms.Due{settled}, due(opened, assigned, reopened))
	require.Equal(t, []terms.Due{settled, again}, due(opened, assigned, assigned))
	require.Empty(t, due(opened, endless))
	require.Empty(t, due(opened, assigned, voided(1)))
}
