package httpapi

import (
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/documents"
	"github.com/entente-ledger/entente/infra/httpapi/front"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

// documents adds PUT /v1/documents/{hash}: a file comes first, and the command that
// names its hash after it.
func (a *API) documents() {
	op := &huma.Operation{
		Method: http.MethodPut, Path: "/v1/documents/{hash}", OperationID: "documents.put", Tags: []string{"documents"},
		Summary: "Keep a file",
		Description: "Keeps the body as a document, durably, under the SHA-256 of its bytes. The command that is about it " +
			"(source.attach_file, memorandum.add_text, memorandum.correct_text) names the hash. Putting it again changes nothing.",
		Parameters: []*huma.Param{{
			Name: "hash", In: "path", Required: true, Description: "SHA-256 of the body: 64 lower-case hexadecimal digits",
			Schema: &huma.Schema{Type: "string", Pattern: "^[0-9a-f]{64}$"},
		}},
		RequestBody: &huma.RequestBody{
			Required: true,
			Content:  map[string]*huma.MediaType{"application/octet-stream": {}},
		},
		Responses: problems(map[string]*huma.Response{"204": {Description: "Kept"}}, append(refusals(), http.StatusNotImplemented)),
		Security:  security(), Extensions: Asks(access.Record),
	}
	a.huma.OpenAPI().AddOperation(op)
	a.huma.Adapter().Handle(op, func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		if err := a.keep(r); err != nil {
			a.Refuse(w, r, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

// keep keeps the body of a request as a document. It fails without keeping it if
// the bytes are not those that the path names.
func (a *API) keep(r *http.Request) error {
	want, err := documents.ParseHash(r.PathValue("hash"))
	if err != nil {
		return err
	}
	if a.cfg.Documents == nil {
		return problem.NotKept
	}
	who := front.Who(r.Context())
	if err := a.cfg.Permissions.Allow(r.Context(), access.Request{
		Who: who, Action: access.Record, Kind: "source", Visibility: es.Internal, Command: "source.attach_file",
	}); err != nil {
		return err
	}
	body := &checked{r: r.Body, hash: sha256.New(), want: want}
	_, _, err = a.cfg.Documents.Put(r.Context(), body)
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return bodyError(err)
	}
	return err
}

// checked fails at the end of what it reads unless it is what was announced.
type checked struct {
	r    io.Reader
	hash hash.Hash
	want documents.Hash
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.hash.Write(p[:n])
	if errors.Is(err, io.EOF) && documents.Hash(c.hash.Sum(nil)) != c.want {
		return n, problem.OtherBytes
	}
	return n, err
}
