// Package grant keeps one grant: its envelope, its calls, what was awarded to
// whom, and what of that was paid, reported on and clawed back.
//
//	Registered -> Open <-> Closed
//	award: Awarded -> Disbursed | Reported -> Closed | ClawedBack
//	award: Awarded -> Closed; Disbursed <-> Reported; Closed <-> ClawedBack
//
// A grant is open and closed for applications. Amounts are integers in the minor
// unit of one currency. The sums are structure (rule 6 of the ledger), as of
// every day that dates decide:
//
//	awards <= envelope, if it is known
//	0 <= disbursements - clawbacks <= award
//
// A fact or a correction that would break a sum is rejected. A voiding or a
// ruling that leads to a broken sum is recorded, and the sum becomes a finding.
// Only recorded facts count; an announced award moves nothing (rule 5). Awards
// and payments have keys, so that the same payment from two sources counts once.
// Who applied and was selected is kept by package programme.
package grant
