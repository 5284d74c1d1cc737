package projectiontest

import (
	"fmt"
	"strings"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// Dump returns all rows of all tables of the views, ordered; not those in which
// a full-text index keeps itself, which depend on where batches ended.
func Dump(conn *sqlite.Conn) (string, error) {
	var tables []string
	err := sqlitex.ExecuteTransient(conn, `SELECT name FROM pragma_table_list
		WHERE schema = 'main' AND type <> 'shadow' AND name NOT LIKE 'sqlite_%' ORDER BY name`, &sqlitex.ExecOptions{
		ResultFunc: func(stmt *sqlite.Stmt) error {
			tables = append(tables, stmt.ColumnText(0))
			return nil
		},
	})
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, table := range tables {
		stmt, _, err := conn.PrepareTransient("SELECT * FROM " + table)
		if err != nil {
			return "", err
		}
		order := make([]string, stmt.ColumnCount())
		for i := range order {
			order[i] = stmt.ColumnName(i)
		}
		if err := stmt.Finalize(); err != nil {
			return "", err
		}
		query := fmt.Sprintf("SELECT * FROM %s ORDER BY %s", table, strings.Join(order, ", "))
		err = sqlitex.ExecuteTransient(conn, query, &sqlitex.ExecOptions{ResultFunc: func(stmt *sqlite.Stmt) error {
			b.WriteString(table)
			for i := range stmt.ColumnCount() {
				verb := "|%s=%s"
				if stmt.ColumnType(i) == sqlite.TypeBlob {
					verb = "|%s=%x"
				}
				fmt.Fprintf(&b, verb, order[i], stmt.ColumnText(i))
			}
			b.WriteByte('\n')
			return nil
		}})
		if err != nil {
			return "", err
		}
	}
	return b.String(), nil
}
