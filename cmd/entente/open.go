package main

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/eventstore"
	"github.com/entente-ledger/entente/infra/vault"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// opened is a ledger that is open, for recording or for reading only.
type opened struct {
	*ledger.Ledger
	app   *app
	views *projections.Views
	vault *vault.Vault // once it was needed
}

// withLedger calls use with the ledger open for recording. If there is none in
// the folder, it makes one.
func (a *app) withLedger(ctx context.Context, actor string, use func(l *opened) error) error {
	id := uuid.New()
	o := ledger.Opening{ID: id, Origin: a.origin, Actor: actor}
	if o.Origin == "" {
		o.Origin = "entente.invalid/" + id.String()
	}
	return a.with(ctx, o, a.sealed(ctx, use))
}

// withExisting is withLedger for what can only be said of a ledger that is there:
// it makes none.
func (a *app) withExisting(ctx context.Context, use func(l *opened) error) error {
	if err := a.with(ctx, ledger.Opening{}, func(*opened) error { return nil }, eventstore.ReadOnly()); err != nil {
		return err
	}
	return a.with(ctx, ledger.Opening{}, a.sealed(ctx, func(l *opened) error {
		if err := l.catchUp(ctx); err != nil {
			return err
		}
		return use(l)
	}))
}

// withReader calls use with the ledger open for reading, also while another
// process records into it, and the views caught up.
func (a *app) withReader(ctx context.Context, use func(l *opened) error) error {
	return a.with(ctx, ledger.Opening{}, func(l *opened) error {
		if err := l.catchUp(ctx); err != nil {
			return err
		}
		return use(l)
	}, eventstore.ReadOnly())
}

func (a *app) with(ctx context.Context, o ledger.Opening, use func(l *opened) error, opts ...eventstore.Option) (err error) {
	if info, err := os.Stat(a.data); err == nil && !info.IsDir() {
		return es.Invalid("cli.bad_data", a.data+" is not a folder", "the folder of a ledger, or one to make")
	}
	store, err := a.openStore(ctx, a.storeURL(), opts...)
	if err != nil {
		return noLedger(err, a.place())
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	opening, err := ledger.Open(ctx, store, time.Now, nonce, o)
	if err != nil {
		return noLedger(err, a.place())
	}
	l := &opened{Ledger: opening, app: a, views: projections.OpenViews(a.viewsDir())}
	defer func() {
		err = errors.Join(err, l.views.Close())
		if l.vault != nil {
			err = errors.Join(err, l.vault.Close())
		}
	}()
	return use(l)
}

func (a *app) viewsDir() string { return filepath.Join(a.data, "views") }

// noLedger says what to do about a store without a ledger.
func noLedger(err error, place string) error {
	var e *es.Error
	if errors.As(err, &e) && e.Kind == es.ErrNotFound {
		return &es.Error{
			Kind: es.ErrNotFound, Code: "ledger.none", Message: "there is no ledger in " + place,
			Want: "another --data or --store, or something recorded there with `entente do` or `entente demo`",
		}
	}
	return err
}

func nonce() (n [16]byte) {
	_, _ = rand.Read(n[:]) // never fails
	return n
}

// runner returns what keeps the views of the ledger.
func (l *opened) runner(progress func(projections.Progress)) (*projections.Runner, error) {
	return projections.Open(projections.Config{Dir: l.app.viewsDir(), Store: l.Store(), Progress: progress})
}

// catchUp brings the views up to the store's head, or waits until the process
// that keeps them has done so.
func (l *opened) catchUp(ctx context.Context) error {
	head, err := l.Store().Head(ctx)
	if err != nil {
		return err
	}
	r, err := l.runner(nil)
	if errors.Is(err, es.ErrConflict) {
		return l.views.WaitFor(ctx, head)
	}
	if err != nil {
		return err
	}
	return errors.Join(r.CatchUp(ctx), r.Close())
}

// read calls use with the views.
func (l *opened) read(ctx context.Context, use func(conn *sqlite.Conn) error) error {
	return l.views.Read(ctx, func(conn *sqlite.Conn, _ projections.Checkpoint) error { return use(conn) })
}

// ask calls use with a desk that answers from one read of the views.
func (l *opened) ask(ctx context.Context, use func(d answering) error) error {
	return l.read(ctx, func(conn *sqlite.Conn) error { return use(l.desk(conn)) })
}

// desk answers by the knowledge that is asked for, and names natural persons as
// the vault has them.
func (l *opened) desk(conn *sqlite.Conn) *answers.Desk {
	return &answers.Desk{Conn: conn, Store: l.Store(), At: l.app.at, Persons: func(ctx context.Context, id terms.PersonID) (answers.Natural, error) {
		kept, err := l.natural(ctx, string(id))
		return answers.Natural{Name: kept.Name, Contact: kept.Contact}, err
	}}
}

// resolve returns the full id of a stream for one that may be shortened.
func (l *opened) resolve(ctx context.Context, id string) (string, error) {
	if _, _, err := es.ParseStream(id); err == nil {
		return id, nil
	}
	if err := l.catchUp(ctx); err != nil {
		return "", err
	}
	var full string
	err := l.read(ctx, func(conn *sqlite.Conn) (err error) {
		full, err = history.Resolve(conn, id, readmodel.At{})
		return err
	})
	return full, err
}

// there fails with [es.ErrNotFound] if there is no such record.
func (l *opened) there(ctx context.Context, id string) error {
	return l.read(ctx, func(conn *sqlite.Conn) error {
		_, err := history.At(conn, id, 1, readmodel.At{})
		return err
	})
}

// held is how many events the views have.
func (l *opened) held(ctx context.Context) (events uint64, err error) {
	err = l.views.Read(ctx, func(_ *sqlite.Conn, c checkpoint) error {
		events = c.Events
		return nil
	})
	return events, err
}
