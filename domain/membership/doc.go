// Package membership keeps the participation of one party in one network: how
// it came to be a member, as what, what it owes as one, when its membership
// rested, and how it ended.
//
// A stream is of one pair. Its name follows from the network and the party, so
// that there is one record of a pair; it can be opened again if the opening was
// recorded in error. How things stand is read off the facts as of a date.
//
//	Prospect -> Invited | Applied -> (UnderReview) -> Admitted -> (Signed) -> Active
//	Invited -> Applied -> Prospect
//	UnderReview -> Prospect
//	Active <-> OnHold | Suspended
//	Active | OnHold | Suspended -> Withdrawn | Expelled | Lapsed | Succeeded
//	Withdrawn | Expelled | Lapsed | Succeeded -> Invited | Applied | Admitted
//
// Who comes back begins another round of participation. A step belongs to the
// round that the dates put it in or, where they do not say, the order of
// recording. Of facts that compete (two dates of one admission) the one recorded
// first stands, and the others are findings. A membership that is only claimed
// or announced has no standing (rule 5 of the ledger): a mayor's quoted "we
// agreed to join" is not a membership.
//
// Some of it follows from time alone (rule 7): a notice of withdrawal runs out, a
// suspension begins on the day of which notice was given, a duty that is not met
// puts the membership on hold, suspends it or has it lapse. That is answered
// with its day whether or not anything recorded that the day came. An end that
// is recorded stands instead of one that follows so. A duty that is met, waived
// or extended ends the hold or suspension that it led to.
package membership
