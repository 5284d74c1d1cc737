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
// # Where this differs from EventStoreDB
//
// Nothing is ever scavenged: what is deleted or truncated stays in the log and
// is seen by who reads $all. A deleted stream has its $tb at its end, not at
// the highest number. An append that expects no revision is recognised as a
// repeat among the last 256 records of its stream. Regular expressions are
// those of RE2, without lookaround.
package esdbwire
