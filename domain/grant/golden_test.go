package grant_test

import (
	"testing"

	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/grant"
)

func TestGolden(t *testing.T) { estest.Golden(t, grant.Events) }
