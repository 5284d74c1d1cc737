package httpapi_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/eventstore/memory"
	"github.com/entente-ledger/entente/infra/httpapi"
	"github.com/entente-ledger/entente/infra/httpapi/front"
)

func ExampleNew() {
	ctx := context.Background()
	store := memory.Open()
	l, err := ledger.Open(ctx, store, time.Now, func() [16]byte { return uuid.New() },
		ledger.Opening{ID: uuid.New(), Origin: "ledger.example/test", Actor: "clerk"})
	if err != nil {
		fmt.Println(err)
		return
	}
	api, err := httpapi.New(httpapi.Config{
		Recorder: recorder{l}, Permissions: allowing{}, Store: store, Ledger: l.ID, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := httptest.NewRequest("POST", "/v1/party", strings.NewReader(`{"kind":"municipality","name":{"lang":"it","value":"Ancona"}}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", "register-ancona")
	w := httptest.NewRecorder()
	api.ServeHTTP(w, r.WithContext(front.WithWho(ctx, access.Identity{ID: "clerk"})))
	fmt.Println(w.Code, w.Header().Get("ETag"))
	// Output: 201 "1"
}
