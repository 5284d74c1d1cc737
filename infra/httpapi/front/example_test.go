package front_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"

	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi/front"
)

func ExampleConfig_Around() {
	hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "hello ", front.Who(r.Context()).ID)
	})
	h, err := front.Config{
		Logger:        slog.New(slog.DiscardHandler),
		Authenticator: front.Local{Who: access.Identity{ID: "operator"}},
	}.Around(hello)
	if err != nil {
		fmt.Println(err)
		return
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/", nil))
	fmt.Println(w.Body)
	// Output: hello operator
}
