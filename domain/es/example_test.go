package es_test

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
)

// A command given twice is recorded once.
func ExampleHandler_Handle() {
	handler := &es.Handler{
		Store: newShelf(), // a program opens one with infra/eventstore
		Now:   time.Now,
		Nonce: func() [16]byte { return uuid.New() },
	}
	register := es.Command{
		ID:      uuid.MustParse("0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"),
		Name:    "tally.count",
		Payload: []byte(`{"text":"first"}`),
		Actor:   "clerk",
	}
	for range 2 {
		res, err := handler.Handle(context.Background(), tally, register)
		fmt.Println(res.Revision, res.Events[0].Type, res.Repeated, err)
	}
	// Output:
	// 1 tally.counted false <nil>
	// 1 tally.counted true <nil>
}
