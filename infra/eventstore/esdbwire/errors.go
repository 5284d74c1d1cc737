package esdbwire

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
)

// failure is an error as EventStoreDB has it: clients look at the trailer.
type failure struct {
	code    codes.Code
	message string
	trailer metadata.MD
}

func (f *failure) Error() string { return f.message }

// fail returns the failure of a name, with more of its trailer as pairs. A
// trailer is printable ASCII; other bytes are percent-encoded.
func fail(code codes.Code, name, message string, pairs ...string) *failure {
	for i, p := range pairs {
		pairs[i] = printable(p)
	}
	return &failure{code, message, metadata.Join(metadata.Pairs("exception", name), metadata.Pairs(pairs...))}
}

func printable(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c < ' ' || c > '~' {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

func accessDenied(what string) error {
	return fail(codes.PermissionDenied, "access-denied", "Access Denied: "+what)
}

func streamDeleted(stream string) error {
	return fail(codes.FailedPrecondition, "stream-deleted", fmt.Sprintf("Event stream '%s' is deleted.", stream), "stream-name", stream)
}

func tooLarge(limit int) error {
	return fail(codes.InvalidArgument, "maximum-append-size-exceeded",
		fmt.Sprintf("Maximum Append Size of %d Exceeded.", limit), "maximum-append-size", strconv.Itoa(limit))
}

func missingProperty(name string) error {
	return fail(codes.InvalidArgument, "missing-required-metadata-property",
		"Required metadata property '"+name+"' is missing", "required-metadata-properties", "type,content-type")
}

func wrongExpected(stream, expected string, actual es.Revision) error {
	return fail(codes.FailedPrecondition, "wrong-expected-version",
		fmt.Sprintf("Append failed due to WrongExpectedVersion. Stream: %s, Expected version: %s, Actual version: %d", stream, expected, wireRevision(actual)),
		"stream-name", stream, "expected-version", expected, "actual-version", strconv.FormatInt(wireRevision(actual), 10))
}

func badArgument(format string, args ...any) error {
	return status.Errorf(codes.InvalidArgument, format, args...)
}

// wireRevision is a revision as the wire counts them, -1 for no stream.
func wireRevision(r es.Revision) int64 { return int64(r) - 1 }

// answer returns err as a client is to see it, and sends its trailer with the
// rest of the call. What is not for clients is logged.
func (s *Server) answer(ctx context.Context, err error, trailer func(metadata.MD)) error {
	var f *failure
	var e *es.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &f):
		trailer(f.trailer)
		return status.Error(f.code, f.message)
	case ctx.Err() != nil:
		return status.FromContextError(ctx.Err()).Err()
	case errors.Is(err, embedded.ErrSealed):
		return status.Error(codes.FailedPrecondition, err.Error())
	case errors.As(err, &e) && e.Kind == es.ErrInvalid:
		return status.Error(codes.InvalidArgument, e.Error())
	}
	if _, ok := status.FromError(err); ok {
		return err
	}
	s.opts.Logger.ErrorContext(ctx, "call failed", "error", err)
	return status.Error(codes.Internal, "the store failed")
}

// unaryTrailer sends the trailer of a unary call.
func unaryTrailer(ctx context.Context) func(metadata.MD) {
	return func(md metadata.MD) { _ = grpc.SetTrailer(ctx, md) } // fails only outside a call
}
