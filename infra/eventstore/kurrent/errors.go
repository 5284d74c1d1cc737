package kurrent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/entente-ledger/entente/domain/es"
)

// Failures of ours that another attempt may not meet.
var (
	errRetired = errors.New("the connection to the server was given up")
	errSilent  = errors.New("the server sends nothing")
)

func readOnlyError() error {
	return es.Rejected("store.read_only", "the event store is open for reading only", "the store open for recording")
}

// clientCode returns the client's code of an error. The client's own function
// for that sees no error that is wrapped, and the client wraps some.
func clientCode(err error) (esdb.ErrorCode, bool) {
	if e, ok := errors.AsType[*esdb.Error](err); ok {
		return e.Code(), true
	}
	return 0, false
}

func isCode(err error, code esdb.ErrorCode) bool {
	got, ok := clientCode(err)
	return ok && got == code
}

// isMissing reports whether err says that a stream does not exist. The client
// has the same code for a status of the server, which may say anything: that a
// follower knows of no leader, above all.
func isMissing(err error) bool {
	_, fromServer := status.FromError(err)
	return isCode(err, esdb.ErrorCodeResourceNotFound) && !fromServer
}

// isConflict reports whether err says that a stream is not where an append
// expects it: a response, or from some servers a status.
func isConflict(err error) bool {
	return isCode(err, esdb.ErrorCodeWrongExpectedVersion) || status.Code(err) == codes.FailedPrecondition
}

// isTransient reports whether the same call may do better: the server was away
// or not the leader, or the connection broke. An [io.EOF] is what the client
// says when the server ended an append before it had all of it.
func isTransient(err error) bool {
	if errors.Is(err, errRetired) || errors.Is(err, errSilent) || errors.Is(err, io.EOF) {
		return true
	}
	if code, ok := clientCode(err); ok {
		switch code {
		case esdb.ErrorCodeNotLeader, esdb.ErrorCodeConnectionClosed, esdb.ErrorCodeDeadlineExceeded, esdb.ErrorUnavailable, esdb.ErrorAborted:
			return true
		}
	}
	s, ok := status.FromError(err)
	if !ok {
		return false
	}
	switch s.Code() {
	case codes.Unavailable, codes.DeadlineExceeded, codes.Aborted, codes.Canceled, codes.NotFound:
		return true
	case codes.Internal, codes.Unknown: // a stream that was reset, which has no code of its own
		return strings.Contains(s.Message(), "RST_STREAM")
	}
	return false
}

// isLost reports whether after err another client is to be made. After
// not-leader it is not: the client goes to the leader by itself.
func isLost(err error) bool {
	s, ok := status.FromError(err)
	return errors.Is(err, errRetired) || isCode(err, esdb.ErrorCodeConnectionClosed) ||
		ok && (s.Code() == codes.Unavailable || s.Code() == codes.NotFound)
}

// ended returns why ctx is done, nil if it is not: [fs.ErrClosed] if the store
// was closed.
func ended(ctx context.Context) error {
	if errors.Is(context.Cause(ctx), fs.ErrClosed) {
		return fs.ErrClosed
	}
	return ctx.Err()
}

// because joins the end of a call with what had failed before, if anything had.
func because(over, failed error) error {
	if failed == nil {
		return over
	}
	return fmt.Errorf("%w, after: %w", over, explain(failed))
}

// explain gives an error of the server the kind it has among ours.
func explain(err error) error {
	said := ""
	if s, ok := status.FromError(err); ok {
		said = fmt.Sprintf(" (%.200s)", s.Message())
	}
	code, _ := clientCode(err)
	switch grpc := status.Code(err); {
	case code == esdb.ErrorCodeAccessDenied || grpc == codes.PermissionDenied:
		return es.Rejected("esdb.access_denied", "the server does not allow this"+said, "a credential that may read $all, and append")
	case code == esdb.ErrorCodeUnauthenticated || grpc == codes.Unauthenticated:
		return es.Rejected("esdb.unauthenticated", "the server does not know the credential"+said, "a credential that the server knows")
	case code == esdb.ErrorCodeStreamDeleted:
		return &es.Error{Kind: es.ErrCorrupt, Code: "esdb.stream_deleted", Message: "a stream was deleted on the server, which must never happen to one of a ledger"}
	case grpc == codes.InvalidArgument:
		return es.Invalid("esdb.refused", "the server refuses this as malformed or too large"+said, "")
	}
	return err
}
