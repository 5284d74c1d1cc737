package book_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
)

type span string // the date from which it is

func (s span) Begun(on edtf.Date) edtf.Truth { return edtf.MustParse(string(s)).HeldBy(on) }

func TestAsOf(t *testing.T) {
	spans := []span{"2010", "2012-05", "2015-01-01"}
	for on, want := range map[string]struct {
		certain span
		perhaps []span
	}{
		"2009":       {"", nil},
		"2010":       {"", []span{"2010"}},
		"2011":       {"2010", nil},
		"2012-05-17": {"2010", []span{"2012-05"}},
		"2012-06":    {"2012-05", nil},
		"2014/2016":  {"2012-05", []span{"2015-01-01"}},
		"":           {"", spans},
		"2020":       {"2015-01-01", nil},
	} {
		certain, perhaps := book.AsOf(spans, edtf.MustParse(on))
		require.Equal(t, want.certain, certain, on)
		require.Equal(t, want.perhaps, perhaps, on)
	}
}
