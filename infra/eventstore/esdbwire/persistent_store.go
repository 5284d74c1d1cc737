package esdbwire

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/eventstore/esdbwire/group"
)

// load returns up to where all is done, and up to where what was parked was
// replayed and done.
func (a *actor) load() (at, replayed place, err error) {
	parked, err := a.view(a.ctx, a.key.parked())
	if err != nil {
		return 0, 0, err
	}
	stored, err := a.lastCheckpoint(a.ctx)
	if err != nil {
		return 0, 0, err
	}
	// A start that was set later does not skip what is not done.
	return cmp.Or(stored, a.config.Start), place(parked.first - 1), nil
}

// lastCheckpoint returns the checkpoint stored last, 0 if there is none.
func (a *actor) lastCheckpoint(ctx context.Context) (place, error) {
	v, err := a.view(ctx, a.key.checkpoints())
	if err != nil || v.deleted() {
		return 0, err
	}
	for r, err := range a.log.ReadStreamBack(ctx, a.key.checkpoints(), math.MaxInt64) {
		if err != nil {
			return 0, err
		}
		var text string
		if err := json.Unmarshal(r.Data, &text); err != nil {
			return 0, fmt.Errorf("read checkpoint: %w", err)
		}
		return a.key.place(text)
	}
	return 0, nil
}

// parkedMeta is what is told about an event that is parked.
type parkedMeta struct {
	Added  string `json:"added"` // RFC 3339
	Reason string `json:"reason"`
}

// write stores what the machine wants stored, parked events before the
// checkpoint that counts them as done.
func (a *actor) write(todo group.Actions, now time.Time) error { return a.writeTo(a.ctx, todo, now) }

func (a *actor) writeTo(ctx context.Context, todo group.Actions, now time.Time) error {
	if err := a.park(ctx, todo.Park); err != nil {
		return err
	}
	if todo.Checkpoint > 0 {
		data, err := json.Marshal(a.key.text(place(todo.Checkpoint)))
		if err == nil {
			_, err = a.log.Append(ctx, a.key.checkpoints(), embedded.Anywhere(), a.systemRecord(checkpointType, data, jsonContent, nil))
		}
		if err != nil {
			return fmt.Errorf("store checkpoint: %w", err)
		}
		a.machine.Stored(now)
	}
	if todo.Replayed > 0 {
		if _, err := a.truncate(ctx, a.key.parked(), es.Revision(todo.Replayed)); err != nil {
			return fmt.Errorf("truncate what was parked: %w", err)
		}
		a.machine.Truncated(now)
	}
	return nil
}

const (
	parkAtMost = 1000    // events parked in one append
	maxReason  = 1 << 10 // bytes kept of a consumer's reason
)

func (a *actor) park(ctx context.Context, parking []group.Parking) error {
	for len(parking) > 0 {
		n := min(len(parking), parkAtMost)
		recs := make([]es.Record, n)
		for i, p := range parking[:n] {
			reason := strings.ToValidUTF8(p.Reason[:min(len(p.Reason), maxReason)], "")
			metadata, err := json.Marshal(parkedMeta{a.opts.Now().UTC().Format(time.RFC3339Nano), reason})
			if err != nil {
				return fmt.Errorf("park event: %w", err)
			}
			recs[i] = a.systemRecord(linkType, linkTo(p.Event), binaryContent, metadata)
		}
		if _, err := a.log.Append(ctx, a.key.parked(), embedded.Anywhere(), recs...); err != nil {
			return fmt.Errorf("park events: %w", err)
		}
		a.machine.Parked(n)
		parking = parking[n:]
	}
	return nil
}

// linkTo returns the data of a link to an event; one that was parked before
// is linked to as then.
func linkTo(e group.Event) []byte {
	if e.Replayed {
		return e.Link.Data
	}
	r := e.Original()
	return fmt.Appendf(nil, "%d@%s", wireRevision(r.Revision), r.Stream)
}
