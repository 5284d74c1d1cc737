package catalogue_test

import (
	"cmp"
	"slices"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/catalogue"
)

// TestKnownFile checks that refusals.json has what the source refuses.
func TestKnownFile(t *testing.T) {
	type line struct {
		Kind    string `json:"kind"`
		Code    string `json:"code"`
		Message string `json:"message"`
		Want    string `json:"want"`
	}
	var all []line
	for _, s := range sources(t, packages(t)) {
		for _, r := range s.Refusals {
			all = append(all, line{r.Kind.Error(), r.Code, r.Message, r.Want})
		}
	}
	slices.SortFunc(all, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message), cmp.Compare(a.Want, b.Want))
	})
	got, err := json.Marshal(slices.Compact(all), jsontext.WithIndent("  "))
	require.NoError(t, err)
	compare(t, "refusals.json", string(got)+"\n")
}

func TestKnownRefusals(t *testing.T) {
	all, err := catalogue.Refusals()
	require.NoError(t, err)
	for _, r := range all {
		require.NotZero(t, r.Kind, r.Code)
		require.NotEmpty(t, r.Message, r.Code)
	}
	require.True(t, slices.ContainsFunc(all, func(r catalogue.Refusal) bool {
		return r.Code == "party.not_linked" && r.Want == "the party that this one is linked to"
	}))
}
