package access

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
)

// Account is all that a [Registry] knows of an identity, for ever: also what
// it no longer holds. It has no name in it; the vault has, under [Account.UUID].
type Account struct {
	ID      string // "id-<uuid>"
	Subject Subject
	Created Act
	Ended   Act // zero while the identity is in use
	// Holdings are all roles and scopes, in the order in which they were given.
	Holdings []Holding
}

// Act is an administrative act: when, to the microsecond, and by whom.
type Act struct {
	At time.Time // UTC; zero if it did not happen
	By string    // opaque id of whoever did it
}

// Subject is who an identity is at a provider of identities (OpenID Connect
// Core 1.0, section 2: iss and sub). It is zero for one that only has tokens.
type Subject struct {
	Issuer string // URL
	ID     string // sub: opaque and permanent at the issuer
}

// What says what kind of thing a [Holding] is.
type What string

// What an identity can hold.
const (
	HoldsRole  What = "role"  // a [Role]
	HoldsFor   What = "for"   // a stream of [Identity.For]
	HoldsReads What = "reads" // a word of [Identity.Reads]
)

// Holding is a role or scope that an identity holds, or held, from Given.At
// until Taken.At.
type Holding struct {
	What  What
	Value string
	Given Act
	Taken Act // zero while it is held
}

// Grants are what is given to an identity, or taken from it, together.
type Grants struct {
	Roles []Role
	For   []string // streams of parties and networks
	Reads []string // kinds, types of events and streams
}

// UUID returns the part of the id under which the vault has the name.
func (a Account) UUID() (uuid.UUID, error) { return parseID(a.ID) }

// At returns the identity as it was at an instant: with the roles and scopes
// that it held then, and none before it was made and after it ended.
func (a Account) At(t time.Time) Identity {
	return a.holding(func(h Holding) bool {
		return !t.Before(h.Given.At) && (h.Taken.At.IsZero() || t.Before(h.Taken.At))
	})
}

// Now returns the identity with what it holds still.
func (a Account) Now() Identity {
	return a.holding(func(h Holding) bool { return h.Taken.At.IsZero() })
}

func (a Account) holding(counts func(Holding) bool) Identity {
	who := Identity{ID: a.ID}
	for _, h := range a.Holdings {
		if !counts(h) {
			continue
		}
		switch h.What {
		case HoldsRole:
			who.Roles = append(who.Roles, Role(h.Value))
		case HoldsFor:
			who.For = append(who.For, h.Value)
		case HoldsReads:
			who.Reads = append(who.Reads, h.Value)
		}
	}
	return who
}

// Validate returns an error of kind [es.ErrInvalid] if g has a role that cannot
// be given, acts for what is neither party nor network, or grants to read what
// is not in this ledger.
func (g Grants) Validate() error {
	for i, role := range g.Roles {
		given := Role("").Words()[1:] // anonymous is nobody's
		if !slices.Contains(given, string(role)) {
			return es.Invalid("access.bad_role", fmt.Sprintf("%.40q is no role that can be given", role),
				"one of "+strings.Join(given, ", ")).At(fmt.Sprintf("/roles/%d", i))
		}
	}
	for i, stream := range g.For {
		if kind, _, err := es.ParseStream(stream); err != nil || kind != "party" && kind != "network" {
			return es.Invalid("access.bad_scope", fmt.Sprintf("nobody can act for %.80q", stream),
				"the id of a party or a network").At(fmt.Sprintf("/for/%d", i))
		}
	}
	for i, word := range g.Reads {
		if !readable(word) {
			return es.Invalid("access.bad_scope", fmt.Sprintf("there is no %.80q to be read", word),
				"a kind such as membership, a type of event such as membership.admitted, or the id of a stream").At(fmt.Sprintf("/reads/%d", i))
		}
	}
	return nil
}

func readable(word string) bool {
	for _, a := range ledger.Aggregates() {
		if word == a.Kind || slices.ContainsFunc(a.Events, func(d es.Definition) bool { return d.Name == word }) {
			return true
		}
	}
	_, _, err := es.ParseStream(word)
	return err == nil && ledger.Owns(word)
}

// each calls do for everything in g.
func (g Grants) each(do func(what What, value string) error) error {
	for _, role := range g.Roles {
		if err := do(HoldsRole, string(role)); err != nil {
			return err
		}
	}
	for what, values := range map[What][]string{HoldsFor: g.For, HoldsReads: g.Reads} {
		for _, value := range values {
			if err := do(what, value); err != nil {
				return err
			}
		}
	}
	return nil
}

const idMark = "id-"

func formatID(id uuid.UUID) string { return idMark + id.String() }

func parseID(id string) (uuid.UUID, error) {
	rest, marked := strings.CutPrefix(id, idMark)
	if parsed, err := uuid.Parse(rest); err == nil && marked && formatID(parsed) == id {
		return parsed, nil
	}
	return uuid.UUID{}, es.Invalid("access.bad_identity", fmt.Sprintf("%.60q is not the id of an identity", id), "id- and a UUID")
}
