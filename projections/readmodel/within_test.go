package readmodel_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/readmodel"
)

func TestWithin(t *testing.T) {
	year := edtf.MustParse("2019")
	w := readmodel.Within{From: year.Earliest(), To: year.Latest()}
	for date, want := range map[string]edtf.Truth{
		"2018-12-31": edtf.No, "2019-01-01": edtf.Yes, "2019-12-31": edtf.Yes, "2020-01-01": edtf.No, "2019": edtf.Yes,
		"2018-12-31/2019-01-01": edtf.Maybe, "2019-12-31/2020-01-01": edtf.Maybe, "": edtf.Maybe, "2010/..": edtf.Maybe, "../2018": edtf.No, "2020/..": edtf.No,
	} {
		require.Equal(t, want, w.Is(edtf.MustParse(date), false), date)
		require.Equal(t, min(want, edtf.Maybe), w.Is(edtf.MustParse(date), true), "%s, in doubt", date)
	}
	w.From = w.To + 1
	require.ErrorIs(t, w.Check(), es.ErrInvalid)
}
