// Package activity keeps what parties do together on a day: summits, meetings,
// study visits, workshops, trainings, fairs.
//
// An activity is announced, then scheduled, perhaps put off, and in the end
// held or cancelled. What is only announced moves nothing: a summit that is
// going to be held has not been held. Who was there took part in the activity
// and in nothing else: present at a meeting is not member of the network that
// met. A stated count of participants may exceed those named; the others are
// unnamed places. What a programme or a network is, and what parties agreed to,
// is not kept here.
//
//	Announced -> (Scheduled) -> Held | Cancelled
//	Announced | Scheduled -> Postponed -> Scheduled | Held | Cancelled
package activity
