package actionplan

import (
	"cmp"
	"slices"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
)

// IndicatorState is an indicator, by what the version in force says of it, with
// what was measured.
type IndicatorState struct {
	Indicator
	Version int // that says so
	// Readings are by date; of those with the same date the one recorded first.
	Readings []Reading
	Progress Progress
	At       es.Revision // the event it rests on
}

// Reading is what an indicator stood at on a date.
type Reading struct {
	Value Quantity
	On    edtf.Date
	By    es.Revision // the event it rests on
}

// Progress is how far the last reading of an indicator is on the way from the
// baseline to the target. It does not depend on the order in which readings of
// different dates were recorded.
type Progress struct {
	// Value is that of the last reading; empty if there is none, or partial
	// dates leave it open which of different values is the last.
	Value Quantity
	// Permille is the part of the way in thousandths, rounded toward zero; below
	// 0 it went the wrong way, above 1000 beyond the target. If Known is false
	// there is no telling: a quantity is not known, or there is no way to go.
	Permille int
	Known    bool
	// Reached says whether the target is met; undecidable if nothing was
	// measured, no target is stated, or dates leave the last value open.
	Reached edtf.Truth
	// By is the event of the last reading, 0 if there is none.
	By es.Revision
}

// Indicators returns the indicators that move state, in the order of first
// mention.
func (s *State) Indicators() []IndicatorState {
	r := s.read()
	var all []IndicatorState
	for _, key := range r.measures.order {
		all = append(all, r.indicator(key))
	}
	return all
}

func (r *reading) indicator(key Key) IndicatorState {
	m := stands(r, r.measures.by[key])
	i := IndicatorState{Indicator: m.what, Version: m.version, At: m.at}
	kept, _ := distinct(r.values[key], sameDate)
	for _, v := range kept {
		i.Readings = append(i.Readings, Reading{v.is, v.from, v.at})
	}
	slices.SortFunc(i.Readings, func(a, b Reading) int {
		return cmp.Or(cmp.Compare(a.On.Earliest(), b.On.Earliest()), cmp.Compare(a.On.Latest(), b.On.Latest()),
			cmp.Compare(a.On.String(), b.On.String()))
	})
	i.Progress = i.progress(last(i.Readings))
	return i
}

// last returns the readings that are perhaps the last one, by date.
func last(all []Reading) []Reading {
	return slices.DeleteFunc(slices.Clone(all), func(v Reading) bool {
		return slices.ContainsFunc(all, func(o Reading) bool { return edtf.Before(v.On, o.On) == edtf.Yes })
	})
}

// progress of an indicator of which some readings are perhaps the last.
func (i Indicator) progress(last []Reading) Progress {
	if len(last) == 0 {
		return Progress{Reached: edtf.Maybe}
	}
	latest := last[len(last)-1]
	p := Progress{Value: latest.Value, Reached: i.met(latest.Value), By: latest.By}
	for _, v := range last {
		if v.Value != latest.Value {
			p.Value = ""
		}
		if i.met(v.Value) != p.Reached {
			p.Reached = edtf.Maybe
		}
	}
	p.Permille, p.Known = permille(i.Baseline, i.Target, p.Value)
	return p
}

// met says whether a value meets the target.
func (i Indicator) met(v Quantity) edtf.Truth {
	if i.Target == "" {
		return edtf.Maybe
	}
	order := v.Compare(i.Target)
	met := order == 0
	switch i.Direction {
	case Increase:
		met = order >= 0
	case Decrease:
		met = order <= 0
	case Reach:
	}
	if met {
		return edtf.Yes
	}
	return edtf.No
}
