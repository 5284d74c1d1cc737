// Package chronicle answers what happened within a span of days, and how often
// in each month: who signed, joined and left, what entered into force and ended,
// what was held and reached, and what was overdue at the end of the span.
//
// It has no tables of its own, and asks the other read models. Only recorded
// facts that hold count (rule 5 of the ledger). What a partial or missing date,
// or a dispute, leaves open perhaps happened within the span (rule 4), and is
// never among what certainly did. What is asked of the past is asked by a state
// of knowledge: a late correction changes today's answer, and not that one.
package chronicle
