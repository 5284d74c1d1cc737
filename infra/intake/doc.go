// Package intake carries an existing register over into the ledger: a table of
// parties, agreements, participations, memberships or changes, read as a
// mapping says.
//
// The register is one source, and each state of it that is read a file of that
// source, a snapshot. What a row says becomes ordinary commands, marked as
// backfill, whose source is the register at the file's hash, the sheet and the
// row. What an earlier snapshot said is not kept anywhere besides: it is read
// off the events whose source is the register. So only what the register
// changed leads to events, and what a clerk corrected since stays corrected.
//
// Ids follow from the register, the keys in it and what is said, so that the
// same file records nothing twice, an import that was interrupted goes on, and
// the order of the rows does not matter. Memory does not grow with the rows,
// but for a byte each: what is between reading and recording is in a temporary
// file.
package intake
