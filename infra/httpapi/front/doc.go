// Package front is what stands before an HTTP API: request ids and a log, who asks,
// limits on sizes, rates and requests at a time, headers that browsers heed,
// figures for Prometheus, and a server that slow clients do not hold up and that
// finishes what it accepted.
//
// It knows nothing of ledgers. [Config.Around] puts all of it around a handler, in
// the one order that is right.
package front
