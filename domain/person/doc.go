// Package person keeps natural persons without saying who they are: an id, a
// salted commitment to the data in the vault, and the functions held.
//
// Names and contact data live in the vault and nowhere else; no event, text or
// reason of this package is to hold a name (rule 10 of the ledger). An erasure
// is final: the vault deletes whoever the log says is erased, so it can be
// neither voided, corrected nor contested, and nothing new is recorded of an
// erased person. What was recorded before stays open to correction.
package person
