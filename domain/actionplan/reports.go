package actionplan

import (
	"slices"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// ReportState is a report that is owed, by what the version in force says of it,
// with each time that it is due.
type ReportState struct {
	Report
	Version int // that says so
	// Occurrences are by due date: of what is due again and again, until the end
	// of the plan's period, and at most [terms.MaxOccurrences].
	Occurrences []Occurrence
	At          es.Revision // the event it rests on
}

// Occurrence is one time that a report is due.
type Occurrence struct {
	// Due is the day by the schedule, and On the last one in time: Due, or the
	// one to which the event Extended extended it.
	Due, On  edtf.Date
	Extended es.Revision
	// Submitted is the event by which it was handed in, 0 if it was not, and
	// SubmittedOn when.
	Submitted   es.Revision
	SubmittedOn edtf.Date
	Document    terms.SourceID
	// Late says whether it came after the last day in time.
	Late edtf.Truth
}

// Reports returns the reports that move state, in the order of first mention.
func (s *State) Reports() []ReportState {
	r := s.read()
	var all []ReportState
	for _, key := range r.reports.order {
		all = append(all, r.report(key))
	}
	return all
}

func (r *reading) report(key Key) ReportState {
	d := stands(r, r.reports.by[key])
	state := ReportState{Report: d.what, Version: d.version, At: d.at}
	for _, due := range terms.Occurrences(d.what.Due, d.what.Every, r.until) {
		state.Occurrences = append(state.Occurrences, Occurrence{Due: due, On: due})
	}
	for _, x := range r.extended[key] {
		if o := state.find(x.due); o != nil && o.Extended == 0 {
			o.On, o.Extended = x.to, x.at
		}
	}
	for _, h := range r.handed[key] {
		if o := state.find(h.due); o != nil && o.Submitted == 0 {
			o.Submitted, o.SubmittedOn, o.Document = h.at, h.from, h.document
			o.Late = edtf.Before(o.On, h.from)
		}
	}
	return state
}

// find returns the occurrence that a fact means by a due date: the one with this
// date, else the one extended to it, else the first that it may be; nil if there
// is none. An unknown date means the only one.
func (s *ReportState) find(due edtf.Date) *Occurrence {
	if due.IsUnknown() && len(s.Occurrences) != 1 {
		return nil
	}
	for _, means := range []func(Occurrence) bool{
		func(o Occurrence) bool { return o.Due == due },
		func(o Occurrence) bool { return o.On == due },
		func(o Occurrence) bool {
			return edtf.Before(o.Due, due) != edtf.Yes && edtf.Before(due, o.Due) != edtf.Yes
		},
	} {
		if i := slices.IndexFunc(s.Occurrences, means); i >= 0 {
			return &s.Occurrences[i]
		}
	}
	return nil
}

// extendedOtherwise reports whether the due date that e is about is extended
// already, to another day.
func (r *reading) extendedOtherwise(e ReportExtended) bool {
	if len(r.reports.by[e.Report]) > 0 {
		state := r.report(e.Report)
		if o := state.find(e.Due); o != nil {
			return o.Extended != 0 && o.On != e.To
		}
	}
	return slices.ContainsFunc(r.extended[e.Report], func(x extension) bool { return x.due == e.Due && x.to != e.To })
}
