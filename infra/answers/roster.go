package answers

import (
	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
)

// Roster is a network with all who belong to it, as of a date. What is only
// announced, claimed or in dispute is there whatever the date, and is not so.
type Roster struct {
	AsOf edtf.Date `json:"asOf"`
	// Asserted are phases that are only announced, claimed or in dispute.
	Asserted    []PhaseAsserted  `json:"asserted"`
	Bodies      []Body           `json:"bodies"`
	Candidates  []Member         `json:"candidates"` // certainly no members, in this round never
	Claimed     []Claim          `json:"claimed"`
	Classes     []network.Class  `json:"classes"` // of members, besides those that all networks have
	Ended       []Member         `json:"ended"`   // certainly no members any more
	Exists      bool             `json:"exists"`  // false: recorded in error
	Founders    []Named          `json:"founders"`
	ID          string           `json:"id"`      // network-UUID
	Members     []Member         `json:"members"` // certainly, or perhaps
	Open        []Opening        `json:"open"`    // when and to whom it is open to join
	Perhaps     []network.Phase  `json:"perhaps"` // that perhaps hold instead of the phase
	Phase       network.Phase    `json:"phase"`   // that certainly holds, or ""
	Present     []Present        `json:"present"` // at activities, and no members
	Priorities  []terms.Text     `json:"priorities"`
	Purpose     terms.Text       `json:"purpose"`
	Late        Late             `json:"recordedLater"` // of the network's own events
	Secretariat []Stay           `json:"secretariat"`
	Since       edtf.Date        `json:"since"`  // from when it is in the phase
	Status      terms.Status     `json:"status"` // how surely there is or was such a network
	Supporters  []Stay           `json:"supporters"`
	Themes      []terms.Theme    `json:"themes"`
	Title       terms.Text       `json:"title"`  // the main one
	Titles      []terms.Text     `json:"titles"` // the main one first
	Unnamed     []Unnamed        `json:"unnamed"`
	Visibility  terms.Visibility `json:"visibility"`
}

// PhaseAsserted is that a network is, was or will be in a phase, by a fact that
// moves nothing.
type PhaseAsserted struct {
	Phase  network.Phase `json:"phase"`
	From   edtf.Date     `json:"from"`
	Status terms.Status  `json:"status"`
}

// Named is a party with its name.
type Named struct {
	ID   terms.PartyID `json:"id"`
	Name string        `json:"name"`
	As   string        `json:"as"` // as the source names it, or ""
}

// Opening is when and to whom a network is open to join.
type Opening struct {
	By     es.Revision  `json:"by"`    // the event that says so
	Ended  bool         `json:"ended"` // by an event, whenever that counts from
	From   edtf.Date    `json:"from"`
	Is     edtf.Truth   `json:"is"`     // whether it is so as of the date
	Status terms.Status `json:"status"` // recorded: only this one can be so
	To     terms.Text   `json:"to"`
	Until  edtf.Date    `json:"until"`
}

// Body is a body of a network with its seats.
type Body struct {
	By      es.Revision     `json:"by"` // the event that says so
	Charter network.Charter `json:"charter"`
	Ended   bool            `json:"ended"` // by an event, whenever that counts from
	Filled  int             `json:"filled"`
	From    edtf.Date       `json:"from"`
	Is      edtf.Truth      `json:"is"` // whether there is such a body as of the date
	Key     network.Key     `json:"key"`
	Perhaps int             `json:"perhapsFilled"` // seats, besides those that certainly are
	Seats   []Stay          `json:"seats"`
	Status  terms.Status    `json:"status"` // recorded: only this one can be so
	Until   edtf.Date       `json:"until"`
	// Vacant is how many seats are not certainly filled; null if that cannot be
	// said.
	Vacant *int `json:"vacant"`
}

// Stay is somebody's time as the secretariat, in a seat or as a supporter.
type Stay struct {
	By     es.Revision    `json:"by"`    // the event that says so
	Ended  bool           `json:"ended"` // by an event, whenever that counts from
	From   edtf.Date      `json:"from"`
	Is     edtf.Truth     `json:"is"` // whether it is so as of the date
	Party  Named          `json:"party"`
	Person terms.PersonID `json:"person"` // in a seat, for the party; or ""
	Role   string         `json:"role"`
	Status terms.Status   `json:"status"` // recorded: only this one can be so
	Until  edtf.Date      `json:"until"`
}

// Member is a party as it stands to a network as of a date.
type Member struct {
	Authority  terms.Ref             `json:"authority"` // on whose decision it was admitted, or ""
	Class      membership.Class      `json:"class"`     // or "": not stated
	Is         edtf.Truth            `json:"is"`        // whether it is a member
	Membership string                `json:"membership"`
	OwnClass   membership.Key        `json:"ownClass"` // a class of the network's own, or ""
	Party      Named                 `json:"party"`
	Perhaps    []membership.Standing `json:"perhaps"`       // that perhaps hold instead of the standing
	Late       Late                  `json:"recordedLater"` // of the membership's events
	// Since is from when it is a member, in this round of participation; of who is
	// none any more, from when it is none.
	Since      edtf.Date           `json:"since"`
	Standing   membership.Standing `json:"standing"` // that certainly holds, or ""
	Visibility terms.Visibility    `json:"visibility"`
}

// Claim is a membership that is only claimed, announced, inferred or contested.
type Claim struct {
	Membership string           `json:"membership"`
	Party      Named            `json:"party"`
	Status     terms.Status     `json:"status"`
	Visibility terms.Visibility `json:"visibility"`
}

// Present is a party that was present at activities and is no member.
type Present struct {
	At    []Attendance `json:"at"`
	Party Named        `json:"party"`
}

// Attendance is where and as what a party was present.
type Attendance struct {
	Activity   string           `json:"activity"`
	Held       edtf.Truth       `json:"held"` // whether it had been held by the date
	On         edtf.Date        `json:"on"`
	Role       activity.Role    `json:"role"`
	Title      terms.Text       `json:"title"`
	Visibility terms.Visibility `json:"visibility"`
}

// Meeting is an activity of a network that was held.
type Meeting struct {
	Activity   string           `json:"activity"`
	Held       edtf.Truth       `json:"held"` // whether it had been held by the date
	On         edtf.Date        `json:"on"`
	Title      terms.Text       `json:"title"`
	Visibility terms.Visibility `json:"visibility"`
}

// Unnamed is a count of those who were present, of whom not all are named.
type Unnamed struct {
	At      Meeting        `json:"at"`
	Count   activity.Count `json:"count"`
	Named   int            `json:"named"`
	Unnamed int            `json:"unnamed"`
}
