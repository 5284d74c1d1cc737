// Package es is the event-sourcing kernel: deciders, records, the Store port,
// the registry of stored types, and the handling of one command.
//
// It knows nothing of agreements, and does I/O only through [Store] and the
// functions handed to a [Handler]. The rules it keeps, whatever the aggregate:
//
//  1. A command touches one stream; its events are appended together or not at all.
//  2. An event, once appended, is never changed. Old schemas are upcast on reading.
//  3. The same command twice records once; the same id with other content is refused.
//  4. recordedAt never goes back within a stream, and knownAt is never later than it.
//  5. What cannot be decoded is an error, never skipped.
package es
