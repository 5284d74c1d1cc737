package es

import "strings"

// Kind says what to do about an error. It is itself an error, so that
// errors.Is(err, es.ErrRejected) works.
type Kind int

// The kinds of error, and what a caller does about each.
const (
	ErrInvalid         Kind = iota + 1 // the input is malformed: mend it
	ErrRejected                        // well-formed, but breaks a rule of the ledger
	ErrReused                          // the command id was used for another command
	ErrNotFound                        // there is no such thing
	ErrConflict                        // somebody was faster: read again
	ErrNewer                           // written by a newer entente: upgrade
	ErrCorrupt                         // the stored data is damaged: stop
	ErrUnauthenticated                 // it is not known who asks: say who you are
	ErrDenied                          // whoever asks may not do this
)

// kinds is the one table from kind to the outside: HTTP status and exit code.
var kinds = [...]struct {
	name   string
	status int
	exit   int
}{
	0:                  {"internal", 500, 1},
	ErrInvalid:         {"invalid", 400, 2},
	ErrRejected:        {"rejected", 422, 3},
	ErrReused:          {"reused", 422, 4},
	ErrNotFound:        {"not found", 404, 5},
	ErrConflict:        {"conflict", 409, 6},
	ErrNewer:           {"newer", 500, 7},
	ErrCorrupt:         {"corrupt", 500, 8},
	ErrUnauthenticated: {"unauthenticated", 401, 9},
	ErrDenied:          {"denied", 403, 10},
}

func (k Kind) Error() string { return kinds[k].name }

// Status returns the HTTP status of k; the zero Kind is an internal error.
func (k Kind) Status() int { return kinds[k].status }

// Exit returns the process exit code of k; the zero Kind is an internal error.
func (k Kind) Exit() int { return kinds[k].exit }

// Kinds returns all kinds in the order of their exit codes.
func Kinds() []Kind {
	return []Kind{ErrInvalid, ErrRejected, ErrReused, ErrNotFound, ErrConflict, ErrNewer, ErrCorrupt, ErrUnauthenticated, ErrDenied}
}

// Error is an error for machines and for people: a code that never changes its
// meaning, a sentence, and what would have been right.
type Error struct {
	Kind    Kind
	Code    string // aggregate.snake_case, permanent
	Message string // a sentence without a full stop
	Field   string // JSON pointer into the input, if one field is to blame
	Want    string // what would have been right, if that can be said
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code + ": " + e.Message)
	if e.Field != "" {
		b.WriteString(" (at " + e.Field + ")")
	}
	if e.Want != "" {
		b.WriteString("; expected " + e.Want)
	}
	return b.String()
}

// Is reports whether target is e's kind, or an Error with the same code.
func (e *Error) Is(target error) bool {
	if k, ok := target.(Kind); ok {
		return k == e.Kind
	}
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// At returns e with the field to blame.
func (e *Error) At(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// Invalid returns an error of kind [ErrInvalid].
func Invalid(code, message, want string) *Error {
	return &Error{Kind: ErrInvalid, Code: code, Message: message, Want: want}
}

// Rejected returns an error of kind [ErrRejected].
func Rejected(code, message, want string) *Error {
	return &Error{Kind: ErrRejected, Code: code, Message: message, Want: want}
}

// NotFound returns an error of kind [ErrNotFound].
func NotFound(code, message string) *Error {
	return &Error{Kind: ErrNotFound, Code: code, Message: message}
}

// Denied returns an error of kind [ErrDenied].
func Denied(code, message, want string) *Error {
	return &Error{Kind: ErrDenied, Code: code, Message: message, Want: want}
}
