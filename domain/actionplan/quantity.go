package actionplan

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"

	"github.com/entente-ledger/entente/domain/es"
)

// Quantity is a decimal number held exactly, as it is written: "-1200.5". It has
// up to 15 digits before the point and 6 behind it, no exponent, and no zero
// that could be left out, so that equal quantities have equal texts. Empty, it
// is not known.
type Quantity string

// quantityDecimals is how many digits may stand behind the point.
const quantityDecimals = 6

var quantitySyntax = regexp.MustCompile(`^(-?(0|[1-9][0-9]{0,14})(\.[0-9]{0,5}[1-9])?)?$`)

// UnmarshalText accepts a quantity, or nothing.
func (q *Quantity) UnmarshalText(text []byte) error {
	*q = Quantity(text)
	return q.check("")
}

func (q Quantity) check(field string) error {
	if !quantitySyntax.MatchString(string(q)) || q == "-0" {
		return es.Invalid("actionplan.bad_quantity", fmt.Sprintf("%.40q is not a quantity", string(q)),
			"digits, at most 15 before the point and 6 behind it, without needless zeros, such as -1200.5").At(field)
	}
	return nil
}

// Compare returns -1, 0 or 1 as q is less than, equal to or greater than o.
// Neither is empty.
func (q Quantity) Compare(o Quantity) int { return q.millionths().Cmp(o.millionths()) }

// millionths is q as an integer; up to 21 digits do not fit into 64 bits.
func (q Quantity) millionths() *big.Int {
	whole, decimals, _ := strings.Cut(string(q), ".")
	n, _ := new(big.Int).SetString(whole+decimals+strings.Repeat("0", quantityDecimals-len(decimals)), 10)
	return n
}

// maxPermille bounds what [permille] returns on both sides.
const maxPermille = 1_000_000

// permille is how much of the way from one quantity to another a third has gone,
// in thousandths toward zero, so that 1000 is never short of the goal; within a
// million on both sides. There is no way between equals, or if one is not known.
func permille(from, to, value Quantity) (thousandths int, known bool) {
	if from == "" || to == "" || value == "" || from == to {
		return 0, false
	}
	start := from.millionths()
	gone := new(big.Int).Sub(value.millionths(), start)
	way := new(big.Int).Sub(to.millionths(), start)
	gone.Mul(gone, big.NewInt(1000)).Quo(gone, way)
	if !gone.IsInt64() {
		return maxPermille * gone.Sign(), true
	}
	return int(min(max(gone.Int64(), -maxPermille), maxPermille)), true
}
