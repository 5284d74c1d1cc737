package gazetteer_test

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/infra/gazetteer"
)

func TestDegrees(t *testing.T) {
	for millionths, want := range map[int64]string{
		0: "0", 1: "0.000001", -1: "-0.000001", 13_518_900: "13.5189", -500_000: "-0.5", 180_000_000: "180", -90_000_000: "-90", 45_650_000: "45.65",
		-1 << 63: "-9223372036854.775808",
	} {
		require.Equal(t, want, gazetteer.Degrees(millionths))
	}
	rapid.Check(t, func(t *rapid.T) {
		millionths := rapid.Int64Range(-180_000_000, 180_000_000).Draw(t, "millionths")
		got, ok := new(big.Rat).SetString(gazetteer.Degrees(millionths))
		require.True(t, ok)
		require.Zero(t, got.Cmp(big.NewRat(millionths, 1_000_000)), "nothing is rounded")
	})
}

type counted struct {
	Count int `json:"count"`
}

func TestWriter(t *testing.T) {
	var b strings.Builder
	w := gazetteer.New(&b)
	for _, p := range []gazetteer.Place{
		{ID: "ancona", Latitude: 43_615_830, Longitude: 13_518_900, Properties: map[string]string{"name": "Ancona \"the elbow\""}},
		{ID: "greenwich", Latitude: 51_477_800, Properties: map[string]string{}},
	} {
		require.NoError(t, w.Add(p))
	}
	require.NoError(t, w.End(counted{2}))
	require.JSONEq(t, `{"type": "FeatureCollection", "count": 2, "features": [
		{"type": "Feature", "id": "ancona", "geometry": {"type": "Point", "coordinates": [13.5189, 43.61583]}, "properties": {"name": "Ancona \"the elbow\""}},
		{"type": "Feature", "id": "greenwich", "geometry": {"type": "Point", "coordinates": [0, 51.4778]}, "properties": {}}
	]}`, b.String())
	require.Equal(t, 4, strings.Count(b.String(), "\n"), "a line each")
}

func TestWriter_nothing(t *testing.T) {
	var b strings.Builder
	require.NoError(t, gazetteer.New(&b).End(counted{}))
	var collection struct {
		Type     string
		Features []any
	}
	require.NoError(t, json.Unmarshal([]byte(b.String()), &collection))
	require.Equal(t, "FeatureCollection", collection.Type)
	require.NotNil(t, collection.Features)
	require.Empty(t, collection.Features)
}
