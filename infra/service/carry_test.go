package service_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/proposal"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/service"
)

// TestOutcomes shows that what cannot be carried out is told, and nothing else
// is recorded.
func TestOutcomes(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(d *desk)
		code      string
	}{
		"moved_to_another_city": {func(d *desk) { d.grant(ada, func(who *access.Identity) { who.For = nil }) }, "access.denied"},
		"role_taken":            {func(d *desk) { d.grant(ada, func(who *access.Identity) { who.Roles = nil }) }, "memorandum.unknown"},
		"identity_gone":         {func(d *desk) { delete(d.people, ada) }, "access.no_identity"},
		"recorded_in_error":     {func(d *desk) { d.must(registrar, "memorandum.void", d.pact, `{"of":1,"reason":"misread"}`) }, "access.denied"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			stream := d.propose()
			c.meanwhile(d)
			before := d.types(d.pact)
			_, err := d.Approve(t.Context(), d.who(ben), d.verdict(stream))
			require.NoError(t, err)
			s := d.standing(stream)
			require.Equal(t, proposal.PhaseFailed, s.Phase)
			require.Equal(t, c.code, s.Code)
			require.NotEmpty(t, s.Message)
			require.Equal(t, before, d.types(d.pact))
		})
	}
}

func TestRejectedByTheLedger(t *testing.T) {
	d := newDesk(t)
	res, err := d.Propose(t.Context(), d.who(registrar), d.command("memorandum.void", d.pact, `{"of":1,"reason":"misread"}`), "asked")
	require.NoError(t, err)
	d.must(registrar, "memorandum.void", d.pact, `{"of":1,"reason":"another pact"}`)
	_, err = d.Approve(t.Context(), d.who(ben), d.verdict(res.Stream))
	require.NoError(t, err)
	s := d.standing(res.Stream)
	require.Equal(t, proposal.PhaseFailed, s.Phase)
	require.Equal(t, "memorandum.void", s.Code)
}

// TestCrash breaks the store at each append of an approval, before and after it
// was done, and checks that what is resumed records everything exactly once.
func TestCrash(t *testing.T) {
	for _, after := range []bool{false, true} {
		for n := 1; n <= 3; n++ {
			for _, again := range []bool{false, true} {
				t.Run(fmt.Sprintf("append_%d_after_%v_again_%v", n, after, again), func(t *testing.T) {
					d := newDesk(t)
					stream := d.propose()
					v := d.verdict(stream)
					d.store.breakAt(n, after)
					_, err := d.Approve(t.Context(), d.who(ben), v)
					require.ErrorIs(t, err, errBroken)
					if n == 2 && after {
						d.grant(ada, func(who *access.Identity) { who.For = nil }) // what is recorded is recorded
					}
					if again {
						_, err := d.Approve(t.Context(), d.who(ben), v)
						require.NoError(t, err)
					} else {
						require.NoError(t, d.resume())
						require.NoError(t, d.resume())
					}
					if n == 1 && !after && !again {
						require.Equal(t, []string{"proposal.made"}, d.types(stream), "it was not approved")
						return
					}
					require.Equal(t, []string{"proposal.made", "proposal.approved", "proposal.carried_out"}, d.types(stream))
					require.Equal(t, []string{"memorandum.drafted", "memorandum.terminated"}, d.types(d.pact))
				})
			}
		}
	}
}

// TestResumeGoesOn checks that one proposal that cannot be carried out does not
// stop the others.
func TestResumeGoesOn(t *testing.T) {
	d := newDesk(t)
	var streams []string
	for range 3 {
		pact := d.agreement("internal", d.ancona)
		res, err := d.Propose(t.Context(), d.who(ada), d.command("memorandum.terminate", pact, `{}`), "asked")
		require.NoError(t, err)
		d.store.breakAt(2, false)
		_, err = d.Approve(t.Context(), d.who(ben), d.verdict(res.Stream))
		require.ErrorIs(t, err, errBroken)
		streams = append(streams, res.Stream)
	}
	d.store.breakAt(1, false)
	err := d.resume()
	require.ErrorIs(t, err, errBroken)
	require.ErrorContains(t, err, streams[0])
	for i, want := range []proposal.Phase{proposal.PhaseApproved, proposal.PhaseCarriedOut, proposal.PhaseCarriedOut} {
		require.Equal(t, want, d.standing(streams[i]).Phase)
	}
	require.NoError(t, d.resume())
	require.Equal(t, proposal.PhaseCarriedOut, d.standing(streams[0]).Phase)
}

// TestGone checks that what was approved is carried out though who approved it
// has hung up.
func TestGone(t *testing.T) {
	d := newDesk(t)
	stream := d.propose()
	ctx, cancel := context.WithCancel(t.Context())
	d.store.done = cancel
	_, err := d.Approve(ctx, d.who(ben), d.verdict(stream))
	require.NoError(t, err)
	require.Equal(t, proposal.PhaseCarriedOut, d.standing(stream).Phase)
}

// TestApproversAtOnce has several approve at once: one does, and the command is
// recorded once.
func TestApproversAtOnce(t *testing.T) {
	d := newDesk(t)
	stream := d.propose()
	verdicts := make([]service.Verdict, 8)
	errs := make([]error, len(verdicts))
	var all sync.WaitGroup
	for i := range verdicts {
		verdicts[i] = d.verdict(stream)
		who := d.who([]string{ben, cai}[i%2])
		verdicts[i].Why = fmt.Sprint("looked at by ", who.ID, i)
		all.Go(func() { _, errs[i] = d.Approve(t.Context(), who, verdicts[i]) })
	}
	all.Wait()
	approved := 0
	for _, err := range errs {
		if err == nil {
			approved++
			continue
		}
		require.ErrorIs(t, err, proposal.ErrNotOpen)
	}
	require.Equal(t, 1, approved)
	require.Equal(t, []string{"proposal.made", "proposal.approved", "proposal.carried_out"}, d.types(stream))
	require.Equal(t, []string{"memorandum.drafted", "memorandum.terminated"}, d.types(d.pact))
}
