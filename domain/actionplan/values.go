package actionplan

import (
	"strings"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

// Phase is a state of a plan.
type Phase string

// The phases.
const (
	PhaseDraft        Phase = "draft"
	PhaseSubmitted    Phase = "submitted"
	PhaseReturned     Phase = "returned" // to be submitted again
	PhaseProvisional  Phase = "provisionally_approved"
	PhaseApproved     Phase = "approved"
	PhaseImplementing Phase = "implementing"
	PhaseCompleted    Phase = "completed"
	PhaseAbandoned    Phase = "abandoned"
)

// Words returns the phases in the order of a plan's life.
func (Phase) Words() []string {
	return []string{
		string(PhaseDraft), string(PhaseSubmitted), string(PhaseReturned), string(PhaseProvisional), string(PhaseApproved),
		string(PhaseImplementing), string(PhaseCompleted), string(PhaseAbandoned),
	}
}

// UnmarshalText accepts one of the phases.
func (p *Phase) UnmarshalText(text []byte) error { return terms.ReadWord(p, text) }

// ends reports whether nothing of the plan comes after the phase.
func (p Phase) ends() bool { return p == PhaseCompleted || p == PhaseAbandoned }

// ActionStatus is a state of an action.
type ActionStatus string

// The states of an action.
const (
	ActionNotStarted ActionStatus = "not_started"
	ActionOngoing    ActionStatus = "ongoing"
	ActionCompleted  ActionStatus = "completed"
	ActionPostponed  ActionStatus = "postponed"
	ActionCancelled  ActionStatus = "cancelled"
)

// Words returns the states in the order of an action's life.
func (ActionStatus) Words() []string {
	return []string{string(ActionNotStarted), string(ActionOngoing), string(ActionCompleted), string(ActionPostponed), string(ActionCancelled)}
}

// UnmarshalText accepts one of the states.
func (s *ActionStatus) UnmarshalText(text []byte) error { return terms.ReadWord(s, text) }

// ends reports whether nothing of the action is to be done any more.
func (s ActionStatus) ends() bool { return s == ActionCompleted || s == ActionCancelled }

// Direction says which way an indicator is to go.
type Direction string

// The directions. The target is met by a value of at least, of at most, or of
// exactly as much.
const (
	Increase Direction = "increase"
	Decrease Direction = "decrease"
	Reach    Direction = "reach"
)

// Words returns the directions.
func (Direction) Words() []string { return []string{string(Increase), string(Decrease), string(Reach)} }

// UnmarshalText accepts one of the directions.
func (d *Direction) UnmarshalText(text []byte) error { return terms.ReadWord(d, text) }

// Key names an action, a milestone, an indicator, a budget line, a commitment of
// funds or a report within a plan, or none. Each kind has keys of its own.
type Key string

// UnmarshalText accepts a key of at most 64 bytes, or nothing.
func (k *Key) UnmarshalText(text []byte) error { return terms.ReadKey("actionplan.bad_key", k, text) }

// Action is something that the plan says will be done.
type Action struct {
	Key   Key        `json:"key"`
	Title terms.Text `json:"title"`
	// Owner is the party that answers for it, Unit the unit of it that does the
	// work; each is empty if it is not known.
	Owner  terms.PartyRef `json:"owner"`
	Unit   terms.PartyRef `json:"unit"`
	Themes []terms.Theme  `json:"themes"`
	// Start is the first day and End the last, as planned; unknown: not stated.
	Start edtf.Date `json:"start"`
	End   edtf.Date `json:"end"`
}

// CarriedAction is an action as an older register gives it.
type CarriedAction struct {
	Action
	Status ActionStatus `json:"status"`
	// Since is from when it has that status; unknown: it had it by the date of
	// the fact.
	Since edtf.Date `json:"since"`
}

// Milestone is a point to be reached by a day.
type Milestone struct {
	Key Key `json:"key"`
	// Action is the action it is one of; empty: it is of the whole plan.
	Action Key        `json:"action"`
	Title  terms.Text `json:"title"`
	// Due is the last day on which it is reached in time; unknown: not stated.
	Due edtf.Date `json:"due"`
}

// Indicator is what is measured to tell how far the plan has come.
type Indicator struct {
	Key Key `json:"key"`
	// Action is the action it is about; empty: it is about the whole plan.
	Action Key        `json:"action"`
	Title  terms.Text `json:"title"`
	// Unit is what the quantities count, such as "t" or "trees", or empty.
	Unit string `json:"unit"`
	// Baseline is where it stood before, Target where it is to be on the last
	// day By; each is empty or unknown if it is not stated.
	Baseline  Quantity  `json:"baseline"`
	Target    Quantity  `json:"target"`
	By        edtf.Date `json:"by"`
	Direction Direction `json:"direction"`
}

// Line is a line of the plan's budget.
type Line struct {
	Key Key `json:"key"`
	// Action is the action it pays for; empty: the whole plan.
	Action Key         `json:"action"`
	Title  terms.Text  `json:"title"`
	Amount terms.Money `json:"amount"`
}

// Commitment is money that somebody promised the plan.
type Commitment struct {
	Key Key            `json:"key"`
	By  terms.PartyRef `json:"by"`
	// Line is the budget line it is for; empty: none in particular.
	Line   Key         `json:"line"`
	Amount terms.Money `json:"amount"`
	// Grant is the grant it comes from, or the award in it, or empty.
	Grant terms.Ref `json:"grant"`
}

// Report is a report on the plan that is owed, once or again and again.
type Report struct {
	Key Key `json:"key"`
	// Due is the last day on which it, or the first one, is in time.
	Due edtf.Date `json:"due"`
	// Every is how often it is due again; none: once.
	Every edtf.Period `json:"every"`
	// By owes it and To is to whom; each is empty if it is not known.
	By terms.PartyRef `json:"by"`
	To terms.PartyRef `json:"to"`
}

// label is a key with what it is the key of.
type label struct {
	kind string
	key  Key
}

// thing is what a key of the plan can stand for.
type thing interface {
	label() label
	// agrees reports whether o, which has the same label, says nothing else of
	// what matters. What one of the two leaves open they agree on, and they may
	// say it in different words.
	agrees(o thing) bool
}

func (a Action) label() label     { return label{"action", a.Key} }
func (m Milestone) label() label  { return label{"milestone", m.Key} }
func (i Indicator) label() label  { return label{"indicator", i.Key} }
func (l Line) label() label       { return label{"line", l.Key} }
func (c Commitment) label() label { return label{"commitment", c.Key} }
func (r Report) label() label     { return label{"report", r.Key} }

func (a Action) agrees(o thing) bool {
	b := o.(Action)
	return either(a.Owner.ID, b.Owner.ID) && either(a.Unit.ID, b.Unit.ID) && either(a.Start, b.Start) && either(a.End, b.End)
}

func (m Milestone) agrees(o thing) bool {
	b := o.(Milestone)
	return m.Action == b.Action && either(m.Due, b.Due)
}

func (i Indicator) agrees(o thing) bool {
	b := o.(Indicator)
	return i.Action == b.Action && either(i.Unit, b.Unit) && i.Direction == b.Direction &&
		either(i.Baseline, b.Baseline) && either(i.Target, b.Target) && either(i.By, b.By)
}

func (l Line) agrees(o thing) bool {
	b := o.(Line)
	return l.Action == b.Action && l.Amount == b.Amount
}

func (c Commitment) agrees(o thing) bool {
	b := o.(Commitment)
	return c.By.ID == b.By.ID && either(c.Line, b.Line) && c.Amount == b.Amount && either(c.Grant, b.Grant)
}

func (r Report) agrees(o thing) bool {
	b := o.(Report)
	return r.Due == b.Due && r.Every == b.Every && either(r.By.ID, b.By.ID) && either(r.To.ID, b.To.ID)
}

// either reports whether a and b are equal or one of them is not known.
func either[V comparable](a, b V) bool {
	var unknown V
	return a == b || a == unknown || b == unknown
}

// kindOf returns the kind of stream that a reference names.
func kindOf(ref terms.Ref) string {
	stream, _ := ref.Target()
	kind, _, _ := strings.Cut(stream, "-")
	return kind
}
