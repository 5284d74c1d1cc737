package main

import (
	"context"
	"crypto/tls"
	"errors"
	"time"

	"github.com/entente-ledger/entente/infra/audit"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/eventstore/esdbwire"
	"github.com/entente-ledger/entente/infra/tlog"
	"github.com/entente-ledger/entente/projections"
)

const (
	clockEvery = time.Hour
	sealTime   = 10 * time.Second // for what was recorded last, when it stops
	mendEvery  = 10 * time.Second // between two attempts at what failed
)

// job is something that goes on behind a service until ctx is done. Only what the
// service cannot do without is an error.
type job func(ctx context.Context) error

func (s *host) jobs(runner *projections.Runner) []job {
	all := []job{
		s.kept("log", s.sealing),
		s.kept("views", func(ctx context.Context) error { return s.projecting(ctx, runner) }),
		s.every(clockEvery, "clock", func(ctx context.Context) error { return s.fallDue(ctx) }),
		s.every(clockEvery, "timestamp", s.timestamp),
	}
	if s.options.verifyEvery > 0 {
		all = append(all, s.every(s.options.verifyEvery, "verification", s.audit))
	}
	if s.options.esdb.listen != "" {
		all = append(all, s.wire)
	}
	return all
}

// kept has a part of the service run, and begin anew when it fails: that is logged
// and makes the service not ready, but recording and reading go on.
func (s *host) kept(part string, run job) job {
	return func(ctx context.Context) error {
		for ctx.Err() == nil {
			err := run(ctx)
			if ctx.Err() != nil {
				break
			}
			s.health.fails(part, err)
			s.log.ErrorContext(ctx, "part failed", "part", part, "error", err)
			wait(ctx, mendEvery)
		}
		return nil
	}
}

// every does something now and then. That it fails is logged.
func (s *host) every(pause time.Duration, part string, do job) job {
	return func(ctx context.Context) error {
		for ctx.Err() == nil {
			if err := do(ctx); err != nil && ctx.Err() == nil {
				s.log.ErrorContext(ctx, "part failed", "part", part, "error", err)
			}
			wait(ctx, pause)
		}
		return nil
	}
}

func wait(ctx context.Context, pause time.Duration) {
	t := time.NewTimer(pause)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// sealing seals what is recorded, at last what was recorded before it is stopped.
func (s *host) sealing(ctx context.Context) error {
	sealer, err := s.sealer(ctx)
	if err != nil {
		return err
	}
	s.health.fails("log", nil)
	err = sealer.Run(ctx, func(c tlog.Checkpoint) { s.health.seals(c.Tree.N) })
	if ctx.Err() == nil {
		return err
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), sealTime)
	defer cancel()
	if _, err := sealer.Seal(last); err != nil {
		s.log.ErrorContext(ctx, "what was recorded last is not sealed", "error", err)
	}
	return nil
}

// projecting keeps the views up to date.
func (s *host) projecting(ctx context.Context, runner *projections.Runner) error {
	if err := runner.CatchUp(ctx); err != nil {
		return err
	}
	s.health.fails("views", nil)
	return runner.Serve(ctx)
}

// fallDue records what fell due by today.
func (s *host) fallDue(ctx context.Context) error {
	_, commands, err := s.came(ctx, today())
	if err != nil {
		return err
	}
	for _, c := range commands {
		if _, err := s.Do(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// timestamp has the last checkpoint stamped if there is an authority, unless one
// was within a day.
func (s *host) timestamp(ctx context.Context) error {
	tsa, err := s.app.authority("")
	if err != nil || tsa.URL == "" || s.health.of("log") != nil {
		return err
	}
	if _, err := s.app.published(); err != nil {
		return nil //nolint:nilerr // nothing is sealed yet
	}
	_, err = s.app.stamp(ctx, tsa)
	return err
}

// audit verifies the ledger. What is damaged is logged, each by its code.
func (s *host) audit(ctx context.Context) error {
	cfg, err := s.auditing(verification{})
	if err != nil {
		return err
	}
	report, err := audit.Verify(ctx, cfg, func(audit.Progress) {})
	if err != nil {
		return err
	}
	s.health.finds(report.Damaged)
	for _, d := range report.Damages {
		s.log.ErrorContext(ctx, "damage found", "code", d.Code, "message", d.Message)
	}
	s.log.InfoContext(ctx, "verified", "events", report.Events, "sealed", report.Sealed, "damages", report.Damaged)
	return nil
}

// wire serves the log for reading over the protocol of EventStoreDB.
func (s *host) wire(ctx context.Context) error {
	store, ok := s.Store().(*embedded.Store)
	if !ok {
		return usage("a store that is served is in a folder", "--data, without --store")
	}
	o := esdbwire.Options{ReadOnly: true, Logger: s.log}
	listen := s.options.esdb
	listen.cert, listen.key = s.options.cert, s.options.key
	var err error
	if o.TLS, err = listen.tls(); err != nil {
		return err
	}
	if o.Users, err = readUsers(listen.users); err != nil {
		return err
	}
	if o.TLS != nil {
		o.TLS.MinVersion = tls.VersionTLS12
	}
	l, err := listen.open(ctx)
	if err != nil {
		return err
	}
	s.log.InfoContext(ctx, "serving the log", "address", l.Addr().String())
	server := esdbwire.New(store, o)
	s.wired.Store(server)
	if err = server.Serve(ctx, l); errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}
