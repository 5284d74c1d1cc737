// Package programme keeps one programme of cooperation: who runs it and what
// for, its calls, who applied, who was selected or rejected, and who was paired
// with whom.
//
// The programme and each party's part in it are two machines. Both are read off
// the facts as of a date; nothing of them is stored.
//
//	Registered -> (Launched) -> Closed
//	party, by call: Applied -> (Selected) -> Paired; Applied -> Rejected
//
// A programme of which only an announcement is known is registered with a fact
// that is announced, and so has no phase: a launch that is announced has not
// happened (rule 5 of the ledger). Selection without an application, and dates
// that contradict each other, are recorded and become findings. A stated number
// of parties may exceed those named; the rest are unnamed places, counted by no
// guard (rule 8). Money is kept by package grant.
package programme
