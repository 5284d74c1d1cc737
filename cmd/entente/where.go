package main

import (
	"context"
	"iter"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/obligations"
	"github.com/entente-ledger/entente/projections/parties"
	"github.com/entente-ledger/entente/projections/progress"
	"github.com/entente-ledger/entente/projections/proposals"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/register"
	"github.com/entente-ledger/entente/projections/search"
)

// reading is a ledger that is open to be asked: in a folder, or through a service.
type reading interface {
	// resolve returns the full id of a record for one that may be shortened.
	resolve(ctx context.Context, id string) (string, error)
	// resolveNetwork returns the id of a network for one that may be shortened, or
	// for a title.
	resolveNetwork(ctx context.Context, text string) (string, error)
	// there fails with [es.ErrNotFound] if there is no such record.
	there(ctx context.Context, id string) error
	// ask calls use with a desk that answers by the knowledge that is asked for.
	ask(ctx context.Context, use func(d answering) error) error
	// held is how many events there are to answer by.
	held(ctx context.Context) (uint64, error)
	// log prints what is recorded from a sequence on, of a type or, if that is "", of
	// all, and then what comes, if that is wanted, until ctx is done.
	log(ctx context.Context, from uint64, typ string, follow bool) error
	// provenance prints a history as PROV-JSON.
	provenance(ctx context.Context, id string) error
}

// recording is a ledger that is open to be recorded in.
type recording interface {
	// give gives one command to the ledger.
	give(ctx context.Context, actor string, dry bool, in input) (recorded, error)
}

// answering answers questions about a ledger, as [answers.Desk] documents them.
type answering interface {
	lists
	records
	// Name returns what a record is called, the beginning of its id if it is called
	// nothing.
	Name(id string) (string, error)
}

// lists are the questions that are answered with many things.
type lists interface {
	AllAgreements(f register.Filter) iter.Seq2[answers.Agreement, error]
	AllParties(f parties.Filter) iter.Seq2[answers.PartyLine, error]
	AllWholeParties(f parties.Filter) iter.Seq2[answers.Party, error]
	AllPlans(f progress.Filter) iter.Seq2[answers.PlanLine, error]
	AllDue(f obligations.Filter) iter.Seq2[answers.Obligation, error]
	AllFindings(f findings.Filter) iter.Seq2[answers.Finding, error]
	AllFound(q search.Query) iter.Seq2[answers.Hit, error]
	AllProposals(f proposals.Filter) iter.Seq2[answers.Proposal, error]
	AllHistory(ctx context.Context, id string) iter.Seq2[answers.Event, error]
	AllLog(ctx context.Context, f answers.LogFilter) iter.Seq2[answers.Event, error]
	DiffAll(on edtf.Date, s answers.Span) iter.Seq2[answers.Differing, error]
	Months(w readmodel.Within, last int) ([]answers.Month, error)
	Report(w readmodel.Within) (answers.Report, error)
}

// records are the questions about one record.
type records interface {
	Agreement(id string, on edtf.Date) (answers.Agreement, error)
	Party(id string) (answers.Party, error)
	Roster(id string, on edtf.Date) (answers.Roster, error)
	Plan(id string, on edtf.Date) (answers.Plan, error)
	Record(ctx context.Context, id string) (answers.Record, error)
	Chart(id string) (answers.Chart, error)
	Proposal(id string) (answers.Proposal, error)
	Explain(ctx context.Context, id string, field memorandum.Field) (answers.Explanation, error)
	Diff(ctx context.Context, id string, on edtf.Date, s answers.Span) ([]answers.Change, error)
	Blame(ctx context.Context, id string, on edtf.Date) ([]answers.Blamed, error)
	Reachable(ctx context.Context, o answers.Obligation, on edtf.Date) (answers.Reachable, error)
}

// reading calls use with the ledger open to be asked, wherever it is.
func (a *app) reading(ctx context.Context, use func(l reading) error) error {
	if a.server == "" {
		return a.withReader(ctx, func(l *opened) error { return use(l) })
	}
	r, err := a.remote()
	if err != nil {
		return err
	}
	return use(r)
}

// recording calls use with the ledger open for recording, wherever it is.
func (a *app) recording(ctx context.Context, use func(l recording, actor string) error) error {
	if a.server != "" {
		r, err := a.remote()
		if err != nil {
			return err
		}
		return use(r, "") // who records is who asks
	}
	actor, err := a.identity()
	if err != nil {
		return err
	}
	return a.withLedger(ctx, actor, func(l *opened) error { return use(l, actor) })
}

// proving is a ledger that proves what it holds.
type proving interface {
	// receipt returns the receipt of an event, and the event as stored.
	receipt(ctx context.Context, id uuid.UUID) (receipt, event []byte, err error)
	// witnessed returns the last checkpoint, with the cosignatures of witnesses.
	witnessed(ctx context.Context) ([]byte, error)
	// printStatus prints how it is.
	printStatus(ctx context.Context) error
}

// proving calls use with the ledger wherever it is: in the folder as open opens it.
func (a *app) proving(ctx context.Context, open func(ctx context.Context, use func(l *opened) error) error, use func(p proving) error) error {
	if a.server == "" {
		return open(ctx, func(l *opened) error { return use(l) })
	}
	r, err := a.remote()
	if err != nil {
		return err
	}
	return use(r)
}
