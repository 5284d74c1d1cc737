package memorandum

import (
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
	begun   dated // of the opening event
	carried []carriedOver

	parties map[terms.PartyID]*participant
	order   []terms.PartyID // of first mention

	adopted, opened, closed, ended []dated
	until                          edtf.Date // last day for signature
	provisional, suspension        []toggle
	renewed                        []renewal
	declined                       []dated
	amendments                     map[Key]*amendment
	amendmentOrder                 []Key
	reservations                   map[Key]dated
	undertakings                   map[Key]dated
	counted                        []counted
}

// dated is a fact reduced to when and where.
type dated struct {
	at    es.Revision
	from  edtf.Date
	phase Phase // that it leads to, if it is one of the agreement's ends
}

type (
	carriedOver struct {
		dated
		CarriedOver
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
	counted struct {
		dated
		signatories int
	}
	amendment struct {
		dated
		entry    Entry
		accepted map[terms.PartyID]dated
	}
)

// participant is a party's part.
type participant struct {
	id                                    terms.PartyID
	invited, signed, consented, withdrawn []dated
	definitive                            map[es.Revision]bool // of the signatures
	means                                 map[es.Revision]Means
	notices                               []notice
	revoked                               []dated
	carried                               *CarriedParty
	carriedAt                             dated
	weight                                int64
}

type notice struct {
	dated
	until edtf.Date
}

func (r *reading) party(id terms.PartyID) *participant {
	p, ok := r.parties[id]
	if !ok {
		p = &participant{id: id, definitive: map[es.Revision]bool{}, means: map[es.Revision]Means{}}
		r.parties[id] = p
		r.order = append(r.order, id)
	}
	return p
}

// read sorts the facts of the book that move state.
func (s *State) read() *reading {
	r := &reading{
		parties: map[terms.PartyID]*participant{}, amendments: map[Key]*amendment{},
		reservations: map[Key]dated{}, undertakings: map[Key]dated{},
	}
	for h := range s.book.Moving() {
		r.add(dated{at: h.Revision, from: h.Fact.From()}, h.Event)
	}
	return r
}

func (r *reading) add(d dated, e Event) {
	switch e := e.(type) {
	case Drafted:
		r.kind, r.open, r.terms, r.begun = e.Kind, e.Open, e.Terms, d
		for _, p := range e.Parties {
			party := r.party(p.ID)
			party.invited = append(party.invited, d)
		}
	case CarriedOver:
		r.carry(d, e)
	case TermsSet:
		r.terms = e.Terms
	case Adopted:
		r.adopted = append(r.adopted, d)
	case Opened:
		r.opened, r.until = append(r.opened, d), e.Until
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
		d.phase = PhaseTerminated
		r.ended = append(r.ended, d)
	case Superseded:
		d.phase = PhaseSuperseded
		r.ended = append(r.ended, d)
	case Abandoned:
		d.phase = PhaseAbandoned
		r.ended = append(r.ended, d)
	case Counted:
		r.counted = append(r.counted, counted{d, e.Signatories})
	case Reserved:
		r.reservations[e.Key] = d
	case Undertaken:
		r.undertakings[e.Key] = d
	case AmendmentAdopted:
		r.amendments[e.Key] = &amendment{d, e.Entry, map[terms.PartyID]dated{}}
		r.amendmentOrder = append(r.amendmentOrder, e.Key)
	case AmendmentAccepted:
		if a := r.amendments[e.Amendment]; a != nil {
			a.accepted[e.Party] = d
		}
	case Invited, Signed, Consented, Weighed, NoticeGiven, NoticeRevoked, Withdrawn:
		r.addPart(d, e)
	case Titled, Related, ThemesSet, UnitNamed, TextAdded, TextCorrected, AxisRecorded, Objected, Unreserved,
		Met, Waived, Extended, Notified, Reclassified,
		EntryDetermined, EndDetermined, AmendmentDetermined,
		Corrected, Voided, Disputed, Ruled:
		// no guard and no derivation reads these
	}
}

func (r *reading) addPart(d dated, e Event) {
	switch e := e.(type) {
	case Invited:
		p := r.party(e.Party.ID)
		p.invited = append(p.invited, d)
	case Signed:
		p := r.party(e.Party.ID)
		p.signed = append(p.signed, d)
		p.definitive[d.at] = e.Definitive
	case Consented:
		p := r.party(e.Party.ID)
		p.consented = append(p.consented, d)
		p.means[d.at] = e.Means
	case Weighed:
		r.party(e.Party).weight = e.Weight
	case NoticeGiven:
		p := r.party(e.Party)
		p.notices = append(p.notices, notice{d, e.Until})
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
	d.phase = e.Phase
	r.carried = append(r.carried, carriedOver{d, e})
	if len(r.carried) > 1 {
		return
	}
	if d.at == 1 {
		r.kind, r.open, r.terms, r.begun = e.Kind, e.Open, e.Terms, d
	}
	for _, c := range e.Parties {
		p := r.party(c.Party.ID)
		p.carried, p.carriedAt, p.weight = &c, d, c.Weight
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
