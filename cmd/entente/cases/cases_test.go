package cases_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/cmd/entente/cases"
	"github.com/entente-ledger/entente/domain/ledger"
)

func TestCases(t *testing.T) {
	all, err := cases.Load()
	require.NoError(t, err)
	require.NotEmpty(t, all)
	seed, err := cases.Seed()
	require.NoError(t, err)
	r := cases.NewResolver()
	keys := map[string]bool{}
	for _, c := range all {
		for _, row := range c.Rows {
			t.Run(c.Name+"/"+row.Key, func(t *testing.T) {
				require.False(t, keys[row.Key], "the key is used twice")
				keys[row.Key] = true
				cmd, err := r.Command(c, row)
				require.NoError(t, err)
				if _, person := seed[row.Key]; !person {
					require.NotEqual(t, "person.register", row.Command, "a person without an entry in the seed")
					parse(t, cmd.Name, cmd.Payload)
				}
				if row.Command != "source.register" && row.Command != "source.record_note" {
					require.Contains(t, string(row.Payload), `"source"`, "a fact without a source")
				}
				for _, p := range seed {
					for word := range strings.FieldsSeq(p.Name) {
						require.NotContains(t, string(row.Payload), word, "a person's name outside the seed")
					}
				}
			})
		}
	}
	for key := range seed {
		require.True(t, keys[key], "the seed names somebody of no row: %s", key)
	}
}

func parse(t *testing.T, name string, payload []byte) {
	t.Helper()
	for _, a := range ledger.Aggregates() {
		if strings.HasPrefix(name, a.Kind+".") {
			_, err := a.Parse(name, payload)
			require.NoError(t, err)
			return
		}
	}
	t.Fatalf("no aggregate for %s", name)
}

// The cases hold facts, not sentences: no text in them is longer than a title.
func TestNoSentences(t *testing.T) {
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".json") {
			continue
		}
		data, err := os.ReadFile(f.Name())
		require.NoError(t, err)
		var v any
		require.NoError(t, json.Unmarshal(data, &v))
		var walk func(v any)
		walk = func(v any) {
			switch v := v.(type) {
			case string:
				require.LessOrEqual(t, len([]rune(v)), 130, v)
			case []any:
				for _, x := range v {
					walk(x)
				}
			case map[string]any:
				for _, x := range v {
					walk(x)
				}
			}
		}
		walk(v)
	}
}

func TestUnknownKey(t *testing.T) {
	_, err := cases.NewResolver().Command(cases.Case{Name: "x"}, cases.Row{Key: "a", Command: "party.merge", To: "$a", Payload: []byte(`{"into":"$b"}`)})
	require.ErrorContains(t, err, `"$`)
}
