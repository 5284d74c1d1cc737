package answers

import (
	"encoding/hex"
	"fmt"
	"iter"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/review"
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Finding is something a person should look at.
type Finding struct {
	ID     uuid.UUID `json:"id"`
	Code   string    `json:"code"`
	Stream string    `json:"stream"`
	Other  string    `json:"other"`  // another stream it is about, or ""
	Detail string    `json:"detail"` // a sentence
	Events []Place   `json:"events"` // that it is about
	// Digest is another when the finding or one of its events changes.
	Digest   string          `json:"digest"`
	Standing review.Standing `json:"standing"` // "" if nothing was decided about it
	Stale    bool            `json:"stale"`    // it was accepted, and has changed since
	To       string          `json:"assignedTo"`
	Reason   string          `json:"reason"`
	// Remedy is the command that settles it, or "".
	Remedy string `json:"remedy"`
}

// Place is where an event stands.
type Place struct {
	Sequence uint64      `json:"sequence"`
	Stream   string      `json:"stream"`
	Revision es.Revision `json:"revision"`
	ID       uuid.UUID   `json:"id"`
	Type     string      `json:"type"`
}

// Findings answers a page of the findings that match f, those of one stream
// together.
func (d *Desk) Findings(f findings.Filter) (Page[Finding], error) {
	f.At = d.At
	rows, next, err := findings.List(d.Conn, f)
	return paged(rows, next, err, func(one findings.Finding) (Finding, error) { return d.finding(one), nil })
}

// AllFindings yields the findings that match f from its cursor on, at most f.Limit
// or, if that is 0, all. After an error it ends.
func (d *Desk) AllFindings(f findings.Filter) iter.Seq2[Finding, error] {
	return whole(f.Limit, f.After, func(limit int, after string) (Page[Finding], error) {
		f.Limit, f.After = limit, after
		return d.Findings(f)
	})
}

func (d *Desk) finding(f findings.Finding) Finding {
	return Finding{
		ID: f.ID, Code: f.Code, Stream: f.Stream, Other: f.Other, Detail: f.Detail, Digest: hex.EncodeToString(f.Digest[:]),
		Standing: f.Review.Standing, Stale: f.Review.Stale, To: f.Review.To, Reason: f.Review.Reason, Remedy: d.remedy(f),
		Events: each(f.Events, func(e history.Place) Place { return Place{e.Sequence, e.Stream, e.Revision, e.ID, e.Type} }),
	}
}

// remedy returns the command that settles a finding, or "". It is about the
// present only, and not about what was accepted.
func (d *Desk) remedy(f findings.Finding) string {
	if f.Code != findings.Duplicate || d.At != (readmodel.At{Sees: d.At.Sees}) || f.Review.Standing == review.StandingAccepted && !f.Review.Stale {
		return ""
	}
	duplicate, other := f.Stream, f.Other
	if KindOf(duplicate) != "party" { // only a party can be linked, though to a network too
		duplicate, other = other, duplicate
	}
	if KindOf(duplicate) != "party" {
		return ""
	}
	return fmt.Sprintf("entente party link %s %s --reason 'one party, recorded twice'", Short(duplicate), Short(other))
}
