package main

import (
	"context"
	"encoding/hex"
	"errors"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/infra/eventstore"
	"github.com/entente-ledger/entente/infra/migration"
)

// migrated is what a migration did, as JSON.
type migrated struct {
	From    string `json:"from"`
	To      string `json:"to"`
	Records uint64 `json:"records"` // in both
	Copied  uint64 `json:"copied"`  // by this run
	SHA256  string `json:"sha256"`  // of either log, see package migration
}

func (a *app) migrateCommand() *cobra.Command {
	var from, to string
	c := &cobra.Command{
		Use:   "migrate --from STORE --to STORE",
		Short: "Copy a ledger from one event store to another, and compare them",
		Long: "Copy a ledger from one event store to another: file:FOLDER, esdb://HOST:PORT. Every record keeps its place in the\n" +
			"order, its bytes and its id, so that whatever counts events goes on. Cut short, it goes on where it was when run\n" +
			"again. At the end both stores are read and compared. Nothing is deleted; what other programs keep in a store,\n" +
			"persons and documents are not copied.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if from == "" || to == "" {
				return usage("both stores are needed", cmd.UseLine())
			}
			done, err := a.migrate(cmd.Context(), from, to)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(done)
			}
			return a.printf("%d records are in both stores, %d of them copied now\nsha256 of the records %s\n", done.Records, done.Copied, done.SHA256)
		},
	}
	c.Flags().StringVar(&from, "from", "", "the store that has the ledger; it is only read")
	c.Flags().StringVar(&to, "to", "", "the store that is to have it: empty, or with the beginning of the same ledger")
	return c
}

func (a *app) migrate(ctx context.Context, from, to string) (done migrated, err error) {
	source, err := a.openStore(ctx, from, eventstore.ReadOnly())
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := a.openStore(ctx, to)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	progress, finish := a.steps()
	defer finish()
	report, err := migration.Run(ctx, source, target, func(p migration.Progress) {
		step := "copying"
		if p.Verifying {
			step = "comparing"
		}
		progress(step, int(p.Records), -1)
	})
	return migrated{withoutPassword(from), withoutPassword(to), report.Records, report.Copied, hex.EncodeToString(report.Digest[:])}, err
}
