package httpapi_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/answers"
)

// fits says what of a value its schema does not describe, "" if it describes all.
func fits(all map[string]*huma.Schema, s *huma.Schema, v any, at string) string {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		if all[name] == nil {
			return at + ": there is no schema " + name
		}
		s = all[name]
	}
	kind := ""
	switch one := v.(type) {
	case nil:
		if s.Nullable || s.Type == "" {
			return ""
		}
		kind = "null"
	case bool:
		kind = "boolean"
	case string:
		kind = "string"
	case json.Number:
		if kind = "integer"; strings.ContainsAny(one.String(), ".eE") {
			kind = "number"
		}
	case []any:
		kind = "array"
		for i, item := range one {
			if s.Items != nil {
				if wrong := fits(all, s.Items, item, fmt.Sprintf("%s/%d", at, i)); wrong != "" {
					return wrong
				}
			}
		}
	case map[string]any:
		kind = "object"
		for name, member := range one {
			if s.Properties == nil {
				continue
			}
			if s.Properties[name] == nil {
				return at + "/" + name + " is not described"
			}
			if wrong := fits(all, s.Properties[name], member, at+"/"+name); wrong != "" {
				return wrong
			}
		}
		for _, name := range s.Required {
			if _, ok := one[name]; !ok {
				return at + "/" + name + " is missing"
			}
		}
	}
	if s.Type != "" && s.Type != kind {
		return fmt.Sprintf("%s is %s, described as %s", at, kind, s.Type)
	}
	return ""
}

// TestAnswersAreAsDescribed holds every answer in JSON against its schema.
func TestAnswersAreAsDescribed(t *testing.T) {
	l := filled(t)
	l.seal()
	events, _ := items[answers.Event](t, l.ok(registrar, "/v1/events?limit=3"))
	schemas := l.Huma().OpenAPI().Components.Schemas.Map()
	checked := map[string]bool{}
	for path, item := range l.Huma().OpenAPI().Paths {
		if item.Get == nil {
			continue
		}
		for _, ask := range l.asks(path, item.Get, events) {
			got := l.get(registrar, ask, nil)
			described := item.Get.Responses[fmt.Sprint(got.status)]
			require.NotNil(t, described, "%s is answered with %d", ask, got.status)
			media := got.header.Get("Content-Type")
			require.Contains(t, described.Content, media, ask)
			if got.status != 200 || media != "application/json" {
				continue
			}
			dec := json.NewDecoder(strings.NewReader(got.body))
			dec.UseNumber()
			var v any
			require.NoError(t, dec.Decode(&v), ask)
			if strings.Contains(ask, "format=prov") || described.Content[media].Schema == nil {
				continue
			}
			require.Empty(t, fits(schemas, described.Content[media].Schema, v, ""), "%s: %s", ask, got.body)
			checked[item.Get.OperationID] = true
		}
	}
	notInIt := []string{"grant", "programme", "resource", "review", "proposal", "proposals", "access"}
	for path, item := range l.Huma().OpenAPI().Paths {
		if item.Get != nil && item.Get.Responses["200"].Content["application/json"] != nil && !slices.Contains(notInIt, item.Get.Tags[0]) {
			require.True(t, checked[item.Get.OperationID], path)
		}
	}
}
