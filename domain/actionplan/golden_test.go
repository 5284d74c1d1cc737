package actionplan_test

import (
	"testing"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/es/estest"
)

func TestGolden(t *testing.T) { estest.Golden(t, actionplan.Events) }
