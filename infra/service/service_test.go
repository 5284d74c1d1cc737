package service_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/service"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/findings"
)

// TestWhoMayWhat is the table of who may give which command alone; "" is yes.
func TestWhoMayWhat(t *testing.T) {
	d := newDesk(t)
	public, hidden := d.agreement("public", d.ancona), d.agreement("restricted", d.ancona)
	nobodys := d.agreement("internal")
	nothing := "memorandum-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"
	network := d.must(registrar, "network.register", "", `{"titles":[{"lang":"en","value":"Net"}]}`)
	d.must(registrar, "party.relate", d.ancona, fmt.Sprintf(`{"to":%q,"relation":"located_in"}`, d.ikoma))
	const denied, needed, unknown = "access.denied", "access.approval_needed", "memorandum.unknown"
	title := `{"title":{"lang":"it","value":"Patto"}}`
	for _, c := range []struct {
		name            string
		command, stream string
		payload         string
		vouched         bool
		want            map[string]string
	}{
		{name: "sign", command: "memorandum.sign", stream: d.pact, payload: sign(d.ancona), want: map[string]string{
			registrar: "", ada: "", ida: denied, ben: denied, reader: denied, auditor: denied, admin: denied,
			follower: unknown, access.AnonymousID: unknown,
		}},
		{name: "public", command: "memorandum.add_title", stream: public, payload: title, want: map[string]string{
			ada: "", ida: denied, access.AnonymousID: denied, follower: unknown,
		}},
		{name: "restricted", command: "memorandum.add_title", stream: hidden, payload: title, want: map[string]string{
			registrar: "", ada: unknown, reader: unknown, auditor: denied,
		}},
		{name: "not_there", command: "memorandum.add_title", stream: nothing, payload: title, want: map[string]string{
			registrar: unknown, ada: unknown, ida: unknown, auditor: unknown, access.AnonymousID: unknown,
		}},
		{name: "nobodys_by_naming_ones_own", command: "memorandum.invite", stream: nobodys, payload: sign(d.ancona), want: map[string]string{ada: denied, registrar: ""}},
		{name: "open_ones_own", command: "memorandum.draft", payload: draft("internal", d.ancona, d.ikoma), want: map[string]string{ada: "", ida: "", ben: denied, auditor: denied}},
		{name: "open_anothers", command: "memorandum.draft", payload: draft("internal", d.ancona), want: map[string]string{ada: "", ida: denied}},
		{name: "open_restricted", command: "memorandum.draft", payload: draft("restricted", d.ancona), want: map[string]string{ada: denied, registrar: ""}},
		{name: "vouched", command: "memorandum.add_title", stream: d.pact, payload: title, vouched: true, want: map[string]string{ada: denied, registrar: ""}},
		{name: "two_persons", command: "memorandum.terminate", stream: d.pact, payload: `{}`, want: map[string]string{registrar: needed, ada: needed, ida: denied, ben: denied}},
		{name: "publish", command: "memorandum.reclassify", stream: d.pact, payload: `{"visibility":"public","reason":"asked"}`, want: map[string]string{registrar: needed, ada: denied}},
		{name: "by_natural_keys", command: "membership.register", payload: fmt.Sprintf(`{"network":%q,"party":{"id":%q}}`, network, d.ancona), want: map[string]string{ada: "", ida: denied}},
		{name: "party", command: "party.rename", stream: d.ancona, payload: `{"name":{"lang":"it","value":"Comune"}}`, want: map[string]string{ada: "", ida: denied}},
		{name: "what_only_the_service_says", command: "proposal.fail", stream: "proposal-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55", payload: `{}`, want: map[string]string{registrar: denied}},
		{name: "no_command", command: "treaty.sign", stream: d.pact, payload: `{}`, want: map[string]string{registrar: "ledger.unknown_command", reader: "ledger.unknown_command"}},
	} {
		for who, want := range c.want {
			t.Run(c.name+"/"+who, func(t *testing.T) {
				cmd := d.command(c.command, c.stream, c.payload)
				cmd.DryRun = true
				if c.vouched {
					cmd.KnownAt = noon.Add(-time.Hour)
				}
				_, err := d.Do(t.Context(), d.who(who), cmd)
				if want == "" {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, err, code(want))
			})
		}
	}
}

func TestReviews(t *testing.T) {
	d := newDesk(t)
	d.catchUp()
	var all []findings.Finding
	require.NoError(t, d.Views.Read(t.Context(), func(conn *sqlite.Conn, _ projections.Checkpoint) (err error) {
		all, _, err = findings.List(conn, findings.Filter{Stream: d.pact})
		return err
	}))
	require.NotEmpty(t, all)
	found := all[0]
	accept := func(who, stream, rests string) (es.Result, error) {
		return d.Do(t.Context(), d.who(who), d.command("review.accept", "", fmt.Sprintf(
			`{"finding":{"id":%q,"code":%q,"stream":%q},"basis":{"events":[%q],"digest":"%x"},"reason":"known"}`, found.ID, found.Code, stream, rests, found.Digest,
		)))
	}
	_, err := accept(ida, d.pact, d.pact+"@1")
	require.ErrorIs(t, err, service.ErrDenied)
	_, err = accept(ida, d.pact, d.ikoma+"@1")
	require.ErrorIs(t, err, service.ErrDenied, "what it rests on is the clerk's to say")
	_, err = accept(ida, d.agreement("internal", d.ikoma), d.pact+"@1")
	require.ErrorIs(t, err, code("findings.none"), "it is about another agreement")
	res, err := accept(ada, d.pact, d.pact+"@1")
	require.NoError(t, err, "the review of a finding concerns whom the finding does")
	_, err = accept(ada, d.pact, res.Stream+"@1")
	require.NoError(t, err, "a review may rest on itself")
	for _, who := range []string{ida, ada} {
		_, err = d.Do(t.Context(), d.who(who), d.command("review.reopen", res.Stream, `{"reason":"a date was found"}`))
		if who == ida {
			require.ErrorIs(t, err, service.ErrDenied)
		} else {
			require.NoError(t, err)
		}
	}
	_, err = d.Propose(t.Context(), d.who(ida), d.command("review.accept", "", fmt.Sprintf(
		`{"finding":{"id":%q,"code":%q,"stream":%q},"basis":{"events":["%s@1"],"digest":"%x"},"reason":"known"}`, uuid.New(), found.Code, d.ikoma, d.ikoma, found.Digest,
	)), "asked")
	require.ErrorIs(t, err, code("findings.none"))
}

// TestConcernsFollow checks that who is concerned changes with what is held.
func TestConcernsFollow(t *testing.T) {
	d := newDesk(t)
	rename := func() error {
		_, err := d.Do(t.Context(), d.who(ida), d.command("memorandum.add_title", d.pact, fmt.Sprintf(`{"title":{"lang":"en","value":"T%d"}}`, d.given)))
		return err
	}
	require.ErrorIs(t, rename(), service.ErrDenied)
	d.must(registrar, "memorandum.invite", d.pact, sign(d.ikoma))
	require.NoError(t, rename())
	d.must(registrar, "memorandum.void", d.pact, `{"of":2,"reason":"another city"}`)
	require.ErrorIs(t, rename(), service.ErrDenied, "it was invited in error")
	d.must(registrar, "memorandum.adopt", d.pact, fmt.Sprintf(`{"fact":{"authority":%q}}`, d.ikoma))
	require.ErrorIs(t, rename(), service.ErrDenied, "who is cited has no say")
	d.must(registrar, "memorandum.reclassify", d.pact, `{"visibility":"restricted","reason":"asked"}`)
	require.ErrorIs(t, rename(), es.ErrNotFound)
}

// TestHidden checks that what may not be read cannot be told from what is not
// there.
func TestHidden(t *testing.T) {
	d := newDesk(t)
	hidden := d.agreement("restricted", d.ancona)
	nothing := "memorandum-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"
	rev := es.Revision(1)
	for name, cmd := range map[string]es.Command{
		"command":     {Name: "memorandum.adopt", Payload: []byte(`{}`)},
		"expecting":   {Name: "memorandum.adopt", Payload: []byte(`{}`), Expect: &rev},
		"bad_payload": {Name: "memorandum.adopt", Payload: []byte(`{"a":1}`)},
		"bad_fact":    {Name: "memorandum.add_title", Payload: []byte(`{}`)},
		"bad_ref":     {Name: "memorandum.sign", Payload: []byte(sign("party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"))},
		"of_party":    {Name: "party.rename", Payload: []byte(`{"name":{"lang":"it","value":"Comune"}}`)},
	} {
		t.Run(name, func(t *testing.T) {
			cmd.ID = uuid.New()
			for _, id := range []string{ada, access.AnonymousID} {
				cmd.Stream = hidden
				_, there := d.Do(t.Context(), d.who(id), cmd)
				cmd.Stream = nothing
				_, absent := d.Do(t.Context(), d.who(id), cmd)
				require.Error(t, there)
				require.Equal(t, absent.Error(), there.Error())
			}
		})
	}
	secret := d.must(registrar, "party.register", "", `{"kind":"municipality","name":{"lang":"en","value":"X"},"visibility":"restricted"}`)
	invite := func(who, party string) error {
		_, err := d.Do(t.Context(), d.who(who), d.command("memorandum.invite", d.pact, sign(party)))
		return err
	}
	require.ErrorIs(t, invite(ada, secret), code("ledger.unknown_reference"))
	require.EqualError(t, invite(ada, "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"),
		"ledger.unknown_reference: there is no party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55 in this ledger (at /party/id); expected the id of what is in the ledger; else it is recorded first")
	require.NoError(t, invite(registrar, secret))
}

func TestActor(t *testing.T) {
	d := newDesk(t)
	cmd := d.command("memorandum.sign", d.pact, sign(d.ancona))
	cmd.Actor, cmd.ApprovedBy = "somebody-else", "a-friend"
	res, err := d.Do(t.Context(), d.who(ada), cmd)
	require.NoError(t, err)
	m, err := es.DecodeMeta(res.Events[0].Meta)
	require.NoError(t, err)
	require.Equal(t, ada, m.Actor)
	require.Empty(t, m.ApprovedBy)
}

func TestJournal(t *testing.T) {
	d := newDesk(t)
	hidden := d.agreement("restricted", d.ancona)
	for _, c := range []struct{ who, command, stream string }{
		{ida, "memorandum.adopt", d.pact}, {registrar, "memorandum.terminate", d.pact}, {ada, "memorandum.adopt", hidden}, {ada, "memorandum.adopt", d.pact},
	} {
		_, _ = d.Do(t.Context(), d.who(c.who), d.command(c.command, c.stream, `{}`))
	}
	require.Equal(t, []string{
		"id-ida memorandum.adopt access.denied", "id-registrar memorandum.terminate access.approval_needed", "id-ada memorandum.adopt memorandum.unknown",
	}, d.journal.refused)
	d.journal.broken = errors.New("full")
	_, err := d.Do(t.Context(), d.who(ida), d.command("memorandum.adopt", d.pact, `{}`))
	require.ErrorIs(t, err, service.ErrDenied)
	require.ErrorIs(t, err, d.journal.broken)
}

// TestRemembered checks on random histories that what a service remembers of
// streams gives the same answers as reading them anew.
func TestRemembered(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := newDesk(t)
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			of := rapid.IntRange(1, 6).Draw(rt, "of")
			one := rapid.SampledFrom([]struct{ name, payload string }{
				{"memorandum.invite", sign(d.ikoma)},
				{"memorandum.sign", sign(d.ikoma)},
				{"memorandum.sign", sign(d.ancona)},
				{"memorandum.void", fmt.Sprintf(`{"of":%d,"reason":"misread"}`, of)},
				{"memorandum.dispute", fmt.Sprintf(`{"of":%d,"grounds":"contested"}`, of)},
				{"memorandum.correct", fmt.Sprintf(`{"of":%d,"as":{"type":"memorandum.signed","data":%s},"reason":"misread"}`, of, sign(d.ikoma))},
				{"memorandum.reclassify", `{"visibility":"restricted","reason":"asked"}`},
				{"memorandum.reclassify", `{"visibility":"internal","reason":"asked"}`},
			}).Draw(rt, "command")
			_, _ = d.Do(t.Context(), d.who(registrar), d.command(one.name, d.pact, one.payload))
			fresh := d.fresh()
			for _, who := range []string{ada, ida, access.AnonymousID} {
				cmd := d.command("memorandum.adopt", d.pact, `{}`)
				cmd.DryRun = true
				_, remembered := d.Do(t.Context(), d.who(who), cmd)
				_, read := fresh.Do(t.Context(), d.who(who), cmd)
				require.Equal(rt, read, remembered, "%s after %s", who, one.name)
			}
		}
	})
}
