// Package proposal keeps commands that need a second person: who proposed one
// and why, who approved or refused it, and what came of it.
//
//	Open -> Approved -> CarriedOut | Failed
//	Open -> Refused | Withdrawn
//
// A proposal holds the command as it was given, byte for byte, with the id that
// it will be given with, so that giving it twice records it once. Whoever
// proposed it cannot approve it. The rule compares opaque ids, so it is as good
// as the door through which they come: a service fills them in from who is
// authenticated, the command line believes its operator.
//
// An approval takes effect at once, and so it can be neither voided nor
// disputed, nor can what came of it: the consequences are corrected where they
// are recorded. A failure is final too. What failed is proposed anew, so that
// two persons look at it as things stand then.
//
// Nothing is carried over from older registers: a proposal is a matter of this
// ledger only.
package proposal
