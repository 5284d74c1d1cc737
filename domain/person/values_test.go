package person_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/person"
)

func TestFunction_HeldOn(t *testing.T) {
	for _, c := range []struct {
		from, until, on string
		want            edtf.Truth
	}{
		{"2014-06", "2019", "2014-05-31", edtf.No},
		{"2014-06", "2019", "2014-06", edtf.Maybe},
		{"2014-06", "2019", "2018-12-31", edtf.Yes},
		{"2014-06", "2019", "2019-03-01", edtf.Maybe},
		{"2014-06", "2019", "2019-12-31", edtf.No},
		{"2014-06", "", "2026-11-22", edtf.Yes},
		{"", "2019", "2018-12-31", edtf.Maybe},
		{"", "", "2019", edtf.Maybe},
	} {
		f := person.Function{From: edtf.MustParse(c.from), Until: edtf.MustParse(c.until)}
		require.Equal(t, c.want, f.HeldOn(edtf.MustParse(c.on)), "%+v", c)
	}
}
