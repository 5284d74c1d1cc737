package resource

import (
	"fmt"
	"regexp"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Kind says what a resource is.
type Kind string

// Words returns the kinds.
func (Kind) Words() []string {
	return []string{"good_practice", "training_module", "archive", "toolkit", "guideline", "dataset", "other"}
}

// UnmarshalText accepts one of the kinds.
func (k *Kind) UnmarshalText(text []byte) error { return terms.ReadWord(k, text) }

// Phase is a state of a resource.
type Phase string

// The phases.
const (
	PhasePlanned   Phase = "planned"
	PhaseProposed  Phase = "proposed"
	PhaseReviewed  Phase = "reviewed"
	PhasePublished Phase = "published"
	PhaseRetired   Phase = "retired"
)

// Words returns the phases in the order of a resource's life.
func (Phase) Words() []string {
	return []string{
		string(PhasePlanned), string(PhaseProposed), string(PhaseReviewed), string(PhasePublished), string(PhaseRetired),
	}
}

// UnmarshalText accepts one of the phases.
func (p *Phase) UnmarshalText(text []byte) error { return terms.ReadWord(p, text) }

// Outcome is that of a review. What is returned may be proposed again.
type Outcome string

// Words returns the outcomes.
func (Outcome) Words() []string { return []string{"accepted", "returned", "rejected"} }

// UnmarshalText accepts one of the outcomes.
func (o *Outcome) UnmarshalText(text []byte) error { return terms.ReadWord(o, text) }

// Relation says how a resource stands to something else.
type Relation string

// Words returns the relations. This resource takes the other's place, is a part
// of it, came out of it, or is provided under an agreement, a programme or a
// network.
func (Relation) Words() []string { return []string{"replaces", "part_of", "output_of", "under"} }

// UnmarshalText accepts one of the relations.
func (r *Relation) UnmarshalText(text []byte) error { return terms.ReadWord(r, text) }

// Hash is the SHA-256 of a file's bytes, and its name in documents/: 64
// lower-case hexadecimal digits, or empty.
type Hash string

var hashSyntax = regexp.MustCompile(`^([0-9a-f]{64})?$`)

// UnmarshalText accepts 64 lower-case hexadecimal digits, or nothing.
func (h *Hash) UnmarshalText(text []byte) error {
	*h = Hash(text)
	return h.check("")
}

func (h Hash) check(field string) error {
	if !hashSyntax.MatchString(string(h)) {
		return es.Invalid("resource.bad_hash", fmt.Sprintf("%.80q is not the hash of a file", string(h)), "64 lower-case hexadecimal digits").At(field)
	}
	return nil
}

// Description is what a catalogue says of a resource.
type Description struct {
	Kind Kind `json:"kind"`
	// Titles are in the languages they are printed in, the main one first.
	Titles []terms.Text  `json:"titles"`
	Themes []terms.Theme `json:"themes"`
	// Owner is the party that answers for it; its id is empty if that is not
	// known.
	Owner terms.PartyRef `json:"owner"`
}

// Copy is where a resource can be had. Each member may be empty.
type Copy struct {
	// URL is its address, http or https.
	URL string `json:"url"`
	// SHA256 is that of the file, where there is one.
	SHA256 Hash `json:"sha256"`
	// Lang is the language it is in, if that is known.
	Lang terms.Lang `json:"lang"`
}

// InReach reports whether c says where the resource can be had.
func (c Copy) InReach() bool { return c.URL != "" || c.SHA256 != "" }
