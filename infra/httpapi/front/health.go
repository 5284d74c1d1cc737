package front

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
)

// Check is something that must be so for a service to be of use.
type Check struct {
	Name string // such as store
	// OK returns nil, or why it is not so.
	OK func(ctx context.Context) error
}

// checkTime is how long all checks together may take.
const checkTime = 5 * time.Second

// checked is the answer of a check, as JSON.
type checked struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
}

// Ready answers 200 if all checks hold, else 503, and says which do. Why one does
// not is logged, and told nobody.
func Ready(log *slog.Logger, checks ...Check) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), checkTime)
		defer cancel()
		status := http.StatusOK
		all := []checked{}
		for _, c := range checks {
			err := c.OK(ctx)
			if err != nil {
				status = http.StatusServiceUnavailable
				log.WarnContext(ctx, "not ready", "check", c.Name, "error", err)
			}
			all = append(all, checked{c.Name, err == nil})
		}
		text, err := json.Marshal(map[string][]checked{"checks": all})
		if err != nil {
			status = http.StatusInternalServerError
		}
		answer(w, status, text)
	}
}

// Live answers 200: the process answers.
func Live(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, []byte(`{"live":true}`)) }

func answer(w http.ResponseWriter, status int, text []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // whoever asked may be gone
}
