// Package memorandum keeps one agreement: a memorandum of understanding, a
// twinning, a framework, a treaty. It follows the practice of depositaries and
// the Vienna Convention on the Law of Treaties (VCLT), which its comments cite,
// without claiming that an agreement between cities is a treaty.
//
// The agreement and each party's part in it are two machines: an agreement is
// in force for a party, a signatory is not yet one, and a party may leave while
// the agreement goes on. Both are read off the facts as of a date; nothing of
// them is stored but what the decider derives from the agreement's own terms,
// recorded with the rule: when it enters into force and for whom, and when it
// ends.
//
//	Draft -> (Adopted) -> OpenForSignature -> (ProvisionallyApplied) -> InForce
//	ProvisionallyApplied -> OpenForSignature
//	InForce <-> Suspended
//	InForce | Suspended -> Terminated | Expired | Superseded
//	Draft | Adopted | OpenForSignature | ProvisionallyApplied -> Abandoned
//	party: Invited -> (Signatory) -> Consented -> InForce <-> Suspended
//	party: Signatory | Consented | InForce | Suspended -> (NoticeGiven) -> Withdrawn
//	party: Withdrawn -> Signatory | Consented
//	party: Invited | Signatory | Consented | InForce | Suspended | NoticeGiven -> Ended
//
// A guard asks how things stood on the day the new fact took effect, not what
// arrived last, so that what is found in an archive can still be recorded.
// Dates that contradict each other are recorded and become findings.
package memorandum
