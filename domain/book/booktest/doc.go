// Package booktest tests what every aggregate that keeps a book owes the rules
// of the ledger, whatever it is about, for random histories of it. It is
// imported by tests only.
package booktest
