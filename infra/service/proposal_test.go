package service_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/proposal"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/service"
)

// propose has ada propose to end the agreement.
func (d *desk) propose() string {
	d.Helper()
	res, err := d.Propose(d.Context(), d.who(ada), d.command("memorandum.terminate", d.pact, `{"fact":{"occurred":"2026-04-30"}}`), "the city asked for it")
	require.NoError(d, err)
	return res.Stream
}

func (d *desk) verdict(stream string) service.Verdict {
	d.given++
	return service.Verdict{ID: uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, d.given)), Proposal: stream, Why: "checked"}
}

// standing is how a proposal stands.
func (d *desk) standing(stream string) proposal.Standing {
	d.Helper()
	var events []proposal.Event
	recs, _ := d.records(stream)
	for _, r := range recs {
		e, err := ledger.Decode(r)
		require.NoError(d, err)
		events = append(events, e.(proposal.Event))
	}
	s := proposal.Decider.Fold(events...)
	return s.Standing()
}

func TestApprove(t *testing.T) {
	d := newDesk(t)
	stream := d.propose()
	require.Equal(t, []string{"memorandum.drafted"}, d.types(d.pact), "nothing yet")
	v := d.verdict(stream)
	res, err := d.Approve(t.Context(), d.who(ben), v)
	require.NoError(t, err)
	require.Equal(t, []string{"proposal.made", "proposal.approved", "proposal.carried_out"}, d.types(stream))
	require.Len(t, res.Events, 2)
	require.Equal(t, es.Revision(3), res.Revision)

	require.Equal(t, []string{"memorandum.drafted", "memorandum.terminated"}, d.types(d.pact))
	recs, metas := d.records(d.pact)
	require.Equal(t, ada, metas[1].Actor)
	require.Equal(t, ben, metas[1].ApprovedBy)
	_, act, err := es.ParseStream(stream)
	require.NoError(t, err)
	require.Equal(t, act, metas[1].Correlation)
	_, told := d.records(stream)
	for i, actor := range []string{ada, ben, ben} {
		require.Equal(t, actor, told[i].Actor)
		require.Equal(t, act, told[i].Correlation)
		require.Equal(t, es.Internal, told[i].Visibility)
	}
	d2 := d.standing(stream)
	require.Equal(t, proposal.PhaseCarriedOut, d2.Phase)
	require.Equal(t, []uuid.UUID{recs[1].ID}, d2.Events)

	again, err := d.Approve(t.Context(), d.who(ben), v)
	require.NoError(t, err)
	require.True(t, again.Repeated)
	require.Equal(t, res.Events, again.Events)
	v.Why = "something else"
	_, err = d.Approve(t.Context(), d.who(ben), v)
	require.ErrorIs(t, err, es.ErrReused)
	_, err = d.Approve(t.Context(), d.who(cai), d.verdict(stream))
	require.ErrorIs(t, err, proposal.ErrNotOpen)
	require.NoError(t, d.resume())
	require.Len(t, d.types(stream), 3)
}

func TestPropose(t *testing.T) {
	d := newDesk(t)
	cmd := d.command("memorandum.terminate", d.pact, `{ "fact": {"occurred":"2026-04-30"} }`)
	first, err := d.Propose(t.Context(), d.who(ada), cmd, "asked")
	require.NoError(t, err)
	again, err := d.Propose(t.Context(), d.who(ada), cmd, "asked")
	require.NoError(t, err)
	require.True(t, again.Repeated)
	require.Equal(t, first.Events[0].ID, again.Events[0].ID)
	_, err = d.Propose(t.Context(), d.who(ada), cmd, "asked again")
	require.ErrorIs(t, err, es.ErrReused)

	e, err := ledger.Decode(first.Events[0])
	require.NoError(t, err)
	made := e.(proposal.Made)
	require.Equal(t, string(cmd.Payload), made.Proposed.Payload, "byte for byte")
	require.Equal(t, es.Revision(1), made.Proposed.At)
	require.Equal(t, d.ancona, string(made.Proposed.Concerns[0]))
	require.Equal(t, "2026-05-01", made.Occurred.String())

	for name, c := range map[string]struct {
		who string
		cmd es.Command
		why string
		err error
	}{
		"not_ones_own":  {ida, d.command("memorandum.terminate", d.pact, `{}`), "asked", service.ErrDenied},
		"nothing_reads": {follower, d.command("memorandum.terminate", d.pact, `{}`), "asked", es.ErrNotFound},
		"would_fail":    {ada, d.command("memorandum.resume", d.pact, `{}`), "asked", es.ErrRejected},
		"without_why":   {ada, d.command("memorandum.terminate", d.pact, `{}`), "", code("terms.bad_text")},
		"of_a_proposal": {registrar, d.command("proposal.void", first.Stream, `{"of":1,"reason":"asked"}`), "asked", code("proposal.bad_command")},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := d.Propose(t.Context(), d.who(c.who), c.cmd, c.why)
			require.ErrorIs(t, err, c.err)
			require.Empty(t, d.types(es.NewStream("proposal", c.cmd.ID)))
		})
	}
	t.Run("dry", func(t *testing.T) {
		dry := d.command("memorandum.terminate", d.pact, `{}`)
		dry.DryRun = true
		res, err := d.Propose(t.Context(), d.who(ada), dry, "asked")
		require.NoError(t, err)
		require.Equal(t, "memorandum.terminated", res.Events[0].Type)
		require.Empty(t, d.types(es.NewStream("proposal", dry.ID)))
	})
	t.Run("as_restricted_as_what_it_is_about", func(t *testing.T) {
		hidden := d.agreement("restricted", d.ancona)
		res, err := d.Propose(t.Context(), d.who(registrar), d.command("memorandum.reclassify", hidden, `{"visibility":"public","reason":"asked"}`), "asked")
		require.NoError(t, err)
		_, metas := d.records(res.Stream)
		require.Equal(t, es.Restricted, metas[0].Visibility)
		_, err = d.Approve(t.Context(), d.who(ben), d.verdict(res.Stream))
		require.ErrorIs(t, err, code("proposal.unknown"))
		_, err = d.Do(t.Context(), d.who(registrar), d.command("proposal.reclassify", res.Stream, `{"visibility":"internal","reason":"asked"}`))
		require.ErrorIs(t, err, code("service.too_visible"))
	})
	t.Run("what_opens_something", func(t *testing.T) {
		res, err := d.Propose(t.Context(), d.who(ada), d.command("memorandum.draft", "", draft("internal", d.ancona)), "asked")
		require.NoError(t, err)
		_, err = d.Approve(t.Context(), d.who(ben), d.verdict(res.Stream))
		require.NoError(t, err)
		require.Equal(t, []string{"memorandum.drafted"}, d.types(string(d.standing(res.Stream).Stream)))
	})
}

// TestWhoMayDecide is the table of who may approve, refuse and withdraw what ada
// proposed.
func TestWhoMayDecide(t *testing.T) {
	for who, want := range map[string]struct{ approve, withdraw error }{
		ada:                {proposal.ErrSamePerson, nil},
		ben:                {nil, proposal.ErrNotTheirs},
		cai:                {nil, proposal.ErrNotTheirs},
		ida:                {service.ErrDenied, proposal.ErrNotTheirs},
		registrar:          {service.ErrDenied, proposal.ErrNotTheirs},
		auditor:            {service.ErrDenied, proposal.ErrNotTheirs},
		admin:              {service.ErrDenied, proposal.ErrNotTheirs},
		follower:           {es.ErrNotFound, es.ErrNotFound},
		access.AnonymousID: {es.ErrNotFound, es.ErrNotFound},
	} {
		t.Run(who, func(t *testing.T) {
			d := newDesk(t)
			stream := d.propose()
			try := func(want error, do func(v service.Verdict) (es.Result, error)) {
				t.Helper()
				v := d.verdict(stream)
				v.DryRun = true
				_, err := do(v)
				require.ErrorIs(t, err, want)
				require.Len(t, d.types(stream), 1)
			}
			try(want.approve, func(v service.Verdict) (es.Result, error) { return d.Approve(t.Context(), d.who(who), v) })
			try(want.approve, func(v service.Verdict) (es.Result, error) { return d.Refuse(t.Context(), d.who(who), v) })
			try(want.withdraw, func(v service.Verdict) (es.Result, error) { return d.Withdraw(t.Context(), d.who(who), v) })
		})
	}
	t.Run("also_a_clerk_who_approves", func(t *testing.T) {
		d := newDesk(t)
		d.grant(ada, func(who *access.Identity) { who.Roles = append(who.Roles, access.RoleApprover) })
		_, err := d.Approve(t.Context(), d.who(ada), d.verdict(d.propose()))
		require.ErrorIs(t, err, proposal.ErrSamePerson)
	})
	t.Run("restricted_since", func(t *testing.T) {
		d := newDesk(t)
		stream := d.propose()
		d.must(registrar, "memorandum.reclassify", d.pact, `{"visibility":"restricted","reason":"asked"}`)
		_, err := d.Approve(t.Context(), d.who(ben), d.verdict(stream))
		require.ErrorIs(t, err, service.ErrDenied)

		other := d.agreement("internal", d.ancona)
		res, err := d.Propose(t.Context(), d.who(registrar), d.command("memorandum.reclassify", other, `{"visibility":"public","reason":"asked"}`), "asked")
		require.NoError(t, err)
		d.must(registrar, "memorandum.reclassify", other, `{"visibility":"restricted","reason":"asked"}`)
		_, err = d.Approve(t.Context(), d.who(ben), d.verdict(res.Stream))
		require.ErrorIs(t, err, service.ErrDenied, "who may not read it cannot publish it")
	})
	t.Run("no_proposal", func(t *testing.T) {
		d := newDesk(t)
		for _, stream := range []string{d.pact, "", "nonsense", "proposal-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"} {
			_, err := d.Approve(t.Context(), d.who(ben), d.verdict(stream))
			require.ErrorIs(t, err, code("proposal.unknown"))
		}
	})
}

// TestDoors checks that commands on proposals are what the methods are.
func TestDoors(t *testing.T) {
	d := newDesk(t)
	do := func(who, name, stream, payload string) (es.Result, error) {
		return d.Do(t.Context(), d.who(who), d.command(name, stream, payload))
	}
	propose := func(more string) (es.Result, error) {
		return do(ada, "proposal.make", "", fmt.Sprintf(`{"proposed":{"command":"memorandum.terminate","stream":%q,"payload":"{}"%s,"why":"asked"}`, d.pact, more))
	}
	res, err := propose("}")
	require.NoError(t, err)
	for _, more := range []string{`},"by":"id-ben"`, `,"id":"0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"}`, `,"at":3}`, fmt.Sprintf(`,"concerns":[%q]}`, d.ancona)} {
		_, err := propose(more)
		require.ErrorIs(t, err, code("service.filled_in"), more)
	}
	_, err = propose(`,"knownAt":"today"}`)
	require.ErrorIs(t, err, code("proposal.bad_known"))
	_, err = propose(`,"knownAt":"2026-04-01T12:00:00.000000Z"}`)
	require.ErrorIs(t, err, service.ErrDenied, "a clerk does not vouch")
	_, err = do(ben, "proposal.approve", res.Stream, `{"by":"id-cai"}`)
	require.ErrorIs(t, err, code("service.filled_in"))
	_, err = do(ben, "proposal.refuse", res.Stream, `{"why":"not signed"}`)
	require.NoError(t, err)
	require.Equal(t, proposal.PhaseRefused, d.standing(res.Stream).Phase)

	res, err = propose("}")
	require.NoError(t, err)
	_, err = do(ada, "proposal.withdraw", res.Stream, `{}`)
	require.NoError(t, err)
	require.Equal(t, proposal.PhaseWithdrawn, d.standing(res.Stream).Phase)

	res, err = propose("}")
	require.NoError(t, err)
	_, err = do(ben, "proposal.approve", res.Stream, `{"fact":{"occurred":"2026-05-02"}}`)
	require.NoError(t, err)
	recs, _ := d.records(res.Stream)
	require.Contains(t, string(recs[1].Data), `"occurred":"2026-05-02"`)
	require.Equal(t, proposal.PhaseCarriedOut, d.standing(res.Stream).Phase)
}
