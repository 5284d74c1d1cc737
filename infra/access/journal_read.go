package access

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/entente-ledger/entente/domain/es"
)

// Filter selects entries; what is zero selects all.
type Filter struct {
	After   int64     // entries with a greater Seq: the cursor of a page
	Since   time.Time // recorded then or later
	Until   time.Time // recorded before
	Who     string
	Action  Action
	Outcome Outcome
	Stream  string
}

// where returns the condition on entries, and its arguments.
func (f Filter) where() (string, []any) {
	all, args := []string{"seq > ?"}, []any{f.After}
	add := func(condition string, arg any, wanted bool) {
		if wanted {
			all, args = append(all, condition), append(args, arg)
		}
	}
	// Times never go back, so that the bounds are those of sequences too.
	add("seq >= (SELECT min(seq) FROM entry WHERE at >= ?)", f.Since.UnixMicro(), !f.Since.IsZero())
	add("at < ?", f.Until.UnixMicro(), !f.Until.IsZero())
	add("who = ?", f.Who, f.Who != "")
	add("action = ?", string(f.Action), f.Action != "")
	add("outcome = ?", string(f.Outcome), f.Outcome != "")
	add("stream = ?", f.Stream, f.Stream != "")
	return strings.Join(all, " AND "), args
}

// List returns the first entries that f selects, at most limit (from 1 to
// 1000), in the order in which they were recorded. There may be more if as many
// are returned: [Filter.After] the last one.
func (j *Journal) List(ctx context.Context, f Filter, limit int) (page []Entry, err error) {
	if limit < 1 || limit > 1000 {
		return nil, es.Invalid("access.bad_limit", fmt.Sprintf("%d entries cannot be listed at once", limit), "1 to 1000").At("/limit")
	}
	where, args := f.where()
	err = j.file.use(ctx, func(c *sqlite.Conn) error {
		return run(c, `SELECT `+entryColumns+` FROM entry WHERE `+where+` ORDER BY seq LIMIT ?`, func(s *sqlite.Stmt) error {
			e, err := entry(s)
			page = append(page, e)
			return err
		}, append(args, limit)...)
	})
	if err != nil {
		return nil, fmt.Errorf("list the access record: %w", err)
	}
	return page, nil
}

// All yields all entries that f selects, page by page.
func (j *Journal) All(ctx context.Context, f Filter) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		const limit = 500
		for {
			page, err := j.List(ctx, f, limit)
			if err != nil {
				yield(Entry{}, err)
				return
			}
			for _, e := range page {
				if f.After = e.Seq; !yield(e, nil) {
					return
				}
			}
			if len(page) < limit {
				return
			}
		}
	}
}

// Head returns the head of the record.
func (j *Journal) Head(ctx context.Context) (h Head, err error) {
	err = j.file.use(ctx, func(c *sqlite.Conn) error {
		h, _, err = tail(c)
		return err
	})
	return h, err
}

// Verify reads the whole record and returns its head, if every entry is the one
// that was recorded, none is missing, and the entry that remembered names is
// among them; the zero Head remembers nothing, so that a cut end is not found.
// Otherwise it fails with [es.ErrCorrupt] and one of these codes:
//
//   - access.entry_changed: an entry, or the hash before it, is another
//   - access.entries_missing: sequences are not there
//   - access.record_cut: it ends before the entry remembered
//   - access.record_replaced: the entry remembered is another
//   - access.corrupt: the file itself is damaged
func (j *Journal) Verify(ctx context.Context, remembered Head) (last Head, err error) {
	err = j.file.use(ctx, func(c *sqlite.Conn) error {
		if err := intact(c); err != nil {
			return err
		}
		last, err = verify(c, remembered)
		return err
	})
	if err != nil {
		return Head{}, fmt.Errorf("verify the access record: %w", err)
	}
	return last, nil
}

func verify(c *sqlite.Conn, remembered Head) (last Head, err error) {
	var at time.Time
	err = run(c, `SELECT `+entryColumns+` FROM entry ORDER BY seq`, func(s *sqlite.Stmt) error {
		e, err := entry(s)
		switch {
		case err != nil:
			return err
		case e.Seq != last.Seq+1:
			return damaged("access.entries_missing", fmt.Sprintf("entry %d follows entry %d", e.Seq, last.Seq))
		case e.chained(last.Hash) != e.Hash || e.At.Before(at):
			return damaged("access.entry_changed", fmt.Sprintf("entry %d, or the hash of the one before, is not what was recorded", e.Seq))
		case e.Seq == remembered.Seq && e.Hash != remembered.Hash:
			return damaged("access.record_replaced", fmt.Sprintf("entry %d is not the one remembered", e.Seq))
		}
		last, at = Head{e.Seq, e.Hash}, e.At
		return nil
	})
	if err == nil && last.Seq < remembered.Seq {
		err = damaged("access.record_cut", fmt.Sprintf("the record ends at entry %d, and entry %d is remembered", last.Seq, remembered.Seq))
	}
	return last, err
}

// intact has SQLite check the file, and that its indexes have all entries.
func intact(c *sqlite.Conn) error {
	return sqlitex.ExecuteTransient(c, `PRAGMA integrity_check(1)`, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error {
		if said := s.ColumnText(0); said != "ok" {
			return corrupt("journal.db", said)
		}
		return nil
	}})
}

func damaged(code, message string) error {
	return &es.Error{Kind: es.ErrCorrupt, Code: code, Message: message, Want: "the record as it was, from a backup"}
}

const entryColumns = `seq, at, who, action, outcome, kind, stream, command, reason, request, hash`

func entry(s *sqlite.Stmt) (Entry, error) {
	e := Entry{Seq: s.ColumnInt64(0), At: time.UnixMicro(s.ColumnInt64(1)).UTC()}
	for i, text := range e.texts() {
		*text = s.ColumnText(2 + i)
	}
	if s.ColumnLen(10) != len(e.Hash) {
		return e, damaged("access.entry_changed", fmt.Sprintf("the hash of entry %d has another length", e.Seq))
	}
	s.ColumnBytes(10, e.Hash[:])
	return e, nil
}
