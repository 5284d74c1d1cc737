// Package actionplan keeps one action plan of one or several parties: how it was
// drafted, approved, revised and carried out, its actions with milestones,
// indicators and money, and the reports owed on it.
//
// The plan and each of its actions are machines of their own. Both are read off
// the facts as of a date; nothing of them is stored.
//
//	Draft -> Submitted -> (ProvisionallyApproved) -> Approved -> Implementing -> Completed
//	Submitted <-> Returned
//	Draft | Submitted | Returned | ProvisionallyApproved | Approved | Implementing -> Abandoned
//	action: NotStarted -> Ongoing <-> Postponed; Ongoing -> Completed
//	action: NotStarted -> Postponed; NotStarted | Ongoing | Postponed -> Cancelled
//
// A revision opens the next version, which is a draft of its own; the version
// approved before stays in force until the next one is approved, and what a
// draft says anew of an action, a target or a sum does not hold before then.
// A fact belongs to the version that its date puts it in or, where dates do not
// say, the order of recording.
//
// What is announced moves nothing (rule 5 of the ledger): a plan that is said to
// be going to be drafted has no phase. An approval of which nobody says who gave
// it, or what it made definitive, is recorded and becomes a finding. So does
// more funding than a budget line has: a plan is no purse. Money that is awarded
// and paid is kept by package grant, who agreed to plan together by memorandum.
package actionplan
