package activity_test

import (
	"testing"

	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/es/estest"
)

func TestGolden(t *testing.T) { estest.Golden(t, activity.Events) }
