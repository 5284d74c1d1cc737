package esdbwire

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"strconv"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/esdbwire/group"
)

// settingsRequest are the settings that requests to create and to update a
// group have in common.
type settingsRequest interface {
	GetRevision() uint64
	GetResolveLinks() bool
	GetExtraStatistics() bool
	GetMaxRetryCount() int32
	GetMinCheckpointCount() int32
	GetMaxCheckpointCount() int32
	GetMaxSubscriberCount() int32
	GetLiveBufferSize() int32
	GetReadBatchSize() int32
	GetHistoryBufferSize() int32
	GetMessageTimeoutTicks() int64
	GetMessageTimeoutMs() int32
	GetCheckpointAfterTicks() int64
	GetCheckpointAfterMs() int32
}

const ticksPerMs = 10_000

func newSettings(r settingsRequest, strategy string) (storedSettings, error) {
	ms := func(ms int32, ticks int64) int32 {
		if ticks != 0 {
			return int32(min(max(ticks/ticksPerMs, math.MinInt32), math.MaxInt32))
		}
		return ms
	}
	s := storedSettings{
		ResolveLinks: r.GetResolveLinks(), ExtraStatistics: r.GetExtraStatistics(), Strategy: group.Strategy(strategy),
		TimeoutMs: ms(r.GetMessageTimeoutMs(), r.GetMessageTimeoutTicks()),
		AfterMs:   ms(r.GetCheckpointAfterMs(), r.GetCheckpointAfterTicks()), MaxRetries: r.GetMaxRetryCount(),
		MinCheckpoint: r.GetMinCheckpointCount(), MaxCheckpoint: r.GetMaxCheckpointCount(),
		MaxSubscribers: r.GetMaxSubscriberCount(), LiveBuffer: r.GetLiveBufferSize(),
		Buffer: r.GetHistoryBufferSize(), ReadBatch: r.GetReadBatchSize(),
	}
	return s, s.machine().Validate()
}

// keyOf names the group of a request, whose stream is nil for $all.
func keyOf(stream *shared.StreamIdentifier, all *shared.Empty, name string) (groupKey, error) {
	k := groupKey{string(stream.GetStreamName()), name}
	if all != nil {
		k.Stream = allStream
	}
	return k, k.check()
}

// ended is the revision that older clients give for the end of a stream.
const ended = math.MaxUint64

// startStream sets where a group begins in its stream. The event of the number
// that a client gives is the first.
func (s *Server) startStream(ctx context.Context, c *groupConfig, number uint64, end bool) (err error) {
	if end || number == ended {
		var last es.Revision
		c.From = "-1"
		last, err = s.log.Last(ctx, c.Stream)
		c.Start = place(last)
		return err
	}
	c.Start = place(min(number, math.MaxInt64-1))
	c.From = strconv.FormatUint(uint64(c.Start), 10)
	return nil
}

// startAll is startStream for $all.
func (s *Server) startAll(ctx context.Context, c *groupConfig, position uint64, end bool) (err error) {
	if end || position == ended {
		var head es.Position
		c.From = "C:-1/P:-1"
		head, err = s.log.Head(ctx)
		c.Start = place(head)
		return err
	}
	position = min(position, math.MaxInt64-1)
	c.From = "C:" + formatUint(position) + "/P:" + formatUint(position)
	c.Start = place(max(position, 1) - 1)
	return nil
}

// groupRequest is what requests to create and to update a group ask for alike.
// Some fields are deprecated, and older clients send nothing else.
type groupRequest struct {
	options interface {
		GetStreamIdentifier() *shared.StreamIdentifier
		GetGroupName() string
	}
	older  bool // names the stream and the revision in the deprecated fields
	stream interface {
		GetStreamIdentifier() *shared.StreamIdentifier
		GetRevision() uint64
		GetEnd() *shared.Empty
	}
	all      bool
	position uint64 // in $all
	atEnd    bool   // of $all
	set      settingsRequest
	strategy string
}

// config returns the group that is asked for, but for its filter.
func (s *Server) config(ctx context.Context, r groupRequest) (c groupConfig, err error) {
	identifier, number, end := r.stream.GetStreamIdentifier(), r.stream.GetRevision(), r.stream.GetEnd() != nil
	if r.older {
		identifier, number = r.options.GetStreamIdentifier(), r.set.GetRevision()
	}
	c.Stream, c.Group = string(identifier.GetStreamName()), r.options.GetGroupName()
	if r.all {
		c.Stream = allStream
	}
	if err := c.key().check(); err != nil {
		return c, err
	}
	if c.Set, err = newSettings(r.set, r.strategy); err != nil {
		return c, err
	}
	if r.all {
		return c, s.startAll(ctx, &c, r.position, r.atEnd)
	}
	return c, s.startStream(ctx, &c, number, end)
}

// named returns the name of a strategy.
func named[S fmt.Stringer](r interface{ GetNamedConsumerStrategy() S }) string {
	return r.GetNamedConsumerStrategy().String()
}

func (s *Server) createConfig(ctx context.Context, o *persistent.CreateReq_Options) (groupConfig, error) {
	all, set := o.GetAll(), o.GetSettings()
	c, err := s.config(ctx, groupRequest{
		options: o, older: o.GetStreamOption() == nil, stream: o.GetStream(),
		all: all != nil, position: all.GetPosition().GetCommitPosition(), atEnd: all.GetEnd() != nil,
		set: set, strategy: cmp.Or(set.GetConsumerStrategy(), named(set)),
	})
	if err != nil {
		return c, err
	}
	switch f := all.GetFilter().GetFilter().(type) {
	case *persistent.CreateReq_AllOptions_FilterOptions_StreamIdentifier:
		c.Filter = &storedFilter{false, f.StreamIdentifier.GetRegex(), f.StreamIdentifier.GetPrefix()}
	case *persistent.CreateReq_AllOptions_FilterOptions_EventType:
		c.Filter = &storedFilter{true, f.EventType.GetRegex(), f.EventType.GetPrefix()}
	}
	_, err = c.matches()
	return c, err
}

// updateConfig returns what a group is to be. Its filter stays.
func (s *Server) updateConfig(ctx context.Context, o *persistent.UpdateReq_Options) (groupConfig, error) {
	all, set := o.GetAll(), o.GetSettings()
	return s.config(ctx, groupRequest{
		options: o, older: o.GetStreamOption() == nil, stream: o.GetStream(),
		all: all != nil, position: all.GetPosition().GetCommitPosition(), atEnd: all.GetEnd() != nil,
		set: set, strategy: named(set),
	})
}
