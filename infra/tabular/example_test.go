package tabular_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/entente-ledger/entente/infra/tabular"
)

func Example() {
	dir, err := os.MkdirTemp("", "entente")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "register.csv")
	content := "\uFEFFTitle;Signed\r\n\"Memorandum; with annex\";1 May 2020\r\n\r\nDeclaration;2021;Torino\r\n"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		panic(err)
	}

	file, err := tabular.Open(path, tabular.Options{})
	if err != nil {
		panic(err)
	}
	defer func() { _ = file.Close() }()
	for _, sheet := range file.Sheets() {
		fmt.Printf("%q\n", sheet.Headings())
		for row, err := range sheet.Rows(context.Background()) {
			if err != nil {
				panic(err)
			}
			fmt.Printf("%d %q %v\n", row.Number, row.Cells, row.Err)
		}
	}
	// Output:
	// ["Title" "Signed"]
	// 2 ["Memorandum; with annex" "1 May 2020"] <nil>
	// 4 ["Declaration" "2021"] tabular.too_many_cells: there is a value in column 3 (C), beyond the last heading "Signed"; expected a heading for it, or a cell that contains the delimiter in quotes
}
