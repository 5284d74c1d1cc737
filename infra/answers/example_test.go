package answers_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/register"
)

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "views")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	store := newSmall(must{}).store // a small ledger
	r, err := projections.Open(projections.Config{Dir: dir, Store: store})
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	if err := r.CatchUp(ctx); err != nil {
		log.Fatal(err)
	}
	v := projections.OpenViews(dir)
	defer v.Close()
	err = v.Read(ctx, func(conn *sqlite.Conn, _ projections.Checkpoint) error {
		desk := &answers.Desk{Conn: conn, Store: store}
		for a, err := range desk.AllAgreements(register.Filter{On: edtf.MustParse("2021")}) {
			if err != nil {
				return err
			}
			fmt.Println(a.Title.Value, a.Phase, a.InForceFrom, a.Parties[0].Name, a.Parties[1].Name)
		}
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// Hills draft  Graz Львів
	// Rivers in_force 2018-05 Graz Львів
}

// must ends an example that fails.
type must struct{}

func (must) Errorf(format string, args ...any) { log.Printf(format, args...) }
func (must) FailNow()                          { os.Exit(1) }
