package embedded_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/eventstore/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Backend { return backend(t.TempDir()) })
}

func backend(dir string) storetest.Backend {
	return storetest.Backend{
		Open: func(ctx context.Context) (es.Store, error) {
			return embedded.Open(ctx, dir, embedded.Options{})
		},
		OpenReadOnly: func(ctx context.Context) (es.Store, error) {
			return embedded.Open(ctx, dir, embedded.Options{ReadOnly: true})
		},
		Crash: func(t *testing.T) storetest.Backend { return backend(copyFiles(t, dir)) },
	}
}

// copyFiles copies the database as it is on disk, the WAL last. Another
// process does it: closing a file drops the locks that SQLite has on it.
func copyFiles(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	require.NoError(t, os.Mkdir(to, 0o700))
	for _, name := range []string{"events.db", "events.db-wal"} {
		out, err := exec.Command("cp", filepath.Join(dir, name), to).CombinedOutput()
		require.NoError(t, err, string(out))
	}
	return to
}
