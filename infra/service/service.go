package service

import (
	"context"
	"time"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/projections"
)

// Service records commands for identities. Its fields are all needed, and set
// before use; then it is safe for concurrent use.
type Service struct {
	Ledger *ledger.Ledger
	// Views are read to find what is to be resumed, and the findings that are
	// decided on.
	Views  *projections.Views
	Policy *access.Policy
	// Identity returns what an identity holds at the moment, or fails with
	// [es.ErrNotFound] if nobody has the id. One that has ended holds nothing.
	Identity func(ctx context.Context, id string) (access.Identity, error)
	Journal  Journal
	// Now tells the time.
	Now func() time.Time

	read readings
}

// Journal keeps what was refused to whom.
type Journal interface {
	// Denied keeps that what r asks for was refused with the code of an error, as
	// d decided. When it returns, that is kept as durably as the journal says.
	Denied(ctx context.Context, r access.Request, code string, d access.Decision) error
}

// Errors of permissions, which all of this package's methods can meet.
var (
	ErrDenied         = es.Denied("access.denied", "you may not do this", "somebody to whom the policy allows it")
	ErrApprovalNeeded = es.Denied("access.approval_needed", "this needs a second person", "a proposal, which somebody else approves")
)

// Do records cmd as who, who becomes its actor; nobody approves it. It is
// idempotent as [es.Handler.Handle] is, and fails as [ledger.Ledger.Do] does;
// besides with [ErrDenied], with [ErrApprovalNeeded] if it may be proposed only,
// and with [es.ErrNotFound] if who may not read the stream. What is refused to
// somebody is told to the journal. A dry run needs the same permission.
//
// Commands on proposals are the methods named after them: proposal.make is
// [Service.Propose], and so on. What the service finds out itself is left out
// of their payloads.
func (s *Service) Do(ctx context.Context, who access.Identity, cmd es.Command) (es.Result, error) {
	if door, ok := doors[cmd.Name]; ok {
		return door(s, ctx, who, cmd)
	}
	cmd.Actor, cmd.ApprovedBy = who.ID, ""
	if err := s.allow(ctx, who, cmd); err != nil {
		return es.Result{}, err
	}
	return s.Ledger.Do(ctx, cmd)
}

// allow fails unless who may give cmd, alone.
func (s *Service) allow(ctx context.Context, who access.Identity, cmd es.Command) error {
	m, err := s.admit(ctx, who, cmd)
	if err != nil {
		return err
	}
	if err := s.ask(ctx, m.request(who, access.Record, true)); err != nil {
		return err
	}
	return s.check(ctx, m)
}

// check fails if m contradicts what is known here and not to the ledger.
func (s *Service) check(ctx context.Context, m matter) error {
	if err := s.checkFinding(ctx, m); err != nil {
		return err
	}
	return s.checkReclassified(ctx, m)
}
