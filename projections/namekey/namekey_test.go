package namekey_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/projections/namekey"
)

func TestSame(t *testing.T) {
	for _, names := range [][]string{
		{"Città di Ancona", "CITTÀ DI ANCONA", "citta di ancona", "Citta\u0300  di\u00a0Ancona", " Città di Ancona "},
		{"Δήμος", "ΔΗΜΟΣ", "δημοσ", "δήμος"},
		{"Ιωάννινα", "ΙΩΑΝΝΙΝΑ"},
		{"Straße", "STRASSE"},
		{"Ｉｋｏｍａ", "Ikoma"},
		{"مُدُن", "مدن"},
		{"İzmir", "Izmir"},
		{"Łódź", "ŁÓDŹ"},
	} {
		for _, n := range names {
			require.Equal(t, namekey.Of(names[0]), namekey.Of(n), n)
		}
	}
}

func TestDifferent(t *testing.T) {
	for _, pair := range [][2]string{
		{"ハ", "バ"}, {"生駒市", "生駒"}, {"कि", "का"}, {"Ancona", "Ancon"}, {"New York", "Newyork"},
	} {
		require.NotEqual(t, namekey.Of(pair[0]), namekey.Of(pair[1]), pair)
	}
}

func FuzzOf(f *testing.F) {
	for _, s := range []string{"", "a", "Città", "Δήμος", "ẞ", "\xff", "ǰ", "a\u0345", "K\u200d", "ﷺ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key := namekey.Of(s)
		require.Equal(t, key, namekey.Of(key), "idempotent")
	})
}

func ExampleOf() {
	fmt.Println(namekey.Of("Δήμος  Ιωαννίνων") == namekey.Of("ΔΗΜΟΣ ΙΩΑΝΝΙΝΩΝ"))
	// Output: true
}
