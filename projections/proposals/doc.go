// Package proposals is the read model of commands that wait for a second
// person, and of those that were decided: who proposed what, about which
// stream, who decided, and what came of it.
//
// A proposal has one row at a time, and its payload another, which does not
// change. Both have known bounds.
package proposals
