package proposal_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/proposal"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestGolden(t *testing.T) { estest.Golden(t, proposal.Events) }

func TestDecide(t *testing.T) {
	by := func(who string) (proposal.Approve, proposal.Refuse, proposal.Withdraw) {
		return proposal.Approve{Fact: today, By: who}, proposal.Refuse{Fact: today, By: who, Why: "no"}, proposal.Withdraw{Fact: today, By: who}
	}
	approveOwn, refuseOwn, _ := by(ada)
	approveToo, refuseToo, withdrawOthers := by(cai)
	open := events{made}
	agreed := events{made, approved}
	done := events{made, approved, carriedOut}
	estest.Run(t, proposal.Decider, cases{
		{Name: "make", When: proposal.Make(made), Then: open},
		{Name: "make_twice", Given: open, When: proposal.Make(made), Err: code("proposal.exists")},

		{Name: "approve", Given: open, When: proposal.Approve(approved), Then: events{approved}},
		{Name: "approve_again", Given: agreed, When: proposal.Approve(approved)},
		{Name: "approve_ones_own", Given: open, When: approveOwn, Err: proposal.ErrSamePerson},
		{Name: "approve_what_is_approved", Given: agreed, When: approveToo, Err: proposal.ErrNotOpen},
		{Name: "approve_what_is_refused", Given: events{made, refused}, When: approveToo, Err: proposal.ErrNotOpen},
		{Name: "approve_what_is_withdrawn", Given: events{made, withdrawn}, When: approveToo, Err: proposal.ErrNotOpen},
		{Name: "approve_what_is_done", Given: done, When: approveToo, Err: proposal.ErrNotOpen},
		{Name: "approve_what_failed", Given: events{made, approved, failed}, When: approveToo, Err: proposal.ErrNotOpen},
		{Name: "approve_nothing", When: approveToo, Err: es.ErrNotFound},

		{Name: "refuse", Given: open, When: proposal.Refuse(refused), Then: events{refused}},
		{Name: "refuse_ones_own", Given: open, When: refuseOwn, Err: proposal.ErrSamePerson},
		{Name: "refuse_what_is_approved", Given: agreed, When: refuseToo, Err: proposal.ErrNotOpen},
		{Name: "refuse_without_a_reason", Given: open, When: proposal.Refuse{Fact: today, By: ben}, Err: code("terms.bad_text")},

		{Name: "withdraw", Given: open, When: proposal.Withdraw(withdrawn), Then: events{withdrawn}},
		{Name: "withdraw_what_is_approved", Given: agreed, When: proposal.Withdraw(withdrawn), Err: proposal.ErrNotOpen},
		{Name: "withdraw_anothers", Given: open, When: withdrawOthers, Err: proposal.ErrNotTheirs},

		{Name: "carry_out", Given: agreed, When: proposal.CarryOut(carriedOut), Then: events{carriedOut}},
		{Name: "carry_out_what_is_open", Given: open, When: proposal.CarryOut(carriedOut), Err: proposal.ErrNotApproved},
		{Name: "carry_out_what_is_refused", Given: events{made, refused}, When: proposal.CarryOut(carriedOut), Err: proposal.ErrNotApproved},
		{Name: "carry_out_what_failed", Given: events{made, approved, failed}, When: proposal.CarryOut(carriedOut), Err: proposal.ErrNotApproved},
		{Name: "fail", Given: agreed, When: proposal.Fail(failed), Then: events{failed}},
		{Name: "fail_what_is_done", Given: done, When: proposal.Fail(failed), Err: proposal.ErrNotApproved},
	})
}

func TestAmend(t *testing.T) {
	other := made
	other.Proposed.Payload = `{}`
	reworded := made
	reworded.Why, reworded.Fact = "they agreed in writing", later
	byAnother, dated := approved, approved
	byAnother.By, dated.Fact = cai, later
	elsewhere := carriedOut
	elsewhere.Revision++
	excused := failed
	excused.Code = "memorandum.void"
	public := reworded
	public.Visibility = es.Public
	done := events{made, approved, carriedOut}
	estest.Run(t, proposal.Decider, cases{
		{Name: "correct_what_is_proposed", Given: events{made}, When: proposal.Correct(corrected(1, other)), Err: proposal.ErrBinding},
		{Name: "correct_who_approved", Given: events{made, approved}, When: proposal.Correct(corrected(2, byAnother)), Err: proposal.ErrBinding},
		{Name: "correct_what_came_of_it", Given: done, When: proposal.Correct(corrected(3, elsewhere)), Err: proposal.ErrBinding},
		{Name: "correct_why_it_failed", Given: events{made, approved, failed}, When: proposal.Correct(corrected(3, excused)), Err: proposal.ErrBinding},
		{Name: "correct_who_refused", Given: events{made, refused}, When: proposal.Correct(corrected(2, proposal.Refused{Fact: today, By: cai, Why: "no"})), Err: proposal.ErrBinding},
		{Name: "correct_who_withdrew", Given: events{made, withdrawn}, When: proposal.Correct(corrected(2, proposal.Withdrawn{Fact: today, By: cai})), Err: proposal.ErrBinding},
		{Name: "correct_the_visibility", Given: events{made}, When: proposal.Correct(corrected(1, public)), Err: code("book.other_visibility")},
		{Name: "correct_to_another_type", Given: events{made, approved}, When: proposal.Correct(corrected(2, refused)), Err: code("book.other_type")},
		{Name: "correct_the_reason", Given: events{made}, When: proposal.Correct(corrected(1, reworded)), Then: events{corrected(1, reworded)}},
		{Name: "correct_a_date", Given: done, When: proposal.Correct(corrected(2, dated)), Then: events{corrected(2, dated)}},

		{Name: "void_the_proposal", Given: events{made}, When: proposal.Void(voided(1)), Then: events{voided(1)}},
		{Name: "void_a_refusal", Given: events{made, refused}, When: proposal.Void(voided(2)), Then: events{voided(2)}},
		{Name: "void_an_approval", Given: events{made, approved}, When: proposal.Void(voided(2)), Err: proposal.ErrTookEffect},
		{Name: "void_what_came_of_it", Given: done, When: proposal.Void(voided(3)), Err: proposal.ErrTookEffect},
		{Name: "void_a_failure", Given: events{made, approved, failed}, When: proposal.Void(voided(3)), Err: proposal.ErrTookEffect},
		{Name: "approve_after_a_void_refusal", Given: events{made, refused, voided(2)}, When: proposal.Approve(approved), Then: events{approved}},
		{Name: "approve_what_is_void", Given: events{made, voided(1)}, When: proposal.Approve(approved), Err: code("proposal.void")},

		{Name: "dispute_a_refusal", Given: events{made, refused}, When: proposal.Dispute(disputed(2)), Then: events{disputed(2)}},
		{Name: "dispute_the_proposal", Given: events{made}, When: proposal.Dispute(disputed(1)), Err: proposal.ErrTookEffect},
		{Name: "dispute_an_approval", Given: events{made, approved}, When: proposal.Dispute(disputed(2)), Err: proposal.ErrTookEffect},
		{Name: "reclassify", Given: events{made}, When: proposal.Reclassify(reclassified), Then: events{reclassified}},
	})
}

func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		change func(m *proposal.Made)
		code   string
	}{
		"without_an_id":            {func(m *proposal.Made) { m.Proposed.ID = uuid.Nil }, "terms.missing"},
		"without_a_command":        {func(m *proposal.Made) { m.Proposed.Command = "" }, "proposal.bad_command"},
		"of_a_proposal":            {func(m *proposal.Made) { m.Proposed.Command = "proposal.make" }, "proposal.bad_command"},
		"of_the_ledger":            {func(m *proposal.Made) { m.Proposed.Command = "ledger.open" }, "proposal.bad_command"},
		"about_an_event":           {func(m *proposal.Made) { m.Proposed.Stream = pact + "@3" }, "proposal.bad_stream"},
		"concerning_nobody":        {func(m *proposal.Made) { m.Proposed.Concerns = []terms.Ref{ancona, ""} }, "proposal.bad_stream"},
		"concerning_an_event":      {func(m *proposal.Made) { m.Proposed.Concerns = []terms.Ref{ancona + "@1"} }, "proposal.bad_stream"},
		"payload_no_object":        {func(m *proposal.Made) { m.Proposed.Payload = `[]` }, "proposal.bad_payload"},
		"payload_cut_off":          {func(m *proposal.Made) { m.Proposed.Payload = `{"a":` }, "proposal.bad_payload"},
		"known_at_no_time":         {func(m *proposal.Made) { m.Proposed.KnownAt = "yesterday" }, "proposal.bad_known"},
		"known_at_written_by_hand": {func(m *proposal.Made) { m.Proposed.KnownAt = "2026-04-30T12:00:00Z" }, "proposal.bad_known"},
		"by_nobody":                {func(m *proposal.Made) { m.By = "" }, "proposal.bad_actor"},
		"without_a_reason":         {func(m *proposal.Made) { m.Why = "" }, "terms.bad_text"},
		"only_announced":           {func(m *proposal.Made) { m.Status = terms.Announced }, "proposal.not_recorded"},
	} {
		t.Run(name, func(t *testing.T) {
			bad := made
			c.change(&bad)
			_, err := proposal.Decider.Decide(proposal.Make(bad), proposal.State{})
			require.ErrorIs(t, err, code(c.code))
			require.ErrorIs(t, err, es.ErrInvalid)
		})
	}
	nowhere, nameless, silent := carriedOut, carriedOut, failed
	nowhere.Stream, nameless.Events, silent.Message = "", []uuid.UUID{uuid.Nil}, ""
	uncoded := failed
	uncoded.Code = ""
	claimed := approved
	claimed.Status = terms.Claimed
	estest.Run(t, proposal.Decider, cases{
		{Name: "carried_out_nowhere", Given: events{made, approved}, When: proposal.CarryOut(nowhere), Err: code("terms.missing")},
		{Name: "carried_out_by_no_event", Given: events{made, approved}, When: proposal.CarryOut(nameless), Err: code("terms.missing")},
		{Name: "failed_in_silence", Given: events{made, approved}, When: proposal.Fail(silent), Err: code("terms.bad_text")},
		{Name: "failed_without_a_code", Given: events{made, approved}, When: proposal.Fail(uncoded), Err: code("terms.bad_text")},
		{Name: "said_to_be_approved", Given: events{made}, When: proposal.Approve(claimed), Err: code("proposal.not_recorded")},
		{Name: "approved_by_nobody", Given: events{made}, When: proposal.Approve{Fact: today}, Err: code("proposal.bad_actor")},
	})
}

func TestStanding(t *testing.T) {
	for _, c := range []struct {
		name  string
		given events
		want  proposal.Standing
	}{
		{"nothing", nil, proposal.Standing{}},
		{"open", events{made}, proposal.Standing{Phase: "open", MadeBy: ada, By: 1}},
		{"approved", events{made, approved}, proposal.Standing{Phase: "approved", MadeBy: ada, DecidedBy: ben, By: 2}},
		{"refused", events{made, refused}, proposal.Standing{Phase: "refused", MadeBy: ada, DecidedBy: ben, Why: refused.Why, By: 2}},
		{"refusal_void", events{made, refused, voided(2)}, proposal.Standing{Phase: "open", MadeBy: ada, By: 1}},
		{"refusal_in_dispute", events{made, refused, disputed(2)}, proposal.Standing{Phase: "open", MadeBy: ada, By: 1}},
		{"withdrawn", events{made, withdrawn}, proposal.Standing{Phase: "withdrawn", MadeBy: ada, DecidedBy: ada, By: 2}},
		{"carried_out", events{made, approved, reclassified, carriedOut}, proposal.Standing{
			Phase: "carried_out", MadeBy: ada, DecidedBy: ben, Stream: pact, Revision: 8, Events: carriedOut.Events, By: 4,
		}},
		{"failed", events{made, approved, failed}, proposal.Standing{
			Phase: "failed", MadeBy: ada, DecidedBy: ben, Code: failed.Code, Message: failed.Message, By: 3,
		}},
		{"void", events{made, approved, voided(1)}, proposal.Standing{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := proposal.Decider.Fold(c.given...)
			require.Equal(t, c.want, s.Standing())
			require.Equal(t, c.want.Phase != "", s.Exists())
		})
	}
	s := proposal.Decider.Fold(made, approved)
	require.Equal(t, made, s.Describe())
	require.Empty(t, s.Findings(), "a decision needs no source")
	for _, w := range proposal.PhaseOpen.Words() {
		var p proposal.Phase
		require.NoError(t, p.UnmarshalText([]byte(w)))
	}
}
