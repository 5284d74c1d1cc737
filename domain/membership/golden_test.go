package membership_test

import (
	"testing"

	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/membership"
)

func TestGolden(t *testing.T) { estest.Golden(t, membership.Events) }
