package membership

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
)

// reading is what the facts that move state say, sorted by what they are about
// and in the order of recording. It is made anew from the book whenever it is
// needed, and so follows every correction.
type reading struct {
	opened               []step // as a prospect
	asked                []step // invited, applied, under review
	refused              []step
	admitted             []step
	vouched              []step // a member, or one that had been, by an older register
	signed, activated    []step
	classes              []step // as what, from then on
	rests                []rest // holds and suspensions as recorded, and those of which notice was given
	resumed              []step
	notices              []notice // of withdrawal
	revoked              []step
	left                 []leave
	duties               []duty
	settled              []settling
	suspensions, warning []step // as recorded, and the notices of them
}

// dated is a fact reduced to where it stands and from when it counts.
type dated struct {
	at   es.Revision
	from edtf.Date
}

// When implements [book.Dated].
func (d dated) When() (es.Revision, edtf.Date) { return d.at, d.from }

// vague reports whether more than one day is meant.
func (d dated) vague() bool { return d.from.Earliest() != d.from.Latest() }

type (
	// step is a fact that leads to a standing, or changes the class.
	step struct {
		dated
		standing Standing
		class    Class
		own      Key
	}
	// rest is a hold or a suspension.
	rest struct {
		dated
		standing Standing
		until    edtf.Date // of a hold: the first day after it
		duty     Key       // because of which
		noticed  bool      // from is then that of the notice
		begins   edtf.Date // of one that was noticed
	}
	// notice is a notice of withdrawal, until is the first day without membership.
	notice struct {
		dated
		until edtf.Date
	}
	// leave is an end of a round of participation.
	leave struct {
		dated
		standing Standing
		derived  bool // it follows from a notice or a duty
		carried  bool // by an older register
		doubt    bool // it is undecidable whether it does
	}
	// duty is what is owed.
	duty struct {
		dated
		set DutySet
	}
	// settling is a duty met or waived, or extended to a date.
	settling struct {
		dated
		key     Key
		due, to edtf.Date
	}
)

// read sorts the facts that move state. Of a record whose opening was voided
// nothing is read.
func (s *State) read() *reading {
	r := &reading{}
	if !s.Exists() {
		return r
	}
	for h := range s.book.Moving() {
		r.add(dated{h.Revision, h.Fact.From()}, h.Event)
	}
	return r
}

func (r *reading) add(d dated, e Event) {
	plain := step{dated: d}
	switch e := e.(type) {
	case Registered:
		r.opened = append(r.opened, step{dated: d, standing: StandingProspect})
	case CarriedOver:
		r.carry(d, e)
	case Invited:
		r.asked = append(r.asked, step{dated: d, standing: StandingInvited})
	case Applied:
		r.asked = append(r.asked, step{d, StandingApplied, e.Class, e.OwnClass})
	case ReviewBegun:
		r.asked = append(r.asked, step{dated: d, standing: StandingUnderReview})
	case Rejected:
		r.refused = append(r.refused, step{dated: d, standing: StandingProspect})
	case Admitted:
		r.admitted = append(r.admitted, step{d, StandingAdmitted, e.Class, e.OwnClass})
	case Signed:
		r.signed = append(r.signed, step{dated: d, standing: StandingSigned})
	case Activated:
		r.activated = append(r.activated, step{dated: d, standing: StandingActive})
	case ClassChanged:
		r.classes = append(r.classes, step{dated: d, class: e.Class, own: e.OwnClass})
	case NoticeRevoked:
		r.revoked = append(r.revoked, plain)
	case Resumed:
		r.resumed = append(r.resumed, plain)
	case NoticeGiven:
		r.notices = append(r.notices, notice{d, e.until()})
	case Withdrawn:
		r.leave(d, StandingWithdrawn)
	case Expelled:
		r.leave(d, StandingExpelled)
	case Lapsed:
		r.leave(d, StandingLapsed)
	case Succeeded:
		r.leave(d, StandingSucceeded)
	case PutOnHold, SuspensionNoticed, Suspended, DutySet, DutyMet, DutyWaived, DutyExtended:
		r.addLive(d, e)
	case Reclassified, FellDue, Corrected, Voided, Disputed, Ruled:
		// no guard and no standing reads these
	}
}

// addLive adds what rests, and what is owed.
func (r *reading) addLive(d dated, e Event) {
	switch e := e.(type) {
	case PutOnHold:
		r.rests = append(r.rests, rest{dated: d, standing: StandingOnHold, until: e.Until, duty: e.Duty})
	case SuspensionNoticed:
		r.warning = append(r.warning, step{dated: d})
		r.rests = append(r.rests, rest{dated: d, standing: StandingSuspended, duty: e.Duty, noticed: true, begins: e.From})
	case Suspended:
		r.suspensions = append(r.suspensions, step{dated: d})
		r.rests = append(r.rests, rest{dated: d, standing: StandingSuspended, duty: e.Duty})
	case DutySet:
		r.duties = append(r.duties, duty{d, e})
	case DutyMet:
		r.settled = append(r.settled, settling{dated: d, key: e.Duty, due: e.Due})
	case DutyWaived:
		r.settled = append(r.settled, settling{dated: d, key: e.Duty, due: e.Due})
	case DutyExtended:
		r.settled = append(r.settled, settling{dated: d, key: e.Duty, due: e.Due, to: e.To})
	default: // no member is needed for it
	}
}

func (r *reading) leave(d dated, standing Standing) {
	r.left = append(r.left, leave{dated: d, standing: standing})
}

// carry adds what an older register says: the standing it gives, and that the
// party was admitted if that follows.
func (r *reading) carry(d dated, e CarriedOver) {
	d.from = book.ByThen(e.Since, d.from)
	s := step{d, e.Standing, e.Class, e.OwnClass}
	if e.Standing.Member() {
		r.vouched = append(r.vouched, s)
	}
	switch e.Standing {
	case StandingProspect:
		r.opened = append(r.opened, s)
	case StandingInvited, StandingApplied, StandingUnderReview:
		r.asked = append(r.asked, s)
	case StandingSigned:
		r.signed = append(r.signed, s)
	case StandingActive:
		r.activated = append(r.activated, s)
	case StandingOnHold, StandingSuspended:
		r.rests = append(r.rests, rest{dated: d, standing: e.Standing})
	case StandingWithdrawn, StandingExpelled, StandingLapsed, StandingSucceeded:
		r.left = append(r.left, leave{dated: d, standing: e.Standing, carried: true})
	case StandingAdmitted: // as vouched
	}
}

// until is the first day on which a notice has taken effect; unknown if it does
// not say.
func (e NoticeGiven) until() edtf.Date {
	if e.Until.IsUnknown() && !e.Period.IsZero() && !e.About().From().IsUnknown() {
		return e.About().From().Add(e.Period)
	}
	return e.Until
}

// evidence are the facts by which the party was a member: an admission, what an
// older register vouches for or, where both are missing, an activation.
func (r *reading) evidence() []step {
	switch {
	case len(r.admitted) > 0:
		return r.admitted
	case len(r.vouched) > 0:
		return r.vouched
	}
	return r.activated
}
