package ledger_test

import (
	"testing"

	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/ledger"
)

func TestGolden(t *testing.T) { estest.Golden(t, ledger.Events) }
