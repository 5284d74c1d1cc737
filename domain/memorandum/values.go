package memorandum

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Kind says what sort of instrument an agreement is.
type Kind string

// Words returns the kinds.
func (Kind) Words() []string {
	return []string{
		"mou", "twinning", "sister_city", "friendship", "framework", "declaration", "pact",
		"letter_of_intent", "agreement", "treaty",
	}
}

// UnmarshalText accepts one of the kinds.
func (k *Kind) UnmarshalText(text []byte) error { return terms.ReadWord(k, text) }

// Phase is a state of an agreement.
type Phase string

// The phases.
const (
	PhaseDraft       Phase = "draft"
	PhaseAdopted     Phase = "adopted"
	PhaseOpen        Phase = "open_for_signature"
	PhaseProvisional Phase = "provisionally_applied"
	PhaseInForce     Phase = "in_force"
	PhaseSuspended   Phase = "suspended"
	PhaseTerminated  Phase = "terminated"
	PhaseExpired     Phase = "expired"
	PhaseSuperseded  Phase = "superseded"
	PhaseAbandoned   Phase = "abandoned"
)

// Words returns the phases in the order of an agreement's life.
func (Phase) Words() []string {
	return []string{
		string(PhaseDraft), string(PhaseAdopted), string(PhaseOpen), string(PhaseProvisional), string(PhaseInForce),
		string(PhaseSuspended), string(PhaseTerminated), string(PhaseExpired), string(PhaseSuperseded), string(PhaseAbandoned),
	}
}

// UnmarshalText accepts one of the phases.
func (p *Phase) UnmarshalText(text []byte) error { return terms.ReadWord(p, text) }

// Part is a party's state in an agreement.
type Part string

// The parts.
const (
	PartInvited   Part = "invited"
	PartSignatory Part = "signatory"
	PartConsented Part = "consented"
	PartInForce   Part = "in_force"
	PartSuspended Part = "suspended"
	PartNotice    Part = "notice_given"
	PartWithdrawn Part = "withdrawn"
	PartEnded     Part = "ended" // the agreement itself ended
)

// Words returns the parts in the order of a party's way through an agreement.
func (Part) Words() []string {
	return []string{
		string(PartInvited), string(PartSignatory), string(PartConsented), string(PartInForce),
		string(PartSuspended), string(PartNotice), string(PartWithdrawn), string(PartEnded),
	}
}

// UnmarshalText accepts one of the parts.
func (p *Part) UnmarshalText(text []byte) error { return terms.ReadWord(p, text) }

// Means is how a party consents to be bound (VCLT art. 11 to 17). Formal
// confirmation is the ratification of an international organisation (VCLTIO art.
// 14).
type Means string

// Words returns the means.
func (Means) Words() []string {
	return []string{"signature", "ratification", "acceptance", "approval", "formal_confirmation", "accession", "succession"}
}

// UnmarshalText accepts one of the means.
func (m *Means) UnmarshalText(text []byte) error { return terms.ReadWord(m, text) }

// Relation says how an agreement stands to another.
type Relation string

// Words returns the relations.
func (Relation) Words() []string {
	return []string{"renews", "supersedes", "amends", "protocol_to", "implements", "under", "founds"}
}

// UnmarshalText accepts one of the relations.
func (r *Relation) UnmarshalText(text []byte) error { return terms.ReadWord(r, text) }

// UnitRole says what a unit does for an agreement.
type UnitRole string

// Words returns the roles.
func (UnitRole) Words() []string { return []string{"lead", "competent", "contact"} }

// UnmarshalText accepts one of the roles.
func (r *UnitRole) UnmarshalText(text []byte) error { return terms.ReadWord(r, text) }

// TextStanding says whether a language version is authentic (VCLT art. 33).
type TextStanding string

// Words returns the standings.
func (TextStanding) Words() []string { return []string{"authentic", "translation"} }

// UnmarshalText accepts one of the standings.
func (s *TextStanding) UnmarshalText(text []byte) error { return terms.ReadWord(s, text) }

// EndCause says why an agreement ends by its own terms.
type EndCause string

// Words returns the causes, "" for none.
func (EndCause) Words() []string { return []string{"", "expiry", "minimum"} }

// UnmarshalText accepts one of the causes, or nothing.
func (c *EndCause) UnmarshalText(text []byte) error { return terms.ReadWord(c, text) }

// Matter says what was sent.
type Matter string

// MatterReminder is a reminder of what falls due.
const MatterReminder Matter = "reminder"

// Words returns the matters.
func (Matter) Words() []string {
	return []string{string(MatterReminder), "notice", "depositary_notification"}
}

// UnmarshalText accepts one of the matters.
func (m *Matter) UnmarshalText(text []byte) error { return terms.ReadWord(m, text) }

// Key names a reservation, an amendment or an undertaking within an agreement.
type Key string

// UnmarshalText accepts a key of at most 64 bytes, or nothing.
func (k *Key) UnmarshalText(text []byte) error {
	return terms.ReadKey("memorandum.bad_key", k, text)
}

// Hash is a SHA-256 in lower-case hexadecimal digits, or empty.
type Hash string

var hashSyntax = regexp.MustCompile(`^([0-9a-f]{64})?$`)

// UnmarshalText accepts a hash, or nothing.
func (h *Hash) UnmarshalText(text []byte) error {
	*h = Hash(text)
	if !hashSyntax.Match(text) {
		return es.Invalid("memorandum.bad_hash", fmt.Sprintf("%.80q is not a SHA-256", text), "64 lower-case hexadecimal digits")
	}
	return nil
}

// Terms are what an agreement says of its own life, in all of it: what changes
// them later is an amendment. The zero Terms are not known; then a signature
// binds unless the instrument is a treaty, entry into force waits for all who
// negotiated (VCLT art. 24(2)), and notice takes twelve months (art. 56(2)).
type Terms struct {
	// Consent is how parties consent: "signature" if signing binds,
	// "ratification" if more is needed, empty if the terms do not say.
	Consent ConsentBy `json:"consent"`
	Entry   Entry     `json:"entry"`
	// Minimum ends the agreement when fewer parties are left; 0: it does not
	// (VCLT art. 55).
	Minimum int `json:"minimum"`
	// Duration is its term from entry into force, Until its last day; neither:
	// it has no term.
	Duration edtf.Period `json:"duration"`
	Until    edtf.Date   `json:"until"`
	Renewal  Renewal     `json:"renewal"`
	// Notice is how long after notice a party ceases to be bound, if the notice
	// does not say; zero: not stated, and twelve months (VCLT art. 56(2)).
	Notice edtf.Period `json:"notice"`
}

// notice returns the notice period, the residual one if none is stated.
func (t Terms) notice() edtf.Period {
	if t.Notice.IsZero() {
		return edtf.Period{Years: 1}
	}
	return t.Notice
}

// ConsentBy says whether a signature binds.
type ConsentBy string

// Words returns the ways, "" for unstated.
func (ConsentBy) Words() []string { return []string{"", "signature", "ratification"} }

// UnmarshalText accepts one of the ways, or nothing.
func (c *ConsentBy) UnmarshalText(text []byte) error { return terms.ReadWord(c, text) }

// Renewal says what happens at the end of a term.
type Renewal struct {
	// Tacit renews for Every unless a party declines at least Notice before
	// the end of the term.
	Tacit  bool        `json:"tacit"`
	Every  edtf.Period `json:"every"`
	Notice edtf.Period `json:"notice"`
}

// Entry is the condition of entry into force: all that is stated must hold.
// The zero Entry states nothing.
type Entry struct {
	// All who negotiated or were invited have consented.
	All bool `json:"all"`
	// Count is the least number of parties that have consented.
	Count int `json:"count"`
	// Share is the least part of Total, in hundredths of a percent, that those
	// who have consented hold of a stated weight.
	Share int   `json:"share"`
	Total int64 `json:"total"`
	// Named parties have consented.
	Named []terms.PartyID `json:"named"`
	// On is the earliest date.
	On edtf.Date `json:"on"`
	// Delay runs from the day the conditions are met, and for a party that
	// consents later from its own consent.
	Delay edtf.Period `json:"delay"`
	// FirstOfMonth moves the day to the first of the month after.
	FirstOfMonth bool `json:"firstOfMonth"`
}

const maxWeight = 1_000_000_000_000

func (t Terms) check(field string) error {
	bad := func(at, message, want string) error {
		return es.Invalid("memorandum.bad_terms", message, want).At(field + at)
	}
	switch {
	case t.Minimum < 0:
		return bad("/minimum", "a number of parties is negative", "0 or more")
	case t.Renewal.Tacit && t.Renewal.Every.IsZero():
		return bad("/renewal/every", "a tacit renewal without a period", "a period such as P1Y")
	case t.Renewal.Tacit && t.Duration.IsZero() && t.Until.IsUnknown():
		return bad("/renewal/tacit", "a tacit renewal of an agreement without a term", "a duration or a last day")
	}
	return t.Entry.check(field + "/entry")
}

func (e Entry) check(field string) error {
	bad := func(at, message, want string) error {
		return es.Invalid("memorandum.bad_terms", message, want).At(field + at)
	}
	switch {
	case e.Count < 0:
		return bad("/count", "a number of parties is negative", "0 or more")
	case e.Share < 0 || e.Share > 10_000:
		return bad("/share", "a share is outside 0 to 100 %", "hundredths of a percent, 0 to 10000")
	case e.Share > 0 && (e.Total <= 0 || e.Total > maxWeight):
		return bad("/total", "a share of an unstated total", fmt.Sprintf("the sum of all weights, 1 to %d", int64(maxWeight)))
	case e.Share == 0 && e.Total != 0:
		return bad("/share", "a total of which no share is asked", "a share, or no total")
	}
	for i, id := range e.Named {
		if err := terms.CheckRef(fmt.Sprintf("%s/named/%d", field, i), id); err != nil {
			return err
		}
		if slices.Contains(e.Named[:i], id) {
			return bad(fmt.Sprintf("/named/%d", i), "a party is named twice", "each once")
		}
	}
	return nil
}
