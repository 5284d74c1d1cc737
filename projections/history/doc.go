// Package history is the index over the log: where each event stands, by
// stream, sequence, type and id. It copies no payloads; a line is read from the
// store through the index.
package history
