package actionplan_test

import (
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/es"
)

func TestQuantity(t *testing.T) {
	for _, text := range []string{"", "0", "1", "-1", "12.5", "0.000001", "-0.5", "999999999999999.999999"} {
		var q actionplan.Quantity
		require.NoError(t, q.UnmarshalText([]byte(text)), text)
		require.Equal(t, text, string(q))
	}
	for _, text := range []string{
		"-0", "00", "01", "1.", ".5", "1.0", "1.50", "0.0", "1e3", "1E3", "+1", " 1", "1,5", "0x1", "NaN", "-", "--1",
		"1000000000000000", "0.0000001", "١", "1\n",
	} {
		var q actionplan.Quantity
		require.ErrorIs(t, q.UnmarshalText([]byte(text)), es.Invalid("actionplan.bad_quantity", "", ""), text)
	}
	for _, c := range []struct {
		a, b actionplan.Quantity
		want int
	}{
		{"1", "1", 0},
		{"1", "2", -1},
		{"10", "9", 1},
		{"0.1", "0.09", 1},
		{"-1", "-2", 1},
		{"-0.000001", "0", -1},
		{"999999999999999.999999", "999999999999999.999998", 1},
	} {
		require.Equal(t, c.want, c.a.Compare(c.b), "%s and %s", c.a, c.b)
		require.Equal(t, -c.want, c.b.Compare(c.a))
	}
}

var anyQuantity = rapid.Map(rapid.StringMatching(`(-?[1-9][0-9]{0,14}(\.[0-9]{0,5}[1-9])?|0|-?0\.[0-9]{0,5}[1-9])`), func(s string) actionplan.Quantity { return actionplan.Quantity(s) })

func TestQuantityLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyQuantity.Draw(t, "a"), anyQuantity.Draw(t, "b")
		require.NoError(t, new(actionplan.Quantity).UnmarshalText([]byte(a)))
		require.Equal(t, rational(a).Cmp(rational(b)), a.Compare(b))
		require.Equal(t, a == b, a.Compare(b) == 0, "equal quantities have equal texts")
	})
}

func rational(q actionplan.Quantity) *big.Rat {
	r, _ := new(big.Rat).SetString(string(q))
	return r
}

func FuzzQuantity(f *testing.F) {
	for _, seed := range []string{"", "0", "-0", "12.5", "1e9", "999999999999999.999999", "0.10", "-", "1."} {
		f.Add(seed, "1")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		var p, q actionplan.Quantity
		if p.UnmarshalText([]byte(a)) != nil || q.UnmarshalText([]byte(b)) != nil || a == "" || b == "" {
			return
		}
		require.Equal(t, a, string(p))
		require.LessOrEqual(t, len(strings.Trim(a, "-.")), 22)
		require.Equal(t, rational(p).Cmp(rational(q)), p.Compare(q))
		require.Equal(t, a == b, p.Compare(q) == 0)
	})
}
