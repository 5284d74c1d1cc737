// Package tlog is the transparency log of a ledger: a Merkle tree over a leaf
// for each event, in the formats that independent tools read: RFC 6962 hashing,
// C2SP tlog-tiles, tlog-checkpoint, signed-note, tlog-proof, tlog-cosignature,
// tlog-witness and tlog-policy. It knows records of a ledger, and nothing of
// what they say.
//
// A leaf binds the bytes of an event as stored, see [Leaf]. The index of a leaf
// is the sequence of its event. A checkpoint is the signed size and root of the
// tree; it is appended to the system stream entente_checkpoint at its expected
// revision, which is what keeps several nodes to one log. See [Sealer] for the
// order of writing, and [Dir] for what is published.
//
// Who else vouches for the log: witnesses, whom checkpoints are offered to
// ([Witnessing]); a time stamping authority ([Dir.Stamp]); and the log's own
// earlier keys, which state the later ones ([Chain]). A store that was restored
// short of what was published is sealed no more, but by a successor ([Succeed]).
package tlog
