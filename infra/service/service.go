package service

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

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

// DoAll records commands that are one act, one after the other, each as
// [Service.Do] does: one that is refused is left out, and the others go on.
// Each event has the act as its correlation. Commands that follow each other on
// a stream that is there are decided together, and appended together.
//
// There is an outcome for each command, with one result unless it has an error.
// An error of the store or ctx is returned besides, with the outcomes so far;
// what came of the others is unknown until all are given again.
func (s *Service) DoAll(ctx context.Context, who access.Identity, act uuid.UUID, cmds []es.Command) ([]es.Outcome, error) {
	out := make([]es.Outcome, 0, len(cmds))
	for rest := cmds; len(rest) > 0; {
		n := together(rest)
		do := s.doTogether
		if n == 1 {
			do = s.doOne
		}
		done, err := do(ctx, who, act, rest[:n])
		if err != nil {
			return out, err
		}
		out, rest = append(out, done...), rest[n:]
	}
	return out, nil
}

// together returns how many of the first commands are on one stream, which they
// name, and are no matter of proposals.
func together(cmds []es.Command) int {
	kind, _, _ := strings.Cut(cmds[0].Name, ".")
	is := func(c es.Command) bool {
		_, door := doors[c.Name]
		return !door && c.Stream != "" && c.Stream == cmds[0].Stream && c.DryRun == cmds[0].DryRun && strings.HasPrefix(c.Name, kind+".")
	}
	n := 0
	for n < len(cmds) && is(cmds[n]) {
		n++
	}
	return max(n, 1)
}

func (s *Service) doOne(ctx context.Context, who access.Identity, act uuid.UUID, cmds []es.Command) ([]es.Outcome, error) {
	cmd := cmds[0]
	cmd.Correlation = act
	res, err := s.Do(ctx, who, cmd)
	switch {
	case fatal(err):
		return nil, err
	case err != nil:
		return []es.Outcome{{Err: err}}, nil
	}
	return []es.Outcome{{Results: []es.Result{res}}}, nil
}

func (s *Service) doTogether(ctx context.Context, who access.Identity, act uuid.UUID, cmds []es.Command) ([]es.Outcome, error) {
	out := make([]es.Outcome, len(cmds))
	var acts []es.Act
	var whose []int
	for i, cmd := range cmds {
		cmd.Correlation, cmd.Actor, cmd.ApprovedBy = act, who.ID, ""
		err := s.allow(ctx, who, cmd)
		if fatal(err) {
			return nil, err
		}
		if out[i].Err = err; err == nil {
			acts, whose = append(acts, es.Act{cmd}), append(whose, i)
		}
	}
	done, err := s.Ledger.DoAll(ctx, acts)
	if err != nil {
		return nil, fmt.Errorf("record on %s: %w", cmds[0].Stream, err)
	}
	for i, o := range done {
		out[whose[i]] = o
	}
	return out, nil
}
