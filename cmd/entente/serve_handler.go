package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/pprof"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/documents"
	"github.com/entente-ledger/entente/infra/httpapi"
	"github.com/entente-ledger/entente/infra/httpapi/front"
	"github.com/entente-ledger/entente/infra/tlog"
	"github.com/entente-ledger/entente/projections"
)

// Sizes of bodies, in bytes.
const (
	bodyBytes  = 1 << 20
	batchBytes = 8 << 20
)

// api returns the API with all that can be asked.
func (s *host) api(d *doors, traces trace.TracerProvider, runner *projections.Runner) (*httpapi.API, error) {
	files, err := documents.Open(filepath.Join(s.app.data, "documents"), documents.Options{})
	if err != nil {
		return nil, err
	}
	cursors, err := s.app.cursorKey()
	if err != nil {
		return nil, err
	}
	api, err := httpapi.New(httpapi.Config{
		Recorder: s.recorder(d, s.Ledger), Rehearse: s.rehearse(d), Permissions: d, Access: d.record(), Identities: d.registry, Store: s.Store(), Views: s.views, CursorKey: cursors, Ledger: s.ID,
		Vault: s.vault, Documents: files, Log: s.app.logDir(), LogIsPublic: s.options.publicLog, Version: version(), Logger: s.log,
		Tracer: traces.Tracer("entente/httpapi"),
		Heard: func(command string, took time.Duration, err error) {
			kind, _, _ := strings.Cut(command, ".")
			s.figures.Command(kind, took, err)
		},
	})
	if err != nil {
		return nil, err
	}
	s.operations(api, runner)
	d.logins(api)
	return api, nil
}

// handler returns an API with everything that stands around it.
func (s *host) handler(d *doors, traces trace.TracerProvider, api *httpapi.API) (http.Handler, error) {
	around := front.Config{
		Logger: s.log, Authenticator: d, Public: isPublic, Refused: d.unknown, MaxBody: maxBody, Rate: s.options.rate, Origins: s.options.origins,
		Secure: s.options.cert != "" || s.options.behindProxy, BehindProxy: s.options.behindProxy, Figures: s.figures,
	}
	h, err := around.Around(api)
	if err != nil {
		return nil, err
	}
	if _, none := traces.(noop.TracerProvider); none {
		return h, nil
	}
	return otelhttp.NewHandler(h, "request", otelhttp.WithTracerProvider(traces)), nil
}

// cursorKeyFile has what cursors are signed with, 32 random bytes, so that they
// outlive the process.
const cursorKeyFile = "cursor.key"

// cursorKey returns the key in the folder, which it makes if there is none.
func (a *app) cursorKey() ([]byte, error) {
	path := filepath.Join(a.data, cursorKeyFile)
	key, err := os.ReadFile(path)
	if err == nil && len(key) == 32 {
		return key, nil
	}
	key = make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	if err := os.WriteFile(path, key, 0o600); err != nil {
		return nil, fmt.Errorf("keep the key of cursors: %w", err)
	}
	return key, nil
}

// version is that of the module, as it was built.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "unknown"
}

// isPublic reports whether anybody may ask: whether the service is well, and how
// it is used.
func isPublic(r *http.Request) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch first {
	case "livez", "readyz", "docs", "errors", "openapi.json", "openapi.yaml", "openapi-3.0.json", "openapi-3.0.yaml":
		return r.Method == http.MethodGet || r.Method == http.MethodHead
	}
	return false
}

func maxBody(r *http.Request) int64 {
	switch {
	case strings.HasPrefix(r.URL.Path, "/v1/documents/"):
		return documents.DefaultMaxBytes
	case r.URL.Path == "/v1/batch":
		return batchBytes
	}
	return bodyBytes
}

// operations adds what operators ask: is it well, what does it count, where does
// it spend its time.
func (s *host) operations(api *httpapi.API, runner *projections.Runner) {
	api.Handle("GET /livez", httpapi.Anybody, http.HandlerFunc(front.Live))
	api.Handle("GET /readyz", httpapi.Anybody, front.Ready(s.log, s.checks(runner)...))
	s.gauges(runner)
	for path, h := range map[string]http.Handler{
		"GET /metrics":              s.figures.Handler(),
		"GET /debug/pprof/":         http.HandlerFunc(pprof.Index),
		"GET /debug/pprof/profile":  http.HandlerFunc(pprof.Profile),
		"GET /debug/pprof/symbol":   http.HandlerFunc(pprof.Symbol),
		"POST /debug/pprof/symbol":  http.HandlerFunc(pprof.Symbol),
		"GET /debug/pprof/trace":    http.HandlerFunc(pprof.Trace),
		"GET /debug/pprof/cmdline/": http.NotFoundHandler(), // it would show the flags
	} {
		api.Handle(path, access.Profile, h)
	}
}

// maxLag is how long ago the first event may have been recorded that is not in the
// views yet.
const maxLag = 10 * time.Second

// lag is how long ago the first event was recorded that is not in the views; 0 if
// they have all.
func lag(ctx context.Context, runner *projections.Runner) (time.Duration, error) {
	since, err := runner.Behind(ctx)
	if err != nil || since.IsZero() {
		return 0, err
	}
	return max(0, time.Since(since)), nil
}

// checks are what must be so for the service to be of use.
func (s *host) checks(runner *projections.Runner) []front.Check {
	return []front.Check{
		{Name: "store", OK: func(ctx context.Context) error {
			_, err := s.Store().Head(ctx)
			return err
		}},
		{Name: "views", OK: func(ctx context.Context) error {
			behind, err := lag(ctx, runner)
			if err == nil && behind > maxLag {
				err = errors.New("the views are behind")
			}
			return errors.Join(err, s.health.of("views"))
		}},
		{Name: "log", OK: func(ctx context.Context) error {
			alarms, err := tlog.Alarms(ctx, s.Store())
			if err == nil && len(alarms) > 0 {
				err = errors.New("a witness did not take the log for one that only grows")
			}
			return errors.Join(err, s.health.of("log"))
		}},
	}
}

func (s *host) gauges(runner *projections.Runner) {
	behind := func() float64 {
		d, err := lag(context.Background(), runner)
		if err != nil {
			return math.NaN() // not known
		}
		return d.Seconds()
	}
	for _, p := range projections.Catalog() {
		s.figures.Gauge("entente_projection_lag_seconds", "For how long the first event has been recorded that is not in the views yet.",
			map[string]string{"projection": p.Name()}, behind)
	}
	s.figures.Gauge("entente_sealing_age_seconds", "For how long there have been events that no checkpoint covers.", nil, func() float64 {
		return s.health.unsealed(runner.Checkpoint().Events, time.Now()).Seconds()
	})
	s.figures.Gauge("entente_subscribers", "Who follows the log over the protocol of EventStoreDB.", nil, func() float64 {
		if server := s.wired.Load(); server != nil {
			return float64(server.Subscribers())
		}
		return 0
	})
	s.figures.Gauge("entente_damages", "Damages that the last verification found.", nil, func() float64 { return float64(s.health.damages()) })
}
