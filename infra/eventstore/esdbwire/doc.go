// Package esdbwire serves an embedded store over the gRPC protocol of
// EventStoreDB, so that its clients, in any language, read and follow the log.
// It knows the protocol; of the ledger it knows which streams are its own.
//
// # What is served
//
// Appends with every form of expected revision; reads of streams and of $all,
// forwards and backwards; subscriptions to both, with filters by stream name
// and event type; persistent subscriptions; deletion, tombstones, and the
// stream metadata $maxCount, $maxAge and $tb; gossip of a single node;
// server features. BatchAppend, access control lists and projections are
// neither served nor advertised.
//
// # The ledger's streams
//
// Streams of the ledger and of the system (entente_) accept appends only from
// the ledger's own credential, and are never deleted, truncated or given
// metadata. Streams whose names begin with $ are written by the server alone,
// but for the metadata of others ($$name).
//
// # How records are shown
//
// Revisions count from 0 and positions are those of the store, commit and
// prepare being equal. Type and schema of a ledger's record are one type, see
// package wirename; its content type is application/json, and its created time
// the recordedAt of its metadata. A record of another program is stored with
// schema 0, and its metadata after a line that holds its created time and its
// content type.
//
// # Persistent subscriptions
//
// A group is run by one goroutine, which drives the machine of package group.
// What groups there are is in $persistentSubscriptionConfig, the last record of
// which has all of them; how far a group is, in the last record of
// $persistentsubscription-STREAM::GROUP-checkpoint; and the links to what it
// parked, in the same with -parked at the end. So groups survive a restart, and
// a crash sends again what was done since the last checkpoint. Parked events
// that are replayed stay parked until they are done. A group to $all does not
// see these streams. One server at a time runs the groups of a store, and none
// does if it is read-only. Whoever may read may create groups and use them.
//
// # Where this differs from EventStoreDB
//
// Nothing is ever scavenged: what is deleted or truncated stays in the log and
// is seen by who reads $all. A deleted stream has its $tb at its end, not at
// the highest number. An append that expects no revision is recognised as a
// repeat among the last 256 records of its stream. Regular expressions are
// those of RE2, without lookaround. Of the strategies of persistent
// subscriptions, PinnedByCorrelation is not served; Pinned takes the consumer
// by rendezvous hashing, not by 1,024 buckets. Extra statistics are not
// measured. The checkpoint of a group is its own text, not one that
// EventStoreDB would read.
package esdbwire
