package memorandum

import (
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// reading is what the facts that move state say, sorted by subject. It is made
// anew from the book whenever it is needed, and so follows every correction.
type reading struct {
	kind    Kind
	open    bool
	terms   Terms
	drafted dated
	carried []carriedOver

	parties map[terms.PartyID]*participant
	order   []terms.PartyID // of first mention

	adopted, opened, closed, ended []dated
	provisional, suspension        []toggle
	renewed                        []renewal
	declined                       []dated
	amendments                     map[Key]*amendment
	amendmentOrder                 []Key
	counted                        int // the highest count of signatories
}

// dated is a fact reduced to when and where, and to what is asked of it.
type dated struct {
	at    es.Revision
	from  edtf.Date
	phase Phase     // that it leads to, if it is one of the agreement's ends
	until edtf.Date // of an opening for signature or a notice
	means Means     // of a consent
	binds bool      // of a signature, whatever the terms say
}

// When implements [book.Dated].
func (d dated) When() (es.Revision, edtf.Date) { return d.at, d.from }

type (
	carriedOver struct {
		dated
		says CarriedOver
	}
	toggle struct {
		dated
		on      bool
		parties []terms.PartyID
	}
	renewal struct {
		dated
		until edtf.Date
	}
	amendment struct {
		dated
		entry    Entry
		accepted map[terms.PartyID]dated
	}
)

// covers reports whether a toggle is about a party: about it or about all.
func (t toggle) covers(id terms.PartyID) bool {
	return len(t.parties) == 0 || slices.Contains(t.parties, id)
}

func (r *reading) party(id terms.PartyID) *participant {
	p, ok := r.parties[id]
	if !ok {
		p = &participant{id: id}
		r.parties[id] = p
		r.order = append(r.order, id)
	}
	return p
}

// read returns the facts of the book that move state, sorted.
func (s *State) read() *reading {
	if s.reading == nil {
		s.reading = s.sort()
	}
	return s.reading
}

// sort sorts the facts of the book that move state. An agreement whose opening
// was voided never was, and nothing is read of it.
func (s *State) sort() *reading {
	r := &reading{parties: map[terms.PartyID]*participant{}, amendments: map[Key]*amendment{}}
	if !s.Exists() {
		return r
	}
	for h := range s.book.Describing() {
		if h.Moves() {
			r.add(dated{at: h.Revision, from: h.Fact.From()}, h.Event)
		} else {
			r.describe(h.Event)
		}
	}
	return r
}

// describe adds what an opening says that moves nothing: an announced draft is
// none yet, but its parties may sign what is announced.
func (r *reading) describe(opening Event) {
	switch e := opening.(type) {
	case Drafted:
		r.kind, r.open, r.terms = e.Kind, e.Open, e.Terms
		for _, ref := range e.Parties {
			r.party(ref.ID).founding = true
		}
	case CarriedOver:
		r.kind, r.open, r.terms = e.Kind, e.Open, e.Terms
		for _, c := range e.Parties {
			r.party(c.Party.ID).founding = true
		}
	default: // opens nothing
	}
}

func (r *reading) add(d dated, e Event) {
	switch e := e.(type) {
	case Drafted:
		r.describe(e)
		r.drafted = d
	case CarriedOver:
		r.carry(d, e)
	case PartCarriedOver:
		r.carryPart(d, e.CarriedParty)
	case TermsSet:
		r.terms = e.Terms
	case Adopted:
		r.adopted = append(r.adopted, d)
	case Opened:
		d.until = e.Until
		r.opened = append(r.opened, d)
	case Closed:
		r.closed = append(r.closed, d)
	case Provisional:
		r.provisional = append(r.provisional, toggle{d, true, e.Parties})
	case ProvisionalEnded:
		r.provisional = append(r.provisional, toggle{d, false, nil})
	case Suspended:
		r.suspension = append(r.suspension, toggle{d, true, e.Parties})
	case Resumed:
		r.suspension = append(r.suspension, toggle{d, false, e.Parties})
	case Renewed:
		r.renewed = append(r.renewed, renewal{d, e.Until})
	case RenewalDeclined:
		r.declined = append(r.declined, d)
	case Terminated:
		r.end(d, PhaseTerminated)
	case Superseded:
		r.end(d, PhaseSuperseded)
	case Abandoned:
		r.end(d, PhaseAbandoned)
	case Counted:
		r.counted = max(r.counted, e.Signatories)
	case AmendmentAdopted:
		if r.amendments[e.Key] == nil { // else it competes, and the first stands
			r.amendments[e.Key] = &amendment{d, e.Entry, map[terms.PartyID]dated{}}
			r.amendmentOrder = append(r.amendmentOrder, e.Key)
		}
	case AmendmentAccepted:
		r.accept(d, e)
	case Invited, Signed, Consented, Weighed, NoticeGiven, NoticeRevoked, Withdrawn:
		r.addPart(d, e)
	case Titled, Related, ThemesSet, UnitNamed, TextAdded, TextCorrected, AxisRecorded,
		Reserved, Objected, Unreserved, Undertaken, Met, Waived, Extended, Notified, Reclassified,
		EntryDetermined, EndDetermined, AmendmentDetermined, FellDue,
		Corrected, Voided, Disputed, Ruled:
		// no guard and no derivation reads these
	}
}

func (r *reading) end(d dated, phase Phase) {
	d.phase = phase
	r.ended = append(r.ended, d)
}

func (r *reading) accept(d dated, e AmendmentAccepted) {
	a := r.amendments[e.Amendment]
	if a == nil {
		return
	}
	if _, competes := a.accepted[e.Party]; !competes {
		a.accepted[e.Party] = d
	}
}

func (r *reading) addPart(d dated, e Event) {
	switch e := e.(type) {
	default: // about no party
	case Invited:
		p := r.party(e.Party.ID)
		p.invited = append(p.invited, d)
	case Signed:
		p := r.party(e.Party.ID)
		d.binds = e.Definitive
		p.signed = append(p.signed, d)
	case Consented:
		p := r.party(e.Party.ID)
		d.means = e.Means
		p.consented = append(p.consented, d)
	case Weighed:
		p := r.party(e.Party)
		p.weight, p.weighed = e.Weight, true
	case NoticeGiven:
		p := r.party(e.Party)
		d.until = e.Until
		p.notices = append(p.notices, d)
	case NoticeRevoked:
		p := r.party(e.Party)
		p.revoked = append(p.revoked, d)
	case Withdrawn:
		p := r.party(e.Party)
		p.withdrawn = append(p.withdrawn, d)
	}
}

// carry adds what an older register says. A second register that carries the
// same agreement over competes with the first, which stands.
func (r *reading) carry(d dated, e CarriedOver) {
	e.Since = book.ByThen(e.Since, d.from)
	r.carried = append(r.carried, carriedOver{d, e})
	if len(r.carried) > 1 {
		return
	}
	if r.kind == "" { // else it competes with the opening, which stands
		r.kind, r.open, r.terms = e.Kind, e.Open, e.Terms
	}
	for _, c := range e.Parties {
		r.carryPart(d, c)
	}
}

// carryPart adds the part that an older register gives a party, as of the date
// of d. Of several the one recorded first stands. A weight that was stated
// expressly stays what it is.
func (r *reading) carryPart(d dated, says CarriedParty) {
	p := r.party(says.Party.ID)
	if p.carried != nil {
		if !p.carried.same(says) {
			p.rivals = append(p.rivals, d)
		}
		return
	}
	since := dated{at: d.at, from: book.ByThen(says.Since, d.from)}
	p.carried = &carriedParty{since, says}
	if !p.weighed {
		p.weight = says.Weight
	}
	switch says.State {
	case PartNotice:
		p.notices = append(p.notices, since)
	case PartWithdrawn:
		p.withdrawn = append(p.withdrawn, since)
	case PartInvited, PartSignatory, PartConsented, PartInForce, PartSuspended, PartEnded:
	}
}

// signatureBinds reports whether a signature is consent to be bound where it
// is not said to be definitive (VCLT art. 12).
func (r *reading) signatureBinds() bool {
	if r.terms.Consent == "" {
		return r.kind != "treaty"
	}
	return r.terms.Consent == "signature"
}

// closedBy reports whether signature was closed as of a date: a closing, or the
// last day for signature, lies before it, and no later opening between.
func (r *reading) closedBy(on edtf.Date) edtf.Truth {
	closings := slices.Clone(r.closed)
	for _, o := range r.opened {
		if !o.until.IsUnknown() {
			closings = append(closings, dated{from: o.until})
		}
	}
	closed := edtf.No
	for _, c := range closings {
		reopened := edtf.No
		for _, o := range r.opened {
			reopened = reopened.Or(edtf.Before(c.from, o.from).And(o.from.HeldBy(on)))
		}
		closed = closed.Or(edtf.Before(c.from, on).And(reopened.Not()))
	}
	return closed
}
