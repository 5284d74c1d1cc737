package network_test

import (
	"testing"

	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/network"
)

func TestGolden(t *testing.T) { estest.Golden(t, network.Events) }
