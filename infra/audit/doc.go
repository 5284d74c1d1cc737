// Package audit checks a ledger against what was sealed of it: every event, the
// transparency log over them, the checkpoints, the documents, and the views. It
// reads only, repairs nothing, and goes on after damage as far as that makes
// sense, so that all of it is named. It knows stores, leaves and folders, and of
// what events say only that they decode and which files they name.
package audit
