package httpapi

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/google/uuid"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/catalogue"
	"github.com/entente-ledger/entente/infra/documents"
	"github.com/entente-ledger/entente/infra/httpapi/front"
	"github.com/entente-ledger/entente/infra/tlog"
	"github.com/entente-ledger/entente/infra/vault"
	"github.com/entente-ledger/entente/projections"
)

// Recorder records commands for identities.
type Recorder interface {
	// Do records cmd if who may, see [ledger.Ledger.Do]. It fails besides with
	// [es.ErrDenied], and with [es.ErrNotFound] if who may not know of the stream.
	Do(ctx context.Context, who access.Identity, cmd es.Command) (es.Result, error)
}

// Permissions say who may do what is no command.
type Permissions interface {
	// Allow returns nil if r is allowed. Else it fails with [es.ErrDenied], and the
	// access record says so.
	Allow(ctx context.Context, r access.Request) error
	// Permits reports whether r is allowed; nobody is told of what is not. It is for
	// what is left out of an answer.
	Permits(r access.Request) bool
	// Sees returns the most restricted visibility that who may read; "" if who may
	// read nothing. See [access.Policy.Sees].
	Sees(who access.Identity) es.Visibility
}

// AccessRecord keeps who did what, and what was refused to whom, see
// [access.Journal].
type AccessRecord interface {
	// Append keeps e durably before it returns; Note keeps it soon.
	Append(ctx context.Context, e access.Entry) error
	Note(ctx context.Context, e access.Entry) error
	// List returns what f selects, at most limit, the oldest first.
	List(ctx context.Context, f access.Filter, limit int) ([]access.Entry, error)
}

// Vault keeps the data of natural persons, see [vault.Vault].
type Vault interface {
	Put(ctx context.Context, id uuid.UUID, e vault.Entry) (vault.Commitment, error)
	Erase(ctx context.Context, id uuid.UUID) error
}

// Documents keeps files by their hash, see [documents.Folder.Put].
type Documents interface {
	Put(ctx context.Context, r io.Reader) (documents.Hash, int64, error)
}

// Config is what an [API] rests on. Recorder, Rehearse, Permissions, Store and
// Logger are required.
type Config struct {
	Recorder Recorder
	// Rehearse returns a recorder that decides as Recorder does now, sees what was
	// given to itself, and records nothing.
	Rehearse    func(ctx context.Context) (Recorder, error)
	Permissions Permissions
	Store       es.Store           // of the ledger, for reading
	Views       *projections.Views // of the store; nil: no questions are taken
	Ledger      uuid.UUID          // its id
	Vault       Vault              // nil: no person's name is taken
	Documents   Documents          // nil: no file is taken
	Access      AccessRecord       // nil: none is kept
	Identities  *access.Registry   // nil: there are none; else Access is not nil either
	// CursorKey is what cursors of lists are signed with; nil: a random one, so that
	// they end with the process.
	CursorKey   []byte
	Log         tlog.Dir // the transparency log to serve; "": none
	LogIsPublic bool     // whoever asks may read the log
	Server      string   // URL of the service in its description; "": where it is found
	Version     string
	Logger      *slog.Logger
	Now         func() time.Time // nil: time.Now
	Tracer      trace.Tracer     // of the spans of commands; nil: none are made
	// Heard is told of each command that was given, if not nil: its name, how
	// long it took, and why it was refused.
	Heard func(command string, took time.Duration, err error)
}

// API serves a ledger over HTTP. It is safe for concurrent use once made.
type API struct {
	cfg       Config
	mux       *http.ServeMux
	huma      huma.API
	beside    []Route // what is not in the description
	catalogue *catalogue.Catalogue
	memory    *memory
	shown     shown
	files     chan struct{} // one for each answer that is being taken away as a file
	traced    chan struct{} // one for each command that is followed into the views
}

// mostFiles is how many answers are taken away as files at once. Each holds a reader
// of the views as long as whoever asked takes to read it; the others are for pages.
const mostFiles = 8

// New returns the API. Its description is complete when New returns, but for what
// is added through [API.Huma] before it serves.
func New(cfg Config) (*API, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Tracer == nil {
		cfg.Tracer = noop.Tracer{}
	}
	if len(cfg.CursorKey) == 0 {
		cfg.CursorKey = make([]byte, 32)
		_, _ = rand.Read(cfg.CursorKey) // never fails
	}
	if cfg.Heard == nil {
		cfg.Heard = func(string, time.Duration, error) {}
	}
	c, err := catalogue.New()
	if err != nil {
		return nil, err
	}
	a := &API{cfg: cfg, mux: http.NewServeMux(), catalogue: c, memory: newMemory(cfg.Now), files: make(chan struct{}, mostFiles), traced: make(chan struct{}, mostTraced)}
	a.huma = humago.New(a.mux, a.description())
	a.huma.UseMiddleware(a.negotiate, a.gate)
	a.describeProblem()
	if err := a.commands(); err != nil {
		return nil, err
	}
	a.propose()
	a.batch()
	a.documents()
	a.reads()
	a.errands()
	a.tiles()
	a.openapi()
	return a, a.pages()
}

// Huma is where operations are added besides the commands; each says by [Asks] which
// action it asks of the policy. Errors that their
// handlers return, and those of huma itself, are answered as package problem does;
// see [API.Fail].
func (a *API) Huma() huma.API { return a.huma }

// ServeHTTP implements [http.Handler]: also what no handler takes is answered as a
// problem.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, pattern := a.mux.Handler(r)
	front.NoteRoute(r.Context(), pattern)
	if pattern == "" {
		a.unrouted(w, r)
		return
	}
	a.mux.ServeHTTP(w, r)
}
