// Package ledger is the application service and the only writer of ledger
// streams, through every door. It knows all aggregates by one table, opens a
// ledger with its first record, and checks what crosses aggregates: that what
// a command refers to exists.
//
// It does I/O only through the store and the functions it is given.
package ledger
