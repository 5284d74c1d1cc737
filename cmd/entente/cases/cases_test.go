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
						if len([]rune(word)) < 4 {
							continue // "de", "Al" are in other words too
						}
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

// TestFacts checks that every fact that was read out of a source has a place in
// an event of an aggregate, or in a note of its source.
func TestFacts(t *testing.T) {
	all, err := cases.Load()
	require.NoError(t, err)
	total := 0
	for _, c := range all {
		t.Run(c.Name, func(t *testing.T) {
			placed := map[int]bool{}
			for _, row := range c.Rows {
				for _, n := range row.Facts {
					require.GreaterOrEqual(t, n, 1, row.Key)
					require.LessOrEqual(t, n, c.Facts, "%s places a fact that the source does not have", row.Key)
					placed[n] = true
				}
			}
			for n := 1; n <= c.Facts; n++ {
				require.True(t, placed[n], "fact %d has no place", n)
			}
		})
		total += c.Facts
	}
	require.Equal(t, map[string]int{
		"1-iuc-ancona-ikoma": 15, "2-greek-cities-network": 15, "3-strong-cities-network": 16, "4-cities-summit-americas": 8, "5-wuf-city-diplomacy": 7,
	}, counts(all))
	require.Equal(t, 61, total)
}

func counts(all []cases.Case) map[string]int {
	n := map[string]int{}
	for _, c := range all {
		n[c.Name] = c.Facts
	}
	return n
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
