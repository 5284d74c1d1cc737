package terms

import "github.com/entente-ledger/entente/domain/es"

// Finding is something about an aggregate that a person should look at: a
// contradiction, a date that leaves a question undecidable, a fact without a
// date or a source. It never stops anything.
type Finding struct {
	Code   string        // aggregate.snake_case, permanent
	Events []es.Revision // what it is about, ascending
	Detail string        // a sentence
}
