package client

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/entente-ledger/entente/domain/es"
	requests "github.com/entente-ledger/entente/infra/httpapi/problem"
)

// Refused is what the service did not do, and why. It is an [es.Error] too, with
// the code of the problem: of a kind that the status stands for, none if something
// went wrong inside the service.
type Refused struct {
	Status  int // HTTP
	Problem Problem
}

func (r *Refused) Error() string { return r.ledger().Error() }

// Unwrap returns the error as the ledger has it.
func (r *Refused) Unwrap() error { return r.ledger() }

func (r *Refused) ledger() *es.Error {
	e := &es.Error{Kind: kindOf(r.Status, r.Problem.Code), Code: r.Problem.Code, Message: r.Problem.Detail, Want: r.Problem.Want}
	if len(r.Problem.Errors) > 0 {
		e.Field = r.Problem.Errors[0].Pointer
	}
	return e
}

// kindOf returns the kind of error that a status stands for.
func kindOf(status int, code string) es.Kind {
	switch status {
	case http.StatusUnprocessableEntity:
		if code == requests.ReusedKey.Code || code == "es.command_reused" {
			return es.ErrReused
		}
		return es.ErrRejected
	case http.StatusPreconditionFailed:
		return es.ErrConflict
	}
	for _, k := range es.Kinds() {
		if k.Status() == status && status < http.StatusInternalServerError {
			return k
		}
	}
	if status < http.StatusInternalServerError {
		return es.ErrInvalid
	}
	return 0
}

// As reads the answer to a question as a T, or returns a [*Refused]. It takes what
// the methods of [Client] return:
//
//	page, err := client.As[client.Page[client.AnswerAgreement]](c.Register(ctx, &client.RegisterParams{}))
func As[T any](res *http.Response, err error) (answer T, _ error) {
	text, err := Bytes(res, err)
	if err != nil {
		return answer, err
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return answer, fmt.Errorf("read the answer: %w", err)
	}
	return answer, nil
}

// Bytes reads an answer as it is, or returns a [*Refused].
func Bytes(res *http.Response, err error) ([]byte, error) {
	body, err := Body(res, err)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(body)
	_ = body.Close() // it was only read
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	return text, nil
}

// mostProblem is how much of a refusal is read, in bytes.
const mostProblem = 16 << 20

// Body returns an answer to be read and closed, or a [*Refused].
func Body(res *http.Response, err error) (io.ReadCloser, error) {
	if err != nil {
		return nil, fmt.Errorf("ask the service: %w", err)
	}
	if res.StatusCode < http.StatusMultipleChoices {
		return res.Body, nil
	}
	defer func() { _ = res.Body.Close() }() // it is only read
	r := &Refused{Status: res.StatusCode}
	text, err := io.ReadAll(io.LimitReader(res.Body, mostProblem))
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	media, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")) // none: no problem
	if media != requests.MediaType || json.Unmarshal(text, &r.Problem) != nil || r.Problem.Code == "" {
		return nil, fmt.Errorf("ask the service: it answered %s, and not as a ledger does", strings.TrimSpace(res.Status))
	}
	return nil, r
}

// Page is a part of a list.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"` // the cursor to what follows, for the same question; "" at the end
}
