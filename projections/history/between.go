package history

import (
	"fmt"
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/projections/readmodel"
)

// Within reports whether a state of knowledge has the event, whoever sees it.
func (l Line) Within(at readmodel.At) bool {
	return (at.Known.IsZero() || !l.Known.After(at.Known)) &&
		(at.Recorded.IsZero() || !l.Recorded.After(at.Recorded)) &&
		(at.Events == 0 || l.Sequence < at.Events)
}

// Between returns, by name, the streams that whoever asks for to may see, with
// events that the state of knowledge to has and from has not.
func Between(conn *sqlite.Conn, from, to readmodel.At) ([]string, error) {
	args := readmodel.Arguments{}
	within := func(at readmodel.At, suffix string) string {
		conditions := []string{"1"}
		given := at.Arguments()
		for _, axis := range [][2]string{{"$known", "known"}, {"$recorded", "recorded"}, {"$last", "sequence"}} {
			if value, set := given[axis[0]]; set {
				conditions = append(conditions, "h."+axis[1]+" <= "+axis[0]+suffix)
				args[axis[0]+suffix] = value
			}
		}
		return "(" + strings.Join(conditions, " AND ") + ")"
	}
	var streams []string
	err := readmodel.Query(conn, "SELECT DISTINCT s.name FROM history h JOIN stream s ON s.id = h.stream WHERE "+
		to.Shows("h.stream")+" AND "+within(to, "_to")+" AND NOT "+within(from, "_from")+" ORDER BY s.name", args, func(r *readmodel.Row) error {
		streams = append(streams, r.Text())
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find what has events between: %w", err)
	}
	return streams, nil
}
