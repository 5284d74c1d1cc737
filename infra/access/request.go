package access

import (
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Action is what somebody wants to do. The names are permanent: they are the
// actions of a site's policy file.
type Action string

// The actions.
const (
	Read         Action = "read"          // a view, a record, its history; lists and searches too
	Follow       Action = "follow"        // the stream of events
	Audit        Action = "audit"         // receipts, checkpoints, proofs, tiles
	Export       Action = "export"        // a whole view or ledger as a file
	Record       Action = "record"        // a command
	Propose      Action = "propose"       // a command that another is to approve
	Approve      Action = "approve"       // somebody's proposal
	ReviewAccess Action = "review_access" // reading the access record
	Administer   Action = "administer"    // identities, roles, tokens
	Profile      Action = "profile"       // taking profiles of the running service
)

// Words returns the actions.
func (Action) Words() []string {
	return []string{
		string(Read), string(Follow), string(Audit), string(Export), string(Record), string(Propose),
		string(Approve), string(ReviewAccess), string(Administer), string(Profile),
	}
}

// UnmarshalText accepts an action and nothing else.
func (a *Action) UnmarshalText(text []byte) error { return terms.ReadWord(a, text) }

// Request is what is asked of a [Policy]. What does not apply is left zero.
//
// Without a visibility, reading and following a list (no stream) counts as public,
// because its rows are filtered by [Policy.Sees] or one by one; all else counts as
// internal. Whoever gives out a whole ledger, whatever is in it, asks for restricted.
type Request struct {
	Who        Identity
	Action     Action
	Kind       string        // aggregate, such as memorandum; "" for that of Stream or Command, or if it is about none
	Stream     string        // such as memorandum-<uuid>; "" for a list, or for what is opened
	Visibility es.Visibility // of the stream; for an opening or a reclassification, what is asked for; see below for ""
	Concerns   []string      // streams of the parties and networks that the record concerns, itself included if it is one
	Command    string        // such as memorandum.sign; for Follow, the type of the event, such as memorandum.signed
	Vouched    bool          // a knownAt is given
	Proposer   string        // identity of the author of the proposal that is to be approved
	Alone      bool          // the command is given without anybody's approval
}

// Decision is what a [Policy] says to a [Request].
type Decision struct {
	Allowed bool
	// ApprovalNeeded says that the request is refused only because it is made
	// [Request.Alone]: it may be proposed, and is allowed once approved.
	ApprovalNeeded bool
	// Policies are the ids of the policies that decided, in the order of the
	// file; none if no policy allows what is asked. It is not to be changed.
	Policies []string
}
