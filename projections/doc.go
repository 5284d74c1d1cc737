// Package projections builds the read models from the ledger's events and keeps
// them up to date: the runner, the generations of the views file, the reading
// side, and the list of all projections.
//
// The views are disposable: whatever happens to them, they are built again from
// the store. They hold nothing that depends on the present time.
//
// # Crash safety
//
// A generation is one SQLite file, views/<n>.db, with its checkpoint inside: the
// rows of a batch and the checkpoint are committed together, so a crash loses
// at most batches that are read again. A generation that has caught up is marked
// complete inside, in the transaction that makes its indexes. The live one is
// the complete one with the highest number, so there is no second file that
// could disagree. A crash
//
//   - while building leaves an incomplete file, which the next run goes on with
//     or removes;
//   - after completing and before the older one is removed leaves both; the
//     next run, or the older one's last reader, removes it;
//   - between the removal of a generation's files leaves its lock file, which is
//     removed last, and with it what is left.
//
// Readers of a generation, in any process, hold a shared lock on views/<n>.lock;
// a generation is removed by whoever gets the exclusive one. The process that
// writes holds views/writer.lock.
package projections
