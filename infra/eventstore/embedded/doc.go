// Package embedded is the default event store: a folder that one process owns
// and any number of processes read. It knows records, and nothing of what is
// in them.
//
// The folder holds
//
//	events.db            the log, a SQLite database that any SQLite tool opens; see its view log
//	events.db-wal, -shm  SQLite's write-ahead log, in which appends are durable first
//	lock                 locked by the owner (flock), with its process id, host and since when
//
// # Appending
//
// One goroutine writes. It takes all appends that wait, checks each against
// the heads of the streams, inserts their records in one transaction, and
// answers when SQLite has written that to the WAL and called fsync
// (synchronous=FULL): what was acknowledged is on the disk, and readers see
// nothing that is not. An append in conflict fails alone. If the commit fails,
// all appends of the group fail and leave nothing: the store goes on after a
// full disk or a lock held too long by a foreign program, and after anything
// else, above all a failed fsync, appends no more until it is opened again.
//
// The WAL is copied into events.db by another goroutine while appends go on;
// the writer copies only the last pages, so that SQLite can begin the WAL anew.
//
// # Reading
//
// Reads borrow a connection for one chunk of the log at a time and hold none
// while the consumer works, so that a slow consumer delays neither appends nor
// the copying of the WAL. Positions and revisions are dense, from 1; a gap is
// [es.ErrCorrupt]. A read ends at what was there when it began.
//
// # Memory
//
// What is cached is bounded, however long the log: pages, the ends of the
// streams last written, the names of the streams last read. What is not in a
// cache costs one look at an index.
//
// # Creation
//
// A new events.db is built under another name, synced, and renamed. So one
// that is empty or half built is damage, not a beginning.
package embedded
