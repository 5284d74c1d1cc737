package esdbwire

import (
	"context"
	"errors"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
)

// Delete hides what is in a stream; what is appended afterwards is seen.
func (s *streamsService) Delete(ctx context.Context, req *streams.DeleteReq) (*streams.DeleteResp, error) {
	o := req.GetOptions()
	stream, v, err := s.removable(ctx, o.GetStreamIdentifier().GetStreamName(), expected(o))
	var done embedded.Appended
	if err == nil {
		done, err = s.truncate(ctx, stream, v.last)
	}
	if err != nil {
		return nil, s.answer(ctx, err, unaryTrailer(ctx))
	}
	return &streams.DeleteResp{PositionOption: &streams.DeleteResp_Position_{Position: &streams.DeleteResp_Position{
		CommitPosition: uint64(done.Position), PreparePosition: uint64(done.Position),
	}}}, nil
}

// Tombstone ends a stream for good.
func (s *streamsService) Tombstone(ctx context.Context, req *streams.TombstoneReq) (*streams.TombstoneResp, error) {
	o := req.GetOptions()
	want := expected(o)
	stream, _, err := s.removable(ctx, o.GetStreamIdentifier().GetStreamName(), want)
	var done embedded.Appended
	if err == nil {
		done, err = s.log.Seal(ctx, stream, want.Expected, uuid.New(), wrap(ticks(s.opts.Now()), binaryContent, nil))
		switch {
		case errors.Is(err, embedded.ErrSealed):
			err = streamDeleted(stream)
		case errors.Is(err, es.ErrConflict):
			err = s.conflict(ctx, stream, want)
		}
	}
	if err != nil {
		return nil, s.answer(ctx, err, unaryTrailer(ctx))
	}
	return &streams.TombstoneResp{PositionOption: &streams.TombstoneResp_Position_{Position: &streams.TombstoneResp_Position{
		CommitPosition: uint64(done.Position), PreparePosition: uint64(done.Position),
	}}}, nil
}

// removable returns a stream that may be removed and is where it is expected.
func (s *streamsService) removable(ctx context.Context, name []byte, want expectation) (string, view, error) {
	stream := string(name)
	if stream == "" {
		return "", view{}, badArgument("the name of the stream is missing")
	}
	if !s.gate.mayDelete(stream) {
		return "", view{}, accessDenied("the stream '" + stream + "' is never deleted")
	}
	v, err := s.view(ctx, stream)
	if err != nil {
		return "", view{}, err
	}
	if v.sealed {
		return "", view{}, streamDeleted(stream)
	}
	if _, err := s.appendNothing(ctx, stream, want); err != nil {
		if errors.Is(err, es.ErrConflict) {
			err = wrongExpected(stream, want.text, v.last)
		}
		return "", view{}, err
	}
	return stream, v, nil
}

func (s *Server) conflict(ctx context.Context, stream string, want expectation) error {
	last, err := s.log.Last(ctx, stream)
	if err != nil {
		return err
	}
	return wrongExpected(stream, want.text, last)
}
