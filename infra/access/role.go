package access

import (
	"time"

	"github.com/entente-ledger/entente/domain/terms"
)

// Role is what an identity is for. What a role may do is said by a [Policy];
// the names are permanent.
type Role string

// The roles. Nobody is given [RoleAnonymous]: it is that of [Anonymous].
const (
	RoleAnonymous     Role = "anonymous"     // is not known
	RoleReader        Role = "reader"        // reads what is not restricted
	RoleAuditor       Role = "auditor"       // reads everything and records nothing
	RoleClerk         Role = "clerk"         // records what concerns given parties or networks
	RoleApprover      Role = "approver"      // approves what somebody else proposed
	RoleRegistrar     Role = "registrar"     // records everything and vouches for earlier knowledge
	RoleIntegrator    Role = "integrator"    // follows given parts of the stream of events
	RoleAdministrator Role = "administrator" // keeps identities, tokens and profiles
)

// Words returns the roles.
func (Role) Words() []string {
	return []string{
		string(RoleAnonymous), string(RoleReader), string(RoleAuditor), string(RoleClerk), string(RoleApprover),
		string(RoleRegistrar), string(RoleIntegrator), string(RoleAdministrator),
	}
}

// UnmarshalText accepts a role and nothing else.
func (r *Role) UnmarshalText(text []byte) error { return terms.ReadWord(r, text) }

// AnonymousID is the id of [Anonymous].
const AnonymousID = "anonymous"

// Identity is who asks: what a [Registry] knows of it at the moment, without
// any name. The slices are shared: do not change them.
type Identity struct {
	ID    string   // opaque and permanent ("id-<uuid>"): the actor of events; that of [Anonymous] is [AnonymousID]
	Roles []Role   // held now; at least one, or nothing is allowed
	For   []string // streams of the parties and networks that a clerk acts for
	Reads []string // what an integrator was granted of the events: kinds (membership), types (membership.admitted) or streams
	// Until is when what it is known by ends, a token or a session; zero if that does
	// not end, or is not known.
	Until time.Time
}

// Anonymous returns the identity of whoever did not say who it is.
func Anonymous() Identity {
	return Identity{ID: AnonymousID, Roles: []Role{RoleAnonymous}}
}
