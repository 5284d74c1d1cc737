package es

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

var errNoObject = errors.New("a JSON object is missing")

// nestedError is what is wrong with the event in a field, at a JSON pointer
// within it.
type nestedError struct {
	at  string
	err error
}

func (e *nestedError) Error() string { return e.err.Error() }
func (e *nestedError) Unwrap() error { return e.err }

// blame turns a decoder's complaint about input into an error of kind
// [ErrInvalid] with the field and a sentence without Go type names.
func blame(err error) *Error {
	field, inner := "", err
	for {
		if sem := new(json.SemanticError); errors.As(inner, &sem) {
			field += string(sem.JSONPointer)
			if n := new(nestedError); errors.As(sem.Err, &n) {
				field, inner = field+n.at, n.err
				continue
			}
			return named(sem.Err, field, semantic(sem))
		}
		if syn := new(jsontext.SyntacticError); errors.As(inner, &syn) {
			return named(syn.Err, field+string(syn.JSONPointer), fmt.Sprintf("not valid JSON at byte %d: %v", syn.ByteOffset, syn.Err))
		}
		return named(inner, field, inner.Error())
	}
}

// named returns the error of this package within err, else one with a message.
func named(err error, field, message string) *Error {
	e := &Error{Code: "es.bad_input", Message: message}
	if own := new(Error); errors.As(err, &own) {
		c := *own
		e = &c
	}
	if e.Kind == ErrNewer { // in what was never stored, it is a misspelling
		e.Code, e.Message, e.Want = "es.unknown_name", "there is no such event, or not in this schema", "the name of an event, in its current schema"
	}
	e.Kind, e.Field = ErrInvalid, field+e.Field
	return e
}

func semantic(err *json.SemanticError) string {
	switch {
	case errors.Is(err.Err, json.ErrUnknownName):
		return "there is no such member"
	case errors.Is(err.Err, strconv.ErrSyntax):
		return "this is not a whole number that fits here"
	case errors.Is(err.Err, strconv.ErrRange):
		return "the number is out of range"
	case err.Err != nil:
		return err.Err.Error()
	default:
		return fmt.Sprintf("a JSON %s does not fit here", kindName(err.JSONKind))
	}
}

func kindName(k jsontext.Kind) string {
	switch k {
	case jsontext.KindBeginObject:
		return "object"
	case jsontext.KindBeginArray:
		return "array"
	case jsontext.KindTrue, jsontext.KindFalse:
		return "boolean"
	}
	return k.String()
}
