package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/eventstore"
	"github.com/entente-ledger/entente/infra/vault"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/history"
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
	return a.with(ctx, o, use)
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
	store, err := eventstore.Open(ctx, "file:"+a.data, opts...)
	if err != nil {
		return noLedger(err, a.data)
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	opening, err := ledger.Open(ctx, store, time.Now, nonce, o)
	if err != nil {
		return noLedger(err, a.data)
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

// noLedger says what to do about a folder without a ledger.
func noLedger(err error, data string) error {
	var e *es.Error
	if errors.As(err, &e) && e.Kind == es.ErrNotFound {
		return &es.Error{
			Kind: es.ErrNotFound, Code: "ledger.none", Message: "there is no ledger in " + data,
			Want: "another --data, or something recorded there with `entente do` or `entente demo`",
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
		full, err = history.Resolve(conn, id)
		return err
	})
	return full, err
}

// persons opens the vault, and has it forget whoever the log says is erased.
func (l *opened) persons(ctx context.Context) (*vault.Vault, error) {
	if l.vault != nil {
		return l.vault, nil
	}
	if err := l.catchUp(ctx); err != nil {
		return nil, err
	}
	var err error
	l.vault, err = vault.Open(ctx, filepath.Join(l.app.data, "vault.db"), l.erased(ctx), vault.Options{})
	return l.vault, err
}

// erased yields the persons that the log says are erased.
func (l *opened) erased(ctx context.Context) iter.Seq2[uuid.UUID, error] {
	return func(yield func(uuid.UUID, error) bool) {
		err := l.read(ctx, func(conn *sqlite.Conn) error {
			log := history.Log{Conn: conn, Store: l.Store()}
			for from := uint64(0); ; {
				lines, err := log.Type(ctx, "person.erased", from, 0)
				if err != nil || len(lines) == 0 {
					return err
				}
				for _, one := range lines {
					_, id, err := es.ParseStream(one.Stream)
					if err != nil || !yield(id, nil) {
						return err
					}
					from = one.Sequence + 1
				}
			}
		})
		if err != nil {
			yield(uuid.Nil, err)
		}
	}
}

// commit puts a person into the vault and the commitment to it into the
// command that registers the person.
func (l *opened) commit(ctx context.Context, cmd es.Command, e vault.Entry) ([]byte, error) {
	if cmd.Name != "person.register" || cmd.Stream != "" {
		return nil, es.Invalid("cli.bad_vault", cmd.Name+" keeps nothing in the vault", "vault with person.register only").At("/vault")
	}
	payload := map[string]any{}
	if err := json.Unmarshal(cmd.Payload, &payload); err != nil {
		return nil, es.Invalid("cli.bad_json", fmt.Sprintf("the payload is no JSON object: %v", err), "a JSON object").At("/payload")
	}
	v, err := l.persons(ctx)
	if err != nil {
		return nil, err
	}
	_, id, err := es.ParseStream(es.NewStream("person", cmd.ID))
	if err != nil {
		return nil, err
	}
	commitment := vault.Commitment{}
	if !cmd.DryRun {
		if commitment, err = v.Put(ctx, id, e); err != nil {
			return nil, err
		}
	}
	payload["commitment"] = commitment
	return json.Marshal(payload, json.Deterministic(true))
}
