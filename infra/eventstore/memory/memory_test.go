package memory_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/memory"
	"github.com/entente-ledger/entente/infra/eventstore/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) storetest.Backend {
		return storetest.Backend{
			Open:     func(context.Context) (es.Store, error) { return memory.Open(), nil },
			Volatile: true,
		}
	})
}

func Example() {
	ctx, store := context.Background(), memory.Open()
	stream := es.StreamName("memorandum", uuid.New())
	position, err := store.Append(ctx, stream, 0, es.Record{
		ID: uuid.New(), Type: "memorandum.drafted", Schema: 1, Data: []byte(`{"title":"Sister cities"}`), Meta: []byte(`{}`),
	})
	fmt.Println(position, err)
	for r, err := range store.ReadStream(ctx, stream, 0) {
		fmt.Println(r.Revision, r.Type, string(r.Data), err)
	}
	// Output:
	// 1 <nil>
	// 1 memorandum.drafted {"title":"Sister cities"} <nil>
}
