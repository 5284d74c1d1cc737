// Package book keeps the facts of one stream by revision, together with what
// the ledger said of them later: corrected, voided, disputed, ruled.
//
// It is how an aggregate obeys the rule that nothing is overwritten (rule 1 of
// the ledger): the events stay as they are, and the facts that hold are derived
// from them anew. An aggregate adds every event to its book and reads the
// facts back with [Book.Held]. What of them a person should look at it collects
// in [Finds].
package book
