package actionplan

import "github.com/entente-ledger/entente/domain/es"

// Budget is what the plan is to cost and what was promised for it. Amounts in
// different currencies are never added.
type Budget struct {
	Lines []LineState // in the order of first mention
	// Loose is the funding of no line in particular, or of one that is not there
	// any more.
	Loose []Funding
}

// LineState is a line of the budget, by what the version in force says of it.
type LineState struct {
	Line
	Version int // that says so
	// Funding is all that was promised for it, in whatever currency.
	Funding []Funding
	// Funded is the sum of the funding in the currency of the line, in its minor
	// unit. It may exceed the amount.
	Funded int64
	At     es.Revision // the event it rests on
}

// Funding is a commitment of money.
type Funding struct {
	Commitment
	At es.Revision // the event it rests on
}

// Budget returns the budget lines and the funding that move state.
func (s *State) Budget() Budget { return s.read().budget() }

func (r *reading) budget() Budget {
	var b Budget
	places := map[Key]int{}
	for i, key := range r.lines.order {
		l := stands(r, r.lines.by[key])
		places[key] = i
		b.Lines = append(b.Lines, LineState{Line: l.what, Version: l.version, At: l.at})
	}
	for _, key := range r.funds.order {
		c := stands(r, r.funds.by[key])
		f := Funding{c.what, c.at}
		i, ok := places[f.Line]
		if !ok {
			b.Loose = append(b.Loose, f)
			continue
		}
		l := &b.Lines[i]
		l.Funding = append(l.Funding, f)
		if f.Amount.Currency == l.Amount.Currency {
			l.Funded += f.Amount.Minor
		}
	}
	return b
}
