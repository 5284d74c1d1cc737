// Package answers is what is answered to a question about a ledger: the read
// models put together, with the names of what they mention, as values that are
// the same wherever they are shown. The JSON of an answer is permanent.
//
// A [Desk] answers within one read of the views, by one state of knowledge. It
// knows neither who asks in which way (a command line, HTTP, a page) nor how an
// answer is laid out for people.
package answers
