package esdbwire

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/google/uuid"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/esdbwire/group"
)

// maxBuffer bounds the events that a consumer has, and those that wait in a
// group, at a time, whatever is asked for.
const maxBuffer = 1 << 14

// member is a consumer as the actor knows it.
type member struct {
	id         group.ConsumerID
	buffer     int
	from, user string
	name       string        // of the connection
	dropped    chan struct{} // closed when the group has let it go
	meter      meter         // the actor's

	mu    sync.Mutex
	queue []group.Delivery // to be sent
	ready chan struct{}    // tells that there are some
}

func newMember(ctx context.Context, buffer int) *member {
	m := &member{
		buffer: min(max(buffer, 1), maxBuffer), user: callerOf(ctx).name, meter: meter{since: time.Now()},
		dropped: make(chan struct{}), ready: make(chan struct{}, 1),
	}
	if p, ok := peer.FromContext(ctx); ok {
		m.from = p.Addr.String()
	}
	md, _ := metadata.FromIncomingContext(ctx)
	if names := md.Get("connection-name"); len(names) > 0 {
		m.name = names[0]
	}
	return m
}

// put queues an event to be sent. It reports whether there was room: there is
// none if the consumer let a whole buffer pass its time and read nothing of it.
func (m *member) put(d group.Delivery) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.queue) >= 2*m.buffer {
		return false
	}
	m.queue = append(m.queue, d)
	m.meter.total++
	select {
	case m.ready <- struct{}{}:
	default: // it is being told already
	}
	return true
}

// take returns what is queued.
func (m *member) take() []group.Delivery {
	m.mu.Lock()
	defer m.mu.Unlock()
	queue := m.queue
	m.queue = nil
	return queue
}

// join adds a consumer to the group.
func (a *actor) join(ctx context.Context, m *member) error {
	var full error
	err := a.do(ctx, func() {
		a.lastID++
		m.id = a.lastID
		if full = a.machine.Join(m.id, m.buffer); full == nil {
			a.members[m.id] = m
		}
	})
	if err == nil && full != nil {
		return groupFull(a.key)
	}
	return err
}

// drop lets a consumer go; leave says that the machine does not know yet.
func (a *actor) drop(id group.ConsumerID, leave bool) {
	m := a.members[id]
	if m == nil {
		return
	}
	delete(a.members, id)
	if leave {
		a.machine.Leave(id)
	}
	close(m.dropped)
}

func (p *persistentService) Read(call persistent.PersistentSubscriptions_ReadServer) error {
	return p.answer(call.Context(), p.read(call), call.SetTrailer)
}

func (p *persistentService) read(call persistent.PersistentSubscriptions_ReadServer) error {
	req, err := call.Recv() // also of one that is refused: else its client hears of a broken call
	if err == nil {
		err = p.refuse()
	}
	if err != nil {
		return err
	}
	o := req.GetOptions()
	if o == nil {
		return badArgument("the options of the subscription were expected first")
	}
	k, err := keyOf(o.GetStreamIdentifier(), o.GetAll(), o.GetGroupName())
	if err != nil {
		return err
	}
	a, err := p.groups.find(k)
	if err != nil {
		return err
	}
	ctx := call.Context()
	m := newMember(ctx, int(o.GetBufferSize()))
	if err := a.join(ctx, m); err != nil {
		return err
	}
	defer func() { _ = a.tell(context.WithoutCancel(ctx), func() { a.drop(m.id, true) }) }() // it fails if all are dropped
	confirmation := &persistent.ReadResp_SubscriptionConfirmation{SubscriptionId: k.Stream + "::" + k.Group}
	if err := call.Send(&persistent.ReadResp{Content: &persistent.ReadResp_SubscriptionConfirmation_{SubscriptionConfirmation: confirmation}}); err != nil {
		return err
	}
	answers := make(chan error, 1)
	go func() { answers <- a.listen(call, m) }() // ends with the call
	return a.serve(call, m, answers, o.GetUuidOption().GetString_() != nil)
}

// serve sends a consumer its events until it goes or is dropped.
func (a *actor) serve(call persistent.PersistentSubscriptions_ReadServer, m *member, answers <-chan error, asText bool) error {
	for {
		select {
		case <-m.ready:
			for _, d := range m.take() {
				resp, err := delivered(d, asText)
				if err == nil {
					err = call.Send(resp)
				}
				if err != nil {
					return err
				}
			}
		case <-m.dropped:
			return groupDropped(a.key)
		case err := <-answers:
			return err
		case <-call.Context().Done():
			return call.Context().Err()
		}
	}
}

// listen tells the group what a consumer answers, until it has no more to say.
func (a *actor) listen(call persistent.PersistentSubscriptions_ReadServer, m *member) error {
	for {
		req, err := call.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var tell func()
		var ids []uuid.UUID
		switch c := req.GetContent().(type) {
		case *persistent.ReadReq_Ack_:
			ids, err = parseUUIDs(c.Ack.GetIds())
			tell = func() { a.machine.Ack(m.id, ids...) }
		case *persistent.ReadReq_Nack_:
			ids, err = parseUUIDs(c.Nack.GetIds())
			tell = func() { a.machine.Nack(m.id, group.Action(c.Nack.GetAction()), c.Nack.GetReason(), ids...) }
		default:
			err = badArgument("an answer to events was expected")
		}
		if err == nil { // what was received counts, even if the call has ended
			err = a.tell(context.WithoutCancel(call.Context()), tell)
		}
		if err != nil {
			return err
		}
	}
}

func parseUUIDs(wire []*shared.UUID) ([]uuid.UUID, error) {
	ids := make([]uuid.UUID, len(wire))
	for i, u := range wire {
		var err error
		if ids[i], err = parseUUID(u); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// delivered returns an event as the protocol has it.
func delivered(d group.Delivery, asText bool) (*persistent.ReadResp, error) {
	sent := &persistent.ReadResp_ReadEvent{
		Position: &persistent.ReadResp_ReadEvent_CommitPosition{CommitPosition: uint64(d.Event.Original().Position)},
		Count:    &persistent.ReadResp_ReadEvent_RetryCount{RetryCount: int32(d.Retries)},
	}
	var err error
	if sent.Event, err = recordedFor(d.Event.Record, asText); err != nil {
		return nil, err
	}
	if sent.Link, err = recordedFor(d.Event.Link, asText); err != nil {
		return nil, err
	}
	return &persistent.ReadResp{Content: &persistent.ReadResp_Event{Event: sent}}, nil
}

// recordedFor is [event.recorded] for this service, nil for no record.
func recordedFor(r es.Record, asText bool) (*persistent.ReadResp_ReadEvent_RecordedEvent, error) {
	if r.Stream == "" {
		return nil, nil //nolint:nilnil // nil is no record
	}
	e, err := shown(r)
	if err != nil {
		return nil, err
	}
	w := e.recorded(asText)
	return &persistent.ReadResp_ReadEvent_RecordedEvent{
		Id: w.GetId(), StreamIdentifier: w.GetStreamIdentifier(), StreamRevision: w.GetStreamRevision(),
		PreparePosition: w.GetPreparePosition(), CommitPosition: w.GetCommitPosition(),
		Metadata: w.GetMetadata(), CustomMetadata: w.GetCustomMetadata(), Data: w.GetData(),
	}, nil
}
