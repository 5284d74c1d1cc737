package main

import (
	"context"
	"iter"
	"strconv"
	"time"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/proposal"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/obligations"
	"github.com/entente-ledger/entente/projections/parties"
	"github.com/entente-ledger/entente/projections/progress"
	"github.com/entente-ledger/entente/projections/proposals"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/register"
	"github.com/entente-ledger/entente/projections/search"
)

// AllAgreements implements [lists], as the others here do.
func (d *remoteDesk) AllAgreements(f register.Filter) iter.Seq2[answers.Agreement, error] {
	q := d.query().asOf(f.On).with("phase", string(f.Phase)).with("kind", string(f.Kind)).with("party", string(f.Party)).with("theme", string(f.Theme))
	if f.Sort == register.ByEntry {
		q.Set("sort", "entry")
	}
	return pages[answers.Agreement](d, "/v1/register", f.Limit, q)
}

// AllParties implements [lists].
func (d *remoteDesk) AllParties(f parties.Filter) iter.Seq2[answers.PartyLine, error] {
	return pages[answers.PartyLine](d, "/v1/parties", f.Limit, d.query().with("kind", string(f.Kind)).with("country", string(f.Country)))
}

// AllWholeParties implements [lists].
func (d *remoteDesk) AllWholeParties(f parties.Filter) iter.Seq2[answers.Party, error] {
	return func(yield func(answers.Party, error) bool) {
		for line, err := range d.AllParties(f) {
			var whole answers.Party
			if err == nil {
				whole, err = d.Party(line.ID)
			}
			if !yield(whole, err) || err != nil {
				return
			}
		}
	}
}

// AllPlans implements [lists].
func (d *remoteDesk) AllPlans(f progress.Filter) iter.Seq2[answers.PlanLine, error] {
	return pages[answers.PlanLine](d, "/v1/plans", f.Limit, d.query().asOf(f.On))
}

// AllDue implements [lists].
func (d *remoteDesk) AllDue(f obligations.Filter) iter.Seq2[answers.Obligation, error] {
	q := d.query().asOf(f.On).with("from", f.From.String()).with("to", f.To.String()).
		with("by", string(f.By)).with("party", string(f.Party)).with("about", f.Stream)
	if f.Overdue != (edtf.Date{}) {
		q.Set("overdue", "true")
	}
	return pages[answers.Obligation](d, "/v1/obligations", f.Limit, q)
}

// AllFindings implements [lists].
func (d *remoteDesk) AllFindings(f findings.Filter) iter.Seq2[answers.Finding, error] {
	q := d.query().with("about", f.Stream).with("code", f.Code)
	if f.Accepted {
		q.Set("accepted", "true")
	}
	return pages[answers.Finding](d, "/v1/findings", f.Limit, q)
}

// AllFound implements [lists].
func (d *remoteDesk) AllFound(s search.Query) iter.Seq2[answers.Hit, error] {
	return pages[answers.Hit](d, "/v1/search", s.Limit, d.query().with("q", s.Words).with("kind", s.Kind).with("theme", string(s.Theme)))
}

// AllProposals implements [lists].
func (d *remoteDesk) AllProposals(f proposals.Filter) iter.Seq2[answers.Proposal, error] {
	q := d.query().with("phase", string(f.Phase)).with("about", f.Stream).with("by", f.By)
	return mended(pages[answers.Proposal](d, "/v1/proposals", f.Limit, q), func(p *answers.Proposal) error {
		p.Row = proposalRow(*p)
		return nil
	})
}

// proposalRow is what the read model has of a proposal, as far as it is answered.
func proposalRow(p answers.Proposal) proposals.Proposal {
	return proposals.Proposal{
		Stream: p.ID, Why: p.Why, On: p.On,
		Proposed: proposal.Proposed{Command: p.Command, Stream: p.Stream, At: p.At, Payload: p.Payload, KnownAt: p.KnownAt, Concerns: p.Concerns},
		Standing: proposal.Standing{
			Phase: p.Phase, MadeBy: p.By, DecidedBy: p.DecidedBy, Why: p.Said, Stream: p.Led, Revision: p.To, Events: p.Events, Code: p.Code, Message: p.Message,
		},
	}
}

// AllHistory implements [lists].
func (d *remoteDesk) AllHistory(_ context.Context, id string) iter.Seq2[answers.Event, error] {
	return mended(pages[answers.Event](d, "/v1/"+kindOfStream(id)+"/"+id+"/history", 0, d.query()), addLine)
}

// AllLog implements [lists].
func (d *remoteDesk) AllLog(_ context.Context, f answers.LogFilter) iter.Seq2[answers.Event, error] {
	q := d.query().with("from", strconv.FormatUint(f.From, 10))
	q.Values["type"] = f.Types
	return mended(pages[answers.Event](d, "/v1/events", f.Limit, q), addLine)
}

// addLine adds to an event what is shown of its line.
func addLine(e *answers.Event) error {
	known, err := time.Parse(time.RFC3339, e.KnownAt)
	if err != nil {
		return err
	}
	recorded, err := time.Parse(time.RFC3339, e.RecordedAt)
	e.Line = history.Line{
		Sequence: e.Sequence, Stream: e.Stream, Revision: e.Revision, Type: e.Type, Status: e.Status, Known: known, Recorded: recorded,
		Record: es.Record{Stream: e.Stream, Revision: e.Revision, Type: e.Type, Data: e.Data},
	}
	return err
}

// DiffAll implements [lists].
func (d *remoteDesk) DiffAll(edtf.Date, answers.Span) iter.Seq2[answers.Differing, error] {
	return failing[answers.Differing](notServed("what changed in everything", "diff with an id"))
}

// Months implements [lists]. The last months that have anything are those of a
// span without a beginning.
func (d *remoteDesk) Months(w readmodel.Within, last int) ([]answers.Month, error) {
	q := d.query().with("to", w.To.String()[:len("2019-05")])
	if last == 0 {
		q.Set("from", w.From.String()[:len("2019-05")])
	}
	all, err := fetched[struct {
		Months []answers.Month `json:"months"`
	}](d, "/v1/stats", q)
	return all.Months, err
}

// Report implements [lists].
func (d *remoteDesk) Report(w readmodel.Within) (answers.Report, error) {
	return fetched[answers.Report](d, "/v1/report", d.query().with("from", w.From.String()).with("to", w.To.String()).with("about", w.About))
}
