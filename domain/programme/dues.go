package programme

import (
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/terms"
)

// DueCall is the rule by which the last day for applications to a call comes.
const DueCall = "programme.call_closes"

// Dues returns the last days for applications, by call in the order of their
// opening.
func (s *State) Dues() []terms.Due {
	r := s.read()
	var all []terms.Due
	for _, key := range r.calls {
		opened := book.One(r.opened[key])
		if opened.until.IsUnknown() || opened.until.IsForever() {
			continue
		}
		all = append(all, terms.Due{
			Kind: terms.Deadline, Rule: DueCall, Of: opened.at, Key: string(key), On: opened.until,
			Settled: book.One(r.shut[key]).at,
		})
	}
	return all
}
