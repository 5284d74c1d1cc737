package service

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/proposal"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/access"
)

// Propose records that who proposes cmd, and why. The id of cmd is that of the
// proposal; the command gets one that follows from it. The ledger is asked
// first whether it would record the command, and its answer is returned if it
// would not; that of a dry run in any case. cmd.Expect holds when the command
// is proposed, not when it is carried out: then the ledger decides on what is
// there, and whoever approves sees at which revision it was proposed.
//
// The proposal is as restricted as what it is about, and never public. It fails
// as [Service.Do] does; who may not propose meets [ErrDenied].
func (s *Service) Propose(ctx context.Context, who access.Identity, cmd es.Command, why string) (es.Result, error) {
	return s.propose(ctx, who, cmd, proposal.Made{Why: why, Visibility: es.Internal})
}

func (s *Service) propose(ctx context.Context, who access.Identity, cmd es.Command, made proposal.Made) (es.Result, error) {
	id, stream := cmd.ID, es.NewStream("proposal", cmd.ID)
	cmd.ID, cmd.Actor, cmd.ApprovedBy = uuid.NewSHA1(id, []byte("proposed")), who.ID, ""
	m, err := s.admit(ctx, who, cmd)
	if err == nil {
		err = s.ask(ctx, m.request(who, access.Propose, false))
	}
	if err == nil {
		err = s.check(ctx, m)
	}
	if err != nil {
		return es.Result{}, err
	}
	made.By, made.Fact = who.ID, s.dated(made.Fact)
	made.Visibility = mostRestricted(made.Visibility, es.Internal, m.visibility(), m.on.visibility)
	made.Proposed = proposal.Proposed{
		ID: cmd.ID, Command: cmd.Name, Stream: terms.Ref(cmd.Stream), At: m.on.revision, Payload: string(cmd.Payload),
		KnownAt: es.FormatInstant(cmd.KnownAt), Concerns: refs(m.concerns),
	}
	if res, err := s.repeated(ctx, stream, id, made); err != nil || res.Repeated {
		return res, err
	}
	dry := cmd.DryRun
	cmd.DryRun = true
	if res, err := s.Ledger.Do(ctx, cmd); err != nil || dry {
		return res, err
	}
	return s.tell(ctx, es.Command{ID: id, Name: "proposal.make", Stream: stream, Actor: who.ID}, made)
}

// tell records an event of a proposal. Whatever is recorded because of a
// proposal has the proposal's id as its correlation.
func (s *Service) tell(ctx context.Context, cmd es.Command, e proposal.Event) (es.Result, error) {
	_, _, payload, err := proposal.Events.Encode(e)
	if err != nil {
		return es.Result{}, fmt.Errorf("write %s: %w", cmd.Name, err)
	}
	cmd.Payload, cmd.Correlation = payload, actOf(cmd.Stream)
	return s.Ledger.Do(ctx, cmd)
}

// actOf returns the id in the name of a proposal's stream.
func actOf(stream string) uuid.UUID {
	_, id, _ := es.ParseStream(stream)
	return id
}

// dated returns a fact with a date: today, if it has none.
func (s *Service) dated(f terms.Fact) terms.Fact {
	if f.Occurred.IsUnknown() {
		f.Occurred = edtf.MustParse(s.Now().UTC().Format(time.DateOnly))
	}
	return f
}

func refs(streams []string) []terms.Ref {
	all := make([]terms.Ref, len(streams))
	for i, stream := range streams {
		all[i] = terms.Ref(stream)
	}
	return slices.Compact(slices.Sorted(slices.Values(all)))
}

// mostRestricted returns the visibility that the fewest see; "" is none.
func mostRestricted(all ...es.Visibility) es.Visibility {
	words := es.Visibility("").Words()
	return slices.MaxFunc(all, func(a, b es.Visibility) int {
		return slices.Index(words, string(a)) - slices.Index(words, string(b))
	})
}

// checkReclassified fails with [es.ErrRejected] if m would show a proposal to
// more than may see what it is about.
func (s *Service) checkReclassified(ctx context.Context, m matter) error {
	if m.kind != "proposal" || !m.reclassifies() {
		return nil
	}
	p, err := s.load(ctx, m.on.stream)
	if err != nil {
		return err
	}
	about, err := s.examine(ctx, p.command())
	if err != nil {
		return err
	}
	least := mostRestricted(es.Internal, about.visibility(), about.on.visibility)
	if mostRestricted(least, m.visibility()) != m.visibility() {
		return es.Rejected("service.too_visible", "a proposal cannot be seen by more than what it is about", string(least)).At("/visibility")
	}
	return nil
}
