package person_test

import (
	"testing"

	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/person"
)

func TestGolden(t *testing.T) { estest.Golden(t, person.Events) }
