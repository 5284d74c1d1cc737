package audit

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// ViewsReport is what a comparison of the views found.
type ViewsReport struct {
	Tables  int   // that were compared
	Rows    int64 // likewise
	Events  int64 // that are in the views
	Damages []Finding
	Damaged int64
}

// maxRows is how many rows of a table are named.
const maxRows = 100

// VerifyViews makes the views anew in a temporary folder, from the events that
// those in a folder are of, and compares them row by row. It changes nothing:
// views are repaired by making them anew. Damage is in the report; the error says
// that they could not be compared.
func VerifyViews(ctx context.Context, store es.Store, folder string, told func(Progress)) (r ViewsReport, err error) {
	if told == nil {
		told = func(Progress) {}
	}
	scratch, err := os.MkdirTemp("", "entente-verify-")
	if err != nil {
		return r, fmt.Errorf("verify the views: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	c := &comparison{report: &r, told: told, live: filepath.Join(scratch, "live"), anew: filepath.Join(scratch, "anew")}
	err = c.run(ctx, store, folder)
	if errors.Is(err, es.ErrCorrupt) {
		c.damage("audit.views_damaged", "the views cannot be read: %v", err)
		err = nil
	}
	if err != nil {
		return r, fmt.Errorf("verify the views: %w", err)
	}
	return r, nil
}

// comparison is a comparison of views with others made anew.
type comparison struct {
	report     *ViewsReport
	told       func(Progress)
	live, anew string // folders
	conn       *sqlite.Conn
}

func (c *comparison) damage(code, format string, args ...any) {
	c.report.Damaged++
	if len(c.report.Damages) < MaxFindings {
		c.report.Damages = append(c.report.Damages, Finding{Code: code, Message: fmt.Sprintf(format, args...)})
	}
}

func (c *comparison) run(ctx context.Context, store es.Store, folder string) error {
	if err := projections.Copy(ctx, folder, c.live); err != nil {
		return err
	}
	live, err := only(c.live)
	if err != nil {
		return err
	}
	position, err := c.header(live)
	if err != nil {
		return err
	}
	if err := c.build(ctx, store, position); err != nil {
		return err
	}
	anew, err := only(c.anew)
	if err != nil {
		return err
	}
	return c.compare(ctx, anew, live)
}

// only returns the one views file in a folder.
func only(folder string) (string, error) {
	found, err := filepath.Glob(filepath.Join(folder, "*.db"))
	if err == nil && len(found) != 1 {
		err = es.NotFound("views.none", "there are no views")
	}
	if err != nil {
		return "", err
	}
	return found[0], nil
}

// header returns up to which position of the store the views are.
func (c *comparison) header(path string) (position es.Position, err error) {
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadOnly)
	if err != nil {
		return 0, readmodel.Damage(err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	complete := false
	err = readmodel.Query(conn, "SELECT complete, position, events FROM views", nil, func(r *readmodel.Row) error {
		complete, position, c.report.Events = r.Bool(), es.Position(r.Int()), r.Int()
		return nil
	})
	if err == nil && !complete {
		err = &es.Error{Kind: es.ErrConflict, Code: "views.building", Message: "the views are being made", Want: "to wait until they are"}
	}
	return position, err
}

// build makes views of the events up to a position.
func (c *comparison) build(ctx context.Context, store es.Store, position es.Position) error {
	r, err := projections.Open(projections.Config{
		Dir: c.anew, Store: until{store, position},
		Progress: func(p projections.Progress) { c.told(Progress{"views", int64(p.Events), c.report.Events}) },
	})
	if err != nil {
		return err
	}
	return errors.Join(r.CatchUp(ctx), r.Close())
}

// until is a store that ends at a position.
type until struct {
	es.Store
	position es.Position
}

func (u until) Head(context.Context) (es.Position, error) { return u.position, nil }

func (u until) ReadAll(ctx context.Context, after es.Position) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		for r, err := range u.Store.ReadAll(ctx, after) {
			if err == nil && r.Position > u.position || !yield(r, err) {
				return
			}
		}
	}
}

// compare compares all tables of two views files.
func (c *comparison) compare(ctx context.Context, anew, live string) (err error) {
	if c.conn, err = sqlite.OpenConn(anew, sqlite.OpenReadWrite); err != nil {
		return readmodel.Damage(err)
	}
	defer func() { err = errors.Join(err, c.conn.Close()) }()
	c.conn.SetInterrupt(ctx.Done())
	if err := sqlitex.ExecuteTransient(c.conn, "ATTACH ? AS live", &sqlitex.ExecOptions{Args: []any{live}}); err != nil {
		return readmodel.Damage(err)
	}
	if err := c.rows("sqlite_schema", "type, name, tbl_name, sql", "WHERE name NOT LIKE 'sqlite_%'"); err != nil {
		return err
	}
	tables, indexes, err := c.tables()
	if err != nil {
		return err
	}
	for i, t := range tables {
		c.told(Progress{"tables", int64(i), int64(len(tables))})
		if err := c.rows(t, "*", ""); err != nil {
			return err
		}
	}
	c.report.Tables = len(tables)
	for _, t := range indexes {
		c.index(t)
	}
	return nil
}

// tables returns the tables that both files have, and the full-text indexes.
// What those keep themselves in depends on where batches ended.
func (c *comparison) tables() (tables, indexes []string, err error) {
	err = readmodel.Query(c.conn, `SELECT a.name, a.type FROM pragma_table_list AS a
		JOIN pragma_table_list AS b ON b.schema = 'live' AND b.name = a.name AND b.type = a.type
		WHERE a.schema = 'main' AND a.type IN ('table', 'virtual') AND a.name NOT LIKE 'sqlite_%' ORDER BY a.name`, nil,
		func(r *readmodel.Row) error {
			if name := r.Text(); r.Text() == "table" {
				tables = append(tables, name)
			} else {
				indexes = append(indexes, name)
			}
			return nil
		})
	return tables, indexes, err
}

// rows names the rows of a table that only one of the files has.
func (c *comparison) rows(table, columns, where string) error {
	for _, side := range []struct{ code, what, in, notIn string }{
		{"audit.view_row_wrong", "has a row that the events do not give", "live", "main"},
		{"audit.view_row_missing", "lacks a row that the events give", "main", "live"},
	} {
		named := 0
		query := fmt.Sprintf("SELECT %s FROM %s.%s %s EXCEPT SELECT %s FROM %s.%s %s", columns, side.in, table, where, columns, side.notIn, table, where)
		err := sqlitex.ExecuteTransient(c.conn, query, &sqlitex.ExecOptions{ResultFunc: func(stmt *sqlite.Stmt) error {
			if named++; named <= maxRows {
				c.damage(side.code, "%s %s: %s", table, side.what, rowText(stmt))
			} else {
				c.report.Damaged++
			}
			return nil
		}})
		if err != nil {
			return readmodel.Damage(err)
		}
	}
	var counts [2]int64
	for i, schema := range []string{"main", "live"} {
		err := sqlitex.ExecuteTransient(c.conn, fmt.Sprintf("SELECT count(*) FROM %s.%s %s", schema, table, where), &sqlitex.ExecOptions{
			ResultFunc: func(stmt *sqlite.Stmt) error {
				counts[i] = stmt.ColumnInt64(0)
				return nil
			},
		})
		if err != nil {
			return readmodel.Damage(err)
		}
	}
	if c.report.Rows += counts[1]; counts[0] != counts[1] {
		c.damage("audit.view_rows", "%s has %d rows, and the events give %d", table, counts[1], counts[0])
	}
	return nil
}

// index checks a full-text index of the live views against its texts.
func (c *comparison) index(name string) {
	query := fmt.Sprintf("INSERT INTO live.%[1]s (%[1]s, rank) VALUES ('integrity-check', 1)", name)
	if err := sqlitex.ExecuteTransient(c.conn, query, nil); err != nil {
		c.damage("audit.view_index_damaged", "the full-text index %s is not that of the texts: %v", name, err)
	}
}

// rowText is a row for people, cut short if it is long.
func rowText(stmt *sqlite.Stmt) string {
	const longest = 400 // bytes
	var b strings.Builder
	for i := range stmt.ColumnCount() {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(stmt.ColumnName(i) + "=")
		switch stmt.ColumnType(i) {
		case sqlite.TypeNull:
			b.WriteString("null")
		case sqlite.TypeBlob:
			data := make([]byte, stmt.ColumnLen(i))
			stmt.ColumnBytes(i, data)
			fmt.Fprintf(&b, "%x", data)
		case sqlite.TypeText:
			fmt.Fprintf(&b, "%.120q", stmt.ColumnText(i))
		case sqlite.TypeInteger, sqlite.TypeFloat:
			b.WriteString(stmt.ColumnText(i))
		}
		if b.Len() > longest {
			return b.String() + " ..."
		}
	}
	return b.String()
}
