package access

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
)

// RegistryFile is the name of the file of a [Registry] under the folder of the data.
const RegistryFile = "access/access.db"

// Options of [OpenRegistry]. The zero value is ready for use.
type Options struct {
	Now  func() time.Time // nil means [time.Now]
	Rand io.Reader        // source of tokens; nil means crypto/rand
	Log  *slog.Logger     // is told when the last use of a token cannot be written; nil means nobody
	// Keep is how long an authenticated token is taken for good without asking
	// the file again: what another process revokes takes effect after that
	// at the latest. 0 means 3 s.
	Keep time.Duration
}

// Validate returns an error of kind [es.ErrInvalid] if Keep is negative or
// longer than a minute.
func (o Options) Validate() error {
	if o.Keep < 0 || o.Keep > time.Minute {
		return es.Invalid("access.bad_options", "the time for which a token is kept is out of range", "0 to 1 min")
	}
	return nil
}

// Registry keeps identities and their API tokens in one SQLite file. What it
// is told is durable when a method returns nil. Nothing in it is ever deleted:
// an auditor can ask who held which role when. It is safe for concurrent use,
// also by several processes.
//
// Every method fails with kind [es.ErrConflict] and code access.busy if another
// process keeps the file to itself for more than 5 s, and with [es.ErrCorrupt]
// if the file is damaged.
type Registry struct {
	file  *file
	now   func() time.Time
	rand  io.Reader
	cache cache
	uses  *uses
	close func() error
}

var registryFormat = format{application: 0x656e7441 /* "entA" */, version: 1, schema: `
CREATE TABLE identity (
	id         TEXT    NOT NULL PRIMARY KEY,
	issuer     TEXT    NOT NULL,
	subject    TEXT    NOT NULL,
	created    INTEGER NOT NULL, -- microseconds since 1970; 0 is never
	created_by TEXT    NOT NULL,
	ended      INTEGER NOT NULL,
	ended_by   TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX identity_subject ON identity (issuer, subject) WHERE issuer <> '';
CREATE TABLE holding (
	identity TEXT    NOT NULL REFERENCES identity (id),
	what     TEXT    NOT NULL,
	value    TEXT    NOT NULL,
	given    INTEGER NOT NULL,
	given_by TEXT    NOT NULL,
	taken    INTEGER NOT NULL,
	taken_by TEXT    NOT NULL
) STRICT;
CREATE INDEX holding_identity ON holding (identity);
CREATE UNIQUE INDEX holding_now ON holding (identity, what, value) WHERE taken = 0;
CREATE TABLE token (
	prefix     TEXT    NOT NULL PRIMARY KEY,
	hash       BLOB    NOT NULL CHECK (length(hash) = 32),
	identity   TEXT    NOT NULL REFERENCES identity (id),
	created    INTEGER NOT NULL,
	created_by TEXT    NOT NULL,
	expires    INTEGER NOT NULL,
	revoked    INTEGER NOT NULL,
	revoked_by TEXT    NOT NULL,
	used       INTEGER NOT NULL
) STRICT;
CREATE INDEX token_identity ON token (identity);
CREATE TRIGGER identity_stays BEFORE DELETE ON identity BEGIN SELECT raise(ABORT, 'identities are never deleted'); END;
CREATE TRIGGER holding_stays BEFORE DELETE ON holding BEGIN SELECT raise(ABORT, 'holdings are never deleted'); END;
CREATE TRIGGER token_stays BEFORE DELETE ON token BEGIN SELECT raise(ABORT, 'tokens are never deleted'); END;`}

// OpenRegistry opens the registry at path, and makes the file and its folder,
// readable by their owner only, if there is none. It fails with [es.ErrNewer]
// if a newer entente wrote the file, and with [es.ErrInvalid] if it is something else's.
func OpenRegistry(ctx context.Context, path string, o Options) (*Registry, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Keep == 0 {
		o.Keep = 3 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	f, err := openFile(ctx, path, registryFormat)
	if err != nil {
		return nil, fmt.Errorf("open the registry of identities: %w", err)
	}
	r := &Registry{file: f, now: o.Now, rand: o.Rand, cache: cache{keep: o.Keep}, uses: keepUses(f, o.Log)}
	r.close = sync.OnceValue(func() error { return errors.Join(r.uses.close(), f.conns.Close()) })
	return r, nil
}

// Close writes what is known of last uses and releases the file. Closing again
// returns the first result.
func (r *Registry) Close() error { return r.close() }

// Create makes an identity, which by has asked for. The name of the person, if
// there is one, is to be in the vault under the same id before. It fails with
// [es.ErrInvalid] if g is not valid or id is the nil UUID, and with
// [es.ErrConflict] and code access.identity_exists if the id or the subject
// has an identity.
func (r *Registry) Create(ctx context.Context, by string, id uuid.UUID, s Subject, g Grants) (Account, error) {
	if id == uuid.Nil {
		return Account{}, es.Invalid("access.bad_identity", "the nil UUID is nobody's", "a random UUID")
	}
	if err := g.Validate(); err != nil {
		return Account{}, err
	}
	now, name := r.instant(), formatID(id)
	err := r.change(ctx, func(c *sqlite.Conn) error { return insert(c, name, s, Act{now, by}, g) })
	if sqlite.ErrCode(err).ToPrimary() == sqlite.ResultConstraint {
		err = &es.Error{
			Kind: es.ErrConflict, Code: "access.identity_exists",
			Message: "there is an identity of this id or subject already", Want: "another id, or that identity",
		}
	}
	if err != nil {
		return Account{}, fmt.Errorf("create identity %s: %w", name, err)
	}
	return r.Account(ctx, name)
}

func insert(c *sqlite.Conn, id string, s Subject, made Act, g Grants) error {
	err := run(c, `INSERT INTO identity (id, issuer, subject, created, created_by, ended, ended_by) VALUES (?, ?, ?, ?, ?, 0, '')`, nil,
		id, s.Issuer, s.ID, made.At.UnixMicro(), made.By)
	if err != nil {
		return err
	}
	return give(c, id, made, g)
}

// End ends an identity for ever: it loses what it holds, and none of its tokens
// is accepted again. Ending again changes nothing. It fails with
// [es.ErrNotFound] if there is no such identity.
func (r *Registry) End(ctx context.Context, by, id string) error {
	now := r.instant().UnixMicro()
	err := r.change(ctx, func(c *sqlite.Conn) error {
		if _, err := account(c, id); err != nil {
			return err
		}
		if err := run(c, `UPDATE identity SET ended = ?, ended_by = ? WHERE id = ? AND ended = 0`, nil, now, by, id); err != nil {
			return err
		}
		return run(c, `UPDATE holding SET taken = ?, taken_by = ? WHERE identity = ? AND taken = 0`, nil, now, by, id)
	})
	if err != nil {
		return fmt.Errorf("end identity %s: %w", id, err)
	}
	return nil
}

// Account returns all that is known of an identity. It fails with
// [es.ErrNotFound] and code access.no_identity if there is none.
func (r *Registry) Account(ctx context.Context, id string) (a Account, err error) {
	err = r.file.use(ctx, func(c *sqlite.Conn) error {
		a, err = account(c, id)
		return err
	})
	return a, err
}

// Accounts yields all identities in the order in which they were made.
func (r *Registry) Accounts(ctx context.Context) iter.Seq2[Account, error] {
	return func(yield func(Account, error) bool) {
		for after := int64(0); ; {
			page, last, err := r.page(ctx, after)
			if err != nil {
				yield(Account{}, fmt.Errorf("list identities: %w", err))
				return
			}
			for _, a := range page {
				if !yield(a, nil) {
					return
				}
			}
			if len(page) == 0 {
				return
			}
			after = last
		}
	}
}

// page returns some identities after a row, and the row of the last.
func (r *Registry) page(ctx context.Context, after int64) (page []Account, last int64, err error) {
	const most = 100
	err = r.file.use(ctx, func(c *sqlite.Conn) error {
		var ids []string
		err := run(c, `SELECT rowid, id FROM identity WHERE rowid > ? ORDER BY rowid LIMIT ?`, func(s *sqlite.Stmt) error {
			last, ids = s.ColumnInt64(0), append(ids, s.ColumnText(1))
			return nil
		}, after, most)
		if err != nil {
			return err
		}
		for _, id := range ids {
			a, err := account(c, id)
			if err != nil {
				return err
			}
			page = append(page, a)
		}
		return nil
	})
	return page, last, err
}

// Empty reports whether no identity was ever made.
func (r *Registry) Empty(ctx context.Context) (bool, error) {
	page, _, err := r.page(ctx, 0)
	return len(page) == 0, err
}

func account(c *sqlite.Conn, id string) (a Account, err error) {
	err = run(c, `SELECT id, issuer, subject, created, created_by, ended, ended_by FROM identity WHERE id = ?`, func(s *sqlite.Stmt) error {
		a.ID, a.Subject = s.ColumnText(0), Subject{s.ColumnText(1), s.ColumnText(2)}
		a.Created, a.Ended = act(s, 3), act(s, 5)
		return nil
	}, id)
	if err == nil && a.ID == "" {
		err = noIdentity(id)
	}
	if err != nil {
		return Account{}, err
	}
	err = run(c, `SELECT what, value, given, given_by, taken, taken_by FROM holding WHERE identity = ? ORDER BY rowid`, func(s *sqlite.Stmt) error {
		a.Holdings = append(a.Holdings, Holding{What(s.ColumnText(0)), s.ColumnText(1), act(s, 2), act(s, 4)})
		return nil
	}, id)
	return a, err
}

// act reads two columns.
func act(s *sqlite.Stmt, at int) Act { return Act{instant(s.ColumnInt64(at)), s.ColumnText(at + 1)} }

func instant(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

func (r *Registry) instant() time.Time { return r.now().UTC().Truncate(time.Microsecond) }

// change writes, and has every token looked up again: what it changed holds in
// this process when it returns.
func (r *Registry) change(ctx context.Context, do func(*sqlite.Conn) error) error {
	defer r.cache.clear()
	return r.file.write(ctx, do)
}
