package search

import (
	"fmt"
	"strings"

	"github.com/entente-ledger/entente/projections/readmodel"
)

// words are those of a query, folded: they hold nothing but letters, marks and
// digits.
type words struct {
	all  string   // as they were given
	each []string // once
}

// bind adds the parameters of [words.how].
func (w words) bind(args readmodel.Arguments) {
	args["$all"] = w.all
	for i, word := range w.each {
		args[fmt.Sprintf("$word%d", i)] = word
	}
}

// how returns the expression for the [Match] of the folded text of k; NULL if
// it does not match.
func (w words) how() string {
	var b strings.Builder
	fmt.Fprintf(&b, "CASE WHEN k.folded = $all THEN %d ELSE max(%d", Exact, Whole)
	for i, word := range w.each {
		fmt.Fprintf(&b, ", CASE WHEN instr(' ' || k.folded || ' ', ' ' || $word%[1]d || ' ') THEN %[2]d"+
			" WHEN instr(' ' || k.folded, ' ' || $word%[1]d) THEN %[3]d", i, Whole, Beginning)
		if anywhere(word) {
			fmt.Fprintf(&b, " WHEN instr(k.folded, $word%d) THEN %d", i, Within)
		}
		b.WriteString(" END")
	}
	return b.String() + ") END"
}

// candidates returns the condition that the full-text indexes allow the text
// of k, and adds its parameters.
func (w words) candidates(args readmodel.Arguments) string {
	var beginnings, pieces, where []string
	for _, word := range w.each {
		if short(word) {
			beginnings = append(beginnings, quote(word)+"*")
			continue
		}
		for _, piece := range grams(word) {
			pieces = append(pieces, quote(piece))
		}
	}
	ask := func(index string, all []string) {
		if len(all) > 0 {
			where = append(where, fmt.Sprintf("k.id IN (SELECT rowid FROM %[1]s WHERE %[1]s MATCH $%[1]s)", index))
			args["$"+index] = strings.Join(distinct(all), " AND ")
		}
	}
	ask("search_gram", pieces)
	ask("search_word", beginnings)
	return strings.Join(where, " AND ")
}

// quote returns a string of the full-text query language.
func quote(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
