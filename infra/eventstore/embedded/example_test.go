package embedded_test

import (
	"context"
	"fmt"
	"os"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
)

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "entente")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	store, err := embedded.Open(ctx, dir, embedded.Options{})
	if err != nil {
		panic(err)
	}
	stream := es.StreamName("memorandum", uuid.New())
	drafted := es.Record{ID: uuid.New(), Type: "memorandum.drafted", Schema: 1, Data: []byte(`{}`), Meta: []byte(`{}`)}
	fmt.Println(store.Append(ctx, stream, 0, drafted))
	fmt.Println(store.Append(ctx, stream, 0, drafted)) // the same append again
	for r, err := range store.Subscribe(ctx, 0) {
		if err != nil || r.IsMarker() {
			break
		}
		fmt.Println(r.Position, r.Revision, r.Type)
	}
	fmt.Println(store.Close())
	// Output:
	// 1 <nil>
	// 1 <nil>
	// 1 1 memorandum.drafted
	// <nil>
}
