// Package documents keeps files by the hash of their content: texts of
// agreements, scans, minutes. An event names source, locator and hash; this
// folder holds the bytes.
//
// The layout is plain, so that any tool can check it (sha256sum):
//
//	ab/ab12…ef   a document, named by its SHA-256; never changed
//	.tmp/        documents being received
//
// A document is received into .tmp, synced, renamed to its name, and the
// folders are synced. A crash at any moment leaves either the whole document
// or a file in .tmp, which the next [Open] removes.
//
// The package knows nothing of events, of visibility, or of who may read.
package documents
