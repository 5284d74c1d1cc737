package main

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/rivo/uniseg"
)

func (a *app) printf(format string, args ...any) error {
	_, err := fmt.Fprintf(a.out, format, args...)
	return err
}

// printJSON prints v on a line of its own.
func (a *app) printJSON(v any) error {
	line, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return a.printf("%s\n", line)
}

// table collects rows and prints them in columns as wide as their contents,
// by the width that characters have on a terminal.
type table struct {
	head []string
	rows [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (a *app) printTable(t table) error {
	width := make([]int, len(t.head))
	all := append([][]string{t.head}, t.rows...)
	for _, row := range all {
		for i, cell := range row {
			width[i] = max(width[i], uniseg.StringWidth(cell))
		}
	}
	for _, row := range all {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell)
			if i < len(row)-1 {
				line.WriteString(strings.Repeat(" ", width[i]-uniseg.StringWidth(cell)+2))
			}
		}
		if err := a.printf("%s\n", strings.TrimRight(line.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

// printMarked prints a table, and what its marks mean.
func (a *app) printMarked(t table) error {
	if err := a.printTable(t); err != nil || a.at.Known.IsZero() {
		return err
	}
	return a.printf("%s\n", a.explainMarks())
}

// short is the beginning of an id by which people tell ids apart.
func short(stream string) string {
	kind, id, _ := strings.Cut(stream, "-")
	return kind + "-" + id[:min(8, len(id))]
}

// kindOfStream is the kind of aggregate that an id is of.
func kindOfStream(id string) string {
	kind, _, _ := strings.Cut(id, "-")
	return kind
}
