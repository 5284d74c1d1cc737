package httpapi

import (
	"encoding"
	"net/http"
	"reflect"
	"strconv"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

// AccessEntry is a line of the access record.
type AccessEntry struct {
	Seq     int64          `json:"seq"`     // from 1, without gaps
	At      string         `json:"at"`      // RFC 3339
	Who     string         `json:"who"`     // opaque id of the identity
	Action  access.Action  `json:"action"`  // "" if it was not known who asked
	Outcome access.Outcome `json:"outcome"` // what came of it
	Kind    string         `json:"kind"`
	Stream  string         `json:"stream"`  // record, identity or token that it was about
	Command string         `json:"command"` // command, question or administrative act
	Reason  string         `json:"reason"`  // ids of the policies that decided, or the code of the error
	Request string         `json:"request"` // id of the request
	Hash    access.Hash    `json:"hash"`    // of this entry and, through it, of all before
}

// AccessPage is a page of the access record.
type AccessPage struct {
	Items []AccessEntry `json:"items"`
	Next  string        `json:"next"` // cursor to what follows; "" at the end
}

func (a *API) accessRecord() []errand {
	instants := func(name, doc string) parameter {
		p := texts(name, doc)
		p.schema.Format = "date-time"
		return p
	}
	return []errand{{
		method: http.MethodGet, path: "/v1/access", id: "access", tag: "access", summary: "List the access record",
		about: "Who asked for what, and what came of it: refusals, administrative acts, exports, and readings of what is restricted, the oldest first.",
		takes: append(paged(), instants("since", "Only what was recorded then or later (RFC 3339)"), instants("until", "Only what was recorded before (RFC 3339)"),
			texts("who", "Only of this identity: its id"), texts("stream", "Only about this record, identity or token"),
			choice("action", "Only this", access.Action("").Words()), choice("outcome", "Only what came of it so", access.Outcome("").Words())),
		action: access.ReviewAccess, answer: reflect.TypeFor[AccessPage](), status: http.StatusOK, do: a.listAccess,
	}}
}

func (a *API) listAccess(q *asked) (any, error) {
	f := access.Filter{Who: q.text("who"), Stream: q.text("stream")}
	if err := q.words(map[string]encoding.TextUnmarshaler{"action": &f.Action, "outcome": &f.Outcome}); err != nil {
		return nil, err
	}
	var err error
	if q.has("since") {
		if f.Since, err = q.instant("since"); err != nil {
			return nil, err
		}
	}
	if q.has("until") {
		if f.Until, err = q.instant("until"); err != nil {
			return nil, err
		}
	}
	limit, err := q.pageSize()
	if err != nil {
		return nil, err
	}
	if q.has("cursor") {
		if f.After, err = strconv.ParseInt(q.text("cursor"), 10, 64); err != nil {
			return nil, problem.BadCursor.At("query cursor")
		}
	}
	found, err := a.cfg.Access.List(q.r.Context(), f, limit)
	page := AccessPage{}
	for _, e := range found {
		page.Items = append(page.Items, AccessEntry{
			e.Seq, es.FormatInstant(e.At), e.Who, e.Action, e.Outcome, e.Kind, e.Stream, e.Command, e.Reason, e.Request, e.Hash,
		})
	}
	if len(found) == limit {
		page.Next = strconv.FormatInt(found[limit-1].Seq, 10)
	}
	return page, err
}
