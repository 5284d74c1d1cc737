package programme

import (
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
)

// guard fails with [es.ErrRejected] if e would break the structure of the
// programme: keys are asked of facts of any status, the rest only of recorded
// ones (rules 5 and 6 of the ledger). What dates leave undecided passes, and
// becomes a finding.
func (s *State) guard(e Event) error {
	if opened, ok := e.(CallOpened); ok && s.taken(opened) {
		return ErrKeyTaken
	}
	if call := callOf(e); call != "" && !s.hasCall(call) {
		return ErrNoCall
	}
	switch e.(type) {
	case Launched, CallOpened, ApplicationReceived, Selected, Paired:
		return s.notEnded(e.About())
	default:
		return nil
	}
}

// callOf returns the call that an event names and does not open, or "".
func callOf(e Event) Key {
	switch e := e.(type) {
	case CallClosed:
		return e.Call
	case ApplicationReceived:
		return e.Call
	case Selected:
		return e.Call
	case Rejected:
		return e.Call
	case Counted:
		return e.Call
	case Paired:
		return e.Call
	default:
		return ""
	}
}

// taken reports whether the key of e is that of another call, with another last
// day, whatever its status. The same call from another source, with another
// date or in other words competes with the first.
func (s *State) taken(e CallOpened) bool {
	for h := range s.book.Held() {
		if o, ok := h.Event.(CallOpened); ok && o.Key == e.Key && o.Until != e.Until && !o.Until.IsUnknown() && !e.Until.IsUnknown() {
			return true
		}
	}
	return false
}

func (s *State) hasCall(key Key) bool {
	for h := range s.book.Held() {
		if o, ok := h.Event.(CallOpened); ok && o.Key == key {
			return true
		}
	}
	return false
}

// notEnded fails if the programme had certainly closed before a recorded fact.
func (s *State) notEnded(f terms.Fact) error {
	if f.Status != terms.Recorded {
		return nil
	}
	if end, ok := s.read().ended(); ok && edtf.Before(end.from, f.From()) == edtf.Yes {
		return ErrEnded
	}
	return nil
}
