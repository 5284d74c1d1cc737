package review

import (
	"fmt"
	"regexp"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Standing is a state of a review.
type Standing string

// The standings.
const (
	StandingOpen     Standing = "open"
	StandingAssigned Standing = "assigned"
	StandingAccepted Standing = "accepted"
)

// Words returns the standings.
func (Standing) Words() []string {
	return []string{string(StandingOpen), string(StandingAssigned), string(StandingAccepted)}
}

// UnmarshalText accepts one of the standings.
func (s *Standing) UnmarshalText(text []byte) error { return terms.ReadWord(s, text) }

// Basis is what a finding said and rested on when it was accepted.
type Basis struct {
	// Events are those it was about.
	Events []terms.Ref `json:"events"`
	// Digest is what the read model of findings gives for the finding: it is
	// another when the finding or one of its events changes.
	Digest string `json:"digest"`
}

var digestSyntax = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (b Basis) check(field string) error {
	if !digestSyntax.MatchString(b.Digest) {
		return es.Invalid("review.bad_digest", fmt.Sprintf("%.80q is not the digest of a finding", b.Digest),
			"64 lower-case hexadecimal digits, as `entente findings --json` shows them").At(field + "/digest")
	}
	if len(b.Events) == 0 {
		return es.Invalid("terms.missing", "the events that a finding is about are missing", "at least one").At(field + "/events")
	}
	for i, ref := range b.Events {
		if _, at := ref.Target(); at == 0 {
			return es.Invalid("review.bad_event", fmt.Sprintf("%q names no event", ref), "a stream, @ and a revision").At(fmt.Sprintf("%s/events/%d", field, i))
		}
	}
	return nil
}
