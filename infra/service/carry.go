package service

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/proposal"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/proposals"
)

// Resume carries out what is approved according to the views, and not yet known
// to be carried out or to have failed: what a crash or an error of the store
// left. It may run beside everything else, and as often as one likes. One that
// cannot be carried out does not stop the others; their errors are joined.
func (s *Service) Resume(ctx context.Context) error {
	f := proposals.Filter{Phase: proposal.PhaseApproved}
	var failed error
	for {
		var page []proposals.Proposal
		err := s.Views.Read(ctx, func(conn *sqlite.Conn, _ projections.Checkpoint) (err error) {
			page, f.After, err = proposals.List(conn, f)
			return err
		})
		if err != nil {
			return errors.Join(failed, err)
		}
		for _, p := range page {
			if err := s.carryOut(ctx, p.Stream); err != nil {
				failed = errors.Join(failed, fmt.Errorf("carry out %s: %w", p.Stream, err))
			}
		}
		if f.After == "" {
			return failed
		}
	}
}

// command returns the command that p proposes, as it is to be given.
func (p proposed) command() es.Command {
	known, _ := es.ParseInstant(p.made.Proposed.KnownAt) // the decider has checked it
	return es.Command{
		ID: p.made.Proposed.ID, Name: p.made.Proposed.Command, Stream: string(p.made.Proposed.Stream), Payload: []byte(p.made.Proposed.Payload),
		Actor: p.made.By, ApprovedBy: p.standing.DecidedBy, Correlation: actOf(p.stream), KnownAt: known,
	}
}

// carryOut gives the command of a proposal that is approved, and records what
// came of it. Both have ids that follow from the proposal's, so that several may
// do so at once, and it can be begun again after a crash at any point.
func (s *Service) carryOut(ctx context.Context, stream string) error {
	p, err := s.load(ctx, stream)
	if err != nil || p.standing.Phase != proposal.PhaseApproved {
		return err
	}
	name, outcome := "proposal.carry_out", proposal.Event(nil)
	res, err := s.give(ctx, p.command())
	switch {
	case err == nil:
		done := proposal.CarriedOut{Fact: s.dated(terms.Fact{}), Stream: terms.Ref(res.Stream), Revision: res.Revision}
		for _, r := range res.Events {
			done.Events = append(done.Events, r.ID)
		}
		outcome = done
	case answers(err):
		e, _ := errors.AsType[*es.Error](err) // it has a kind
		name, outcome = "proposal.fail", proposal.Failed{Fact: s.dated(terms.Fact{}), Code: e.Code, Message: e.Message}
	default:
		return err
	}
	id := uuid.NewSHA1(p.made.Proposed.ID, []byte("outcome"))
	_, err = s.tell(ctx, es.Command{ID: id, Name: name, Stream: stream, Actor: p.standing.DecidedBy}, outcome)
	if answers(err) { // somebody was faster, or the proposal was voided meanwhile
		if now, failed := s.load(ctx, stream); failed == nil && now.standing.Phase == proposal.PhaseApproved {
			return err
		}
		return nil
	}
	return err
}

// give records the command of a proposal. Whether who proposed it may is asked
// again; what is recorded already is returned whoever may do what now.
func (s *Service) give(ctx context.Context, cmd es.Command) (es.Result, error) {
	stream, err := ledger.StreamOf(cmd)
	if err != nil {
		return es.Result{}, err
	}
	if recs, err := s.causedBy(ctx, stream, cmd.ID); err != nil || len(recs) > 0 {
		if err != nil {
			return es.Result{}, err
		}
		return resultOf(recs, true), nil
	}
	who, err := s.Identity(ctx, cmd.Actor)
	if err != nil {
		return es.Result{}, err
	}
	m, err := s.admit(ctx, who, cmd)
	if err == nil {
		err = s.ask(ctx, m.request(who, access.Record, false))
	}
	if err != nil {
		return es.Result{}, err
	}
	return s.Ledger.Do(ctx, cmd)
}
