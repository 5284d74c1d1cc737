// Package httpapi is the HTTP API of a ledger: every command, every question about
// it, its description as OpenAPI 3.1, the pages that explain it, and the
// transparency log with its proofs.
//
//   - [New] makes the handler from a [Config]; package front puts limits around it.
//   - A command is POST /v1/{aggregate} (the usual opening), POST
//     /v1/{aggregate}/{command} (any opening) or POST
//     /v1/{aggregate}/{id}/{command}; its body is the command's payload.
//   - POST /v1/batch takes many, line by line, under one act.
//   - A question is a GET, answered within one read of the views by the desk of
//     package answers, in the formats of package export and some of its own. What
//     whoever asks may not see is not there.
//
// No rule of the ledger is here. A handler reads the request strictly, gives the
// command to the [Recorder], and answers what it led to. The operations are made
// from the table of aggregates, so that a new command needs nothing here.
package httpapi
