package httpapi

import (
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/invopop/jsonschema"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

const about = `The ledger of cooperation agreements over HTTP. A command is a POST whose body is what the command says; it answers with the events that were recorded.

Every command needs an **Idempotency-Key**: given again with the same body it records nothing twice and gets the first answer. A command on a record that exists needs **If-Match** with the ETag of the record, so that nobody decides on what is no longer so. Errors are problems (RFC 9457); their type leads to a page that says what would be right.`

// bearer is the name of the way in which a request says who asks.
const bearer = "bearer"

func security() []map[string][]string { return []map[string][]string{{bearer: {}}} }

func (a *API) description() huma.Config {
	server := a.cfg.Server
	if server == "" {
		server = "/"
	}
	var tags []*huma.Tag
	for _, kind := range ledger.Aggregates() {
		if kind.Kind != "ledger" {
			tags = append(tags, &huma.Tag{Name: kind.Kind, Description: "Commands about records of this kind, see docs/domain.md"})
		}
	}
	tags = append(append(tags, questionTags()...), errandTags()...)
	tags = append(tags, &huma.Tag{Name: "batch", Description: "Many commands as one act"},
		&huma.Tag{Name: "documents", Description: "Files, by the hash of their content"})
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "entente", Version: a.cfg.Version, Description: about,
				License: &huma.License{Name: "Apache License 2.0", URL: "https://www.apache.org/licenses/LICENSE-2.0"},
			},
			Servers: []*huma.Server{{URL: server}},
			Tags:    tags,
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					bearer: {Type: "http", Scheme: "bearer", Description: "An API token, or a token of the identity provider"},
				},
			},
		},
		Formats: huma.DefaultFormats, DefaultFormat: "application/json",
		RejectUnknownQueryParameters: true, Transformers: []huma.Transformer{a.transform},
	}
}

// describeProblem puts the schemas of what commands answer into the description.
func (a *API) describeProblem() {
	text := func(doc string) *huma.Schema { return &huma.Schema{Type: "string", Description: doc} }
	whole := func(doc string) *huma.Schema { return &huma.Schema{Type: "integer", Description: doc} }
	flag := func(doc string) *huma.Schema { return &huma.Schema{Type: "boolean", Description: doc} }
	detail := object(map[string]*huma.Schema{
		"pointer": text("JSON pointer into the body (RFC 6901); of another part of the request where it is, such as header If-Match"),
		"message": text("What is wrong with it"), "want": text("What would have been right"),
	})
	all := a.huma.OpenAPI().Components.Schemas.Map()
	all["Problem"] = object(map[string]*huma.Schema{
		"type": text("Reference to the page of the error catalogue"), "title": text("The HTTP status in words"), "status": whole("The HTTP status"),
		"detail": text("What is wrong, in a sentence"), "instance": text("URN with the id of the request"),
		"code": text("What is wrong, for machines; never changes its meaning"), "want": text("What would have been right"),
		"currentRevision": {Type: "integer", Nullable: true, Description: "The revision the record is at, if that is what is wrong"},
		"errors":          {Type: "array", Items: detail, Description: "The parts of the request that are to blame"},
	})
	event := object(map[string]*huma.Schema{
		"revision": whole("Its place in the record, from 1"), "id": {Type: "string", Format: "uuid", Description: "Its permanent id"},
		"type": text("Its stored name"), "schema": whole("The schema of its data, from 1"),
		"data":    {Type: "object", AdditionalProperties: true, Description: "What it says"},
		"meta":    {Type: "object", AdditionalProperties: true, Description: "Who recorded it, when, and because of which command"},
		"receipt": text("Where the proof is found that it is in the transparency log; empty in a dry run"),
	})
	all["Event"] = event
	all["Recorded"] = object(map[string]*huma.Schema{
		"stream": text("The record that the command is about"), "revision": whole("The revision that the record is at after the command"),
		"repeated": flag("The events are those of an earlier, equal command"), "dryRun": flag("Nothing was recorded: the events are those that would be"),
		"events": {Type: "array", Items: &huma.Schema{Ref: "#/components/schemas/Event"}, Description: "What was recorded, in order; none if the command changes nothing"},
	})
}

// object is the schema of an object that always has all its members.
func object(members map[string]*huma.Schema) *huma.Schema {
	return &huma.Schema{
		Type: "object", Properties: members, Required: slices.Sorted(maps.Keys(members)), AdditionalProperties: false,
	}
}

// describeBody describes the payload of a command, with an example.
func (a *API) describeBody(kind es.Aggregate, d es.Definition) (*huma.RequestBody, error) {
	all := a.huma.OpenAPI().Components.Schemas.Map()
	schema := schemaOf(a.catalogue.Schema(d))
	if d.Name == "person.register" {
		schema.Properties["vault"] = vaultSchema()
	}
	all[d.Name] = schema
	example := Example(kind, d)
	if !example.IsValid() {
		return nil, errNoExample
	}
	if slices.Contains(verdicts, d.Name) {
		var err error
		if example, err = withoutBy(schema, example); err != nil {
			return nil, err
		}
	}
	return &huma.RequestBody{
		Required: len(schema.Required) > 0,
		Content: map[string]*huma.MediaType{
			"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/" + d.Name}, Example: jsonValue(example)},
		},
	}, nil
}

func vaultSchema() *huma.Schema {
	s := object(map[string]*huma.Schema{
		"name":     {Type: "string", Description: "The person's name"},
		"nameLang": {Type: "string", Description: "Its language (BCP 47)"},
		"contact":  {Type: "string", Description: "What reaches the person"},
	})
	s.Required = []string{"name"}
	s.Description = "What the vault keeps of the person; it is never in the ledger, which has a commitment to it. Leave commitment out."
	return s
}

// schemaOf is a schema in huma's type.
func schemaOf(s *jsonschema.Schema) *huma.Schema {
	if s == nil {
		return nil
	}
	h := &huma.Schema{
		Type: s.Type, Title: s.Title, Description: s.Description, Format: s.Format, Pattern: s.Pattern, Enum: s.Enum, Required: s.Required,
		Items: schemaOf(s.Items), ContentEncoding: s.ContentEncoding,
	}
	if s.Properties != nil {
		h.Properties = map[string]*huma.Schema{}
		for pair := s.Properties.Oldest(); pair != nil; pair = pair.Next() {
			h.Properties[pair.Key] = schemaOf(pair.Value)
		}
		h.AdditionalProperties = false
	}
	return h
}

// jsonValue is JSON that encoding/json writes as it is.
type jsonValue jsontext.Value

// MarshalJSON implements json.Marshaler.
func (v jsonValue) MarshalJSON() ([]byte, error) { return v, nil }

func header(name, doc string, required bool, example any) *huma.Param {
	return &huma.Param{Name: name, In: "header", Description: doc, Required: required, Schema: &huma.Schema{Type: "string"}, Example: example}
}

func query(name, doc string, s *huma.Schema) *huma.Param {
	return &huma.Param{Name: name, In: "query", Description: doc, Schema: s}
}

func keyParameter() *huma.Param {
	p := header("Idempotency-Key", "8 to 255 visible ASCII characters, new for each command and the same when it is given again", true,
		"8e03978e-40d5-43e8-bc93-6894a57f9324")
	shortest, longest := minKey, maxKey
	p.Schema = &huma.Schema{Type: "string", MinLength: &shortest, MaxLength: &longest, Pattern: "^[!-~]+$"}
	return p
}

func commandParameters(opening bool) []*huma.Param {
	all := []*huma.Param{
		keyParameter(),
		query("dry_run", "Answer the events that would be recorded, and record nothing", &huma.Schema{Type: "boolean"}),
		query("known_at", "The instant from which the registrar vouches for the fact (RFC 3339); left out: when it is recorded",
			&huma.Schema{Type: "string", Format: "date-time"}),
		query("correlation", "Id of the act that the command is part of; left out: the command itself", &huma.Schema{Type: "string", Format: "uuid"}),
	}
	if opening {
		return append(all, header("If-Match", "Only if the record can be there already: its ETag", false, nil))
	}
	return append(all, header("If-Match", "ETag of the record on which the command was decided, or *", true, `"7"`),
		&huma.Param{Name: "id", In: "path", Required: true, Description: "Id of the record: its kind, a hyphen and a UUID", Schema: &huma.Schema{Type: "string"}})
}

// refusals are the statuses with which a command can be refused.
func refusals() []int {
	return []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusNotAcceptable, http.StatusRequestTimeout, http.StatusConflict,
		http.StatusPreconditionFailed, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity,
		http.StatusPreconditionRequired, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable,
	}
}

func problems(into map[string]*huma.Response, statuses []int) map[string]*huma.Response {
	for _, status := range statuses {
		into[strconv.Itoa(status)] = &huma.Response{
			Description: http.StatusText(status),
			Content:     map[string]*huma.MediaType{problem.MediaType: {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}}},
		}
	}
	return into
}

func commandResponses(opening bool) map[string]*huma.Response {
	said := func(doc string) *huma.Param {
		return &huma.Param{Description: doc, Schema: &huma.Schema{Type: "string"}}
	}
	done := func(doc string) *huma.Response {
		return &huma.Response{
			Description: doc,
			Headers: map[string]*huma.Param{
				"ETag": said("Entity tag of the record after the command"), "Ledger-Position": said("Opaque position of what was recorded, for min_position"),
				"Command-Id": said("Id of the command"), "Idempotency-Replayed": said("true if this was answered before"),
				"Location": said("The record, if it was opened"), "X-Request-Id": said("Id of the request"),
			},
			Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/Recorded"}}},
		}
	}
	all := map[string]*huma.Response{"200": done("Recorded on a record that was there, or a dry run, or nothing new")}
	if opening {
		all["201"] = done("Opened")
	}
	return problems(all, refusals())
}
