package esdbwire

import (
	"context"
	"iter"
	"math"
	"strconv"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"github.com/entente-ledger/entente/domain/es"
)

// reading is one call of Read.
type reading struct {
	*Server
	call   streams.Streams_ReadServer
	opts   *streams.ReadReq_Options
	filter *filter
	asText bool // ids
}

func (s *streamsService) Read(req *streams.ReadReq, call streams.Streams_ReadServer) error {
	r := &reading{Server: s.Server, call: call, opts: req.GetOptions()}
	return s.answer(call.Context(), r.run(), call.SetTrailer)
}

func (r *reading) run() (err error) {
	if r.filter, err = newFilter(r.opts.GetFilter()); err != nil {
		return err
	}
	r.asText = r.opts.GetUuidOption().GetString_() != nil
	stream := r.opts.GetStream()
	subscription := r.opts.GetSubscription() != nil
	if subscription {
		r.subscribers.Add(1)
		defer r.subscribers.Add(-1)
	}
	switch {
	case stream == nil && r.opts.GetAll() == nil:
		return badArgument("neither a stream nor $all is to be read")
	case stream == nil && subscription:
		return r.followAll()
	case stream == nil:
		return r.readAll()
	case len(stream.GetStreamIdentifier().GetStreamName()) == 0:
		return badArgument("the name of the stream is missing")
	case r.filter != nil:
		return badArgument("only $all can be filtered")
	case subscription:
		return r.followStream(string(stream.GetStreamIdentifier().GetStreamName()))
	}
	return r.readStream(string(stream.GetStreamIdentifier().GetStreamName()))
}

func (r *reading) backwards() bool {
	return r.opts.GetReadDirection() == streams.ReadReq_Options_Backwards
}

func (r *reading) readStream(stream string) error {
	v, err := r.view(r.ctx(), stream)
	switch {
	case err != nil:
		return err
	case v.sealed:
		return streamDeleted(stream)
	case v.deleted():
		return r.call.Send(&streams.ReadResp{Content: &streams.ReadResp_StreamNotFound_{StreamNotFound: &streams.ReadResp_StreamNotFound{
			StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)},
		}}})
	}
	if err := r.bound(v); err != nil {
		return err
	}
	return r.send(r.streamRecords(stream, v), func(e *event) bool { return v.shows(e) })
}

// bound tells clients that ask for it what the stream begins and ends with.
func (r *reading) bound(v view) error {
	if r.opts.GetControlOption().GetCompatibility() < 1 {
		return nil
	}
	first := &streams.ReadResp{Content: &streams.ReadResp_FirstStreamPosition{FirstStreamPosition: uint64(v.first - 1)}}
	if err := r.call.Send(first); err != nil {
		return err
	}
	return r.call.Send(&streams.ReadResp{Content: &streams.ReadResp_LastStreamPosition{LastStreamPosition: uint64(v.last - 1)}})
}

// streamRecords are the records of a stream from where the client wants them,
// that one included.
func (r *reading) streamRecords(stream string, v view) iter.Seq2[es.Record, error] {
	o := r.opts.GetStream()
	n := es.Revision(min(o.GetRevision(), math.MaxInt64-2))
	switch {
	case r.backwards() && o.GetEnd() != nil:
		return r.log.ReadStreamBack(r.ctx(), stream, math.MaxInt64)
	case r.backwards():
		return r.log.ReadStreamBack(r.ctx(), stream, n+2)
	case o.GetEnd() != nil:
		return r.log.ReadStream(r.ctx(), stream, v.last)
	}
	return r.log.ReadStream(r.ctx(), stream, max(n, v.first-1))
}

// readAll reads $all forwards from a position, that one included, or backwards
// from before it, as EventStoreDB does.
func (r *reading) readAll() error {
	o := r.opts.GetAll()
	p := es.Position(min(o.GetPosition().GetCommitPosition(), math.MaxInt64))
	var records iter.Seq2[es.Record, error]
	switch {
	case r.backwards() && o.GetEnd() != nil:
		records = r.log.ReadAllBack(r.ctx(), math.MaxInt64)
	case r.backwards():
		records = r.log.ReadAllBack(r.ctx(), p)
	case o.GetEnd() != nil:
		return nil
	default:
		records = r.log.ReadAll(r.ctx(), max(p, 1)-1)
	}
	return r.send(records, func(e *event) bool { return r.wanted(e) })
}

// wanted reports whether an event of $all passes the filter.
func (r *reading) wanted(e *event) bool { return r.filter == nil || r.filter.match(e.Stream, e.name) }

// send sends as many events as the client wants of those that are kept.
func (r *reading) send(records iter.Seq2[es.Record, error], keep func(e *event) bool) error {
	left := r.opts.GetCount()
	if left == 0 {
		return nil
	}
	for rec, err := range records {
		if err != nil {
			return err
		}
		e, err := shown(rec)
		if err != nil {
			return err
		}
		if !keep(&e) {
			continue
		}
		if err := r.event(&e); err != nil {
			return err
		}
		if left--; left == 0 {
			return nil
		}
	}
	return nil
}

// event sends an event, or, if the client wants that, what it is a link to.
func (r *reading) event(e *event) error {
	sent := &streams.ReadResp_ReadEvent{Position: &streams.ReadResp_ReadEvent_CommitPosition{CommitPosition: uint64(e.Position)}}
	if r.opts.GetResolveLinks() && e.name == linkType {
		sent.Link = e.recorded(r.asText)
		target, err := r.resolve(r.ctx(), e)
		if err != nil {
			return err
		}
		if target != nil {
			sent.Event = target.recorded(r.asText)
		}
	} else {
		sent.Event = e.recorded(r.asText)
	}
	return r.call.Send(&streams.ReadResp{Content: &streams.ReadResp_Event{Event: sent}})
}

// resolve returns the event that a link is to ("NUMBER@STREAM"), nil if it is
// not to be seen or there is no such link.
func (s *Server) resolve(ctx context.Context, link *event) (*event, error) {
	digits, stream, ok := strings.Cut(string(link.Data), "@")
	number, err := strconv.ParseUint(digits, 10, 62)
	if !ok || err != nil {
		return nil, nil //nolint:nilnil // a link that is none leads nowhere
	}
	v, err := s.view(ctx, stream)
	if err != nil || v.deleted() {
		return nil, err
	}
	for rec, err := range s.log.ReadStream(ctx, stream, es.Revision(number)) {
		if err != nil {
			return nil, err
		}
		if e, err := shown(rec); err != nil || v.shows(&e) {
			return &e, err
		}
		break
	}
	return nil, nil //nolint:nilnil // what it leads to is not to be seen
}

func (r *reading) ctx() context.Context { return r.call.Context() }
