// Package progress is the read model of action plans: in which phase each is,
// how far its actions, milestones and indicators have come, what it costs and how
// much of that is funded, and which reports on it are owed.
//
// What the plan says is by the version in force, of what was recorded last or as
// of the state of knowledge that is asked for. What happened is as of a date,
// with three answers (rule 4 of the ledger): a reading that was perhaps taken
// later is shown as such and moves no progress. Nothing announced moves anything
// (rule 5). Quantities are decimal texts throughout, and progress is in whole
// thousandths: nothing here is a floating-point number.
//
// What the days of a plan mean for who owes what is in the read model of
// obligations.
package progress
