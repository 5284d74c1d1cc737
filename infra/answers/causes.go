package answers

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/history"
)

// Setter is an event that gave a field its value.
type Setter struct {
	Sequence   uint64         `json:"sequence"`
	Stream     string         `json:"stream"`
	Type       string         `json:"type"`
	RecordedAt string         `json:"recordedAt"` // RFC 3339 UTC
	Actor      string         `json:"actor"`      // opaque id
	Source     terms.Citation `json:"source"`

	// Recorded is RecordedAt.
	Recorded time.Time `json:"-"`
}

func setterOf(l history.Line) Setter {
	return Setter{l.Sequence, l.Stream, l.Type, es.FormatInstant(l.Recorded), l.Actor, l.Source, l.Recorded}
}

// subject is what is told of, as of a date.
type subject struct {
	*Desk
	id string
	on edtf.Date
}

// causes returns the event that last gave each of the open fields the value
// wanted, which it has by the desk's knowledge: before the event it has another,
// after it this one. If a correction brought the event about, that stands before
// it.
// The events are those wanted of the subject and of what the fields shown name.
// There is none for a field that another event changed: one of something else,
// or one that was known before the others and recorded after them.
//
// No stream compared begins with sequence 0, the first event of the ledger.
func (s subject) causes(ctx context.Context, want Fields, open []string, wanted func(history.Line) bool, shown ...Fields) (map[string][]history.Line, error) {
	events, err := s.events(ctx, wanted, shown)
	if err != nil {
		return nil, err
	}
	by := map[string][]history.Line{}
	at := s.At
	for _, e := range slices.Backward(events) {
		at.Events = e.Sequence
		before, err := s.As(at).Fields(s.id, s.on)
		if err != nil {
			return nil, err
		}
		changed := before.Differing(want, open)
		if len(changed) == 0 {
			continue
		}
		at.Events++
		after, err := s.As(at).Fields(s.id, s.on)
		if err != nil {
			return nil, err
		}
		for _, path := range except(changed, after.Differing(want, changed)) {
			by[path] = append(corrections(events, e), e)
		}
		open = except(open, changed)
	}
	return by, nil
}

// events returns those wanted of the subject and of what the fields name, by sequence.
func (s subject) events(ctx context.Context, wanted func(history.Line) bool, shown []Fields) ([]history.Line, error) {
	streams := map[string]bool{s.id: true}
	for _, f := range shown {
		for path := range f {
			stream, _ := terms.Ref(f.Text(path)).Target()
			streams[stream] = true
		}
	}
	var all []history.Line
	for stream := range streams {
		for l, err := range s.log().Whole(ctx, stream) {
			if err != nil {
				return nil, err
			}
			if wanted(l) {
				all = append(all, l)
			}
		}
	}
	slices.SortFunc(all, func(a, b history.Line) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return all, nil
}

// corrections returns what e follows from, by the same command: that an earlier
// event was corrected, voided or disputed, or a dispute settled.
func corrections(events []history.Line, e history.Line) []history.Line {
	var all []history.Line
	for _, l := range events {
		if l.Stream == e.Stream && l.Cause == e.Cause && l.Revision < e.Revision && l.Target > 0 {
			all = append(all, l)
		}
	}
	return all
}

// reason is what the first of the events that gives one has as its reason, or "".
func reason(events []history.Line) string {
	var why struct {
		Reason string `json:"reason"`
	}
	for _, l := range events {
		if why.Reason == "" {
			_ = json.Unmarshal(l.Record.Data, &why) // it was decoded as its type before
		}
	}
	return why.Reason
}

func except(all, without []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(one string) bool { return slices.Contains(without, one) })
}
