package history

import (
	"fmt"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Monthly returns how many events that may be seen were recorded in each month
// that has any, by the first day of the month, UTC.
func Monthly(conn *sqlite.Conn, at readmodel.At) (map[edtf.Day]int, error) {
	if err := at.Check(); err != nil {
		return nil, err
	}
	counts := map[edtf.Day]int{}
	err := readmodel.Query(conn, `SELECT strftime('%Y-%m-01', h.recorded / 1000000, 'unixepoch') month, count(*) FROM history h
		WHERE `+held(at)+" GROUP BY month", at.Arguments(), func(r *readmodel.Row) error {
		month, err := edtf.ParseDay(r.Text())
		counts[month] = int(r.Int())
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count the events by month: %w", err)
	}
	return counts, nil
}

// held is the condition that an event is among those that at asks for, and may
// be seen. It has the parameters of [readmodel.At.Arguments].
func held(at readmodel.At) string {
	where := at.Shows("h.stream")
	if !at.Known.IsZero() {
		where += " AND h.known <= $known"
	}
	if !at.Recorded.IsZero() {
		where += " AND h.recorded <= $recorded"
	}
	if at.Events > 0 {
		where += " AND h.sequence <= $last"
	}
	return where
}
