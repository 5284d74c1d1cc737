package programme_test

import (
	"testing"

	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/programme"
)

func TestGolden(t *testing.T) { estest.Golden(t, programme.Events) }
