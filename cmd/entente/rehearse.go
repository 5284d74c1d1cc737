package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/entente-ledger/entente/infra/eventstore/embedded"
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
	err = errors.Join(embedded.Copy(ctx, a.data, dir), projections.Copy(ctx, a.viewsDir(), filepath.Join(dir, "views")))
	if err != nil {
		remove()
		return nil, fmt.Errorf("copy the ledger for the dry run: %w", err)
	}
	a.data = dir
	return remove, nil
}
