package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/eventstore/esdbwire"
	"github.com/entente-ledger/entente/infra/httpapi/front"
	"github.com/entente-ledger/entente/projections"
)

// How a ledger is served unless it is said otherwise.
const (
	defaultListen = "127.0.0.1:8080"
	defaultVerify = 24 * time.Hour
	defaultRate   = 1000 // requests a second of each identity
)

// hosting is how a ledger is to be served.
type hosting struct {
	listen, cert, key string
	behindProxy       bool
	anonymous         bool
	publicLog         bool
	origins           []string
	esdb              serving
	verifyEvery       time.Duration
	rate              float64
}

func (a *app) serveCommand() *cobra.Command {
	var o hosting
	c := &cobra.Command{
		Use:   "serve",
		Short: "Run the ledger as a service over HTTP, until interrupted",
		Long: "Run the ledger as a service over HTTP (docs/api.md): record commands, keep the views up to date, seal, record what\n" +
			"falls due each hour, have checkpoints time-stamped and the ledger verified each day. Its log is JSON on the error\n" +
			"output. When it is told to stop it finishes what it accepted.\n\n" +
			"While no identity was made with `entente token create`, and DATA/oidc.json names no provider of identities, it listens on\n" +
			"an address of this machine alone, and whoever reaches it is the local operator, with the id of --actor (default: operator). On other addresses it needs identities,\n" +
			"and TLS, unless a proxy in front of it has that (--behind-proxy).",
		Example: "  entente serve\n" +
			"  entente serve --listen 0.0.0.0:443 --tls-cert chain.pem --tls-key key.pem --anonymous --cors-origin https://www.example.org",
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serve(cmd.Context(), o) },
	}
	flags := c.Flags()
	flags.StringVar(&o.listen, "listen", defaultListen, "address to listen on")
	flags.StringVar(&o.cert, "tls-cert", "", "file with the server's certificate chain (PEM); read anew when it changes")
	flags.StringVar(&o.key, "tls-key", "", "file with its private key (PEM)")
	flags.BoolVar(&o.behindProxy, "behind-proxy", false, "a proxy in front has TLS, and names the client in X-Forwarded-For")
	flags.BoolVar(&o.anonymous, "anonymous", false, "who says not who they are may read what is public")
	flags.BoolVar(&o.publicLog, "public-log", false, "everybody may read the transparency log under /tlog/")
	flags.StringArrayVar(&o.origins, "cors-origin", nil, "web site whose scripts may ask, such as https://www.example.org; can be repeated")
	flags.StringVar(&o.esdb.listen, "esdb-listen", "", "address on which the log is served for reading over the protocol of EventStoreDB")
	flags.StringVar(&o.esdb.users, "esdb-users", "", "file of who is let in there, a line name:hash for each")
	flags.DurationVar(&o.verifyEvery, "verify-every", defaultVerify, "how often the ledger is verified; 0: never")
	flags.Float64Var(&o.rate, "rate", defaultRate, "requests a second that each identity may make; 0: as many as it likes")
	return c
}

// host is a ledger that is being served.
type host struct {
	*opened
	options  hosting
	log      *slog.Logger
	figures  *front.Figures
	health   *health
	operator string // id of the local operator; "" if there are identities
	wired    atomic.Pointer[esdbwire.Server]
}

func (a *app) serve(ctx context.Context, o hosting) error {
	if err := o.check(); err != nil {
		return err
	}
	operator := "operator"
	if id, err := a.identity(); err == nil {
		operator = id
	}
	s := &host{
		options: o, log: slog.New(slog.NewJSONHandler(a.errs, nil)), figures: front.NewFigures(), health: newHealth(), operator: operator,
	}
	id := uuid.New()
	opening := ledger.Opening{ID: id, Origin: a.origin, Actor: operator}
	if opening.Origin == "" {
		opening.Origin = "entente.invalid/" + id.String()
	}
	return a.with(ctx, opening, func(l *opened) error {
		s.opened = l
		return s.run(ctx)
	})
}

// check fails if the options contradict each other.
func (o hosting) check() error {
	if (o.cert == "") != (o.key == "") {
		return usage("a certificate needs its key, and a key its certificate", "--tls-cert and --tls-key")
	}
	for _, origin := range o.origins {
		scheme, host, ok := strings.Cut(origin, "://")
		if !ok || scheme != "https" && scheme != "http" || host == "" || strings.ContainsAny(host, "/*") {
			return usage(fmt.Sprintf("%.60q is no origin of a web site", origin), "--cors-origin with a scheme and a host, such as https://www.example.org")
		}
	}
	return nil
}

// run serves until ctx is done, then lets what was accepted finish, and only then
// stops what keeps the ledger.
func (s *host) run(ctx context.Context) (err error) {
	d, err := s.doors(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	l, err := s.open(ctx, d)
	if err != nil {
		return err
	}
	defer func() { _ = l.Close() }() // served or not; Serve has closed it
	traces, stopTracing, err := tracing(ctx, s.log)
	if err != nil {
		return err
	}
	defer stopTracing()
	runner, err := projections.Open(projections.Config{Dir: s.app.viewsDir(), Store: s.Store(), Outlived: func(err error) {
		s.log.WarnContext(ctx, "the views could not follow the store, and try again", "error", err)
	}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, runner.Close()) }()
	if err := s.views.Close(); err != nil {
		return err
	}
	s.views = runner.Views() // who waits for what was recorded is woken
	if err := runner.CatchUp(ctx); err != nil {
		return err
	}
	if _, err := s.persons(ctx); err != nil {
		return err
	}
	if err := s.resume(ctx, d); err != nil {
		return err
	}
	api, err := s.api(d, traces, runner)
	if err != nil {
		return err
	}
	handler, err := s.handler(d, traces, api)
	if err != nil {
		return err
	}
	certificate, err := s.certificate()
	if err != nil {
		return err
	}
	group, all := errgroup.WithContext(context.WithoutCancel(ctx))
	behind, stop := context.WithCancel(all)
	for _, job := range s.jobs(runner) {
		group.Go(func() error { return job(behind) })
	}
	group.Go(func() error {
		defer stop()
		serving, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(all, cancel)() // a job that fails stops it too
		if err := s.announce(l.Addr(), certificate != nil, d); err != nil {
			return err
		}
		return front.Server{Handler: handler, TLS: certificate, Logger: s.log}.Serve(serving, l)
	})
	if err := group.Wait(); err != nil {
		return err
	}
	s.log.InfoContext(ctx, "stopped")
	return nil
}

// open listens, unless others could reach what is not secured.
func (s *host) open(ctx context.Context, d *doors) (net.Listener, error) {
	host, _, err := net.SplitHostPort(s.options.listen)
	if err != nil {
		return nil, usage("--listen: "+err.Error(), "an address and a port, such as 127.0.0.1:8080")
	}
	switch local := front.IsLocal(host); {
	case local:
	case d.registry == nil:
		return nil, es.Invalid("cli.not_secured", "others can reach "+s.options.listen+", and there are no identities to tell who asks",
			"an address of this machine alone, or an identity made with `entente token create`")
	case s.options.cert == "" && !s.options.behindProxy:
		return nil, es.Invalid("cli.not_secured", "others can reach "+s.options.listen+" without TLS", "--tls-cert and --tls-key, or --behind-proxy")
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.options.listen)
	if err != nil {
		return nil, &es.Error{Kind: es.ErrConflict, Code: "cli.cannot_listen", Message: err.Error(), Want: "--listen with an address that is free"}
	}
	return l, nil
}

func (s *host) certificate() (*front.Certificate, error) {
	if s.options.cert == "" {
		return nil, nil //nolint:nilnil // nil is no TLS
	}
	c, err := front.LoadCertificate(s.options.cert, s.options.key, s.log)
	if err != nil {
		return nil, usage("the certificate cannot be used: "+err.Error(), "--tls-cert and --tls-key with a pair of PEM files")
	}
	return c, nil
}

// announce says where it serves, and to whom.
func (s *host) announce(at net.Addr, secure bool, d *doors) error {
	scheme := "http"
	if secure {
		scheme = "https"
	}
	url, operator := scheme+"://"+at.String(), ""
	if d.registry == nil {
		operator = s.operator
	}
	if s.app.json {
		return s.app.printJSON(map[string]string{"place": s.app.place(), "url": url, "operator": operator})
	}
	if operator != "" {
		return s.app.printf("serving %s at %s\nthere are no identities: whoever reaches this address is the local operator, %s\n", s.app.place(), url, operator)
	}
	return s.app.printf("serving %s at %s\n", s.app.place(), url)
}
