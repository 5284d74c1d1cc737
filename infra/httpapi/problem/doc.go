// Package problem answers errors over HTTP as RFC 9457 says: one shape for what
// the ledger refuses, what the service refuses, and what the router does not know.
//
// An error of the ledger has the status of its kind, in the one table of package
// es. What only a service can refuse is listed in [Own], each with a status of its
// own. Anything else is internal: it is logged, and answered by its request id.
package problem
