package actionplan

import (
	"cmp"
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
)

// Span is a phase of a plan from a date on, until a later span begins. Spans are
// ordered: as of a date, the last one that has begun holds.
type Span struct {
	Phase Phase
	// Version is the number of the version that is in this phase.
	Version int
	// Rank orders the spans: within a rank, the later one holds.
	Rank int
	From edtf.Date
	By   es.Revision // the event it rests on
}

// ranks order the phases of one version; those that end the plan come after all
// versions.
var ranks = map[Phase]int{
	PhaseDraft: 0, PhaseSubmitted: 1, PhaseReturned: 1, PhaseProvisional: 2, PhaseApproved: 3, PhaseImplementing: 4,
}

// ranksPerVersion is how far the ranks of two versions are apart.
const ranksPerVersion = 5

// AsOf returns the span of spans that certainly holds as of a date, and those
// that perhaps hold instead. The first is the zero Span if none certainly does.
// The spans are those of the plan, or of one version of it.
func AsOf(spans []Span, on edtf.Date) (certain Span, perhaps []Span) { return book.AsOf(spans, on) }

// Begun implements [book.Span].
func (s Span) Begun(on edtf.Date) edtf.Truth { return s.From.HeldBy(on) }

// Version returns the number of the last version, from 1; 0 if there is no plan.
func (s *State) Version() int {
	if !s.Exists() {
		return 0
	}
	return s.read().last()
}

// InForce returns the number of the version approved last, 0 if none was.
func (s *State) InForce() int { return s.read().inForce() }

// Phases returns the phases of the plan; none of one that was voided, or that
// is only announced and of which nothing else is recorded. Once a version is approved, the next one changes the phase
// no sooner than it is approved too. Of facts that compete the one recorded
// first stands.
func (s *State) Phases() []Span {
	r := s.read()
	var spans []Span
	ended, inForce := r.ended(), 0
	for v := r.base; v <= r.last(); v++ {
		for _, span := range r.versionSpans(v) {
			if inForce == 0 || span.Rank%ranksPerVersion >= ranks[PhaseApproved] {
				spans = append(spans, span)
			}
		}
		if r.approved(v) {
			inForce = v
		}
	}
	if ended.at != 0 {
		spans = append(spans, Span{ended.phase, cmp.Or(inForce, r.last()), (r.last() + 1) * ranksPerVersion, ended.from, ended.at})
	}
	return spans
}

// VersionPhases returns the phases of one version, also while an earlier one is
// in force. The end of the plan is none of them.
func (s *State) VersionPhases(version int) []Span {
	r := s.read()
	if version < r.base || version > r.last() {
		return nil
	}
	return r.versionSpans(version)
}

// versionSpans returns the phases of a version, in their order.
func (r *reading) versionSpans(v int) []Span {
	var spans []Span
	add := func(phase Phase, from edtf.Date, by es.Revision) {
		spans = append(spans, Span{phase, v, v*ranksPerVersion + ranks[phase], from, by})
	}
	switch {
	case v > r.base:
		opened := r.revisions[v-r.base-1]
		add(PhaseDraft, opened.from, opened.at)
	case r.opening.at != 0 && (r.carried == "" || r.carried == PhaseDraft):
		add(PhaseDraft, r.since, r.opening.at)
	}
	for _, t := range r.turns(v) {
		add(t.phase, t.from, t.at)
	}
	for _, phase := range []Phase{PhaseProvisional, PhaseApproved} {
		if d := r.stepTo(v, phase); d.at != 0 {
			add(phase, d.from, d.at)
		}
	}
	if d := r.implementing(v); d.at != 0 {
		add(PhaseImplementing, d.from, d.at)
	}
	return spans
}

// steps of a version to a phase, in the order of recording. What an older
// register says goes before.
func (r *reading) stepsTo(v int, phases ...Phase) []step {
	var all []step
	if v == r.base && r.opening.at != 0 && slices.Contains(phases, r.carried) {
		all = append(all, step{dated: dated{r.opening.at, r.since, v}, phase: r.carried})
	}
	for _, s := range r.steps {
		if s.version == v && slices.Contains(phases, s.phase) {
			all = append(all, s)
		}
	}
	return all
}

// stepTo is the step of a version to a phase that stands, zero if there is none.
func (r *reading) stepTo(v int, phase Phase) step { return book.One(r.stepsTo(v, phase)) }

// turns are the submissions and returns of a version in turn, by date. Of
// several with none of the other kind between them the one recorded first
// stands, and the others compete with it.
func (r *reading) turns(v int) []step {
	turns, _ := r.takeTurns(v)
	return turns
}

func (r *reading) takeTurns(v int) (turns []step, rivals [][2]dated) {
	for _, s := range ordered(r.stepsTo(v, PhaseSubmitted, PhaseReturned)) {
		i := len(turns) - 1
		if i < 0 || turns[i].phase != s.phase {
			turns = append(turns, s)
			continue
		}
		if s.at < turns[i].at {
			turns[i], s = s, turns[i]
		}
		rivals = append(rivals, [2]dated{turns[i].dated, s.dated})
	}
	return turns, rivals
}

// approved reports whether a version was approved, by whatever was recorded.
func (r *reading) approved(v int) bool {
	carried := r.carried == PhaseImplementing || r.carried == PhaseCompleted
	return r.stepTo(v, PhaseApproved).at != 0 || v == r.base && carried
}

// inForce is the number of the version approved last, 0 if none was.
func (r *reading) inForce() int {
	for v := r.last(); v >= r.base; v-- {
		if r.approved(v) {
			return v
		}
	}
	return 0
}

// started is the beginning of the implementation that stands, zero if none does.
func (r *reading) started() dated {
	if r.carried == PhaseImplementing {
		return dated{r.opening.at, r.since, r.base}
	}
	return book.One(r.begun)
}

// implementing is from when a version is carried out, zero if it is not: from
// the beginning or, of one approved later, from its approval. A version is not
// carried out that the next one had replaced before anything began.
func (r *reading) implementing(v int) dated {
	begun := r.started()
	if begun.at == 0 {
		return dated{}
	}
	var approved []int
	for n := r.base; n <= r.last(); n++ {
		if r.approved(n) {
			approved = append(approved, n)
		}
	}
	i := slices.Index(approved, v)
	switch {
	case len(approved) == 0 && v == begun.version:
		return begun
	case i < 0:
		return dated{}
	case i+1 < len(approved) && edtf.Before(r.stepTo(approved[i+1], PhaseApproved).from, begun.from) == edtf.Yes:
		return dated{}
	case i == 0:
		return begun
	}
	approval := r.stepTo(v, PhaseApproved).dated
	return dated{approval.at, later(approval.from, begun.from), v}
}

// ended is the end of the plan that stands, zero if there is none.
func (r *reading) ended() step { return book.One(r.ends) }
