package tabular_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/entente-ledger/entente/infra/tabular"
)

func TestCSV(t *testing.T) {
	greek, err := charmap.Windows1253.NewEncoder().String("Τίτλος;Ημερομηνία\nΜνημόνιο;1/5/2020\n")
	require.NoError(t, err)
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("title\tdate\r\nŁódź\t2020\r\n")
	require.NoError(t, err)
	for _, c := range []struct {
		name, file, content string
		options             tabular.Options
		headings            []string
		cells               [][]string
		numbers             []int
	}{
		{"comma", "a.csv", "title,date\nMoU,2020\n", tabular.Options{}, []string{"title", "date"}, [][]string{{"MoU", "2020"}}, []int{2}},
		{"semicolon", "a.csv", "title;date\n\"a;b\",c;2020", tabular.Options{Delimiter: ";"}, []string{"title", "date"}, nil, []int{2}},
		{"tab_in_txt", "a.TXT", "title\tdate\nMoU, signed\t2020\n", tabular.Options{}, []string{"title", "date"}, [][]string{{"MoU, signed", "2020"}}, []int{2}},
		{"bar", "a.csv", "title|date\nMoU|2020\n", tabular.Options{}, []string{"title", "date"}, [][]string{{"MoU", "2020"}}, []int{2}},
		{"delimiters_in_quotes_do_not_count", "a.csv", "\"a,b,c\n,d\";date\n1;2\n", tabular.Options{}, []string{"a,b,c\n,d", "date"}, [][]string{{"1", "2"}}, []int{3}},
		{"the_rarer_of_two_delimiters", "a.csv", "name, official;date\n1;2\n", tabular.Options{}, []string{"name, official", "date"}, [][]string{{"1", "2"}}, []int{2}},
		{"tsv_has_tab", "a.tsv", "a,b,c\tdate\n1\t2\n", tabular.Options{}, []string{"a,b,c", "date"}, [][]string{{"1", "2"}}, []int{2}},
		{"one_column", "a.csv", "title\nMoU\n", tabular.Options{}, []string{"title"}, [][]string{{"MoU"}}, []int{2}},
		{"a_line_says_the_delimiter", "a.csv", "sep=;\r\na,b;c\r\n1;2\r\n", tabular.Options{}, []string{"a,b", "c"}, [][]string{{"1", "2"}}, []int{3}},
		{"byte_order_mark", "a.csv", "\uFEFFtitle,date\nMoU,2020\n", tabular.Options{Encoding: "windows-1252"}, []string{"title", "date"}, [][]string{{"MoU", "2020"}}, []int{2}},
		{"utf16", "a.csv", utf16, tabular.Options{}, []string{"title", "date"}, [][]string{{"Łódź", "2020"}}, []int{2}},
		{"greek", "a.csv", greek, tabular.Options{Encoding: "windows-1253"}, []string{"Τίτλος", "Ημερομηνία"}, [][]string{{"Μνημόνιο", "1/5/2020"}}, []int{2}},
		{"crlf_and_quoted_lines", "a.csv", "a,b\r\n\"1\r\n2\",3\r\n4,5\r\n", tabular.Options{}, []string{"a", "b"}, [][]string{{"1\n2", "3"}, {"4", "5"}}, []int{2, 4}},
		{"cr_alone", "a.csv", "a,b\r1,2\r3,4\r", tabular.Options{}, []string{"a", "b"}, [][]string{{"1", "2"}, {"3", "4"}}, []int{2, 3}},
		{"blank_rows", "a.csv", "\n,,\n \u00a0\na,b\n\n , \u00a0\n1,2\n;\n", tabular.Options{}, []string{"a", "b"}, [][]string{{"1", "2"}, {";", ""}}, []int{7, 8}},
		{"headings_below_a_title", "a.csv", "The \"register\n\na;b\n1;2\n", tabular.Options{Header: 3}, []string{"a", "b"}, [][]string{{"1", "2"}}, []int{4}},
		{"fewer_cells", "a.csv", "a,b,c\n1\n", tabular.Options{}, []string{"a", "b", "c"}, [][]string{{"1", "", ""}}, []int{2}},
		{"empty_columns_at_the_end", "a.csv", "a,b,,\n1,2,,\n3,4,,,,,\n", tabular.Options{}, []string{"a", "b"}, [][]string{{"1", "2"}, {"3", "4"}}, []int{2, 3}},
		{"white_space_and_normal_form", "a.csv", "\u00a0a , b\n\u202f1\u3000, Cafe\u0301 \n", tabular.Options{}, []string{"a", "b"}, [][]string{{"1", "Café"}}, []int{2}},
		{"space_before_a_quote", "a.csv", "a,b\n\"1\", \"2,3\"\n", tabular.Options{}, []string{"a", "b"}, [][]string{{"1", "2,3"}}, []int{2}},
		{"empty_first_cell_of_tab", "a.tsv", "a\tb\n\t2\n", tabular.Options{}, []string{"a", "b"}, [][]string{{"", "2"}}, []int{2}},
		{"mark_inside", "a.csv", "a,b\n1,2\n\uFEFF3,4\n", tabular.Options{}, []string{"a", "b"}, [][]string{{"1", "2"}, {"3", "4"}}, []int{2, 3}},
		{"no_rows", "a.csv", "a,b", tabular.Options{}, []string{"a", "b"}, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			headings, all := table(t, write(t, c.file, c.content), c.options)
			require.Equal(t, c.headings, headings)
			require.Equal(t, c.numbers, numbers(all))
			if c.name != "semicolon" { // its row has a problem
				require.Equal(t, c.cells, cells(t, all))
			}
		})
	}
}

func TestCSVProblemsOfRows(t *testing.T) {
	for _, c := range []struct {
		name, row, code string
		words           []string
		cells           []string
		next            int // line of the row after it
	}{
		{"more_cells", "1,2,,3\n", "tabular.too_many_cells", []string{"column 4 (D)", `"b"`}, []string{"1", "2"}, 3},
		{"bare_quote", "1,5\" pipe\n", "tabular.bare_quote", []string{"line 2 at byte 4"}, []string{"1", ""}, 3},
		{"quote_inside_quotes", "1,\"say \"no\" now\"\n", "tabular.bare_quote", []string{"line 2"}, []string{"1", ""}, 3},
		{"quote_inside_lines", "1,\"two\nlines\"x\n", "tabular.bare_quote", []string{"lines 2 to 3"}, []string{"1", ""}, 4},
		{"bytes", "1,Caf\xe9\n", "tabular.unreadable_text", []string{`column "b"`, "encoding"}, []string{"1", "Caf\uFFFD"}, 3},
		{"replacement_character", "\uFFFD,2\n", "tabular.unreadable_text", []string{`column "a"`}, []string{"\uFFFD", "2"}, 3},
		{"nul", "1,2\x00\n", "tabular.unreadable_text", []string{`column "b"`}, []string{"1", "2\x00"}, 3},
		{"long_cell", "1," + strings.Repeat("x", tabular.MaxCell+1) + "\n", "tabular.long_cell", []string{`column "b"`, "64 KiB"}, []string{"1", ""}, 3},
		{"blank_but_for_bytes", ",\xff\n", "tabular.unreadable_text", nil, []string{"", "\uFFFD"}, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, all := table(t, write(t, "a.csv", "a,b\n"+c.row+"3,4\n"), tabular.Options{})
			require.Len(t, all, 2)
			require.Equal(t, 2, all[0].Number)
			require.Equal(t, c.cells, all[0].Cells)
			requireCode(t, all[0].Err, c.code, c.words...)
			require.Equal(t, tabular.Row{Number: c.next, Cells: []string{"3", "4"}}, all[1])
		})
	}
}

func TestCSVEnds(t *testing.T) {
	read := func(t *testing.T, content string) ([]tabular.Row, error) {
		return rows(t, open(t, write(t, "a.csv", content), tabular.Options{}).Sheets()[0])
	}
	t.Run("quote_never_closed", func(t *testing.T) {
		all, err := read(t, "a,b\n1,2\n3,\"4\n5,6\n7,8\n")
		require.Equal(t, []int{2}, numbers(all))
		requireCode(t, err, "tabular.open_quote", "line 3")
	})
	t.Run("quote_never_closed_in_the_last_line", func(t *testing.T) {
		all, err := read(t, "a,b\n1,2\n3,\"4")
		require.NoError(t, err)
		require.Equal(t, []int{2, 3}, numbers(all))
		requireCode(t, all[1].Err, "tabular.bare_quote")
	})
	t.Run("long_row", func(t *testing.T) {
		all, err := read(t, "a,b\n1,2\n3,\"4\n5\"\n6,\""+strings.Repeat("x\n", tabular.MaxLine/2+4096)+"\"\n") // read ahead by 4 KiB
		require.Equal(t, []int{2, 3}, numbers(all))
		requireCode(t, err, "tabular.long_line", "after line 4", "16 MiB")
	})
	t.Run("context_done", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		sheet := open(t, write(t, "a.csv", "a\n1\n2\n3\n"), tabular.Options{}).Sheets()[0]
		var at []int
		var last error
		for row, err := range sheet.Rows(ctx) {
			if last = err; err == nil {
				at = append(at, row.Number)
				cancel()
			}
		}
		require.Equal(t, []int{2}, at)
		require.ErrorIs(t, last, context.Canceled)
	})
	t.Run("reader_stops_and_begins_anew", func(t *testing.T) {
		sheet := open(t, write(t, "a.csv", "a\n1\n2\n"), tabular.Options{}).Sheets()[0]
		for row, err := range sheet.Rows(t.Context()) {
			require.NoError(t, err)
			require.Equal(t, 2, row.Number)
			break
		}
		all, err := rows(t, sheet)
		require.NoError(t, err)
		require.Equal(t, []int{2, 3}, numbers(all))
	})
}
