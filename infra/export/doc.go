// Package export writes answers in the formats in which they leave a ledger: a
// list object by object, so that memory does not grow with it, and a history as
// provenance. What is written ends with the sequence of the last event that it
// reflects where the format has a place for that, so that a reader can go on
// from there without a gap.
//
// It knows nothing of who asks, and of how a question is put.
package export
