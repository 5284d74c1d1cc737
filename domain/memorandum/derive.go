package memorandum

import (
	"slices"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// derived is what follows from the facts and the agreement's own terms.
type derived struct {
	entry      EntryDetermined // with all parties
	end        EndDetermined
	amendments []AmendmentDetermined
}

// derive computes what follows.
func (r *reading) derive() derived {
	var d derived
	cs := r.consents()
	rule, out := r.determineEntry(cs)
	d.entry = EntryDetermined{Fact: terms.Fact{Occurred: out.from}, Met: out.met, From: out.from, Rule: rule, Basis: out.basis}
	for _, c := range cs {
		d.entry.Parties = append(d.entry.Parties, r.force(c, out))
	}
	d.end = r.determineEnd(d.entry)
	for _, key := range r.amendmentOrder {
		d.amendments = append(d.amendments, r.determineAmendment(key, d.entry))
	}
	return d
}

// determineEntry decides the agreement's own entry into force. Where the terms
// are silent all who negotiated must have consented (VCLT art. 24(2)); if the
// agreement is open to any party that rule has no end, and nothing follows.
func (r *reading) determineEntry(cs []consent) (rule string, out outcome) {
	if len(r.carried) > 0 {
		c := r.carried[0]
		if c.phase == PhaseInForce || c.phase == PhaseSuspended || !c.InForce.IsUnknown() {
			return "as the older register has it", outcome{edtf.Yes, c.InForce, []es.Revision{c.at}}
		}
	}
	e := r.terms.Entry
	silent := e.IsZero()
	if silent {
		e.All = true
	}
	if silent && r.open {
		return "", outcome{}
	}
	return e.String(), e.determine(cs, r.negotiators(), func(id terms.PartyID) int64 { return r.parties[id].weight })
}

// negotiators returns the parties that were invited or negotiated.
func (r *reading) negotiators() []terms.PartyID {
	return slices.DeleteFunc(slices.Clone(r.order), func(id terms.PartyID) bool {
		p := r.parties[id]
		return len(p.invited) == 0 && p.carried == nil
	})
}

// force decides since when and until when the agreement binds who consented: a
// late party from its own consent and the delay (VCLT art. 24(3)).
func (r *reading) force(c consent, out outcome) Force {
	f := Force{Party: c.party, Round: c.round, Met: out.met}
	switch {
	case c.force != nil:
		f.Met, f.From = edtf.Yes, *c.force
	case out.met != edtf.No:
		e := r.terms.Entry
		f.From = edtf.Between(
			max(out.from.Earliest(), e.start(c.from.Earliest())),
			max(out.from.Latest(), e.start(c.from.Latest())))
	}
	if c.leave != nil {
		f.Left, f.Until = true, c.leave.from
	}
	return f
}

func (r *reading) determineAmendment(key Key, entry EntryDetermined) AmendmentDetermined {
	a := r.amendments[key]
	var cs []consent
	for _, id := range r.order {
		if d, ok := a.accepted[id]; ok {
			cs = append(cs, consent{dated: d, party: id, round: 1})
		}
	}
	var needed []terms.PartyID
	for _, f := range entry.Parties {
		if f.Met != edtf.No && !f.Left {
			needed = append(needed, f.Party)
		}
	}
	e := a.entry
	if e.IsZero() {
		e.All = true
	}
	out := e.determine(cs, needed, func(id terms.PartyID) int64 { return r.parties[id].weight })
	return AmendmentDetermined{
		Fact: terms.Fact{Occurred: out.from}, Amendment: key,
		Met: out.met, From: out.from, Rule: e.String(), Basis: out.basis,
	}
}

// determineEnd decides when the agreement ends by its own terms.
func (r *reading) determineEnd(entry EntryDetermined) EndDetermined {
	expiry, byMinimum := r.expiry(entry), r.tooFew(entry)
	end := expiry
	if byMinimum.Cause != "" && (expiry.Cause == "" || edtf.Before(expiry.On, byMinimum.On) != edtf.Yes) {
		end = byMinimum
	}
	end.Occurred = end.On
	return end
}

// expiry decides the end of the term. A tacit renewal has no end until a party
// declines it in time.
func (r *reading) expiry(entry EntryDetermined) EndDetermined {
	t, last := r.terms, r.terms.Until
	rule := "the last day of the terms"
	if last.IsUnknown() && !t.Duration.IsZero() && entry.Met != edtf.No && !entry.From.IsUnknown() {
		last = edtf.Between(entry.From.Earliest().Add(t.Duration), entry.From.Latest().Add(t.Duration))
		rule = t.Duration.String() + " from entry into force"
	}
	var basis []es.Revision
	for _, renewed := range r.renewed {
		last, rule, basis = renewed.until, "renewed", append(basis, renewed.at)
	}
	if last.IsForever() { // unknown, or "for ever"
		return EndDetermined{}
	}
	if t.Renewal.Tacit {
		if len(r.declined) == 0 {
			return EndDetermined{}
		}
		no := r.declined[0]
		basis, rule = append(basis, no.at), rule+", renewal declined"
		last = t.Renewal.declinedAt(last, no.from)
	}
	return EndDetermined{Cause: "expiry", On: last, Rule: rule, Basis: basis}
}

// declinedAt returns the first end of a term, from last on, that a notice
// given on a date was in time for.
func (n Renewal) declinedAt(last, given edtf.Date) edtf.Date {
	var days [2]edtf.Day
	back := edtf.Period{Years: -n.Notice.Years, Months: -n.Notice.Months, Days: -n.Notice.Days}
	for i, b := range bounds {
		days[i] = b(last)
		if !b(given).Bounded() {
			return edtf.Date{}
		}
		for days[i].Bounded() && days[i].Add(back) < b(given) {
			days[i] = days[i].Add(n.Every)
		}
	}
	return edtf.Between(days[0], days[1])
}

// tooFew decides when fewer parties than the minimum are left.
func (r *reading) tooFew(entry EntryDetermined) EndDetermined {
	if r.terms.Minimum == 0 || entry.Met == edtf.No {
		return EndDetermined{}
	}
	var days [2]edtf.Day
	for i, b := range bounds {
		days[i] = edtf.MaxDay
		for _, gone := range entry.Parties {
			day := b(gone.Until)
			if gone.Left && day < days[i] && inForceOn(entry, day-1, b) >= r.terms.Minimum && inForceOn(entry, day, b) < r.terms.Minimum {
				days[i] = day
			}
		}
	}
	if !days[0].Bounded() && !days[1].Bounded() {
		return EndDetermined{}
	}
	return EndDetermined{
		Cause: "minimum", On: edtf.Between(days[0], days[1]), Rule: "fewer parties than the minimum of the terms",
	}
}

// inForceOn counts the parties bound on a day, by one bound of the dates.
func inForceOn(entry EntryDetermined, day edtf.Day, b bound) int {
	n := 0
	for _, f := range entry.Parties {
		if f.Met != edtf.No && b(f.From) <= day && (!f.Left || b(f.Until) > day) {
			n++
		}
	}
	return n
}
