// Package client asks a ledger that is served over HTTP, and records in it.
//
// The types of what commands say and of what is answered, and a method for each
// question, are generated from the description of the API (`make generate`). What
// the description cannot say is written here: a command is given with its
// Idempotency-Key and If-Match by [Client.Do], an answer is read with [As], and
// what the service refuses is a [Refused] and an [es.Error] too.
//
// It knows nothing of stores and views: all it knows of a ledger is what the
// service says.
package client
