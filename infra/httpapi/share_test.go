package httpapi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"
)

// What is said once is found where it is referred to, and nothing else changes.
func TestDescriptionSaysThingsOnce(t *testing.T) {
	s := newService(t)
	var doc map[string]any
	require.NoError(t, json.Unmarshal([]byte(s.ask("GET", "/openapi.json", nil, "").body), &doc))
	refs := map[string]int{}
	var walk func(at any)
	walk = func(at any) {
		switch of := at.(type) {
		case []any:
			for _, one := range of {
				walk(one)
			}
		case map[string]any:
			if ref, ok := of["$ref"].(string); ok {
				refs[ref]++
				require.Len(t, of, 1, "a reference stands alone")
			}
			for _, one := range of {
				walk(one)
			}
		}
	}
	walk(doc)
	require.NotEmpty(t, refs)
	for ref := range refs {
		var at any = doc
		for name := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			of, _ := at.(map[string]any)
			at = of[name]
		}
		require.NotNil(t, at, ref)
	}
	for _, ref := range []string{"parameters/IdempotencyKey", "responses/NotFound", "schemas/Fact", "schemas/PartyRef", "schemas/Text"} {
		require.GreaterOrEqual(t, refs["#/components/"+ref], 10, ref)
	}
	op := doc["paths"].(map[string]any)["/v1/memorandum/{id}/sign"].(map[string]any)["post"].(map[string]any)
	require.Contains(t, fmt.Sprint(op["parameters"]), "#/components/parameters/Id")
}
