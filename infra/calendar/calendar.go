// Package calendar writes days on which something falls due as an iCalendar feed
// (RFC 5545). It knows nothing of what falls due.
package calendar

import (
	"fmt"
	"io"
	"strings"
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

// Writer writes entries as one calendar, each as it comes, so that memory does not
// grow with them.
type Writer struct {
	w       io.Writer
	begun   bool
	leftOut int
}

// New returns what writes to w. [Writer.End] must follow.
func New(w io.Writer) *Writer { return &Writer{w: w} }

const (
	beginning = "BEGIN:VCALENDAR\r\nPRODID:" + product + "\r\nVERSION:2.0\r\n"
	ending    = "END:VCALENDAR\r\n"
	product   = "-//entente//ledger of cooperation agreements//EN"
)

// Add writes an entry. One of which the day is not certain is tentative and lasts
// over all the days it may be; one that may be any of more than a year, or is
// unbounded, is left out.
func (w *Writer) Add(e Entry) error {
	lo, hi := e.On.Earliest(), e.On.Latest()
	if !lo.Bounded() || !hi.Bounded() || int(hi-lo) >= maxDays {
		w.leftOut++
		return nil
	}
	text, err := encode(event(e, lo, hi))
	if err == nil {
		err = w.write(text)
	}
	if err != nil {
		return fmt.Errorf("write a calendar: %w", err)
	}
	return nil
}

// End ends the calendar, which may have no entries: RFC 5545 asks for at least one
// component, but a feed may have none for a while. It returns how many entries were
// left out.
func (w *Writer) End() (leftOut int, err error) {
	if err := w.write(ending); err != nil {
		return w.leftOut, fmt.Errorf("write a calendar: %w", err)
	}
	return w.leftOut, nil
}

// write writes a part of the calendar, after its beginning if it is the first.
func (w *Writer) write(text string) error {
	if !w.begun {
		text, w.begun = beginning+text, true
	}
	_, err := io.WriteString(w.w, text)
	return err
}

func event(e Entry, lo, hi edtf.Day) *ical.Event {
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
	return event
}

// encode returns an event as the library has it within a calendar, which it writes
// only as a whole.
func encode(event *ical.Event) (string, error) {
	cal := ical.NewCalendar()
	cal.Props.SetText(ical.PropVersion, "2.0")
	cal.Props.SetText(ical.PropProductID, product)
	cal.Children = append(cal.Children, event.Component)
	var text strings.Builder
	if err := ical.NewEncoder(&text).Encode(cal); err != nil {
		return "", err
	}
	return strings.TrimSuffix(strings.TrimPrefix(text.String(), beginning), ending), nil
}

// civil is a day as the library takes it.
func civil(d edtf.Day) time.Time {
	y, m, day := d.Date()
	return time.Date(y, m, day, 0, 0, 0, 0, time.UTC)
}
