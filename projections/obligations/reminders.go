package obligations

import (
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// reminder is a row: a reminder that was sent of what an event determines.
type reminder struct {
	at, of    es.Revision
	day, sent string // EDTF; day is "" if it is of each day
	lo, hi    edtf.Day
}

// reminders returns the reminders of a stream, none if its kind keeps none.
func reminders(s readmodel.State) (all []reminder) {
	of, ok := s.Of.(interface{ Reminders() []terms.Reminder })
	if !ok {
		return nil
	}
	for _, r := range of.Reminders() {
		all = append(all, reminder{r.At, r.Of, r.Due.String(), r.On.String(), r.On.Earliest(), r.On.Latest()})
	}
	return all
}

func reminderTable() *readmodel.Table[reminder] {
	return readmodel.NewTable("obligations_reminder",
		readmodel.Columns[reminder]{Names: []string{"at INTEGER"}, Bind: func(b *readmodel.Binder, r reminder) { b.Int(int64(r.at)) }},
		readmodel.Columns[reminder]{
			Names: []string{"of INTEGER", "day TEXT", "sent TEXT", "earliest INTEGER", "latest INTEGER"},
			Bind: func(b *readmodel.Binder, r reminder) {
				b.Int(int64(r.of))
				b.Text(r.day)
				b.Text(r.sent)
				b.Day(r.lo)
				b.Day(r.hi)
			},
		})
}

// reminded is the condition that a reminder is the last one of an obligation,
// of those perhaps sent by a date if there is one.
func (f Filter) reminded() string {
	by := ""
	if !f.On.IsUnknown() {
		by = "y.earliest <= $on_day AND "
	}
	return `m.stream = o.stream AND ` + f.At.Clause("m") + ` AND m.at = (SELECT y.at FROM obligations_reminder y
		WHERE y.stream = o.stream AND y.of = o.of AND y.day IN ('', o.day) AND ` + by + f.At.Clause("y") + ` ORDER BY y.earliest DESC, y.at DESC LIMIT 1)`
}
