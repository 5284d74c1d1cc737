package proposals_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/proposal"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/proposals"
	"github.com/entente-ledger/entente/projections/readmodel"
)

func TestMain(m *testing.M) {
	if err := projectiontest.Checks(20); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

const ada, ben = "clerk-ada", "approver-ben"

// clerk records proposals about the agreements of a world.
type clerk struct {
	*projectiontest.World
	store *projectiontest.Store
	given int
	made  []string // the streams of the proposals
}

func (c *clerk) give(stream string, cmd proposal.Command) (es.Result, error) {
	name, _, payload, err := proposal.Commands.Encode(cmd)
	if err != nil {
		return es.Result{}, err
	}
	c.given++
	return c.Ledger.Do(context.Background(), es.Command{
		ID: uuid.NewSHA1(uuid.Nil, fmt.Append(nil, c.given)), Name: name, Stream: stream, Payload: payload, Actor: "tester", KnownAt: c.KnownAt(),
	})
}

func newClerk(t require.TestingT, choose projectiontest.Choose, steps int) *clerk {
	c := &clerk{store: projectiontest.NewStore()}
	var err error
	c.World, err = projectiontest.NewWorld(c.store, choose)
	require.NoError(t, err)
	for range steps {
		require.NoError(t, c.Step())
	}
	return c
}

func (c *clerk) make(t require.TestingT, by, about string) string {
	what := proposal.Proposed{
		ID: uuid.NewSHA1(uuid.Nil, fmt.Append(nil, "command", c.given)), Command: "memorandum.terminate", Stream: terms.Ref(about),
		At: es.Revision(c.given), Payload: fmt.Sprintf(`{"n":%d}`, c.given),
	}
	for _, p := range c.Parties()[:c.given%3] {
		what.Concerns = append(what.Concerns, terms.Ref(p))
	}
	res, err := c.give("", proposal.Make{Fact: terms.Fact{Occurred: c.Date()}, Proposed: what, By: by, Why: "agreed"})
	require.NoError(t, err)
	c.made = append(c.made, res.Stream)
	return res.Stream
}

// TestOracle checks the proposals, on all axes, against the folded prefixes of
// their streams.
func TestOracle(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		choose := func(n int) int { return rapid.IntRange(0, n-1).Draw(rt, "choice") }
		c := newClerk(rt, choose, 20)
		for range rapid.IntRange(5, 40).Draw(rt, "steps") {
			require.NoError(rt, c.Step()) // time goes on
			if len(c.made) == 0 || choose(3) == 0 {
				about := append([]string{""}, c.Agreements()...)
				c.make(rt, rapid.SampledFrom([]string{ada, ben}).Draw(rt, "by"), rapid.SampledFrom(about).Draw(rt, "about"))
				continue
			}
			stream := rapid.SampledFrom(c.made).Draw(rt, "proposal")
			if _, err := c.give(stream, c.step(rt, terms.Ref(stream))); err != nil {
				require.True(rt, errors.Is(err, es.ErrRejected) || errors.Is(err, es.ErrInvalid), "%v", err)
			}
		}
		dir, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(rt, err)
		projectiontest.Read(rt, dir, c.store, func(conn *sqlite.Conn) {
			for range 5 {
				c.compare(rt, conn, c.At(len(c.store.Records())), choose)
			}
		}, proposals.New())
	})
}

func (c *clerk) step(t *rapid.T, self terms.Ref) proposal.Command {
	f := terms.Fact{Occurred: c.Date()}
	who := rapid.SampledFrom([]string{ada, ben}).Draw(t, "who")
	of := es.Revision(rapid.IntRange(1, 4).Draw(t, "of"))
	led := terms.Ref(rapid.SampledFrom(c.Parties()).Draw(t, "led"))
	return rapid.SampledFrom([]proposal.Command{
		proposal.Approve{Fact: f, By: who},
		proposal.Approve{Fact: f, By: who, Why: "yes"},
		proposal.Refuse{Fact: f, By: who, Why: "no"},
		proposal.Withdraw{Fact: f, By: who},
		proposal.Fail{Fact: f, Code: "a.b", Message: "it cannot be"},
		proposal.CarryOut{Fact: f, Stream: led, Revision: of, Events: []uuid.UUID{uuid.NewSHA1(uuid.Nil, []byte(self)), uuid.NewSHA1(uuid.Nil, []byte(led))}[:of%3]},
		proposal.Void{Voided: book.Voided{Of: of, Reason: "misfiled"}},
		proposal.Dispute{Disputed: book.Disputed{Of: of, Grounds: "not heard"}},
		proposal.Rule{Ruled: book.Ruled{Of: of, Stands: of%2 == 0, Reason: "looked into"}},
		proposal.Reclassify{Reclassified: book.Reclassified{Visibility: es.Restricted, Reason: "asked"}},
	}).Draw(t, "step")
}

// naive returns the proposals as a reader of their streams finds them, in the
// order in which they were made.
func (c *clerk) naive(t require.TestingT, at readmodel.At) []proposals.Proposal {
	var all []proposals.Proposal
	for _, stream := range c.made {
		recs, err := projectiontest.Prefix(c.store.Records(), stream, at)
		require.NoError(t, err)
		s, err := projectiontest.Fold(proposal.Decider, recs)
		require.NoError(t, err)
		if s.Exists() {
			made := s.Describe()
			all = append(all, proposals.Proposal{Stream: stream, Proposed: made.Proposed, Why: made.Why, On: made.Occurred, Standing: s.Standing()})
		}
	}
	return all
}

func (c *clerk) compare(t *rapid.T, conn *sqlite.Conn, at readmodel.At, choose projectiontest.Choose) {
	f := proposals.Filter{
		At: at, Limit: 1 + choose(3), By: []string{"", ada, ben}[choose(3)],
		Phase: append([]proposal.Phase{"", "", ""}, proposal.PhaseOpen, proposal.PhaseApproved, proposal.PhaseFailed)[choose(6)],
	}
	if choose(3) == 0 {
		f.Stream = rapid.SampledFrom(append(c.Agreements(), c.Parties()...)).Draw(t, "stream")
	}
	var want []proposals.Proposal
	for _, p := range c.naive(t, at) {
		got, err := proposals.Get(conn, p.Stream, at)
		require.NoError(t, err)
		require.NotZero(t, got.Since)
		got.Since = readmodel.Moment{}
		require.Equal(t, p, tidy(got))
		about := f.Stream == "" || string(p.Proposed.Stream) == f.Stream || string(p.Standing.Stream) == f.Stream
		if about && (f.Phase == "" || f.Phase == p.Standing.Phase) && (f.By == "" || f.By == p.Standing.MadeBy) {
			p.Proposed.Payload = ""
			want = append(want, p)
		}
	}
	var listed []proposals.Proposal
	for {
		page, next, err := proposals.List(conn, f)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page), f.Limit)
		for _, p := range page {
			p.Since = readmodel.Moment{}
			listed = append(listed, tidy(p))
		}
		if next == "" {
			break
		}
		f.After = next
	}
	require.Equal(t, want, listed)
}

// tidy returns p with empty lists as an event that was read back has them.
func tidy(p proposals.Proposal) proposals.Proposal {
	if p.Proposed.Concerns == nil {
		p.Proposed.Concerns = []terms.Ref{}
	}
	if p.Standing.Phase == proposal.PhaseCarriedOut && p.Standing.Events == nil {
		p.Standing.Events = []uuid.UUID{}
	}
	return p
}

func TestBadQuestions(t *testing.T) {
	c := newClerk(t, func(int) int { return 0 }, 3)
	stream := c.make(t, ada, "")
	projectiontest.Read(t, t.TempDir(), c.store, func(conn *sqlite.Conn) {
		_, err := proposals.Get(conn, c.Parties()[0], readmodel.At{})
		require.ErrorIs(t, err, es.ErrNotFound)
		_, err = proposals.Get(conn, stream, readmodel.At{Events: 1 << 63})
		require.ErrorIs(t, err, es.ErrInvalid)
		_, _, err = proposals.List(conn, proposals.Filter{After: "!"})
		require.ErrorIs(t, err, es.ErrInvalid)
		_, _, err = proposals.List(conn, proposals.Filter{At: readmodel.At{Events: 1 << 63}})
		require.ErrorIs(t, err, es.ErrInvalid)
		found, next, err := proposals.List(conn, proposals.Filter{Phase: proposal.PhaseOpen})
		require.NoError(t, err)
		require.Empty(t, next)
		require.Len(t, found, 1)
		require.Equal(t, edtf.Date{}, found[0].On)
	}, proposals.New())
}
