package memorandum

import (
	"slices"
	"sort"

	"github.com/entente-ledger/entente/domain/book"
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
	d.end = r.determineEnd(d.entry, cs)
	for _, key := range r.amendmentOrder {
		d.amendments = append(d.amendments, r.determineAmendment(key, d.entry))
	}
	return d
}

// determineEntry decides the agreement's own entry into force. Where the terms
// are silent all who negotiated must have consented (VCLT art. 24(2)); if the
// agreement is open to any party that rule has no end, and nothing follows.
func (r *reading) determineEntry(cs []consent) (rule string, out outcome) {
	if since, ok := r.carriedInForce(); ok {
		return "as the older register has it", outcome{edtf.Yes, since, []es.Revision{r.carried[0].at}}
	}
	e := r.terms.Entry
	if e.IsZero() {
		if r.open {
			return "", outcome{}
		}
		e.All = true
	}
	if e.All && !slices.ContainsFunc(r.order, func(id terms.PartyID) bool { return r.parties[id].mayJoin() }) {
		return e.String(), outcome{} // all of nobody
	}
	return e.String(), e.determine(cs, quorum{r.negotiators, r.weight})
}

// carriedInForce returns since when an older register has or had the agreement
// in force, if it says so.
func (r *reading) carriedInForce() (edtf.Date, bool) {
	if len(r.carried) == 0 {
		return edtf.Date{}, false
	}
	c := r.carried[0].says
	switch {
	case !c.InForce.IsUnknown():
		return c.InForce, true
	case c.Phase == PhaseInForce:
		return c.Since, true
	case c.Phase == PhaseSuspended:
		return book.ByThen(c.InForce, c.Since), true
	}
	return edtf.Date{}, false
}

func (r *reading) weight(id terms.PartyID) int64 { return r.parties[id].weight }

// negotiators returns the parties that negotiated, or were perhaps invited by a
// day: who is invited once the agreement is in force does not undo that.
func (r *reading) negotiators(on edtf.Day) []terms.PartyID {
	return slices.DeleteFunc(slices.Clone(r.order), func(id terms.PartyID) bool {
		p := r.parties[id]
		invited := slices.ContainsFunc(p.invited, func(d dated) bool { return d.from.Earliest() <= on })
		return !p.founding && p.carried == nil && !invited
	})
}

// force decides since when and until when the agreement binds who consented: a
// late party from its own consent and the delay (VCLT art. 24(3)). Who left
// before is never bound.
func (r *reading) force(c consent, out outcome) Force {
	f := Force{Party: c.party, Round: c.round, Met: out.met}
	switch {
	case c.force != nil:
		f.Met, f.From = edtf.Yes, c.force.from
	case out.met != edtf.No:
		e := r.terms.Entry
		f.From = edtf.Between(
			max(out.from.Earliest(), e.start(c.from.Earliest())),
			max(out.from.Latest(), e.start(c.from.Latest())),
		)
	}
	if c.leave == nil || f.Met == edtf.No {
		return f
	}
	f.Left, f.Until = true, c.leave.from
	atOnce := out.from.Latest() <= c.from.Earliest() && r.terms.Entry.start(c.from.Latest()) == c.from.Latest()
	switch {
	case f.From.Earliest() >= f.Until.Latest():
		return Force{Party: c.party, Round: c.round}
	case f.From.Latest() >= f.Until.Earliest() && c.force == nil && !atOnce:
		f.Met = min(f.Met, edtf.Maybe) // perhaps it left before
	}
	return f
}

// determineAmendment decides when an amendment enters into force. If its own
// terms are silent, all must accept it who were parties by then.
func (r *reading) determineAmendment(key Key, entry EntryDetermined) AmendmentDetermined {
	a := r.amendments[key]
	var cs []consent
	for _, id := range r.order {
		if d, ok := a.accepted[id]; ok {
			cs = append(cs, consent{dated: d, party: id, round: 1})
		}
	}
	parties := func(on edtf.Day) (ids []terms.PartyID) {
		for _, f := range entry.Parties {
			if f.Met != edtf.No && !f.Left && f.From.Earliest() <= on {
				ids = append(ids, f.Party)
			}
		}
		return ids
	}
	e := a.entry
	if e.IsZero() {
		e.All = true
	}
	out := e.determine(cs, quorum{parties, r.weight})
	return AmendmentDetermined{
		Fact: terms.Fact{Occurred: out.from}, Amendment: key,
		Met: out.met, From: out.from, Rule: e.String(), Basis: out.basis,
	}
}

// determineEnd decides when the agreement ends by its own terms, which is
// whatever comes first. What never entered into force does not end so.
func (r *reading) determineEnd(entry EntryDetermined, cs []consent) EndDetermined {
	if entry.Met == edtf.No {
		return EndDetermined{}
	}
	end, fewer := r.expiry(entry), r.tooFew(entry, cs)
	if fewer.Cause != "" && (end.Cause == "" || edtf.Before(end.On, fewer.On) != edtf.Yes) {
		end = fewer
	}
	end.Occurred = end.On
	return end
}

var oneDay = edtf.Period{Days: 1}

// expiry decides the end of the term: the day after its last. A tacit renewal
// has no end until a party declines it in time.
func (r *reading) expiry(entry EntryDetermined) EndDetermined {
	t := r.terms
	end, rule := t.Until.Add(oneDay), "the last day of the terms"
	if t.Until.IsUnknown() && !t.Duration.IsZero() {
		end, rule = entry.From.Add(t.Duration), t.Duration.String()+" from entry into force"
	}
	var basis []es.Revision
	declined := r.declined
	if last := lastRenewal(r.renewed); last != nil {
		end, rule, basis = last.until.Add(oneDay), "renewed", []es.Revision{last.at}
		declined = slices.DeleteFunc(slices.Clone(declined), func(d dated) bool { return book.Follows(last, d) })
	}
	if end.IsForever() { // unknown, or "for ever"
		return EndDetermined{}
	}
	if t.Renewal.Tacit {
		if len(declined) == 0 {
			return EndDetermined{}
		}
		first := slices.MinFunc(declined, compare)
		basis, rule = append(basis, first.at), rule+", renewal declined"
		end = t.Renewal.declined(end, first.from)
	}
	return EndDetermined{Cause: "expiry", On: end, Rule: rule, Basis: basis}
}

// lastRenewal returns the latest renewal by date; of those with the same date
// the one recorded first.
func lastRenewal(all []renewal) *renewal {
	var last *renewal
	for i := range all {
		if last == nil || all[i].from.Earliest() > last.from.Earliest() {
			last = &all[i]
		}
	}
	return last
}

// declined returns the first end of a term, the current one or a later, that a
// notice given on a date was in time for.
func (n Renewal) declined(end, given edtf.Date) edtf.Date {
	before := edtf.Period{Years: -n.Notice.Years, Months: -n.Notice.Months, Days: -n.Notice.Days}
	after := func(end edtf.Day, terms int) edtf.Day {
		return end.Add(edtf.Period{Years: n.Every.Years * terms, Months: n.Every.Months * terms, Days: n.Every.Days * terms})
	}
	// The number of renewals is least if the term ends late and the notice was
	// early; a day has at most as many terms before it as there are days.
	renewals := func(end, given edtf.Day) int {
		return sort.Search(int(edtf.MaxDay-edtf.MinDay), func(terms int) bool {
			return after(end, terms).Add(edtf.Period{Days: -1}).Add(before) >= given
		})
	}
	return edtf.Between(
		after(end.Earliest(), renewals(end.Latest(), given.Earliest())),
		after(end.Latest(), renewals(end.Earliest(), given.Latest())),
	)
}

// tooFew decides since when fewer parties than the minimum are left. If not
// all dates are whole days it is a guess between the two ends of each.
func (r *reading) tooFew(entry EntryDetermined, cs []consent) EndDetermined {
	if r.terms.Minimum == 0 {
		return EndDetermined{}
	}
	days := [2]edtf.Day{edtf.MaxDay, edtf.MaxDay}
	var basis [2]es.Revision
	for i, b := range [2]bound{edtf.Date.Earliest, edtf.Date.Latest} {
		for j, gone := range entry.Parties { // entry.Parties[j] is of cs[j]
			day := b(gone.Until)
			if gone.Left && day < days[i] && inForceOn(entry, day-1, b) >= r.terms.Minimum && inForceOn(entry, day, b) < r.terms.Minimum {
				days[i], basis[i] = day, cs[j].leave.at
			}
		}
	}
	if basis == [2]es.Revision{} {
		return EndDetermined{}
	}
	slices.Sort(basis[:])
	return EndDetermined{
		Cause: "minimum", On: edtf.Between(days[0], days[1]), Rule: "fewer parties than the minimum of the terms",
		Basis: slices.DeleteFunc(slices.Compact(basis[:]), func(at es.Revision) bool { return at == 0 }),
	}
}

// inForceOn counts the parties bound on a day, by one end of partial dates.
func inForceOn(entry EntryDetermined, day edtf.Day, b bound) int {
	n := 0
	for _, f := range entry.Parties {
		if f.Met != edtf.No && b(f.From) <= day && (!f.Left || b(f.Until) > day) {
			n++
		}
	}
	return n
}
