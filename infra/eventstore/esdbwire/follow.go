package esdbwire

import (
	"math"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
)

// confirm tells the client that it is subscribed.
func (r *reading) confirm() error {
	return r.call.Send(&streams.ReadResp{Content: &streams.ReadResp_Confirmation{
		Confirmation: &streams.ReadResp_SubscriptionConfirmation{SubscriptionId: uuid.NewString()},
	}})
}

// followAll sends what comes after a position, and what comes then.
func (r *reading) followAll() error {
	if r.backwards() {
		return badArgument("a subscription goes forwards")
	}
	o := r.opts.GetAll()
	after := es.Position(min(o.GetPosition().GetCommitPosition(), math.MaxInt64))
	if o.GetEnd() != nil {
		head, err := r.log.Head(r.ctx())
		if err != nil {
			return err
		}
		after = head
	}
	if err := r.confirm(); err != nil {
		return err
	}
	live := false
	looked := 0 // events since the last checkpoint
	for rec, err := range r.log.Subscribe(r.ctx(), after) {
		if err != nil {
			return err
		}
		if rec.IsMarker() {
			if looked > 0 {
				if looked, err = 0, r.checkpoint(rec.Position); err != nil {
					return err
				}
			}
			if !live {
				live = true
				if err := r.caughtUp(uint64(rec.Position), positionField); err != nil {
					return err
				}
			}
			continue
		}
		if looked, err = r.followed(rec, looked); err != nil {
			return err
		}
	}
	return nil
}

// followed sends a record of $all if it is wanted, and a checkpoint when it is
// time for one. It returns the events looked at since the last.
func (r *reading) followed(rec es.Record, looked int) (int, error) {
	e, err := shown(rec)
	if err != nil {
		return looked, err
	}
	if r.wanted(&e) {
		if err := r.event(&e); err != nil {
			return looked, err
		}
	}
	if r.filter == nil {
		return 0, nil
	}
	if looked++; looked < r.filter.interval {
		return looked, nil
	}
	return 0, r.checkpoint(rec.Position)
}

func (r *reading) checkpoint(p es.Position) error {
	return r.call.Send(&streams.ReadResp{Content: &streams.ReadResp_Checkpoint_{Checkpoint: &streams.ReadResp_Checkpoint{
		CommitPosition: uint64(p), PreparePosition: uint64(p),
	}}})
}

// followStream sends what comes after a number in a stream, and what comes then.
func (r *reading) followStream(stream string) error {
	if r.backwards() {
		return badArgument("a subscription goes forwards")
	}
	// What is appended after this is met again below, and known by its revision.
	head, err := r.log.Head(r.ctx())
	if err != nil {
		return err
	}
	v, err := r.view(r.ctx(), stream)
	if err != nil {
		return err
	}
	if v.sealed {
		return streamDeleted(stream)
	}
	if err := r.confirm(); err != nil {
		return err
	}
	o := r.opts.GetStream()
	at := v.first - 1
	switch {
	case o.GetEnd() != nil:
		at = v.last
	case o.GetStart() == nil:
		at = max(at, es.Revision(min(o.GetRevision(), math.MaxInt64-1))+1)
	}
	for rec, err := range r.log.ReadStream(r.ctx(), stream, at) {
		if err == nil {
			at, err = rec.Revision, r.ofStream(rec, v)
		}
		if err != nil {
			return err
		}
	}
	return r.followLive(stream, v, at, head)
}

// followLive sends what of the log after a position is in a stream and after a
// revision.
func (r *reading) followLive(stream string, v view, at es.Revision, after es.Position) error {
	live := false
	for rec, err := range r.log.Subscribe(r.ctx(), after) {
		switch {
		case err != nil:
			return err
		case rec.IsMarker() && !live:
			live = true
			if at == 0 {
				err = r.caughtUp(uint64(rec.Position), positionField)
			} else {
				err = r.caughtUp(uint64(at-1), revisionField)
			}
		case rec.Stream == stream && rec.Revision > at:
			at, err = rec.Revision, r.ofStream(rec, v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ofStream sends a record of the stream that is followed. The seal ends that.
func (r *reading) ofStream(rec es.Record, v view) error {
	if embedded.IsSeal(rec) {
		return streamDeleted(rec.Stream)
	}
	e, err := shown(rec)
	if err != nil || !v.shows(&e) {
		return err
	}
	return r.event(&e)
}

// Fields of CaughtUp that the protocol got in later versions, with which
// clients of those take it for one.
const (
	timestampField = protowire.Number(1) // google.protobuf.Timestamp
	revisionField  = protowire.Number(2) // int64
	positionField  = protowire.Number(3) // a message of commit and prepare position
)

// caughtUp tells the client that it has seen all there was, up to a number of
// the stream or a position of the log.
func (r *reading) caughtUp(reached uint64, field protowire.Number) error {
	now := r.Server.opts.Now()
	stamp := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), uint64(now.Unix()))
	stamp = protowire.AppendVarint(protowire.AppendTag(stamp, 2, protowire.VarintType), uint64(now.Nanosecond()))
	extra := protowire.AppendBytes(protowire.AppendTag(nil, timestampField, protowire.BytesType), stamp)
	if field == revisionField {
		extra = protowire.AppendVarint(protowire.AppendTag(extra, field, protowire.VarintType), reached)
	} else {
		place := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), reached)
		place = protowire.AppendVarint(protowire.AppendTag(place, 2, protowire.VarintType), reached)
		extra = protowire.AppendBytes(protowire.AppendTag(extra, field, protowire.BytesType), place)
	}
	message := &streams.ReadResp_CaughtUp{}
	message.ProtoReflect().SetUnknown(extra)
	return r.call.Send(&streams.ReadResp{Content: &streams.ReadResp_CaughtUp_{CaughtUp: message}})
}
