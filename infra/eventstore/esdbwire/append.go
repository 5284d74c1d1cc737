package esdbwire

import (
	"context"
	"errors"
	"io"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/eventstore/internal/wirename"
)

// streamsService is the service of streams.
type streamsService struct {
	streams.UnimplementedStreamsServer
	*Server
}

// expectation is where a client expects a stream to be: the oneof that four
// requests share.
type expectation struct {
	embedded.Expected
	text     string // as the trailer of a failure has it
	noStream bool
}

type expecting interface {
	GetRevision() uint64
	GetNoStream() *shared.Empty
	GetStreamExists() *shared.Empty
	GetAny() *shared.Empty
}

// expected reads the expectation of a request; one without any expects
// revision 0, as protobuf has it.
func expected(o expecting) expectation {
	switch {
	case o.GetAny() != nil:
		return expectation{Expected: embedded.Anywhere(), text: "-2"}
	case o.GetStreamExists() != nil:
		return expectation{Expected: embedded.Existing(), text: "-4"}
	case o.GetNoStream() != nil:
		return expectation{Expected: embedded.At(0), text: "-1", noStream: true}
	}
	n := min(o.GetRevision(), 1<<62)
	return expectation{Expected: embedded.At(es.Revision(n) + 1), text: formatUint(n)}
}

func (s *streamsService) Append(call streams.Streams_AppendServer) error {
	err := s.append(call)
	if err != nil {
		drain(call)
	}
	return s.answer(call.Context(), err, call.SetTrailer)
}

func (s *streamsService) append(call streams.Streams_AppendServer) error {
	first, err := call.Recv()
	if err != nil {
		return err
	}
	options := first.GetOptions()
	stream, err := streamName(options.GetStreamIdentifier())
	if err != nil {
		return err
	}
	if !s.gate.mayAppend(callerOf(call.Context()), stream) {
		return accessDenied("the stream '" + stream + "' is not for you to append to")
	}
	recs, err := s.proposed(call, stream)
	if err != nil {
		return err
	}
	want := expected(options)
	done, err := s.appendTo(call.Context(), stream, want, recs)
	switch {
	case err == nil:
		return call.SendAndClose(appendedResp(done))
	case errors.Is(err, es.ErrConflict):
		last, err := s.log.Last(call.Context(), stream)
		if err != nil {
			return err
		}
		return call.SendAndClose(conflictResp(options, last))
	case errors.Is(err, embedded.ErrSealed):
		return streamDeleted(stream)
	}
	return err
}

// proposed receives the events of an append, as they are stored.
func (s *streamsService) proposed(call streams.Streams_AppendServer, stream string) (recs []es.Record, err error) {
	own, size := isOwn(stream), 0
	limit := s.opts.MaxAppendBytes
	if own {
		limit = es.MaxAppendBytes
	}
	created := ticks(s.opts.Now())
	for {
		req, err := call.Recv()
		if errors.Is(err, io.EOF) {
			return recs, nil
		}
		if err != nil {
			return nil, err
		}
		p := req.GetProposedMessage()
		if p == nil {
			return nil, badArgument("an event was expected")
		}
		if size += len(p.GetData()) + len(p.GetCustomMetadata()); size > limit {
			return nil, tooLarge(limit)
		}
		r, err := record(p, own, created)
		if err != nil {
			return nil, err
		}
		recs = append(recs, r)
	}
}

// record returns an event as it is stored: the ledger's as they are, others
// with a line before their metadata.
func record(p *streams.AppendReq_ProposedMessage, own bool, created int64) (r es.Record, err error) {
	if r.ID, err = parseUUID(p.GetId()); err != nil {
		return r, err
	}
	name, ok := p.GetMetadata()[typeKey]
	if !ok {
		return r, missingProperty(typeKey)
	}
	content, ok := p.GetMetadata()[contentKey]
	if !ok {
		return r, missingProperty(contentKey)
	}
	r.Data = p.GetData()
	if !own {
		if content != jsonContent {
			content = binaryContent
		}
		r.Type, r.Meta = name, wrap(created, content, p.GetCustomMetadata())
		return r, nil
	}
	if content != jsonContent {
		return r, badArgument("an event of the ledger is %s, not %.40q", jsonContent, content)
	}
	r.Type, r.Schema = wirename.Split(name)
	r.Meta = p.GetCustomMetadata()
	return r, nil
}

// appendTo appends to a stream. A stream that was deleted counts as one that
// does not exist, and goes on where it was.
func (s *Server) appendTo(ctx context.Context, stream string, want expectation, recs []es.Record) (embedded.Appended, error) {
	if len(recs) == 0 {
		return s.appendNothing(ctx, stream, want)
	}
	done, err := s.log.Append(ctx, stream, want.Expected, recs...)
	if !want.noStream || !errors.Is(err, es.ErrConflict) || isOwn(stream) {
		return done, err
	}
	v, err2 := s.view(ctx, stream)
	if err2 != nil {
		return done, err2
	}
	if v.last > 0 && v.deleted() {
		return s.log.Append(ctx, stream, embedded.At(v.last), recs...)
	}
	return done, err
}

// appendNothing checks what is expected of a stream.
func (s *Server) appendNothing(ctx context.Context, stream string, want expectation) (embedded.Appended, error) {
	head, err := s.log.Head(ctx)
	if err != nil {
		return embedded.Appended{}, err
	}
	last, err := s.log.Last(ctx, stream)
	if err != nil {
		return embedded.Appended{}, err
	}
	if want.Expected == embedded.Anywhere() || want.Expected == embedded.Existing() && last > 0 || want.Expected == embedded.At(last) {
		return embedded.Appended{Position: head, Revision: last}, nil
	}
	return embedded.Appended{}, es.ConflictError(stream, 0, last)
}

func appendedResp(done embedded.Appended) *streams.AppendResp {
	ok := &streams.AppendResp_Success{
		CurrentRevisionOption: &streams.AppendResp_Success_NoStream{NoStream: &shared.Empty{}},
		PositionOption: &streams.AppendResp_Success_Position{Position: &streams.AppendResp_Position{
			CommitPosition: uint64(done.Position), PreparePosition: uint64(done.Position),
		}},
	}
	if done.Revision > 0 {
		ok.CurrentRevisionOption = &streams.AppendResp_Success_CurrentRevision{CurrentRevision: uint64(done.Revision - 1)}
	}
	return &streams.AppendResp{Result: &streams.AppendResp_Success_{Success: ok}}
}

// conflictResp says that a stream is not where it was expected, to clients of
// now and of before 20.6.1.
func conflictResp(o *streams.AppendReq_Options, last es.Revision) *streams.AppendResp {
	empty := &shared.Empty{}
	w := &streams.AppendResp_WrongExpectedVersion{
		CurrentRevisionOption:        &streams.AppendResp_WrongExpectedVersion_CurrentNoStream{CurrentNoStream: empty},
		CurrentRevisionOption_20_6_0: &streams.AppendResp_WrongExpectedVersion_NoStream_20_6_0{NoStream_20_6_0: empty},
	}
	if last > 0 {
		n := uint64(last - 1)
		w.CurrentRevisionOption = &streams.AppendResp_WrongExpectedVersion_CurrentRevision{CurrentRevision: n}
		w.CurrentRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_CurrentRevision_20_6_0{CurrentRevision_20_6_0: n}
	}
	switch o.GetExpectedStreamRevision().(type) {
	case *streams.AppendReq_Options_Any:
		w.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedAny{ExpectedAny: empty}
		w.ExpectedRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_Any_20_6_0{Any_20_6_0: empty}
	case *streams.AppendReq_Options_StreamExists:
		w.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedStreamExists{ExpectedStreamExists: empty}
		w.ExpectedRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_StreamExists_20_6_0{StreamExists_20_6_0: empty}
	case *streams.AppendReq_Options_NoStream:
		w.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedNoStream{ExpectedNoStream: empty}
	default:
		w.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedRevision{ExpectedRevision: o.GetRevision()}
		w.ExpectedRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_ExpectedRevision_20_6_0{ExpectedRevision_20_6_0: o.GetRevision()}
	}
	return &streams.AppendResp{Result: &streams.AppendResp_WrongExpectedVersion_{WrongExpectedVersion: w}}
}
