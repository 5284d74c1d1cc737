package grant

import "github.com/entente-ledger/entente/domain/terms"

// DueCall is the rule by which the last day for applications to a call comes.
const DueCall = "grant.call_closes"

// Dues returns the last days for applications, by call in the order of their
// opening.
func (s *State) Dues() []terms.Due {
	r := s.read()
	var all []terms.Due
	for _, key := range r.callOrder {
		c := r.calls[key]
		if len(c.opened) == 0 || c.until.IsUnknown() || c.until.IsForever() {
			continue
		}
		due := terms.Due{Kind: terms.Deadline, Rule: DueCall, Of: c.opened[0].at, Key: string(key), On: c.until}
		if len(c.closed) > 0 {
			due.Settled = c.closed[0].at
		}
		all = append(all, due)
	}
	return all
}
