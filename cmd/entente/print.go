package main

import (
	"fmt"
	"iter"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/rivo/uniseg"

	"github.com/entente-ledger/entente/infra/answers"
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

// printAll prints what a list yields: each as JSON on a line of its own, or by what
// makes a row of it.
func printAll[T any](a *app, all iter.Seq2[T, error], row func(T)) error {
	for one, err := range all {
		switch {
		case err != nil:
			return err
		case !a.json:
			row(one)
		default:
			if err := a.printJSON(one); err != nil {
				return err
			}
		}
	}
	return nil
}

// short is the beginning of an id by which people tell ids apart.
func short(stream string) string { return answers.Short(stream) }

// kindOfStream is the kind of aggregate that an id is of.
func kindOfStream(id string) string { return answers.KindOf(id) }
