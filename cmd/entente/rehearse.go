package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/entente-ledger/entente/infra/eventstore"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/migration"
	"github.com/entente-ledger/entente/projections"
)

// rehearse has a run work on a copy of the ledger, without its documents and
// persons, which remove removes.
func (a *app) rehearse(ctx context.Context) (remove func(), err error) {
	dir, err := os.MkdirTemp("", "entente-dry-run-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the dry run: %w", err)
	}
	remove = func() { _ = os.RemoveAll(dir) } // it is temporary
	if a.store == "" {
		err = embedded.Copy(ctx, a.data, dir)
	} else {
		err = a.fetch(ctx, dir)
	}
	if err = errors.Join(err, projections.Copy(ctx, a.viewsDir(), filepath.Join(dir, "views"))); err != nil {
		remove()
		return nil, fmt.Errorf("copy the ledger for the dry run: %w", err)
	}
	a.data, a.store = dir, ""
	return remove, nil
}

// fetch copies the ledger from a store elsewhere into one in a folder.
func (a *app) fetch(ctx context.Context, dir string) (err error) {
	from, err := a.openStore(ctx, a.store, eventstore.ReadOnly())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := embedded.Open(ctx, dir, embedded.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	_, err = migration.Copy(ctx, from, to, nil)
	return err
}
