// Package kurrent is an event store on a server of EventStoreDB or KurrentDB,
// for a ledger that outgrew one machine. It knows the protocol by the client
// module of EventStoreDB; of the ledger it knows which streams are its own.
//
// # Mapping
//
//	revision n     revision n-1 of the stream; 0 is no stream
//	position       the commit position, which grows and has gaps; prepare is the same
//	type, schema   the event type, see package wirename
//	data, meta     data and metadata, byte for byte; the content type is application/json
//
// When the server says that an event was created is ignored: recordedAt is in
// the metadata. Streams of others are skipped; a marker may be past their
// events. A stream that is missing is an empty one; one that was deleted or
// truncated is [es.ErrCorrupt].
//
// # What a server must offer
//
// EventStoreDB 23.10 or later, or KurrentDB: before, a server does not say
// when a subscription has caught up. A maximum append size of 2 MiB, for the
// largest appends. A credential that may read $all, and append. Positions are
// kept by those who follow the log, so a server must not be replaced by one
// with other positions under them.
//
// # Durability and order
//
// An append has returned when the server acknowledged it, on a cluster a
// quorum. Every call asks for the leader. Appends are sent again after what is
// transient, within the deadline: the ids and the expected revision make the
// second one a repeat. Subscriptions go on after any failure that may pass.
//
// # Sharp edges of the client
//
// Each has a test that fails without the remedy.
//
//   - It gives an event without an id a random one: ids are always ours (append.go).
//   - Its FromError knows no error that is wrapped, and it wraps some; of what a
//     server says it knows only not-leader and stream-deleted: errors are found
//     with errors.As, and their status is looked at (errors.go).
//   - It has the same code for a missing stream and for a follower without a
//     leader: only the first comes without a status (errors.go).
//   - Where the server answers an append early it says EOF: that is tried again
//     (errors.go).
//   - It dies of a failed discovery, callers then hang whatever their context,
//     and Close makes those panic that still wait: every call is in a goroutine
//     of its own, one at a time asks for the connection, a client is given up
//     before it could search anew, and closed when nobody is in it (client.go, call.go).
//   - It panics where a server leaves out a trailer, or sends a message that it
//     does not know: that is an error here (call.go).
//   - Subscriptions drop and do not come back: they are resumed, and what comes
//     again is passed over (flow.go, subscribe.go).
//   - It never sends requires-leader: here it is sent (client.go).
//   - It drops credentials where there is no TLS; takes unknown settings, bad
//     deadlines and ports beyond 65535 for good; writes to the console: the URL
//     is read by us, and there is no console (url.go).
//   - It does not say where a subscription has caught up: the head is read before, and the
//     marker is no earlier (subscribe.go).
//   - It ends the process if an event lacks its created time. There is no remedy
//     on this side; no server that is known does so.
//
// Where a leader is that another server names, or gossip, is believed, also of
// a server on this machine to which a credential is sent without TLS.
package kurrent
