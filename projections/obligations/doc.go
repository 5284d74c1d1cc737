// Package obligations is the read model of what falls due: what somebody owes
// and by when, until when something can be done, and what begins or ends on a
// day of itself. Every row has known bounds. Whether a day has passed is asked
// of a date, not stored.
package obligations
