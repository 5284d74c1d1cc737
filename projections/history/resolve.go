package history

import (
	"fmt"
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// candidates is how many streams an ambiguous prefix is answered with.
const candidates = 5

// Resolve returns the stream that a prefix means: of its name
// ("memorandum-0192") or of its UUID alone ("0192"). A whole name is a prefix
// of itself. It fails with [es.ErrInvalid] if several streams have it, and
// names some of them; with [es.ErrNotFound] if none has. Those of which no event
// is within at are none.
func Resolve(conn *sqlite.Conn, prefix string, at readmodel.At) (string, error) {
	found, err := withPrefix(conn, prefix, at)
	if err != nil {
		return "", fmt.Errorf("resolve %.80q: %w", prefix, err)
	}
	switch {
	case prefix == "" || len(found) == 0:
		return "", es.NotFound("history.no_stream", fmt.Sprintf("nothing here has an id that begins with %.80q", prefix))
	case len(found) == 1:
		return found[0], nil
	}
	shown, more := found, ""
	if len(found) > candidates {
		shown, more = found[:candidates], " and others"
	}
	return "", es.Invalid("history.ambiguous", fmt.Sprintf("%.80q is the beginning of several ids", prefix),
		"more of it: "+strings.Join(shown, ", ")+more)
}

// withPrefix returns the streams with a prefix, by name, one more than
// candidates at most.
func withPrefix(conn *sqlite.Conn, prefix string, at readmodel.At) ([]string, error) {
	prefix = strings.ToLower(prefix)
	var found []string
	add := func(beginning string) error {
		args := at.Arguments()
		args["$from"], args["$until"], args["$limit"] = beginning, beginning+"\x7f", candidates+1-len(found)
		return readmodel.Query(conn, `SELECT s.name FROM stream s WHERE s.name >= $from AND s.name < $until
			AND EXISTS (SELECT 1 FROM history h WHERE h.stream = s.id AND `+held(at)+`) ORDER BY s.name LIMIT $limit`, args,
			func(r *readmodel.Row) error {
				found = append(found, r.Text())
				return nil
			})
	}
	for _, a := range ledger.Aggregates() {
		beginning := a.Kind + "-"
		switch {
		case strings.HasPrefix(prefix, beginning):
			beginning = prefix
		case strings.Trim(prefix, "0123456789abcdef-") == "":
			beginning += prefix
		default:
			continue
		}
		if len(found) > candidates {
			break
		}
		if err := add(beginning); err != nil {
			return nil, err
		}
	}
	return found, nil
}
