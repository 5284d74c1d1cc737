package edtf_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
)

func FuzzParse(f *testing.F) {
	for _, form := range forms {
		f.Add(form.text)
	}
	f.Add("2018-02-30")
	f.Add("[2016..2017..2018]")
	f.Fuzz(func(t *testing.T, s string) {
		d, err := edtf.Parse(s)
		if err != nil {
			require.True(t, d.IsUnknown())
			require.True(t, strings.HasPrefix(err.Error(), "parse date "))
			require.Less(t, len(err.Error()), 1024, "an error is short, whatever was given")
			return
		}
		require.Equal(t, s, d.String())
		require.LessOrEqual(t, len(s), edtf.MaxLen)
		require.LessOrEqual(t, d.Earliest(), d.Latest())
		require.NotEqual(t, edtf.Yes, edtf.Before(d, d))
		simple := edtf.Between(d.Earliest(), d.Latest())
		require.Equal(t, simple, edtf.MustParse(simple.String()))
		require.Equal(t, d.Earliest(), simple.Earliest())
		require.Equal(t, d.Latest(), simple.Latest())
		var again edtf.Date
		require.NoError(t, again.UnmarshalText([]byte(s)))
		require.Equal(t, d, again)
	})
}

func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"", "P30D", "P6W", "P3M", "P5Y", "P1Y6M", "P1Y2M3W4D", "P0D", "PT1H", "P9999999D"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := edtf.ParsePeriod(s)
		if err != nil {
			require.True(t, p.IsZero())
			require.True(t, strings.HasPrefix(err.Error(), "parse period "))
			return
		}
		text, err := p.MarshalText()
		require.NoError(t, err)
		require.Equal(t, p.String(), string(text))
		again, err := edtf.ParsePeriod(p.String())
		require.NoError(t, err)
		require.Equal(t, p, again)
		require.GreaterOrEqual(t, edtf.Day(0).Add(p), edtf.Day(0))
	})
}
