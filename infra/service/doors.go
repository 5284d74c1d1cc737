package service

import (
	"context"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/proposal"
	"github.com/entente-ledger/entente/infra/access"
)

// doors are the commands that [Service.Do] does not give to the ledger as they
// are.
var doors = map[string]func(s *Service, ctx context.Context, who access.Identity, cmd es.Command) (es.Result, error){
	"proposal.make":      (*Service).doMake,
	"proposal.approve":   (*Service).doDecide,
	"proposal.refuse":    (*Service).doDecide,
	"proposal.withdraw":  (*Service).doDecide,
	"proposal.carry_out": (*Service).doNothing,
	"proposal.fail":      (*Service).doNothing,
}

// errFilledIn is what a payload meets that says what the service finds out.
var errFilledIn = es.Invalid("service.filled_in", "this is filled in by the service", "nothing")

func (s *Service) doMake(ctx context.Context, who access.Identity, cmd es.Command) (es.Result, error) {
	parsed, err := ledger.Parse(cmd)
	if err != nil {
		return es.Result{}, err
	}
	made := proposal.Made(parsed.(proposal.Make))
	p := made.Proposed
	switch {
	case made.By != "" && made.By != who.ID:
		return es.Result{}, errFilledIn.At("/by")
	case p.ID != uuid.Nil:
		return es.Result{}, errFilledIn.At("/proposed/id")
	case p.At != 0:
		return es.Result{}, errFilledIn.At("/proposed/at")
	case len(p.Concerns) > 0:
		return es.Result{}, errFilledIn.At("/proposed/concerns")
	}
	known, err := es.ParseInstant(p.KnownAt)
	if err != nil {
		return es.Result{}, es.Invalid("proposal.bad_known", "this is not an instant as the ledger writes it",
			"such as 2026-03-01T09:30:00.000000Z, or nothing").At("/proposed/knownAt")
	}
	return s.propose(ctx, who, es.Command{
		ID: cmd.ID, Name: p.Command, Stream: string(p.Stream), Payload: []byte(p.Payload), KnownAt: known, Expect: cmd.Expect, DryRun: cmd.DryRun,
	}, made)
}

func (s *Service) doDecide(ctx context.Context, who access.Identity, cmd es.Command) (es.Result, error) {
	parsed, err := ledger.Parse(cmd)
	if err != nil {
		return es.Result{}, err
	}
	v := Verdict{ID: cmd.ID, Proposal: cmd.Stream, Expect: cmd.Expect, DryRun: cmd.DryRun}
	var by string
	decide := s.Approve
	switch c := parsed.(type) {
	case proposal.Approve:
		v.Fact, v.Why, by = c.Fact, c.Why, c.By
	case proposal.Refuse:
		v.Fact, v.Why, by, decide = c.Fact, c.Why, c.By, s.Refuse
	case proposal.Withdraw:
		v.Fact, v.Why, by, decide = c.Fact, c.Why, c.By, s.Withdraw
	}
	if by != "" && by != who.ID {
		return es.Result{}, errFilledIn.At("/by")
	}
	return decide(ctx, who, v)
}

// doNothing refuses what only the service says.
func (s *Service) doNothing(ctx context.Context, who access.Identity, cmd es.Command) (es.Result, error) {
	r := access.Request{Who: who, Action: access.Record, Kind: "proposal", Stream: cmd.Stream, Command: cmd.Name, Alone: true}
	return es.Result{}, s.refuse(ctx, r, ErrDenied, access.Decision{})
}

// Manages reports whether a command is not given to the ledger as it is, because
// the service finds out a part of it, or gives it itself.
func Manages(command string) bool {
	_, ok := doors[command]
	return ok
}
