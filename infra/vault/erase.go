package vault

import (
	"context"
	"fmt"
	"iter"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// Erase destroys name, contact and salt of the person id, and keeps the id, so
// that it is not used again. When it returns nil, their bytes are in no file of
// the vault, and this is durable. Erasing again, or someone who was never
// there, succeeds. Its time grows with the number of persons kept, as it
// rewrites the file.
//
// If it fails, the data may already be out of reach of [Vault.Get], with bytes
// left in the file; the next Erase of anyone, or the next [Open], removes them.
func (v *Vault) Erase(ctx context.Context, id uuid.UUID) error {
	err := v.use(ctx, func(c *sqlite.Conn) error { return erase(c, []uuid.UUID{id}) })
	if err != nil {
		return fmt.Errorf("erase person %s: %w", id, err)
	}
	return nil
}

// erase deletes persons, leaves a tombstone of each, and scrubs the file.
func erase(c *sqlite.Conn, ids []uuid.UUID) error {
	if err := bury(c, ids); err != nil {
		return err
	}
	return scrub(c)
}

func bury(c *sqlite.Conn, ids []uuid.UUID) (err error) {
	if len(ids) == 0 {
		return nil
	}
	end, err := sqlitex.ImmediateTransaction(c)
	if err != nil {
		return err
	}
	defer end(&err)
	for _, id := range ids {
		if err := run(c, `DELETE FROM person WHERE id = ?`, nil, id[:]); err != nil {
			return err
		}
		// What was there must be scrubbed; who was never there need not be.
		err := run(c, `INSERT INTO erased (id, scrubbed) VALUES (?1, ?2)
			ON CONFLICT (id) DO UPDATE SET scrubbed = 0 WHERE ?2 = 0`, nil, id[:], c.Changes() == 0)
		if err != nil {
			return err
		}
	}
	return nil
}

// scrub rewrites the file if anyone was deleted since it was last rewritten.
// PRAGMA secure_delete clears the cell of a deleted row, but when pages are
// merged or split, copies of whole rows stay in their slack: one deletion in
// some thousands leaves a name behind. VACUUM builds every page anew from what
// is alive, in memory (temp_store), and copies it back.
func scrub(c *sqlite.Conn) error {
	var pending [][]byte
	err := run(c, `SELECT id FROM erased WHERE NOT scrubbed`, func(s *sqlite.Stmt) error {
		id := make([]byte, s.ColumnLen(0))
		s.ColumnBytes(0, id)
		pending = append(pending, id)
		return nil
	})
	if err != nil || len(pending) == 0 {
		return err
	}
	if err := sqlitex.ExecuteTransient(c, `VACUUM`, nil); err != nil {
		return err
	}
	return scrubbed(c, pending)
}

// scrubbed marks those whose bytes are gone, and nobody else: another process
// may have deleted someone since.
func scrubbed(c *sqlite.Conn, ids [][]byte) (err error) {
	end, err := sqlitex.ImmediateTransaction(c)
	if err != nil {
		return err
	}
	defer end(&err)
	for _, id := range ids {
		if err := run(c, `UPDATE erased SET scrubbed = 1 WHERE id = ?`, nil, id); err != nil {
			return err
		}
	}
	return nil
}

// collect reads the whole sequence first, so that the vault is not locked
// while a log is read.
func collect(erased iter.Seq2[uuid.UUID, error]) ([]uuid.UUID, error) {
	if erased == nil {
		return nil, nil
	}
	var ids []uuid.UUID
	for id, err := range erased {
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, nil
}
