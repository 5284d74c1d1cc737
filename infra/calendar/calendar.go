// Package calendar writes days on which something falls due as an iCalendar feed
// (RFC 5545). It knows nothing of what falls due.
package calendar

import (
	"fmt"
	"io"
	"time"

	"github.com/emersion/go-ical"

	"github.com/entente-ledger/entente/domain/edtf"
)

// Entry is a whole day, or several of which it is one.
type Entry struct {
	// UID is the same whenever the entry is written, so that a calendar which
	// follows the feed changes its entry rather than adding another.
	UID     string
	Summary string
	// Description is more of it, or empty.
	Description string
	On          edtf.Date
	// Stamp is when the entry came to be as it is.
	Stamp time.Time
}

// maxDays is the longest span of days that is shown as one entry.
const maxDays = 366

// Write writes entries as one calendar. An entry of which the day is not certain
// is tentative and lasts over all the days it may be; one that may be any of more
// than a year, or is unbounded, is left out. It returns how many were.
func Write(w io.Writer, entries []Entry) (leftOut int, err error) {
	cal := ical.NewCalendar()
	cal.Props.SetText(ical.PropVersion, "2.0")
	cal.Props.SetText(ical.PropProductID, "-//entente//ledger of cooperation agreements//EN")
	for _, e := range entries {
		lo, hi := e.On.Earliest(), e.On.Latest()
		if !lo.Bounded() || !hi.Bounded() || int(hi-lo) >= maxDays {
			leftOut++
			continue
		}
		event := ical.NewEvent()
		event.Props.SetText(ical.PropUID, e.UID)
		event.Props.SetDateTime(ical.PropDateTimeStamp, e.Stamp.UTC())
		event.Props.SetDate(ical.PropDateTimeStart, civil(lo))
		event.Props.SetDate(ical.PropDateTimeEnd, civil(hi+1)) // the first day after (RFC 5545, 3.6.1)
		event.Props.SetText(ical.PropSummary, e.Summary)
		event.Props.SetText(ical.PropTransparency, "TRANSPARENT")
		if e.Description != "" {
			event.Props.SetText(ical.PropDescription, e.Description)
		}
		event.SetStatus(ical.EventConfirmed)
		if lo != hi || e.On.Qualified() {
			event.SetStatus(ical.EventTentative)
		}
		cal.Children = append(cal.Children, event.Component)
	}
	if len(cal.Children) == 0 {
		return leftOut, empty(w)
	}
	if err := ical.NewEncoder(w).Encode(cal); err != nil {
		return leftOut, fmt.Errorf("write a calendar: %w", err)
	}
	return leftOut, nil
}

// empty writes a calendar without entries, which the encoder refuses: RFC 5545
// asks for at least one component, and a feed may have none for a while.
func empty(w io.Writer) error {
	_, err := io.WriteString(w, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//entente//ledger of cooperation agreements//EN\r\nEND:VCALENDAR\r\n")
	return err
}

// civil is a day as the library takes it.
func civil(d edtf.Day) time.Time {
	y, m, day := d.Date()
	return time.Date(y, m, day, 0, 0, 0, 0, time.UTC)
}
