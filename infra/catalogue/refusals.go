package catalogue

import (
	"cmp"
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/es"
)

// Refusal is an error that a command can meet. In its texts … stands for what
// depends on the command.
type Refusal struct {
	Kind                es.Kind
	Code, Message, Want string
}

// byKind says of each kind of error what it means, in the order of the page.
var byKind = []struct {
	kind es.Kind
	says string
}{
	{es.ErrRejected, "breaks a rule"},
	{es.ErrNotFound, "is about something that is not there"},
	{es.ErrInvalid, "is malformed"},
	{es.ErrReused, "has the id of another command"},
	{es.ErrConflict, "came too late"},
	{es.ErrNewer, "meets what a newer version wrote"},
	{es.ErrCorrupt, "meets damaged data"},
}

// refusals writes a table for each kind of error, by code.
func (p *page) refusals(all []Refusal) {
	for _, k := range byKind {
		of := slices.DeleteFunc(slices.Clone(all), func(r Refusal) bool { return r.Kind != k.kind })
		if len(of) == 0 {
			continue
		}
		p.printf("\nA command that %s (%s; HTTP %d, exit %d):\n\n| code | sentence | what would be right |\n|---|---|---|\n",
			k.says, k.kind, k.kind.Status(), k.kind.Exit())
		slices.SortStableFunc(of, func(a, b Refusal) int { return strings.Compare(a.Code, b.Code) })
		for _, r := range of {
			p.row("`"+r.Code+"`", r.Message, cmp.Or(r.Want, remedy(r.Code)))
		}
	}
}

const restore = "a sound store: stop, and restore it from a backup"

// remedies say what would be right where the error itself has no place for it. A
// code that begins with a point stands for that code of every aggregate.
var remedies = map[string]string{
	".unknown": "the id of one that is in the ledger; else it is opened first",

	"es.bad_append":  "fewer or shorter events",
	"es.bad_meta":    restore,
	"es.bad_payload": restore,

	"ledger.no_opening":   restore,
	"ledger.none":         "a store in which a ledger was opened",
	"ledger.wrong_stream": restore,
}

// remedy returns what would be right instead of what meets an error, "" if
// nothing is said of it.
func remedy(code string) string {
	if r, ok := remedies[code]; ok {
		return r
	}
	return remedies[strings.TrimLeft(code, "abcdefghijklmnopqrstuvwxyz")]
}
