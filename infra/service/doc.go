// Package service stands between the doors of a running ledger (its API, its
// dashboard) and [ledger.Ledger]: it finds out what a command concerns, asks
// the policy whether whoever gives it may, and has commands that need a second
// person proposed, approved and carried out.
//
// It knows identities and nothing of how they were found, of HTTP or of tokens.
// It adds no rule about agreements: those are the aggregates'. The command line
// is its operator's, and goes to the ledger directly.
//
// Who may not read a stream is answered as though it were not there, also where
// a command only refers to it.
package service
