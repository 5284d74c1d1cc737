package intake

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/namekey"
)

// Value is where a text comes from. A scalar in the mapping is a constant.
type Value struct {
	// Constant, Column and Text exclude each other; none: the value is empty.
	Constant string `yaml:"constant"`
	Column   string `yaml:"column"`
	// Text has the names of columns in braces: "Twinning of {City} and {Partner}".
	Text string `yaml:"text"`
	// Words say what is meant by what stands in the column, whatever its case
	// and accents; Else is for all others.
	Words map[string]string `yaml:"words"`
	Else  string            `yaml:"else"`
	// Split is between several values in one cell.
	Split string `yaml:"split"`
	// Lang is the language of a name or a title, BCP 47.
	Lang string `yaml:"lang"`

	folded map[string]string // Words by their keys' [namekey.Of]
}

// UnmarshalYAML reads a constant, or the members of a Value.
func (v *Value) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*v = Value{Constant: n.Value}
		return nil
	}
	type members Value // without this method
	if err := n.Decode((*members)(v)); err != nil {
		return err
	}
	if err := knownMembers(n, valueMembers...); err != nil {
		return err
	}
	return v.check(n)
}

var valueMembers = []string{"constant", "column", "text", "words", "else", "split", "lang"}

// check says what contradicts itself, and folds the words.
func (v *Value) check(n *yaml.Node) error {
	given := 0
	for _, text := range []string{v.Constant, v.Column, v.Text} {
		if text != "" {
			given++
		}
	}
	if given > 1 {
		return bad(fmt.Sprintf("line %d has more than one of constant, column and text", n.Line), "one of them")
	}
	if len(v.Words) > 0 {
		v.folded = make(map[string]string, len(v.Words))
		for word, means := range v.Words {
			v.folded[namekey.Of(word)] = means
		}
	}
	return nil
}

// knownMembers refuses others: a decoder forgets to, below a method of its own.
func knownMembers(n *yaml.Node, known ...string) error {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if name := n.Content[i].Value; !slices.Contains(known, name) {
			return bad(fmt.Sprintf("line %d: there is no member %.40q", n.Content[i].Line, name), strings.Join(known, ", "))
		}
	}
	return nil
}

func (v *Value) empty() bool {
	return v.Constant == "" && v.Column == "" && v.Text == "" && v.Else == ""
}

// constant reports whether the value is the same in all rows.
func (v *Value) constant() bool { return v.Column == "" && v.Text == "" }

// columns returns the names of the columns it reads.
func (v *Value) columns() []string {
	if v.Column != "" {
		return []string{v.Column}
	}
	var all []string
	rest := v.Text
	for {
		_, after, ok := strings.Cut(rest, "{")
		if !ok {
			return all
		}
		name, after, ok := strings.Cut(after, "}")
		if !ok {
			return all
		}
		all, rest = append(all, name), after
	}
}

// line is a row under its headings.
type line struct {
	at    map[string]int // cells by heading
	cells []string
}

func (l line) cell(column string) string { return l.cells[l.at[column]] }

// problem is what is wrong with a row.
type problem struct {
	column        string
	code          string
	message, want string
}

func (p *problem) Error() string { return p.message }

// problemOf returns err as the problem of a column.
func problemOf(column string, err error) *problem {
	e := asError(err)
	return &problem{column, e.Code, e.Message, e.Want}
}

// raw returns the text without looking at words.
func (v *Value) raw(l line) string {
	switch {
	case v.Column != "":
		return l.cell(v.Column)
	case v.Text != "":
		text := v.Text
		for _, c := range v.columns() {
			text = strings.ReplaceAll(text, "{"+c+"}", l.cell(c))
		}
		return strings.TrimSpace(text)
	}
	return v.Constant
}

// of returns the value in a row, with the words of the mapping.
func (v *Value) of(l line) (string, error) { return v.word(v.raw(l)) }

// all returns the values in a row, where several may be in one cell.
func (v *Value) all(l line) ([]string, error) {
	raw := v.raw(l)
	if v.Split == "" {
		text, err := v.word(raw)
		if err != nil || text == "" {
			return nil, err
		}
		return []string{text}, nil
	}
	var all []string
	for part := range strings.SplitSeq(raw, v.Split) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		text, err := v.word(part)
		if err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, nil
}

// word returns what a text stands for.
func (v *Value) word(text string) (string, error) {
	if len(v.folded) == 0 {
		if text == "" {
			return v.Else, nil
		}
		return text, nil
	}
	if means, ok := v.folded[namekey.Of(text)]; ok {
		return means, nil
	}
	if text == "" || v.Else != "" {
		return v.Else, nil
	}
	known := make([]string, 0, len(v.Words))
	for word := range v.Words {
		known = append(known, word)
	}
	slices.Sort(known)
	return "", problemOf(v.Column, es.Invalid("import.unknown_word", fmt.Sprintf("the mapping does not say what %.80q means", text),
		"one of "+strings.Join(known, ", ")+"; or another word in the mapping"))
}
