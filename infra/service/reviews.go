package service

import (
	"context"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/review"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/findings"
)

// findingOf returns the finding that a command opens the review of, and whether
// it does so.
func findingOf(command any) (review.Finding, bool) {
	switch c := command.(type) {
	case review.Accept:
		return c.Finding, true
	case review.Assign:
		return c.Finding, true
	case review.CarryOver:
		return review.Finding{ID: c.Finding, Code: c.Code, Stream: c.Stream}, true
	default:
		return review.Finding{}, false
	}
}

// checkFinding fails with [es.ErrNotFound] unless the finding that m is about is
// one of the stream that it names. The ledger cannot know, for a finding is in
// the views; here it says whom the decision concerns. What is carried over may
// be about one that there is no more.
func (s *Service) checkFinding(ctx context.Context, m matter) error {
	f, ok := findingOf(m.parsed)
	if _, carried := m.parsed.(review.CarryOver); !ok || carried {
		return nil
	}
	var found []findings.Finding
	err := s.Views.Read(ctx, func(conn *sqlite.Conn, _ projections.Checkpoint) (err error) {
		found, _, err = findings.List(conn, findings.Filter{ID: f.ID, Accepted: true})
		return err
	})
	switch {
	case err != nil:
		return err
	case len(found) == 0 || found[0].Stream != string(f.Stream) || found[0].Code != f.Code:
		return es.NotFound("findings.none", "there is no such finding about "+string(f.Stream))
	}
	return nil
}
