package service

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/proposal"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/access"
)

// Verdict is what somebody says to a proposal.
type Verdict struct {
	ID       uuid.UUID    // the caller's, as that of a command
	Proposal string       // its stream
	Fact     terms.Fact   // when it was decided; unknown: today
	Why      string       // a refusal needs it
	Expect   *es.Revision // if set, the revision the proposal must be at
	DryRun   bool
}

// Approve records that who approves a proposal, has the command recorded with
// who made it as the actor and who as the one who approved, and records what
// came of it: the result holds the events of the proposal, the approval and the
// outcome. A command that the ledger rejects, or that the policy does not allow
// who proposed it any more, is an outcome too, and no error.
//
// After an error of the store the approval may be recorded and the command not:
// giving the same verdict again goes on, as [Service.Resume] does.
//
// It fails with [es.ErrNotFound] if there is no such proposal or who may not
// read it, with [proposal.ErrSamePerson], [ErrDenied] or [proposal.ErrNotOpen].
func (s *Service) Approve(ctx context.Context, who access.Identity, v Verdict) (es.Result, error) {
	res, err := s.decide(ctx, who, v, "proposal.approve", proposal.Approved{Fact: s.dated(v.Fact), By: who.ID, Why: v.Why})
	if err != nil || v.DryRun {
		return res, err
	}
	// The approval is recorded: that who asked for it has gone changes nothing.
	ctx = context.WithoutCancel(ctx)
	if err := s.carryOut(ctx, v.Proposal); err != nil {
		return es.Result{}, fmt.Errorf("carry out %s: %w", v.Proposal, err)
	}
	return s.since(ctx, res)
}

// Refuse records that who does not agree to a proposal, and why. It needs the
// same permission as [Service.Approve], and fails likewise.
func (s *Service) Refuse(ctx context.Context, who access.Identity, v Verdict) (es.Result, error) {
	return s.decide(ctx, who, v, "proposal.refuse", proposal.Refused{Fact: s.dated(v.Fact), By: who.ID, Why: v.Why})
}

// Withdraw records that who takes back what who proposed. It needs no
// permission, and fails with [proposal.ErrNotTheirs] if somebody else did.
func (s *Service) Withdraw(ctx context.Context, who access.Identity, v Verdict) (es.Result, error) {
	return s.decide(ctx, who, v, "proposal.withdraw", proposal.Withdrawn{Fact: s.dated(v.Fact), By: who.ID, Why: v.Why})
}

// decide records what who says to a proposal.
func (s *Service) decide(ctx context.Context, who access.Identity, v Verdict, name string, e proposal.Event) (es.Result, error) {
	p, err := s.shown(ctx, who, v.Proposal)
	if err != nil {
		return es.Result{}, err
	}
	if res, err := s.repeated(ctx, v.Proposal, v.ID, e); err != nil || res.Repeated {
		return res, err
	}
	if _, ok := e.(proposal.Withdrawn); !ok {
		if err := s.mayDecide(ctx, who, p); err != nil {
			return es.Result{}, err
		}
	}
	return s.tell(ctx, es.Command{ID: v.ID, Name: name, Stream: v.Proposal, Actor: who.ID, Expect: v.Expect, DryRun: v.DryRun}, e)
}

// mayDecide fails unless who may approve or refuse p.
func (s *Service) mayDecide(ctx context.Context, who access.Identity, p proposed) error {
	if who.ID == p.made.By {
		return proposal.ErrSamePerson
	}
	m, err := s.examine(ctx, p.command())
	if err != nil {
		return err
	}
	r := m.request(who, access.Approve, false)
	r.Proposer = p.made.By
	if !m.opens() && !s.reads(who, m.on) {
		return s.refuse(ctx, r, ErrDenied, access.Decision{})
	}
	return s.ask(ctx, r)
}

// proposed is a proposal as it stands.
type proposed struct {
	stream   string
	made     proposal.Made
	standing proposal.Standing
}

// load returns the proposal in a stream, or fails with [es.ErrNotFound] also if
// it was made in error.
func (s *Service) load(ctx context.Context, stream string) (proposed, error) {
	if !strings.HasPrefix(stream, "proposal-") {
		return proposed{}, errUnknown
	}
	var events []proposal.Event
	for r, err := range s.Ledger.Store().ReadStream(ctx, stream, 0) {
		if err != nil {
			return proposed{}, fmt.Errorf("read %s: %w", stream, err)
		}
		decoded, err := ledger.Decode(r)
		if err != nil {
			return proposed{}, err
		}
		events = append(events, decoded.(proposal.Event))
	}
	state := proposal.Decider.Fold(events...)
	if !state.Exists() {
		return proposed{}, errUnknown
	}
	return proposed{stream, state.Describe(), state.Standing()}, nil
}

// errUnknown is what the ledger says too.
var errUnknown = es.NotFound("proposal.unknown", "there is no such proposal")

// shown is load for who, who may read it, or has made it.
func (s *Service) shown(ctx context.Context, who access.Identity, stream string) (proposed, error) {
	p, err := s.load(ctx, stream)
	if err != nil || p.made.By == who.ID {
		return p, err
	}
	r, err := s.record(ctx, stream)
	if err != nil {
		return p, err
	}
	if !s.reads(who, r) {
		request := access.Request{Who: who, Action: access.Read, Kind: "proposal", Stream: stream, Visibility: r.visibility, Concerns: r.concerns}
		return p, s.refuse(ctx, request, errUnknown, access.Decision{})
	}
	return p, nil
}

// repeated returns what was recorded in a proposal under an id, if it was to
// say the same as e; else it fails with [es.ErrReused]. It does not look at the
// date, which may be another the next time.
func (s *Service) repeated(ctx context.Context, stream string, id uuid.UUID, e proposal.Event) (es.Result, error) {
	recs, err := s.causedBy(ctx, stream, id)
	if err != nil || len(recs) == 0 {
		return es.Result{}, err
	}
	earlier, err := ledger.Decode(recs[0])
	if err != nil {
		return es.Result{}, err
	}
	if essence(earlier.(proposal.Event)) != essence(e) {
		return es.Result{}, &es.Error{
			Kind: es.ErrReused, Code: "es.command_reused",
			Message: fmt.Sprintf("the command id %s was used for another command", id), Want: "a new id",
		}
	}
	return resultOf(recs, true), nil
}

// essence is what of an event of a proposal two commands have in common that
// are the same. It can be compared.
func essence(e proposal.Event) any {
	switch e := e.(type) {
	case proposal.Made:
		p := e.Proposed
		return [...]string{e.By, e.Why, p.Command, string(p.Stream), p.Payload, p.KnownAt}
	case proposal.Approved:
		return proposal.Approved{By: e.By, Why: e.Why}
	case proposal.Refused:
		return proposal.Refused{By: e.By, Why: e.Why}
	case proposal.Withdrawn:
		return proposal.Withdrawn{By: e.By, Why: e.Why}
	default:
		return nil
	}
}

// causedBy returns what a command recorded in a stream.
func (s *Service) causedBy(ctx context.Context, stream string, id uuid.UUID) ([]es.Record, error) {
	var recs []es.Record
	for r, err := range s.Ledger.Store().ReadStream(ctx, stream, 0) {
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", stream, err)
		}
		meta, err := es.DecodeMeta(r.Meta)
		if err != nil {
			return nil, fmt.Errorf("read %s at revision %d: %w", stream, r.Revision, err)
		}
		if meta.Cause == id {
			recs = append(recs, r)
		}
	}
	return recs, nil
}

func resultOf(recs []es.Record, repeated bool) es.Result {
	last := recs[len(recs)-1]
	return es.Result{Stream: last.Stream, Revision: last.Revision, Position: last.Position, Events: recs, Repeated: repeated}
}

// since returns res with all that was recorded in its stream from it on.
func (s *Service) since(ctx context.Context, res es.Result) (es.Result, error) {
	if len(res.Events) == 0 {
		return res, nil
	}
	var recs []es.Record
	for r, err := range s.Ledger.Store().ReadStream(ctx, res.Stream, res.Events[0].Revision-1) {
		if err != nil {
			return es.Result{}, fmt.Errorf("read %s: %w", res.Stream, err)
		}
		recs = append(recs, r)
	}
	return resultOf(recs, res.Repeated), nil
}
