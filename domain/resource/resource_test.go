package resource_test

import (
	"testing"

	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/resource"
)

func TestGolden(t *testing.T) { estest.Golden(t, resource.Events) }
