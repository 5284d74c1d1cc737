package projections_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/parties"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/register"
)

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "views")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	store := projectiontest.NewStore()
	w, err := projectiontest.NewWorld(store, func(n int) int { return n - 1 })
	if err != nil {
		log.Fatal(err)
	}
	if err := w.Step(); err != nil {
		log.Fatal(err)
	}

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
	err = v.ReadAt(ctx, r.Checkpoint().Position, func(conn *sqlite.Conn, _ projections.Checkpoint) error {
		agreements, _, err := register.List(conn, register.Filter{On: edtf.MustParse("2020-01-01")})
		if err != nil {
			return err
		}
		found, err := parties.ByName(conn, "IOÁNNINA", readmodel.At{})
		if err != nil {
			return err
		}
		open, _, err := findings.List(conn, findings.Filter{Kind: "party"})
		if err != nil {
			return err
		}
		fmt.Println(len(agreements), found[0].Title.Value, open[0].Code)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output: 0 Ioannina party.unsourced
}
