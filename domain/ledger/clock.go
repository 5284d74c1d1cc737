package ledger

import (
	"context"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Clock is the actor under which it is recorded that something fell due.
const Clock = "clock"

// MarkDue returns the command that records that d, which follows from the event
// with an id, fell due in a stream. Its own id is derived from that event, the
// rule, the key and the day, so that it is recorded once, whoever runs the
// clock and however often.
func MarkDue(stream string, event uuid.UUID, d terms.Due) (es.Command, error) {
	payload, err := json.Marshal(book.FellDue{
		Fact: terms.Fact{Occurred: d.On}, Rule: d.Rule, Of: d.Of, Key: d.Key, On: d.On,
	})
	if err != nil {
		return es.Command{}, fmt.Errorf("mark what is due: %w", err)
	}
	kind, _, _ := strings.Cut(stream, "-")
	return es.Command{
		ID:   uuid.NewSHA1(event, fmt.Appendf(nil, "due/%s/%s/%s", d.Rule, d.Key, d.On)),
		Name: kind + ".mark_due", Stream: stream, Payload: payload, Actor: Clock,
	}, nil
}

// ErrNotYet is what a command meets that says that a day came which has not
// come for certain.
var ErrNotYet = es.Rejected("ledger.not_yet", "the day has not come yet, or it is not certain that it has",
	"a whole day that has come; what is due later is recorded when its day has come")

// check sees each command before it is decided: it may say only of days that
// came that they did, and refer only to what there is.
func (l *Ledger) check(ctx context.Context, stream string, command any) error {
	if d, ok := command.(interface{ DueOn() edtf.Date }); ok && d.DueOn().HeldBy(edtf.OfTime(l.handler.Now())) != edtf.Yes {
		return ErrNotYet
	}
	return l.checkReferences(ctx, stream, command)
}
