package party_test

import (
	"testing"

	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/party"
)

func TestGolden(t *testing.T) { estest.Golden(t, party.Events) }
