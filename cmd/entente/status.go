package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/eventstore"
	"github.com/entente-ledger/entente/infra/tlog"
	"github.com/entente-ledger/entente/projections"
)

type checkpoint = projections.Checkpoint

// status is how a ledger is, as JSON.
type status struct {
	Ledger string           `json:"ledger"`
	Origin string           `json:"origin"`
	Data   string           `json:"data"`
	Store  string           `json:"store"`  // where the events are
	Events uint64           `json:"events"` // in the log
	Head   es.Position      `json:"head"`   // position of the last
	Views  viewsStatus      `json:"views"`
	Sealed int64            `json:"sealed"` // events, by the checkpoint that is published
	Bytes  map[string]int64 `json:"bytes"`  // on disk
	Alarms []tlog.Alarm     `json:"alarms"` // of witnesses, that nobody looked into
}

type viewsStatus struct {
	Events   uint64      `json:"events"` // that are in the views
	Position es.Position `json:"position"`
	Lag      uint64      `json:"lag"` // events that are not
}

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Show positions, lag and sizes",
		RunE: func(cmd *cobra.Command, _ []string) error {
			open := func(ctx context.Context, use func(l *opened) error) error {
				return a.with(ctx, ledger.Opening{}, use, eventstore.ReadOnly())
			}
			return a.proving(cmd.Context(), open, func(p proving) error { return p.printStatus(cmd.Context()) })
		},
	}
}

// printStatus implements [proving].
func (l *opened) printStatus(ctx context.Context) error {
	s, err := l.status(ctx)
	if err != nil {
		return err
	}
	if l.app.json {
		return l.app.printJSON(s)
	}
	p := &printer{app: l.app}
	p.line("ledger   %s (%s)", s.Ledger, s.Origin)
	p.line("folder   %s", s.Data)
	if l.app.store != "" {
		p.line("store    %s", s.Store)
	}
	p.line("log      %d events, head at position %d", s.Events, s.Head)
	p.line("views    %d events, %d behind", s.Views.Events, s.Views.Lag)
	p.line("sealed   %d events", s.Sealed)
	for _, part := range parts {
		p.line("%-8s %d bytes", strings.TrimSuffix(part, ".db"), s.Bytes[part])
	}
	for _, alarm := range s.Alarms {
		p.line("ALARM    %s: %s (%s); see `entente witness resume --help`", alarm.At, alarm.Message, alarm.Code)
	}
	return p.err
}

// parts of the data folder.
var parts = []string{"events.db", "views", "tlog", "vault.db", "documents"}

func (l *opened) status(ctx context.Context) (status, error) {
	s := status{Ledger: l.ID.String(), Origin: l.Origin, Data: l.app.data, Store: l.app.place(), Bytes: map[string]int64{}}
	var err error
	if s.Head, err = l.Store().Head(ctx); err != nil {
		return s, err
	}
	if s.Alarms, err = tlog.Alarms(ctx, l.Store()); err != nil {
		return s, err
	}
	at, err := l.views.Checkpoint(ctx)
	if err != nil && !errors.Is(err, es.ErrNotFound) {
		return s, err
	}
	s.Views.Events, s.Views.Position = at.Events, at.Position
	for _, err := range ledger.Own(l.Store().ReadAll(ctx, at.Position)) {
		if err != nil {
			return s, fmt.Errorf("count what is not in the views: %w", err)
		}
		s.Views.Lag++
	}
	s.Events = s.Views.Events + s.Views.Lag
	published, err := l.app.published()
	if err != nil && !errors.Is(err, es.ErrNotFound) && !errors.Is(err, es.ErrInvalid) { // a bad one is for verify to tell
		return s, err
	}
	s.Sealed = published.Tree.N
	for _, part := range parts {
		if s.Bytes[part], err = size(filepath.Join(l.app.data, part)); err != nil {
			return s, err
		}
	}
	return s, nil
}

// size returns the bytes of a file with what SQLite keeps beside it, or of all
// files in a folder; 0 if there is none.
func size(path string) (int64, error) {
	var sum int64
	found, err := filepath.Glob(path + "*")
	if err != nil {
		return 0, fmt.Errorf("measure %s: %w", path, err)
	}
	for _, root := range found {
		err := filepath.WalkDir(root, func(_ string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // gone meanwhile
			}
			if err != nil || d.IsDir() {
				return err
			}
			info, err := d.Info()
			if err == nil {
				sum += info.Size()
			}
			return nil
		})
		if err != nil {
			return 0, fmt.Errorf("measure %s: %w", path, err)
		}
	}
	return sum, nil
}

func (a *app) rebuildCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rebuild",
		Short: "Make the views anew from the log, beside the present ones, and switch",
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			return a.with(ctx, ledger.Opening{}, func(l *opened) (err error) {
				bar := a.bar(-1, "rebuilding")
				r, err := l.runner(func(p projections.Progress) { _ = bar.Set64(int64(p.Events)) })
				if err != nil {
					return err
				}
				defer func() { err = errors.Join(err, r.Close()) }()
				if err := r.Rebuild(ctx); err != nil {
					return err
				}
				at := r.Checkpoint()
				if err := bar.Finish(); err != nil {
					return fmt.Errorf("show progress: %w", err)
				}
				if a.json {
					return a.printJSON(viewsStatus{Events: at.Events, Position: at.Position})
				}
				return a.printf("the views were made anew from %d events\n", at.Events)
			}, eventstore.ReadOnly())
		},
	}
}
