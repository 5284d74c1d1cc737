package kurrent_test

import (
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
)

// kindOf names a read for a test: "stream", "head", "last", "all", "subscribe".
func kindOf(o *streams.ReadReq_Options) string {
	back := o.ReadDirection == streams.ReadReq_Options_Backwards
	switch {
	case o.GetSubscription() != nil:
		return "subscribe"
	case o.GetAll() != nil && back:
		return "head"
	case o.GetAll() != nil:
		return "all"
	case back:
		return "last"
	}
	return "stream"
}

func (f *fake) Read(req *streams.ReadReq, call streams.Streams_ReadServer) error {
	n := f.count(call.Context(), kindOf(req.Options))
	proper := func() error { return f.properRead(req.Options, call) }
	if on := hook(f, &f.onRead); on != nil {
		return on(n, req.Options, call, proper)
	}
	return proper()
}

func (f *fake) properRead(o *streams.ReadReq_Options, call streams.Streams_ReadServer) error {
	f.mu.Lock()
	events := f.of(string(o.GetStream().GetStreamIdentifier().GetStreamName()))
	f.mu.Unlock()
	switch kindOf(o) {
	case "subscribe":
		return f.properSubscribe(o, call)
	case "head", "last":
		for i := len(events) - 1; i >= max(0, len(events)-int(o.GetCount())); i-- {
			if err := call.Send(sent(events[i])); err != nil {
				return err
			}
		}
		return nil
	case "stream":
		if len(events) == 0 {
			return call.Send(&streams.ReadResp{Content: &streams.ReadResp_StreamNotFound_{StreamNotFound: &streams.ReadResp_StreamNotFound{StreamIdentifier: o.GetStream().StreamIdentifier}}})
		}
	}
	left := o.GetCount()
	for _, e := range events {
		if e.CommitPosition < o.GetAll().GetPosition().GetCommitPosition() || e.StreamRevision < o.GetStream().GetRevision() || left == 0 {
			continue
		}
		left--
		if err := call.Send(sent(e)); err != nil {
			return err
		}
	}
	return nil
}

func sent(e *streams.ReadResp_ReadEvent_RecordedEvent) *streams.ReadResp {
	return &streams.ReadResp{Content: &streams.ReadResp_Event{Event: &streams.ReadResp_ReadEvent{
		Event: e, Position: &streams.ReadResp_ReadEvent_CommitPosition{CommitPosition: e.CommitPosition},
	}}}
}

var (
	confirmed = &streams.ReadResp{Content: &streams.ReadResp_Confirmation{Confirmation: &streams.ReadResp_SubscriptionConfirmation{SubscriptionId: "s"}}}
	caughtUp  = &streams.ReadResp{Content: &streams.ReadResp_CaughtUp_{CaughtUp: &streams.ReadResp_CaughtUp{}}}
	behind    = &streams.ReadResp{Content: &streams.ReadResp_FellBehind_{FellBehind: &streams.ReadResp_FellBehind{}}}
)

// properSubscribe does not filter, as a server that must not be relied on.
func (f *fake) properSubscribe(o *streams.ReadReq_Options, call streams.Streams_ReadServer) error {
	at, told := o.GetAll().GetPosition().GetCommitPosition(), false
	if err := call.Send(confirmed); err != nil {
		return err
	}
	for {
		f.mu.Lock()
		events, grown := f.of(""), f.grown
		f.mu.Unlock()
		for _, e := range events {
			if e.CommitPosition <= at {
				continue
			}
			at = e.CommitPosition
			if err := call.Send(sent(e)); err != nil {
				return err
			}
		}
		if !told {
			told = true
			if err := call.Send(caughtUp); err != nil {
				return err
			}
		}
		select {
		case <-grown:
		case <-call.Context().Done():
			return nil
		}
	}
}
