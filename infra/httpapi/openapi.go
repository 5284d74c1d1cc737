package httpapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2/yaml"
)

// openapi adds the API's description for machines: OpenAPI 3.1, and 3.0 for
// generators of code that know no other. Each is written when it is first asked
// for, when all operations have been added.
func (a *API) openapi() {
	doc := a.huma.OpenAPI()
	for path, write := range map[string]func() ([]byte, error){
		"/openapi.json": described(doc.MarshalJSON), "/openapi.yaml": asYAML(described(doc.MarshalJSON)),
		"/openapi-3.0.json": described(doc.Downgrade), "/openapi-3.0.yaml": asYAML(described(doc.Downgrade)),
	} {
		media := "application/openapi+" + path[len(path)-len("json"):]
		text := sync.OnceValues(write)
		tag := sync.OnceValue(func() string {
			whole, _ := text() // that it fails is answered below
			sum := sha256.Sum256(whole)
			return `"` + hex.EncodeToString(sum[:16]) + `"`
		})
		a.Handle("GET "+path, Anybody, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			whole, err := text()
			if err != nil {
				a.Refuse(w, r, fmt.Errorf("write the description: %w", err))
				return
			}
			w.Header().Set("Content-Type", media)
			w.Header().Set("Cache-Control", "no-cache")
			w.Header().Set("ETag", tag())
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(whole))
		}))
	}
}

// described has a description say each thing once.
func described(write func() ([]byte, error)) func() ([]byte, error) {
	return func() ([]byte, error) {
		text, err := write()
		if err != nil {
			return nil, err
		}
		return shared(text)
	}
}

// asYAML writes JSON as YAML.
func asYAML(write func() ([]byte, error)) func() ([]byte, error) {
	return func() ([]byte, error) {
		text, err := write()
		if err != nil {
			return nil, err
		}
		var out bytes.Buffer
		err = yaml.Convert(&out, bytes.NewReader(text))
		return out.Bytes(), err
	}
}
