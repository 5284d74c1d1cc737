package generate_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"go/format"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi"
	"github.com/entente-ledger/entente/infra/tlog"
	"github.com/entente-ledger/entente/projections"
)

var update = flag.Bool("update", false, "write docs/openapi.yaml and the generated files instead of checking them")

// TestGenerated holds what is generated against the API. Unless the continuous
// integration runs it, it believes generated.go by the hash of the description
// that it was made of, for which the generator need not be built.
func TestGenerated(t *testing.T) {
	api := describe(t)
	keep(t, filepath.Join("..", "..", "..", "docs", "openapi.yaml"), fetch(t, api, "/openapi.yaml"))
	description := withoutCommands(t, fetch(t, api, "/openapi-3.0.json"))
	keep(t, filepath.Join("..", "commands_generated.go"), commands(t, description))
	if *update || os.Getenv("ENTENTE_CI") == "1" {
		keep(t, filepath.Join("..", "generated.go"), generate(t, description))
	}
}

// keep checks that a file has a text, or writes it.
func keep(t *testing.T, file string, text []byte) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(file, text, 0o600))
		return
	}
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	require.True(t, bytes.Equal(kept, text), "%s is not what the code gives: make generate", file)
}

func describe(t *testing.T) http.Handler {
	t.Helper()
	api, err := httpapi.New(httpapi.Config{
		Version: "1", Views: projections.OpenViews(t.TempDir()), Log: tlog.Dir(t.TempDir()),
		// For what is asked only where there is one.
		Access: struct{ httpapi.AccessRecord }{}, Identities: &access.Registry{},
	})
	require.NoError(t, err)
	return api
}

func fetch(t *testing.T, api http.Handler, path string) []byte {
	t.Helper()
	w := httptest.NewRecorder()
	api.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	require.Equal(t, http.StatusOK, w.Code, w.Body)
	return w.Body.Bytes()
}

// successful are the names of shared responses that refuse nothing, which end in
// their status.
var successful = regexp.MustCompile(`2[0-9]{2}$`)

// withoutCommands leaves out what the client gives by one method: the operations of
// commands. What they say stays. Refusals are left out too, which are read in one way.
func withoutCommands(t *testing.T, text []byte) []byte {
	t.Helper()
	var doc map[string]any
	require.NoError(t, json.Unmarshal(text, &doc))
	names := map[string]bool{}
	for _, kind := range ledger.Aggregates() {
		for _, d := range kind.Commands {
			names[d.Name] = true
		}
	}
	paths := doc["paths"].(map[string]any)
	ofAnyKind(paths)
	for path, item := range paths {
		for method, one := range item.(map[string]any) {
			op := one.(map[string]any)
			if names[bodyOf(op)] {
				delete(item.(map[string]any), method)
				continue
			}
			all := op["responses"].(map[string]any)
			maps.DeleteFunc(all, func(status string, _ any) bool { return status >= "300" })
		}
		if len(item.(map[string]any)) == 0 {
			delete(paths, path)
		}
	}
	components := doc["components"].(map[string]any)
	maps.DeleteFunc(components["responses"].(map[string]any), func(name string, _ any) bool { return !successful.MatchString(name) })
	schemas := components["schemas"].(map[string]any)
	for name := range names {
		withoutPointers(schemas[name])
	}
	for _, name := range []string{"Fact", "PartyRef", "Text"} {
		withoutPointers(schemas[name])
	}
	text, err := json.Marshal(doc)
	require.NoError(t, err)
	return text
}

// bodyOf returns the name of the schema of what an operation takes, "" if it has
// none.
func bodyOf(op map[string]any) string {
	at := any(op)
	for _, name := range []string{"requestBody", "content", "application/json", "schema", "$ref"} {
		of, _ := at.(map[string]any)
		at = of[name]
	}
	ref, _ := at.(string)
	return strings.TrimPrefix(ref, "#/components/schemas/")
}

// ofAnyKind makes one question of those that are asked of records of each kind.
func ofAnyKind(paths map[string]any) {
	for id, name := range map[string]string{"": "record", "/history": "history", "/diff": "diff", "/blame": "blame"} {
		for _, kind := range ledger.Aggregates() {
			path := "/v1/" + kind.Kind + "/{id}" + id
			item, _ := paths[path].(map[string]any)
			op, asked := item["get"].(map[string]any)
			if !asked {
				continue
			}
			delete(item, "get")
			if kind.Kind != "memorandum" {
				continue
			}
			op["operationId"] = name
			all := op["parameters"].([]any)
			op["parameters"] = append([]any{map[string]any{
				"name": "kind", "in": "path", "required": true, "schema": map[string]any{"type": "string"},
			}}, all...)
			paths["/v1/{kind}/{id}"+id] = map[string]any{"get": op}
		}
	}
}

// withoutPointers has what a command can leave out be a value that is left out when
// it is zero, which commands do not tell from what is not there.
func withoutPointers(schema any) {
	of, _ := schema.(map[string]any)
	members, _ := of["properties"].(map[string]any)
	for _, one := range members {
		member := one.(map[string]any)
		if ref := member["$ref"]; ref != nil {
			delete(member, "$ref")
			member["allOf"] = []any{map[string]any{"$ref": ref}}
		}
		member["x-go-type-skip-optional-pointer"], member["x-omitzero"] = true, true
		withoutPointers(member)
	}
	if items := of["items"]; items != nil {
		withoutPointers(items)
	}
}

// commands writes which command each generated type is.
func commands(t *testing.T, description []byte) []byte {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, `// Code generated by TestGenerated. DO NOT EDIT.

package client

// Described is the SHA-256 of the description of which generated.go was made, in
// hexadecimal digits.
const Described = "%x"
`, sha256.Sum256(description))
	for _, kind := range ledger.Aggregates() {
		if kind.Kind == "ledger" {
			continue
		}
		for _, d := range kind.Commands {
			if !bytes.Contains(description, []byte(`"`+d.Name+`":{`)) {
				continue // it is not given through the API
			}
			fmt.Fprintf(&b, "\n// Command implements [Says].\nfunc (%s) Command() string { return %q }\n", typeName(d.Name), d.Name)
		}
	}
	text, err := format.Source([]byte(b.String()))
	require.NoError(t, err)
	return text
}

// typeName is the name of the type that is generated for a command:
// MemorandumSign of memorandum.sign.
func typeName(command string) string {
	words := strings.FieldsFunc(command, func(r rune) bool { return r == '.' || r == '_' })
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "")
}

// generate has oapi-codegen write the types and the methods.
func generate(t *testing.T, description []byte) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "openapi.json")
	require.NoError(t, os.WriteFile(file, description, 0o600))
	cmd := exec.CommandContext(t.Context(), "go", "tool", "-modfile=../../tools/go.mod", "oapi-codegen", "-config", filepath.Join("..", "oapi-codegen.yaml"), file)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	require.NoError(t, cmd.Run(), "%s", &errs)
	return out.Bytes()
}
