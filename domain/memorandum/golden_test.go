package memorandum_test

import (
	"testing"

	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/memorandum"
)

func TestGolden(t *testing.T) { estest.Golden(t, memorandum.Events) }
