package vault

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/entente-ledger/entente/domain/es"
)

// Options of [Open]. The zero value is ready for use.
type Options struct {
	Rand io.Reader     // source of salts; nil means crypto/rand
	Wait time.Duration // for another process to finish; 0 means 5 s
}

// Validate returns an error of kind [es.ErrInvalid] if Wait is negative.
func (o Options) Validate() error {
	if o.Wait < 0 {
		return es.Invalid("vault.bad_options", "the time to wait is negative", "0 or more")
	}
	return nil
}

// Vault keeps the data of natural persons. It is safe for concurrent use.
// Every method fails with kind [es.ErrConflict] and code [CodeBusy] if another
// process keeps the file to itself for longer than [Options] say, and with
// [es.ErrCorrupt] if the file is damaged.
type Vault struct {
	conns *sqlitex.Pool // of one connection, so that callers queue by context
	rand  io.Reader
	close func() error
}

// Open opens the vault at path, a file in a folder that exists, and creates it
// if there is none. The file and its journal are readable by their owner only.
//
// It then erases whoever erased yields, so that a restored backup cannot bring
// a name back, and finishes what a crash has left of earlier erasures. erased
// is to yield everyone the log says is erased, in any order, repeats allowed; nil
// means nobody. If it yields an error, Open fails with it, rather than open
// with a name that should be gone.
//
// Open fails with [es.ErrNewer] if a newer entente wrote the file, with
// [es.ErrInvalid] if the file belongs to another program, and with
// [es.ErrCorrupt] if it is no database.
func Open(ctx context.Context, path string, erased iter.Seq2[uuid.UUID, error], opts Options) (*Vault, error) {
	v, err := open(ctx, path, erased, opts)
	if err != nil {
		return nil, fmt.Errorf("open vault: %w", err)
	}
	return v, nil
}

func open(ctx context.Context, path string, erased iter.Seq2[uuid.UUID, error], opts Options) (_ *Vault, err error) {
	if err := opts.Validate(); err != nil {
		return nil, err
	}
	if opts.Wait == 0 {
		opts.Wait = 5 * time.Second
	}
	if opts.Rand == nil {
		opts.Rand = rand.Reader
	}
	// An absolute path is a file to SQLite whatever its name: "" and
	// ":memory:" would not be.
	if path, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	ids, err := collect(erased)
	if err != nil {
		return nil, fmt.Errorf("read who is erased: %w", err)
	}
	if err := create(path); err != nil {
		return nil, err
	}
	conns, err := sqlitex.NewPool(path, sqlitex.PoolOptions{
		Flags: sqlite.OpenReadWrite, PoolSize: 1,
		PrepareConn: func(c *sqlite.Conn) error { return prepare(c, path, opts.Wait) },
	})
	if err != nil {
		return nil, classify(ctx, err)
	}
	v := &Vault{conns: conns, rand: opts.Rand, close: sync.OnceValue(conns.Close)}
	if err := v.use(ctx, func(c *sqlite.Conn) error { return erase(c, ids) }); err != nil {
		_ = v.Close() // the first error says more
		return nil, err
	}
	return v, nil
}

// Close releases the file; methods under way are interrupted, and later ones
// fail. Closing again returns the first result.
func (v *Vault) Close() error { return v.close() }

// Put keeps e as the data of the person id, durably, and returns the
// commitment to it. The same id and entry again return the first commitment.
//
// It fails with [es.ErrInvalid] if id is the nil UUID or e is not valid, with
// [es.ErrConflict] and [CodeOtherEntry] if another entry is kept for id, and
// with [es.ErrRejected] and [CodeErased] if the person was erased.
func (v *Vault) Put(ctx context.Context, id uuid.UUID, e Entry) (Commitment, error) {
	if err := checkPerson(id, e); err != nil {
		return Commitment{}, fmt.Errorf("put person %s: %w", id, err)
	}
	var made Commitment
	err := v.use(ctx, func(c *sqlite.Conn) (err error) {
		end, err := sqlitex.ImmediateTransaction(c)
		if err != nil {
			return err
		}
		defer end(&err)
		made, err = v.put(c, id, e)
		return err
	})
	if err != nil {
		return Commitment{}, fmt.Errorf("put person %s: %w", id, err)
	}
	return made, nil
}

func checkPerson(id uuid.UUID, e Entry) error {
	if id == uuid.Nil {
		return es.Invalid("vault.bad_id", "a person has the nil UUID", "a UUID of the person's own")
	}
	return e.Validate()
}

func (v *Vault) put(c *sqlite.Conn, id uuid.UUID, e Entry) (Commitment, error) {
	if gone, err := isErased(c, id); err != nil {
		return Commitment{}, err
	} else if gone {
		return Commitment{}, es.Rejected(CodeErased, "the person was erased, and is not recorded again under the same id",
			"another id, that is another `person.register`")
	}
	o, found, err := load(c, id)
	switch {
	case err != nil:
		return Commitment{}, err
	case found && o.Entry != e:
		return Commitment{}, &es.Error{
			Kind: es.ErrConflict, Code: CodeOtherEntry,
			Message: "other data are kept for the person",
			Want:    "the same data, or an id of its own for another person",
		}
	case found:
		return o.Commitment(), nil
	}
	o.Entry = e
	if _, err := io.ReadFull(v.rand, o.Salt[:]); err != nil {
		return Commitment{}, fmt.Errorf("draw a salt: %w", err)
	}
	err = run(c, `INSERT INTO person (id, name, name_lang, contact, salt) VALUES (?, ?, ?, ?, ?)`, nil,
		id[:], e.Name, e.NameLang, e.Contact, o.Salt[:])
	return o.Commitment(), err
}

// Get returns what is kept of the person id. It fails with [es.ErrNotFound]
// and [CodeErased] if the person was erased, else [CodeUnknown] if there is no
// such person.
func (v *Vault) Get(ctx context.Context, id uuid.UUID) (Entry, error) {
	o, err := v.Opening(ctx, id)
	return o.Entry, err
}

// Opening returns what opens the person's commitment, for [Verify]. It fails
// as [Vault.Get] does.
func (v *Vault) Opening(ctx context.Context, id uuid.UUID) (Opening, error) {
	var o Opening
	err := v.use(ctx, func(c *sqlite.Conn) (err error) {
		var found bool
		if o, found, err = load(c, id); err != nil || found {
			return err
		}
		gone, err := isErased(c, id)
		switch {
		case err != nil:
			return err
		case gone:
			return es.NotFound(CodeErased, "the person was erased")
		}
		return es.NotFound(CodeUnknown, "the vault has no such person")
	})
	if err != nil {
		return Opening{}, fmt.Errorf("get person %s: %w", id, err)
	}
	return o, nil
}
