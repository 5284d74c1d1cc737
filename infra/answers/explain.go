package answers

import (
	"context"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
)

// Explanation says why a field of an agreement is what it is.
type Explanation struct {
	// Answer is in words or an EDTF date. That of phase and part is in Spans.
	Answer string           `json:"answer"`
	Field  memorandum.Field `json:"field"`
	ID     string           `json:"id"`
	// Ignored are the facts of the same subject that were left out, and why.
	Ignored []Evidence `json:"ignored"`
	// Late are the events on which the answer rests although they were recorded
	// after the instant as known at which is answered.
	Late  Late       `json:"recordedLater"`
	Rule  string     `json:"rule"`  // in words
	Spans []Evidence `json:"spans"` // of phases or parts, each by the event with which it began
	Used  []Evidence `json:"used"`  // the facts that the answer rests on
}

// Evidence is an event of an explanation: a fact, or what began with it.
type Evidence struct {
	Sequence uint64 `json:"sequence"`
	memorandum.Evidence

	// ByEvent is the sequence of the event because of which it was left out, if
	// there is one.
	ByEvent uint64 `json:"-"`
}

// Explain answers why a field of an agreement is what it is: by which facts, and
// without which.
func (d *Desk) Explain(ctx context.Context, id string, field memorandum.Field) (Explanation, error) {
	if KindOf(id) != "memorandum" {
		return Explanation{}, es.Invalid("answers.not_explained", id+" is no agreement", "the id of an agreement")
	}
	lines, err := d.held(ctx, id)
	if err != nil {
		return Explanation{}, err
	}
	var events []memorandum.Event
	for _, one := range lines {
		events = append(events, one.Event.(memorandum.Event))
	}
	x := memorandum.Explain(field, events...)
	late, err := d.Late(id)
	if err != nil {
		return Explanation{}, err
	}
	located := func(e memorandum.Evidence) Evidence {
		one := Evidence{Sequence: lines[e.Revision-1].Sequence, Evidence: e}
		if e.By > 0 {
			one.ByEvent = lines[e.By-1].Sequence
		}
		return one
	}
	spans := each(x.Spans, func(s memorandum.Span) memorandum.Evidence {
		e := memorandum.Evidence{Revision: s.By, Type: string(s.Phase) + string(s.Part), Party: s.Party, Date: s.From}
		if s.Doubt {
			e.Why = "in doubt"
		}
		return e
	})
	return Explanation{
		Answer: x.Answer, Field: field, ID: id, Ignored: each(x.Ignored, located), Late: late, Rule: x.Rule,
		Spans: each(spans, located), Used: each(x.Used, located),
	}, nil
}
