package edtf_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/edtf"
)

func TestParsePeriod(t *testing.T) {
	for _, c := range []struct {
		text string
		want edtf.Period
		back string
	}{
		{"", edtf.Period{}, ""},
		{"P0D", edtf.Period{}, ""},
		{"P30D", edtf.Period{Days: 30}, "P30D"},
		{"P6W", edtf.Period{Days: 42}, "P42D"},
		{"P3M", edtf.Period{Months: 3}, "P3M"},
		{"P5Y", edtf.Period{Years: 5}, "P5Y"},
		{"P1Y6M", edtf.Period{Years: 1, Months: 6}, "P1Y6M"},
		{"P18M", edtf.Period{Months: 18}, "P18M"},
		{"P1Y0M2W3D", edtf.Period{Years: 1, Days: 17}, "P1Y17D"},
		{"P06M", edtf.Period{Months: 6}, "P6M"},
		{"P9999999D", edtf.Period{Days: 9999999}, "P9999999D"},
	} {
		t.Run(c.text, func(t *testing.T) {
			p, err := edtf.ParsePeriod(c.text)
			require.NoError(t, err)
			require.Equal(t, c.want, p)
			require.Equal(t, c.back, p.String())
			require.Equal(t, c.back == "", p.IsZero())
			data, err := json.Marshal(p)
			require.NoError(t, err)
			require.Equal(t, `"`+c.back+`"`, string(data))
			again := edtf.Period{Years: 7}
			require.NoError(t, json.Unmarshal(data, &again))
			require.Equal(t, p, again)
		})
	}
}

func TestParsePeriod_errors(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"no_p", "30D", "want P"},
		{"p_alone", "P", "want P"},
		{"lower_case", "p30d", "want P"},
		{"no_unit", "P30", "want P"},
		{"no_number", "PD", "want P"},
		{"other_unit", "P3Q", "want P"},
		{"order", "P1M1Y", "in this order"},
		{"twice", "P1M1M", "in this order"},
		{"negative", "P-1M", "want P"},
		{"sign", "-P1M", "want P"},
		{"fraction", "P1.5Y", "want P"},
		{"space", "P1Y ", "want P"},
		{"time", "P1DT12H", "whole days"},
		{"time_only", "PT36H", "whole days"},
		{"large", "P10000000D", "at most 9999999"},
		{"large_years", "P10000000Y", "at most 9999999"},
		{"very_large", "P99999999999999999999999Y", "at most 9999999"},
		{"large_in_weeks", "P1428572W", "at most 9999999"},
	} {
		t.Run(c.name, func(t *testing.T) {
			kept := edtf.Period{Years: 7}
			require.ErrorContains(t, kept.UnmarshalText([]byte(c.text)), c.want)
			require.Equal(t, edtf.Period{Years: 7}, kept, "an error leaves the period")
		})
	}
}

func TestPeriod_without_text(t *testing.T) {
	for _, p := range []edtf.Period{{Years: -1}, {Months: -1}, {Days: -1}, {Days: 10_000_000}} {
		_, err := p.MarshalText()
		require.ErrorContains(t, err, "want numbers from 0 to 9999999")
	}
	require.Equal(t, "P-1Y3D", edtf.Period{Years: -1, Days: 3}.String())
}

func TestPeriod_round_trips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 9_999_999)
		p := edtf.Period{Years: n.Draw(t, "years"), Months: n.Draw(t, "months"), Days: n.Draw(t, "days")}
		again, err := edtf.ParsePeriod(p.String())
		require.NoError(t, err)
		require.Equal(t, p, again)
	})
}
