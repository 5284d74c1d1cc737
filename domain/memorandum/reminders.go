package memorandum

import "github.com/entente-ledger/entente/domain/terms"

// Reminders returns the reminders that were sent of what falls due, in the
// order of their recording: not those that are only announced, or contested,
// nor other notices.
func (s *State) Reminders() []terms.Reminder {
	var all []terms.Reminder
	for h := range s.book.Moving() {
		if e, ok := h.Event.(Notified); ok && e.Matter == MatterReminder && e.Concerning != 0 {
			all = append(all, terms.Reminder{At: h.Revision, Of: e.Concerning, Due: e.Due, On: h.Fact.From()})
		}
	}
	return all
}
