package projections

import (
	"errors"
	"fmt"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// inspect opens generation n of dir for reading and returns what it says of
// itself. It fails with [es.ErrCorrupt] if the file is damaged, with
// [es.ErrNotFound] if there is nothing in it, with [es.ErrInvalid] if it is no
// views file.
func inspect(dir string, n int) (header, error) {
	path := viewsPath(dir, n)
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadOnly)
	if err != nil {
		return header{}, fmt.Errorf("open %s: %w", path, readmodel.Damage(err))
	}
	h, err := look(conn, path)
	return h, errors.Join(err, conn.Close())
}

func look(conn *sqlite.Conn, path string) (header, error) {
	id, tables := int64(0), int64(0)
	err := readmodel.Query(conn, "SELECT application_id, (SELECT count(*) FROM sqlite_schema) FROM pragma_application_id", nil,
		func(r *readmodel.Row) error {
			id, tables = r.Int(), r.Int()
			return nil
		})
	switch {
	case err != nil:
		return header{}, fmt.Errorf("read %s: %w", path, err)
	case id != application && tables > 0:
		return header{}, &es.Error{
			Kind: es.ErrInvalid, Code: "views.foreign", Message: path + " is a database of something else than the views",
			Want: "only views in that folder: move the file away",
		}
	case tables == 0: // its making was cut short
		return header{}, es.NotFound("views.empty", path+" is empty")
	}
	h, err := readHeader(conn)
	if err != nil {
		return header{}, fmt.Errorf("read %s: %w", path, err)
	}
	return h, nil
}

// survey is what is in the folder of the views.
type survey struct {
	live    int // number of the generation to go by, 0: none
	started int // number of one that was being built and can be gone on with, 0: none
	highest int // number of any file
	useless []int
	// refusal says why the folder is not to be written to but by a rebuild.
	refusal error
}

// take looks over dir for generations of these projections.
func take(dir string, projections []readmodel.Projection) (survey, error) {
	var s survey
	all, err := generations(dir, ".db")
	if err != nil {
		return s, err
	}
	locks, err := generations(dir, ".lock")
	if err != nil {
		return s, err
	}
	s.highest = max(first(all), first(locks))
	for _, n := range all {
		h, err := inspect(dir, n)
		switch {
		case s.live > 0: // swept when it is no longer read
		case errors.Is(err, es.ErrInvalid):
			s.refusal = errors.Join(s.refusal, err)
		case errors.Is(err, es.ErrCorrupt), errors.Is(err, es.ErrNotFound):
			s.useless = append(s.useless, n)
		case err != nil:
			return s, err
		case h.newer(projections):
			s.refusal = errors.Join(s.refusal, &es.Error{
				Kind: es.ErrNewer, Code: "views.newer", Message: viewsPath(dir, n) + " was made by a newer version",
				Want: "a newer entente; or older views: `entente rebuild`",
			})
		case h.format != format || h.projections != signature(projections):
			if !h.complete {
				s.useless = append(s.useless, n)
			}
		case h.complete:
			s.live = n
		case s.started == 0:
			s.started = n
		default:
			s.useless = append(s.useless, n)
		}
	}
	if s.live > 0 && s.started > 0 { // a rebuild that was given up
		s.useless, s.started = append(s.useless, s.started), 0
	}
	return s, nil
}

func first(numbers []int) int {
	if len(numbers) == 0 {
		return 0
	}
	return numbers[0]
}
