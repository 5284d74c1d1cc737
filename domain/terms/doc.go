// Package terms holds the value objects that aggregates share: a fact and its
// status, references, localized text, themes, money, findings.
//
// Every type checks itself when it is decoded, so that a value which exists is
// well-formed. The package knows nothing of any aggregate.
package terms
