package answers

import (
	"iter"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/proposal"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/proposals"
)

// Proposal is a command that needs, or needed, a second person.
type Proposal struct {
	ID       string         `json:"id"`
	Phase    proposal.Phase `json:"phase"`
	Command  string         `json:"command"` // memorandum.terminate
	Stream   terms.Ref      `json:"stream"`  // "": it opens one
	At       es.Revision    `json:"at"`      // the revision of the stream when it was proposed
	Payload  string         `json:"payload"` // JSON; "" in a list
	KnownAt  string         `json:"knownAt"`
	Concerns []terms.Ref    `json:"concerns"` // parties and networks
	By       string         `json:"by"`       // opaque id of who proposes it
	On       edtf.Date      `json:"on"`
	Why      string         `json:"why"`
	// DecidedBy is the opaque id of who approved, refused or withdrew it.
	DecidedBy string `json:"decidedBy"`
	Said      string `json:"said"` // why it was decided so
	// Led is the stream that the command led to, and To its revision after it.
	Led    terms.Ref   `json:"led"`
	To     es.Revision `json:"to"`
	Events []uuid.UUID `json:"events"`
	// Code and Message say how the command was rejected, if it was.
	Code    string `json:"code"`
	Message string `json:"message"`
	Since   string `json:"since"` // when what made it stand so was recorded, RFC 3339 UTC

	// Row is the proposal as the read model has it.
	Row proposals.Proposal `json:"-"`
}

func proposalOf(p proposals.Proposal) (Proposal, error) {
	what, s := p.Proposed, p.Standing
	return Proposal{
		p.Stream, s.Phase, what.Command, what.Stream, what.At, what.Payload, what.KnownAt, what.Concerns, s.MadeBy, p.On, p.Why, s.DecidedBy, s.Why,
		s.Stream, s.Revision, s.Events, s.Code, s.Message, es.FormatInstant(p.Since.Recorded), p,
	}, nil
}

// Proposals answers a page of proposals, those made first at the beginning.
func (d *Desk) Proposals(f proposals.Filter) (Page[Proposal], error) {
	f.At = d.At
	rows, next, err := proposals.List(d.Conn, f)
	return paged(rows, next, err, proposalOf)
}

// AllProposals yields the proposals that match f from its cursor on, at most
// f.Limit or, if that is 0, all. After an error it ends.
func (d *Desk) AllProposals(f proposals.Filter) iter.Seq2[Proposal, error] {
	return whole(f.Limit, f.After, func(limit int, after string) (Page[Proposal], error) {
		f.Limit, f.After = limit, after
		return d.Proposals(f)
	})
}

// Proposal answers a proposal with the command's payload.
func (d *Desk) Proposal(id string) (Proposal, error) {
	p, err := proposals.Get(d.Conn, id, d.At)
	if err != nil {
		return Proposal{}, err
	}
	return proposalOf(p)
}
