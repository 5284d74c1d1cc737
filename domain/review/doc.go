// Package review keeps what was decided about one finding: that it is known and
// accepted as it is, or that somebody is to look at it.
//
//	Open -> Assigned -> Accepted -> Open
//	Open -> Accepted
//	Assigned -> Open
//
// A finding is no fact of the ledger, it follows from facts; so a review holds
// what the finding said and rested on when it was decided on. When its events
// change it is another finding in all but its id, and whoever keeps the queue
// shows it again: a state of one stream cannot know of the events of another.
//
// The finding gives the stream its name, so that there is one review of it.
package review
