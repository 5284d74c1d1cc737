package projections_test

import (
	"os"
	"testing"

	"github.com/entente-ledger/entente/projections/projectiontest"
)

func TestMain(m *testing.M) {
	if err := projectiontest.Checks(12); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
