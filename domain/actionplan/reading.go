package actionplan

import (
	"cmp"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// reading is what the facts that move state say, sorted by subject. It is made
// anew from the book whenever it is needed, and so follows every correction.
type reading struct {
	opening   dated // zero unless it moves state
	carried   Phase // by an older register, or ""
	since     edtf.Date
	until     edtf.Date // of the plan's period
	sole      terms.PartyID
	base      int         // the first version that is known of
	revisions []dated     // revisions[i] opens version base+1+i
	rivals    [][2]dated  // revisions that compete with the one that stands
	loose     []dated     // revisions that open no version after another
	steps     []step      // of versions, in the order of recording
	begun     []dated     // implementation
	ends      []step      // completed, abandoned
	living    []dated     // what only a plan that has not ended can meet
	limit     int         // the version in force or, before any approval, the last
	actions   set[Action] // also those below, by key in the order of first mention
	statuses  map[Key][]status
	points    set[Milestone]
	reached   map[Key][]dated
	moves     map[Key][]move
	measures  set[Indicator]
	values    map[Key][]value
	lines     set[Line]
	funds     set[Commitment]
	reports   set[Report]
	handed    map[Key][]submission
	extended  map[Key][]extension
}

// dated is a fact reduced to where it stands, from when it counts, and which
// version of the plan it belongs to.
type dated struct {
	at      es.Revision
	from    edtf.Date
	version int
}

// When implements [book.Dated].
func (d dated) When() (es.Revision, edtf.Date) { return d.at, d.from }

type (
	// step is a step of a version's way to its approval, or the end of the plan.
	step struct {
		dated
		phase      Phase
		by         terms.PartyID
		definitive bool
	}
	status struct {
		dated
		is   ActionStatus
		note terms.Text
	}
	move struct {
		dated
		due edtf.Date
	}
	value struct {
		dated
		is Quantity
	}
	submission struct {
		dated
		due      edtf.Date
		document terms.SourceID
	}
	extension struct {
		dated
		due, to edtf.Date
	}
)

// said is what a fact says a key stands for.
type said[T thing] struct {
	dated
	what T
}

// set holds what is said of keys, each in the order of recording.
type set[T thing] struct {
	order []Key
	by    map[Key][]said[T]
}

func (s *set[T]) add(d dated, what T) {
	key := what.label().key
	if s.by == nil {
		s.by = map[Key][]said[T]{}
	}
	if s.by[key] == nil {
		s.order = append(s.order, key)
	}
	s.by[key] = append(s.by[key], said[T]{d, what})
}

// read sorts the facts that move state. A plan whose opening was voided never
// was, and nothing is read of it.
func (s *State) read() *reading {
	r := &reading{
		base: 1, statuses: map[Key][]status{}, reached: map[Key][]dated{}, moves: map[Key][]move{},
		values: map[Key][]value{}, handed: map[Key][]submission{}, extended: map[Key][]extension{},
	}
	if !s.Exists() {
		return r
	}
	if h, ok := s.book.Opening(); ok {
		if e, ok := h.Event.(CarriedOver); ok {
			r.base = e.Version // counting is no state: it goes on whatever the status
		}
		if h.Moves() {
			r.open(dated{h.Revision, h.Fact.From(), r.base}, h.Event)
		}
	}
	r.number(s)
	for h := range s.book.Moving() {
		d := r.place(h.Revision, h.Fact.From())
		r.add(d, h.Event)
		r.addParts(d, h.Event)
	}
	r.limit = cmp.Or(r.inForce(), r.last())
	return r
}

// open reads the event that opened the plan's record.
func (r *reading) open(d dated, e Event) {
	sole := func(parties []terms.PartyRef) {
		if len(parties) == 1 {
			r.sole = parties[0].ID
		}
	}
	switch e := e.(type) {
	case Drafted:
		r.since, r.until = d.from, e.Until
		sole(e.Parties)
	case CarriedOver:
		r.carried, r.since, r.until = e.Phase, book.ByThen(e.Since, d.from), e.Until
		sole(e.Parties)
	default: // opens nothing
	}
	r.opening = d
}

// number finds the revisions that open one version after another. Of those that
// compete the one recorded first stands; one that leaves out a number, because
// the revision before it does not hold any more, opens nothing.
func (r *reading) number(s *State) {
	all := map[int][]dated{}
	var numbers []int
	for h := range s.book.Moving() {
		if e, ok := h.Event.(Revised); ok {
			all[e.Version] = append(all[e.Version], dated{h.Revision, h.Fact.From(), e.Version})
			numbers = append(numbers, e.Version)
		}
	}
	slices.Sort(numbers)
	for _, n := range slices.Compact(numbers) {
		if n != r.last()+1 {
			r.loose = append(r.loose, all[n]...)
			continue
		}
		r.revisions = append(r.revisions, all[n][0])
		for _, d := range all[n][1:] {
			r.rivals = append(r.rivals, [2]dated{all[n][0], d})
		}
	}
}

// last is the number of the last version.
func (r *reading) last() int { return r.base + len(r.revisions) }

// place says which version a fact belongs to: the one opened last before it, by
// the dates or, where they do not say, by the order of recording.
func (r *reading) place(at es.Revision, from edtf.Date) dated {
	d := dated{at, from, r.base}
	if at == r.opening.at {
		return d
	}
	for _, opened := range r.revisions {
		if book.Follows(d, opened) {
			d.version++
		}
	}
	return d
}

// add sorts what is about the plan as a whole.
func (r *reading) add(d dated, e Event) {
	step := func(phase Phase, by terms.PartyRef) step { return step{dated: d, phase: phase, by: by.ID} }
	switch e := e.(type) {
	case Submitted:
		r.steps = append(r.steps, step(PhaseSubmitted, e.To))
	case Returned:
		r.steps = append(r.steps, step(PhaseReturned, e.By))
	case ProvisionallyApproved:
		r.steps = append(r.steps, step(PhaseProvisional, e.By))
	case Approved:
		approved := step(PhaseApproved, e.By)
		approved.definitive = e.Definitive
		r.steps = append(r.steps, approved)
	case ImplementationBegun:
		r.begun = append(r.begun, d)
	case Completed:
		r.ends = append(r.ends, step(PhaseCompleted, terms.PartyRef{}))
	case Abandoned:
		r.ends = append(r.ends, step(PhaseAbandoned, terms.PartyRef{}))
	case CarriedOver:
		if e.Phase.ends() {
			end := step(e.Phase, terms.PartyRef{})
			end.from = r.since
			r.ends = append(r.ends, end)
		}
	default: // sorted by addParts, or read by no guard and no phase
	}
}

// addParts sorts what is about the parts of a plan.
func (r *reading) addParts(d dated, e Event) {
	if wantsLife(e) {
		r.living = append(r.living, d)
	}
	switch e := e.(type) {
	case CarriedOver:
		for _, a := range e.Actions {
			r.actions.add(d, a.Action)
			since := dated{d.at, book.ByThen(a.Since, d.from), d.version}
			r.statuses[a.Key] = append(r.statuses[a.Key], status{dated: since, is: a.Status})
		}
	case ActionAdded:
		r.actions.add(d, e.Action)
	case ActionStatusSet:
		r.statuses[e.Action] = append(r.statuses[e.Action], status{d, e.Status, e.Note})
	case MilestoneSet:
		r.points.add(d, e.Milestone)
	case MilestoneReached:
		r.reached[e.Milestone] = append(r.reached[e.Milestone], d)
	case MilestoneMoved:
		r.moves[e.Milestone] = append(r.moves[e.Milestone], move{d, e.Due})
	case IndicatorSet:
		r.measures.add(d, e.Indicator)
	case ReadingTaken:
		r.values[e.Indicator] = append(r.values[e.Indicator], value{d, e.Value})
	case BudgetLineSet:
		r.lines.add(d, e.Line)
	case FundingCommitted:
		r.funds.add(d, e.Commitment)
	case ReportDueSet:
		r.reports.add(d, e.Report)
	case ReportSubmitted:
		r.handed[e.Report] = append(r.handed[e.Report], submission{d, e.Due, e.Document})
	case ReportExtended:
		r.extended[e.Report] = append(r.extended[e.Report], extension{d, e.Due, e.To})
	default: // sorted by add, or read by no guard and no phase
	}
}
