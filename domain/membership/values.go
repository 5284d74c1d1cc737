package membership

import (
	"slices"

	"github.com/entente-ledger/entente/domain/terms"
)

// Standing is how a party stands to a network.
type Standing string

// The standings.
const (
	StandingProspect    Standing = "prospect" // there is, or may be, such a membership
	StandingInvited     Standing = "invited"
	StandingApplied     Standing = "applied"
	StandingUnderReview Standing = "under_review"
	StandingAdmitted    Standing = "admitted"
	StandingSigned      Standing = "signed"
	StandingActive      Standing = "active"
	StandingOnHold      Standing = "on_hold"
	StandingSuspended   Standing = "suspended"
	StandingWithdrawn   Standing = "withdrawn"
	StandingExpelled    Standing = "expelled"
	StandingLapsed      Standing = "lapsed"
	StandingSucceeded   Standing = "succeeded" // another party took the membership over
)

// standings are in the order of a membership's life.
var standings = []string{
	string(StandingProspect), string(StandingInvited), string(StandingApplied), string(StandingUnderReview),
	string(StandingAdmitted), string(StandingSigned), string(StandingActive), string(StandingOnHold), string(StandingSuspended),
	string(StandingWithdrawn), string(StandingExpelled), string(StandingLapsed), string(StandingSucceeded),
}

// Words returns the standings in the order of a membership's life.
func (Standing) Words() []string { return standings }

// UnmarshalText accepts one of the standings.
func (s *Standing) UnmarshalText(text []byte) error { return terms.ReadWord(s, text) }

// Member reports whether who stands so is a member: from Admitted to Suspended.
func (s Standing) Member() bool {
	return s.rank() >= StandingAdmitted.rank() && s.rank() <= StandingSuspended.rank()
}

// Ended reports whether who stands so was a member, and is not any more.
func (s Standing) Ended() bool { return s.rank() > StandingSuspended.rank() }

// rank is the place in the order of a membership's life, -1 of none.
func (s Standing) rank() int { return slices.Index(standings, string(s)) }

// Class says as what a party is a member, in words that all networks share;
// empty, it is not stated.
type Class string

// Words returns the classes, "" for unstated.
func (Class) Words() []string {
	return []string{"", "founder", "full", "associate", "observer", "supporter", "coordinator"}
}

// UnmarshalText accepts one of the classes, or nothing.
func (c *Class) UnmarshalText(text []byte) error { return terms.ReadWord(c, text) }

// Key names a duty within a membership, or one of the network's own classes of
// membership, or nothing.
type Key string

// UnmarshalText accepts a key of at most 64 bytes, or nothing.
func (k *Key) UnmarshalText(text []byte) error { return terms.ReadKey("membership.bad_key", k, text) }

// DutyKind says what sort of thing is owed.
type DutyKind string

// Words returns the kinds.
func (DutyKind) Words() []string { return []string{"report", "fee", "meeting", "other"} }

// UnmarshalText accepts one of the kinds.
func (k *DutyKind) UnmarshalText(text []byte) error { return terms.ReadWord(k, text) }

// Consequence is what follows of itself if a duty is not met in time.
type Consequence string

// The consequences; the empty one is none, too.
const (
	ConsequenceNone       Consequence = "none"
	ConsequenceHold       Consequence = "hold"
	ConsequenceSuspension Consequence = "suspension"
	ConsequenceLapse      Consequence = "lapse"
)

// Words returns the consequences.
func (Consequence) Words() []string {
	return []string{string(ConsequenceNone), string(ConsequenceHold), string(ConsequenceSuspension), string(ConsequenceLapse)}
}

// UnmarshalText accepts one of the consequences; nothing is none.
func (c *Consequence) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*c = ConsequenceNone
		return nil
	}
	return terms.ReadWord(c, text)
}

// pausing are the consequences that end again, with the standing they lead to.
var pausing = map[Consequence]Standing{ConsequenceHold: StandingOnHold, ConsequenceSuspension: StandingSuspended}
