// Package network keeps one network of cities and the like: its founding and
// launch, what it is for, its secretariat, its bodies and who has a seat in
// them, who supports it, what it decided, and how it ended. Who is a member of
// it is kept apart, one record for each member; a network is itself a party.
//
//	Registered -> Founded | Launched -> Dissolved
//	Founded -> Launched; Registered -> Dissolved
//
// A launch that is only announced has not happened, and a body that is only
// announced has no capacity that would bind anybody (rule 5 of the ledger);
// both are shown as what they are. Phases, seats and offices are read off the
// facts as of a date; nothing of them is stored. Who has a seat has it until it
// is vacated, the term is over or the body is dissolved. The dissolution of the
// network ends no seat and no office: somebody winds it up.
//
// This is structure (rule 6 of the ledger), as of every day that dates decide:
//
//	one party has at most one seat in a body
//	the seats that are held, observers apart, are no more than an exact capacity, or one of "up to"
//	one party at most is the secretariat
//	who leaves a seat or the office had it
//
// A fact or a correction that would break it is rejected. A voiding, a dispute,
// a ruling and a correction of the body itself are recorded, and what they
// break becomes a finding, as does what dates leave undecided. A body that is
// set up anew, or gets another capacity, is another body with another key.
package network
