package problem

import (
	"net/http"

	"github.com/entente-ledger/entente/domain/es"
)

// Error is what the service refuses, rather than the ledger.
type Error struct {
	Status  int    // HTTP
	Code    string // http.snake_case, permanent
	Message string // a sentence without a full stop
	Field   string // JSON pointer into the body, or where else: "header If-Match", "query known_at"
	Want    string // what would have been right
	// Header are members of the answer besides, such as Allow.
	Header http.Header
	// Current is the revision that the record is at, if that is what is wrong.
	Current *es.Revision
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Is reports whether target is an Error with the same code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// At returns e with what is to blame.
func (e *Error) At(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// Saying returns e with another sentence.
func (e *Error) Saying(message string) *Error {
	c := *e
	c.Message = message
	return &c
}

// With returns e with a member of the header of the answer.
func (e *Error) With(name, value string) *Error {
	c := *e
	if c.Header = e.Header.Clone(); c.Header == nil {
		c.Header = http.Header{}
	}
	c.Header.Set(name, value)
	return &c
}

// Now returns e with the revision that the record is at.
func (e *Error) Now(current es.Revision) *Error {
	c := *e
	c.Current = &current
	return &c
}

// What the service refuses.
var (
	BadRequest = own(http.StatusBadRequest, "http.bad_request", "the request does not fit its description", "what /openapi.json and /docs describe")
	BadJSON    = own(http.StatusBadRequest, "http.bad_json", "the body is not one JSON object", "one JSON object in UTF-8, each member once")
	BadBody    = own(http.StatusBadRequest, "http.bad_batch", "the body is no batch", "1 to 1000 lines, each a JSON object and ended by a line feed")
	TooDeep    = own(http.StatusBadRequest, "http.too_deep", "the body is nested too deeply", "at most 32 levels")
	BigNumber  = own(http.StatusBadRequest, "http.big_number", "a number is beyond what JSON readers agree on",
		"an integer from -9007199254740991 to 9007199254740991 (RFC 7493)")
	BadID       = own(http.StatusBadRequest, "http.bad_id", "this is no whole id", "a kind, a hyphen and a whole UUID; /v1/search finds it")
	BadCursor   = own(http.StatusBadRequest, "http.bad_cursor", "this does not continue this list", "the cursor of the page before, with the same filters")
	BadPosition = own(http.StatusBadRequest, "http.bad_position", "this is no position of this ledger", "the Ledger-Position of an answer of this service")
	OtherBytes  = own(http.StatusBadRequest, "http.other_bytes", "the body does not have the hash that the path names", "the SHA-256 of the body in the path")
	NoKey       = own(http.StatusBadRequest, "http.no_idempotency_key", "the command has no Idempotency-Key", "8 to 255 visible ASCII characters, new for each command")
	NoRoute     = own(http.StatusNotFound, "http.no_route", "there is nothing at this path", "a path that /docs lists")
	NoRecord    = own(http.StatusNotFound, "http.no_record", "there is no such record", "the id of one that is in the ledger")
	BadMethod   = own(http.StatusMethodNotAllowed, "http.bad_method", "the path does not take this method", "a method that Allow lists")
	NoFormat    = own(http.StatusNotAcceptable, "http.not_acceptable", "there is no answer in a format that is accepted", "Accept: application/json")
	Slow        = own(http.StatusRequestTimeout, "http.too_slow", "the body did not arrive in time", "the whole body at once")
	Left        = own(http.StatusRequestTimeout, "http.left", "whoever asked went away before the answer", "the same again, with the same Idempotency-Key")
	InFlight    = own(http.StatusConflict, "http.in_flight", "a command with this Idempotency-Key is under way", "the same again after Retry-After")
	Stale       = own(http.StatusPreconditionFailed, "http.stale", "the record is at another revision",
		"the record read again, and If-Match with its present ETag")
	TooLarge = own(http.StatusRequestEntityTooLarge, "http.too_large", "the body is too large",
		"at most 1 MiB; 8 MiB for a batch, 1 GiB for a document")
	BadMedia  = own(http.StatusUnsupportedMediaType, "http.bad_media_type", "the body is of a type that is not read here", "Content-Type: application/json")
	BadBatch  = own(http.StatusUnprocessableEntity, "http.batch_refused", "some lines would fail, and nothing was recorded", "lines that the ledger accepts, one after the other")
	ReusedKey = own(http.StatusUnprocessableEntity, "http.key_reused", "the Idempotency-Key was used for another request", "a new key for each command")
	NoMatch   = own(http.StatusPreconditionRequired, "http.no_if_match", "the command does not say on which revision it was decided",
		"If-Match with the ETag of the record, or *")
	TooMany   = own(http.StatusTooManyRequests, "http.too_many_requests", "too many requests in too short a time", "the same again after Retry-After")
	Internal  = own(http.StatusInternalServerError, "http.internal", "something went wrong inside; the operator finds it by the request id", "the same again later")
	NotKept   = own(http.StatusNotImplemented, "http.not_kept", "this service keeps no such thing", "a service with a data folder")
	NotSealed = own(http.StatusServiceUnavailable, "http.not_sealed", "this is not sealed yet", "the same again after Retry-After")
	Busy      = own(http.StatusServiceUnavailable, "http.busy", "the service has as much to do as it can", "the same again after Retry-After")
)

// Own returns what the service refuses, in the order of statuses.
func Own() []*Error {
	return []*Error{
		BadRequest, BadJSON, BadBody, TooDeep, BigNumber, BadID, BadCursor, BadPosition, OtherBytes, NoKey, NoRoute, NoRecord, BadMethod, NoFormat, Slow, Left, InFlight, Stale, TooLarge,
		BadMedia, BadBatch, ReusedKey, NoMatch, TooMany, Internal, NotKept, NotSealed, Busy,
	}
}

func own(status int, code, message, want string) *Error {
	return &Error{Status: status, Code: code, Message: message, Want: want}
}
