package esdbwire

import (
	"context"
	"math"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/esdbwire/group"
)

// meter counts the events sent.
type meter struct {
	since    time.Time
	total    int64
	measured int64 // total when it was asked for last
}

// measure returns the events a second since the meter began, and those since
// it was asked last.
func (m *meter) measure(now time.Time) (perSecond int32, fresh int64) {
	fresh = m.total - m.measured
	m.measured = m.total
	seconds := max(now.Sub(m.since).Seconds(), 1)
	return int32(min(float64(m.total)/seconds, math.MaxInt32)), fresh
}

// info returns what there is to be said about the group.
func (a *actor) info(ctx context.Context) (info *persistent.SubscriptionInfo, err error) {
	known, err := a.lastKnown(ctx)
	if err != nil {
		return nil, err
	}
	parked, err := a.log.Last(ctx, a.key.parked())
	if err != nil {
		return nil, err
	}
	stored, err := a.lastCheckpoint(ctx)
	if err != nil {
		return nil, err
	}
	err = a.do(ctx, func() { info = a.describe(known, stored, int64(parked)) })
	return info, err
}

func (a *actor) lastKnown(ctx context.Context) (place, error) {
	if a.key.Stream == allStream {
		head, err := a.log.Head(ctx)
		return place(head), err
	}
	last, err := a.log.Last(ctx, a.key.Stream)
	return place(last), err
}

// describe is called by the actor.
func (a *actor) describe(known, stored place, parked int64) *persistent.SubscriptionInfo {
	now, state, set := time.Now(), a.machine.State(), a.config.Set
	status := "Live"
	if !a.caughtUp {
		status = "Behind"
	}
	info := &persistent.SubscriptionInfo{
		EventSource: a.key.Stream, GroupName: a.key.Group, Status: status,
		TotalItems:                    a.meter.total,
		LastCheckpointedEventPosition: a.key.text(stored), LastKnownEventPosition: a.key.text(known),
		ResolveLinkTos: set.ResolveLinks, StartFrom: a.config.From,
		MessageTimeoutMilliseconds: set.TimeoutMs, ExtraStatistics: set.ExtraStatistics,
		MaxRetryCount: set.MaxRetries, LiveBufferSize: set.LiveBuffer, BufferSize: set.Buffer, ReadBatchSize: set.ReadBatch,
		CheckPointAfterMilliseconds: set.AfterMs, MinCheckPointCount: set.MinCheckpoint, MaxCheckPointCount: set.MaxCheckpoint,
		ReadBufferCount: int32(state.Waiting), RetryBufferCount: int32(state.Retrying),
		TotalInFlightMessages: int32(state.InFlight), OutstandingMessagesCount: int32(state.InFlight),
		NamedConsumerStrategy: string(set.Strategy), MaxSubscriberCount: set.MaxSubscribers,
		ParkedMessageCount: max(parked-int64(state.Replayed), 0),
	}
	info.AveragePerSecond, info.CountSinceLastMeasurement = a.meter.measure(now)
	for _, c := range state.Consumers {
		info.Connections = append(info.Connections, a.members[c.ID].describe(c, now))
	}
	return info
}

func (m *member) describe(c group.ConsumerState, now time.Time) *persistent.SubscriptionInfo_ConnectionInfo {
	m.mu.Lock()
	defer m.mu.Unlock()
	info := &persistent.SubscriptionInfo_ConnectionInfo{
		From: m.from, Username: m.user, ConnectionName: m.name, TotalItems: m.meter.total,
		AvailableSlots: int32(c.Buffer - c.InFlight), InFlightMessages: int32(c.InFlight),
	}
	info.AverageItemsPerSecond, info.CountSinceLastMeasurement = m.meter.measure(now)
	return info
}

// replayParked has the events parked until now sent again: those whose number
// among the parked ones is less than stop, if that is not negative.
func (a *actor) replayParked(ctx context.Context, stop int64) error {
	last, err := a.log.Last(ctx, a.key.parked())
	if err != nil {
		return err
	}
	if stop >= 0 {
		last = min(last, es.Revision(stop))
	}
	return a.do(ctx, func() { a.replay = max(a.replay, place(last)) })
}
