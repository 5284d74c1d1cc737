package source_test

import (
	"testing"

	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/source"
)

func TestGolden(t *testing.T) { estest.Golden(t, source.Events) }
