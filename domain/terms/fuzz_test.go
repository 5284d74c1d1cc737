package terms_test

import (
	"encoding"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// fuzz checks that a type never panics, says why it refuses, and keeps what it
// accepts as it was written.
func fuzz[T ~string, P interface {
	*T
	encoding.TextUnmarshaler
}](f *testing.F, seeds ...string) {
	f.Helper()
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var v T
		if err := P(&v).UnmarshalText([]byte(text)); err != nil {
			require.ErrorIs(t, err, es.ErrInvalid)
			return
		}
		require.Equal(t, text, string(v))
		require.LessOrEqual(t, len(text), es.MaxNameBytes)
		var again T
		require.NoError(t, P(&again).UnmarshalText([]byte(v)))
		require.Equal(t, v, again)
	})
}

func FuzzRef(f *testing.F) {
	fuzz[terms.Ref](f, "", aParty, aParty+"@7", aParty+"@18446744073709551615", "@1", "party-"+anID+"@01")
}

func FuzzTheme(f *testing.F) {
	fuzz[terms.Theme](f, "sdg:13.2", "sdg:17.a", "social-inclusion", "sdg:18", "-")
}

func FuzzLang(f *testing.F) {
	fuzz[terms.Lang](f, "", "el", "ja-Latn", "zh-Hant-TW", "de-1996", "en-u-co-phonebk", "x-private", "i-klingon", "sr-Latn-RS-t-und")
}

func FuzzCurrency(f *testing.F) {
	fuzz[terms.Currency](f, "EUR", "eur", "XXX", "")
}
