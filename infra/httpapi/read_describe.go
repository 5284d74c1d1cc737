package httpapi

import (
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/entente-ledger/entente/infra/access"
)

// parameter is one of a question.
type parameter struct {
	name, doc string
	schema    *huma.Schema
	inPath    bool
	many      bool // may be given several times: any of the values
}

// parameter returns the one of the query with a name.
func (qn *question) parameter(name string) (parameter, bool) {
	i := slices.IndexFunc(qn.takes, func(p parameter) bool { return p.name == name && !p.inPath })
	if i < 0 {
		return parameter{}, false
	}
	return qn.takes[i], true
}

func texts(name, doc string) parameter {
	return parameter{name: name, doc: doc, schema: &huma.Schema{Type: "string"}}
}

func severalOf(name, doc string) parameter {
	return parameter{name: name, doc: doc, many: true, schema: &huma.Schema{Type: "array", Items: &huma.Schema{Type: "string"}}}
}

func wholes(name, doc string) parameter {
	zero := 0.0
	return parameter{name: name, doc: doc, schema: &huma.Schema{Type: "integer", Minimum: &zero}}
}

func flags(name, doc string) parameter {
	return parameter{name: name, doc: doc, schema: &huma.Schema{Type: "boolean"}}
}

// choice is a parameter of a closed vocabulary.
func choice(name, doc string, words []string) parameter {
	s := &huma.Schema{Type: "string"}
	for _, w := range words {
		s.Enum = append(s.Enum, w)
	}
	return parameter{name: name, doc: doc, schema: s}
}

func inPath(name, doc string) parameter {
	p := texts(name, doc)
	p.inPath = true
	return p
}

func wholeInPath(name, doc string) parameter {
	p := wholes(name, doc)
	p.inPath = true
	return p
}

func asOf() parameter {
	return texts("as_of", "Date as of which it is answered (EDTF); left out: today (UTC)")
}

// axes are the parameters that say by which knowledge it is answered.
func axes() []parameter {
	known := texts("as_known", "By what the registrar vouched for at this instant (RFC 3339)")
	known.schema = &huma.Schema{Type: "string", Format: "date-time"}
	return []parameter{known, texts("as_recorded", "By what this ledger held at this instant (RFC 3339), or after the event with this sequence")}
}

// paged are the parameters of a list.
func paged() []parameter {
	least, most := 1.0, float64(mostLimit)
	return []parameter{
		{name: "limit", doc: "At most so many; left out: 50, and all in a file", schema: &huma.Schema{Type: "integer", Minimum: &least, Maximum: &most}},
		texts("cursor", "The place after a page, as the page says it in next and in Link; for the same question only"),
	}
}

func changedSince() parameter {
	return wholes("changed_since", "Only what has events after the one with this sequence; a page can be short or empty although others follow")
}

// everywhere are the parameters of every question.
func everywhere(qn *question) []parameter {
	names := make([]string, len(qn.formats))
	for i, f := range qn.formats {
		names[i] = f.name
	}
	return []parameter{
		texts("min_position", "Wait until the answer has what was recorded at this Ledger-Position; how long, says Prefer: wait"),
		choice("format", "The format of the answer, rather than Accept", names),
	}
}

// actionOfQuestion is what a question asks of the policy.
func actionOfQuestion(qn *question) access.Action {
	if qn.follows {
		return access.Follow
	}
	return access.Read
}

// describeQuestion describes the operation of a question.
func (a *API) describeQuestion(qn *question) *huma.Operation {
	op := &huma.Operation{
		Method: http.MethodGet, Path: qn.path, OperationID: qn.id, Tags: []string{qn.tag}, Summary: qn.summary, Description: qn.about,
		Security: security(), Responses: map[string]*huma.Response{}, Extensions: Asks(actionOfQuestion(qn)),
	}
	for _, p := range qn.takes {
		in := "query"
		if p.inPath {
			in = "path"
		}
		op.Parameters = append(op.Parameters, &huma.Param{Name: p.name, In: in, Required: p.inPath, Description: p.doc, Schema: p.schema})
	}
	op.Parameters = append(op.Parameters,
		header("Prefer", "wait=N: how many seconds to wait for min_position, at most 30; left out: 5", false, "wait=10"),
		header("If-None-Match", "ETags of answers that are at hand: 304 if one of them still is the answer", false, nil))
	if strings.HasSuffix(qn.id, ".get") {
		op.Parameters = append(op.Parameters, header("If-Match", "The ETag that the record must have: else the answer is 412", false, `"7"`))
	}
	said := func(doc string) *huma.Param {
		return &huma.Param{Description: doc, Schema: &huma.Schema{Type: "string"}}
	}
	headers := map[string]*huma.Param{
		"ETag": said("Entity tag of the answer"), "Ledger-Position": said("Opaque position up to which it reflects the ledger"),
		"X-Request-Id": said("Id of the request"), "Vary": said("Accept, Authorization"),
	}
	if _, ok := qn.parameter("cursor"); ok {
		headers["Link"] = said(`What follows the page: rel="next" (RFC 8288)`)
	}
	content := map[string]*huma.MediaType{}
	for _, f := range qn.formats {
		content[f.media] = &huma.MediaType{Schema: a.schemaOfAnswer(qn, f)}
	}
	op.Responses["200"] = &huma.Response{Description: "The answer", Headers: headers, Content: content}
	op.Responses["304"] = &huma.Response{Description: "The answer is the one at hand"}
	problems(op.Responses, []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusNotAcceptable, http.StatusConflict,
		http.StatusPreconditionFailed, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable,
	})
	return op
}

// schemaOfAnswer describes what a question is answered with, in a format.
func (a *API) schemaOfAnswer(qn *question, f format) *huma.Schema {
	if !strings.HasSuffix(strings.SplitN(f.media, ";", 2)[0], "json") {
		return &huma.Schema{Type: "string"}
	}
	if f != formatJSON {
		return &huma.Schema{}
	}
	s := a.schemaOfType(qn.answer)
	if _, ok := qn.parameter("cursor"); ok {
		name := "AnswerPageOf" + qn.answer.Name()
		a.huma.OpenAPI().Components.Schemas.Map()[name] = object(map[string]*huma.Schema{
			"items": {Type: "array", Items: s},
			"next":  {Type: "string", Description: "The cursor to what follows; empty at the end"},
		})
		return &huma.Schema{Ref: "#/components/schemas/" + name}
	}
	return s
}

// questionTags are what questions are sorted by, besides the kinds of records.
func questionTags() []*huma.Tag {
	return []*huma.Tag{
		{Name: "register", Description: "The register of agreements"},
		{Name: "parties", Description: "Parties, networks among them"},
		{Name: "roster", Description: "Networks and who belongs to them"},
		{Name: "plans", Description: "Action plans and how far they are"},
		{Name: "obligations", Description: "What falls due"},
		{Name: "statuschart", Description: "Who is in what position to an agreement"},
		{Name: "findings", Description: "What a person should look at"},
		{Name: "search", Description: "Records by their names and titles"},
		{Name: "report", Description: "What happened, counted and listed"},
		{Name: "proposals", Description: "Commands that need a second person"},
		{Name: "events", Description: "The log"},
		{Name: "audit", Description: "Proofs that the log is what it was"},
	}
}
