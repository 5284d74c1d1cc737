// Package findings is the read model of what a person should look at: the
// findings of every aggregate's state, and those that only show across streams
// or in the metadata: parties recorded twice, names used for a party that are
// none of its own, a knownAt that had to be raised.
//
// A finding never stops anything. It begins and ends with events, and so every
// row has known bounds; each points at the events it is about.
package findings
