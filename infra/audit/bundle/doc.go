// Package bundle makes evidence that stands alone: a zip file with the events
// of one record, or of a whole ledger, as they are stored, and all that it takes
// to check them without the ledger, its operator, or a network:
//
//	index.html           what the file shows, for people
//	VERIFY.md            how to check it, by entente and without
//	verify.sh            the check without entente
//	bundle.json          what was asked for, and which streams are here
//	checkpoint           the signed statement of the log, with cosignatures
//	log.vkey             the key it is signed with; proves nothing by itself
//	keys                 how the key came after earlier ones, if it did
//	policy               which witnesses there are, if any
//	since.checkpoint     the auditor's previous checkpoint, and
//	consistency          the proof that its log is the beginning of this one
//	events/NNNN.json     the events, a stream at a time, as [tlog.Event]
//	receipts/NNNN.tlog-proof  a receipt for each
//	documents/HASH       the documents that the events name, if they are kept
//	prov.json, prov/STREAM.json  the histories in W3C PROV
//	leaves.ndjson        every leaf of the log up to the checkpoint
//
// What is told in the pages and in PROV follows from the rest, so that a check
// makes them anew and compares. The same sealed state gives the same bytes, by
// one build of entente. The names of natural persons are in no event, and so in
// no bundle; the package knows nothing of the vault.
package bundle
