package findings

import (
	"encoding/hex"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/review"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Review is what was decided about a finding.
type Review struct {
	Stream   string // "" if nothing was
	Standing review.Standing
	// To is the opaque id of who is to look at it, if it is assigned.
	To     string
	Reason string
	// Stale says that the finding was accepted, and that it or its events have
	// changed since.
	Stale bool
}

// reviewed is the row of a review.
type reviewed struct {
	finding  uuid.UUID
	standing review.Standing
	digest   string // of the finding as it was accepted, in hexadecimal digits
	to       string
	reason   string
}

// reviewOf returns the row of a review, none if nothing is decided.
func reviewOf(s *review.State) []reviewed {
	d := s.Standing()
	if d.Standing == "" {
		return nil
	}
	return []reviewed{{s.Describe().Finding, d.Standing, d.Basis.Digest, d.To, d.Reason}}
}

func reviewTable() *readmodel.Table[reviewed] {
	return readmodel.NewTable("findings_review",
		readmodel.Columns[reviewed]{
			Names: []string{"finding BLOB"},
			Bind:  func(b *readmodel.Binder, r reviewed) { b.Bytes(r.finding[:]) },
		},
		readmodel.Columns[reviewed]{
			Names: []string{"standing TEXT", "digest BLOB", "assignee TEXT", "reason TEXT"},
			Bind: func(b *readmodel.Binder, r reviewed) {
				digest, _ := hex.DecodeString(r.digest) // the decider has checked it
				b.Text(string(r.standing))
				b.Bytes(digest)
				b.Text(r.to)
				b.Text(r.reason)
			},
		})
}
