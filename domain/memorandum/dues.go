package memorandum

import (
	"cmp"
	"slices"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// The rules by which something of an agreement falls due.
const (
	DueEntry       = "memorandum.entry"            // it enters into force, after a delay
	DueExpiry      = "memorandum.expiry"           // its term is over
	DueWithdrawal  = "memorandum.withdrawal"       // a notice of withdrawal takes effect
	DueSignature   = "memorandum.signature_closes" // the last day for signature
	DueRenewal     = "memorandum.renewal_deadline" // the last day to decline a tacit renewal
	DueUndertaking = "memorandum.undertaking"      // an undertaking is to be kept
)

// Dues returns what falls due by the agreement's own terms and undertakings,
// in the order of the events that determine it.
func (s *State) Dues() []terms.Due {
	if !s.Exists() {
		return nil
	}
	r, d := s.read(), s.recorded()
	end := r.endOf(d)
	all := slices.Concat(r.dueEntry(d), r.dueEnd(d), r.dueWithdrawals(), r.dueSignature(end), r.dueRenewal(d), s.dueUndertakings(end))
	slices.SortStableFunc(all, func(a, b terms.Due) int { return cmp.Compare(a.Of, b.Of) })
	return all
}

// endOf is when the agreement has ended, or ends by its own terms; unknown if
// it does not.
func (r *reading) endOf(d *determined) edtf.Date {
	for _, span := range r.phases(d) {
		if span.Rank == rankEnded {
			return span.From
		}
	}
	return edtf.Date{}
}

// dueEntry is the day of an entry into force that follows from time alone: the
// consents were there before it.
func (r *reading) dueEntry(d *determined) []terms.Due {
	e := d.entry.event
	delayed := !r.terms.Entry.Delay.IsZero() || r.terms.Entry.FirstOfMonth || !r.terms.Entry.On.IsUnknown()
	if d.inForce() != edtf.Yes || !delayed || e.From.IsUnknown() {
		return nil
	}
	return []terms.Due{{Kind: terms.Effect, Rule: DueEntry, Of: d.entry.since, On: e.From}}
}

func (r *reading) dueEnd(d *determined) []terms.Due {
	end := d.end.event
	if end.Cause != "expiry" || d.end.setAside || d.end.doubt || d.inForce() != edtf.Yes || r.endedBefore(end.On) {
		return nil
	}
	return []terms.Due{{Kind: terms.Effect, Rule: DueExpiry, Of: d.end.since, On: end.On}}
}

func (r *reading) dueWithdrawals() []terms.Due {
	var all []terms.Due
	for _, id := range r.order {
		for _, round := range r.rounds(r.parties[id]) {
			if l := round.leave; l != nil && l.given != nil && !l.from.IsUnknown() {
				all = append(all, terms.Due{
					Kind: terms.Effect, Rule: DueWithdrawal, Of: l.given.at, Key: string(id), On: l.from, By: id,
				})
			}
		}
	}
	return all
}

// dueSignature is the last day for signature, unless the agreement was closed
// otherwise, or has ended, by then.
func (r *reading) dueSignature(end edtf.Date) []terms.Due {
	if len(r.opened) == 0 || r.opened[0].until.IsUnknown() || r.opened[0].until.IsForever() {
		return nil
	}
	due := terms.Due{Kind: terms.Deadline, Rule: DueSignature, Of: r.opened[0].at, On: r.opened[0].until}
	if len(r.closed) > 0 {
		due.Settled = r.closed[0].at
	}
	if !end.IsUnknown() && edtf.Before(end, due.On) == edtf.Yes {
		return nil
	}
	return []terms.Due{due}
}

// dueRenewal is the last day of each term on which a tacit renewal can be
// declined, until one is.
func (r *reading) dueRenewal(d *determined) []terms.Due {
	n := r.terms.Renewal
	if !n.Tacit || d.inForce() != edtf.Yes {
		return nil
	}
	first, of := r.terms.Until.Add(oneDay), d.entry.since
	if r.terms.Until.IsUnknown() {
		first = d.entry.event.From.Add(r.terms.Duration)
	}
	if last := lastRenewal(r.renewed); last != nil {
		first, of = last.until.Add(oneDay), last.at
	}
	if first.IsUnknown() || len(r.ended) > 0 {
		return nil
	}
	before := edtf.Period{Years: -n.Notice.Years, Months: -n.Notice.Months, Days: -n.Notice.Days}
	var all []terms.Due
	for _, end := range terms.Occurrences(first, n.Every, d.end.event.On) {
		all = append(all, terms.Due{Kind: terms.Deadline, Rule: DueRenewal, Of: of, On: end.Add(edtf.Period{Days: -1}).Add(before)})
	}
	return all
}

// dueUndertakings returns each day on which an undertaking is to be kept.
func (s *State) dueUndertakings(end edtf.Date) []terms.Due {
	var all []terms.Due
	for h := range s.book.Moving() {
		switch e := h.Event.(type) {
		case Undertaken:
			if slices.ContainsFunc(all, func(d terms.Due) bool { return d.Key == string(e.Key) }) {
				continue // it competes, and the first stands
			}
			for _, on := range terms.Occurrences(e.Due, e.Every, end) {
				all = append(all, terms.Due{
					Kind: terms.Duty, Rule: DueUndertaking, Of: h.Revision, Key: string(e.Key),
					On: on, By: e.By.ID, To: e.To.ID, What: e.What,
				})
			}
		case Met:
			settleOne(all, e, h.Revision)
		case Waived:
			for i := range all {
				if all[i].Key == string(e.Undertaking) && all[i].Settled == 0 && edtf.Before(all[i].On, h.Fact.From()) != edtf.Yes {
					all[i].Settled = h.Revision
				}
			}
		case Extended:
			extendOne(all, e)
		default: // nothing is owed by it
		}
	}
	return all
}

// settleOne settles the due day that a performance names or, if it names none,
// the first one that is open.
func settleOne(all []terms.Due, e Met, by es.Revision) {
	for i := range all {
		if all[i].Key == string(e.Undertaking) && all[i].Settled == 0 && (e.Due.IsUnknown() || all[i].On == e.Due) {
			all[i].Settled = by
			return
		}
	}
}

// extendOne moves the last open due day before the new one to it.
func extendOne(all []terms.Due, e Extended) {
	at := -1
	for i := range all {
		if all[i].Key == string(e.Undertaking) && all[i].Settled == 0 && (at < 0 || all[i].On.Latest() <= e.Due.Latest()) {
			at = i
		}
	}
	if at >= 0 && !e.Due.IsUnknown() {
		all[at].On = e.Due
	}
}
