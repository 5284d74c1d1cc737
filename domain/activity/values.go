package activity

import "github.com/entente-ledger/entente/domain/terms"

// Kind says what sort of activity it is.
type Kind string

// Words returns the kinds.
func (Kind) Words() []string {
	return []string{"summit", "meeting", "study_visit", "workshop", "training", "fair", "conference", "session", "ceremony", "other"}
}

// UnmarshalText accepts one of the kinds.
func (k *Kind) UnmarshalText(text []byte) error { return terms.ReadWord(k, text) }

// Phase is a state of an activity.
type Phase string

// The phases.
const (
	PhaseAnnounced Phase = "announced"
	PhaseScheduled Phase = "scheduled"
	PhasePostponed Phase = "postponed"
	PhaseHeld      Phase = "held"
	PhaseCancelled Phase = "cancelled"
)

// Words returns the phases in the order of an activity's life.
func (Phase) Words() []string {
	return []string{
		string(PhaseAnnounced), string(PhaseScheduled), string(PhasePostponed), string(PhaseHeld), string(PhaseCancelled),
	}
}

// UnmarshalText accepts one of the phases.
func (p *Phase) UnmarshalText(text []byte) error { return terms.ReadWord(p, text) }

// HostRole says what a host does for an activity.
type HostRole string

// Words returns the roles: under the auspices of somebody is not organised by
// them.
func (HostRole) Words() []string { return []string{"host", "organiser", "auspices", "venue"} }

// UnmarshalText accepts one of the roles.
func (r *HostRole) UnmarshalText(text []byte) error { return terms.ReadWord(r, text) }

// Role says as what somebody takes part.
type Role string

// Words returns the roles.
func (Role) Words() []string {
	return []string{"participant", "visitor", "chair", "facilitator", "speaker", "exhibitor", "observer", "guest"}
}

// UnmarshalText accepts one of the roles.
func (r *Role) UnmarshalText(text []byte) error { return terms.ReadWord(r, text) }

// Among says of whom a count is: of all who take part, hosts apart, or of those
// in one role.
type Among string

// Words returns "all" and the roles.
func (Among) Words() []string { return append([]string{"all"}, Role("").Words()...) }

// UnmarshalText accepts "all" or one of the roles.
func (a *Among) UnmarshalText(text []byte) error { return terms.ReadWord(a, text) }

// Presence says whether somebody is to come, came, or stayed away.
type Presence string

// Words returns the presences.
func (Presence) Words() []string { return []string{"expected", "present", "absent"} }

// UnmarshalText accepts one of the presences.
func (p *Presence) UnmarshalText(text []byte) error { return terms.ReadWord(p, text) }

// Unit says what a count counts: "about 25 cities" are not "about 25 mayors".
type Unit string

// Words returns the units.
func (Unit) Words() []string { return []string{"parties", "people"} }

// UnmarshalText accepts one of the units.
func (u *Unit) UnmarshalText(text []byte) error { return terms.ReadWord(u, text) }

// OutputKind says what came out of an activity.
type OutputKind string

// Words returns the kinds of output.
func (OutputKind) Words() []string { return []string{"document", "decision", "approval"} }

// UnmarshalText accepts one of the kinds of output.
func (k *OutputKind) UnmarshalText(text []byte) error { return terms.ReadWord(k, text) }

// Relation says how an activity stands to something else.
type Relation string

// Words returns the relations. This activity comes before or after the other,
// is a part of it, takes its place, is held under an agreement, a programme or a
// network, or launches one.
func (Relation) Words() []string {
	return []string{"precedes", "follows", "part_of", "replaces", "under", "launches"}
}

// UnmarshalText accepts one of the relations.
func (r *Relation) UnmarshalText(text []byte) error { return terms.ReadWord(r, text) }

// Description is what an activity is called and belongs to.
type Description struct {
	Kind Kind `json:"kind"`
	// Titles are in the languages they are printed in, the main one first.
	Titles []terms.Text `json:"titles"`
	// Parent is the activity this is a part of, such as the summit that a fair
	// belongs to, or empty.
	Parent terms.Ref `json:"parent"`
	// Series is the forum or network that holds activities like this one again
	// and again, or empty; it is a party.
	Series terms.PartyID `json:"series"`
	// Number is its place in the series, from 1; 0 if it is not known. It may be
	// known of a series that is not named: "the 4th exchange meeting".
	Number int `json:"number"`
}

// Place is where an activity is.
type Place struct {
	// Venue is the house or hall, Town the place it is in; either may be empty.
	Venue terms.Text `json:"venue"`
	Town  terms.Text `json:"town"`
	// Party is the municipality or the like that the town is, or empty.
	Party terms.PartyID `json:"party"`
	// Online says that there is no place one has to go to.
	Online bool `json:"online"`
}

// Participation is somebody's part in an activity: of a party, of a person, or
// of a person on behalf of a party.
type Participation struct {
	Party  terms.PartyRef `json:"party"`
	Person terms.PersonID `json:"person"`
	// Class says that the party is a class, such as "participating cities": it
	// is nobody in particular, and is not counted.
	Class    bool     `json:"class"`
	Role     Role     `json:"role"`
	Presence Presence `json:"presence"`
}

// Count is a stated number of participants, named or not.
type Count struct {
	Number int `json:"number"` // from 1
	// Approximate says that it is "about" so many: who falls short of it or goes
	// beyond contradicts nothing.
	Approximate bool     `json:"approximate"`
	Of          Unit     `json:"of"`
	Among       Among    `json:"among"`
	Presence    Presence `json:"presence"`
}

// Output is what came out of an activity. At least one of Source, Concerning and
// Gist is there.
type Output struct {
	Kind OutputKind `json:"kind"`
	// Source is the document, or where the decision is written down.
	Source terms.SourceID `json:"source"`
	// Concerning is what was decided on or approved, such as an action plan.
	Concerning terms.Ref `json:"concerning"`
	// Gist says it shortly, in the registrar's own words.
	Gist terms.Text `json:"gist"`
}
