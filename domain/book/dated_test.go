package book_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
)

func TestFollows(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b at
		want bool
	}{
		{"later", at{3, "2019"}, at{2, "2018"}, true},
		{"later_recorded_earlier", at{2, "2019"}, at{3, "2018"}, true},
		{"earlier", at{2, "2018"}, at{3, "2019"}, false},
		{"earlier_recorded_later", at{3, "2018"}, at{2, "2019"}, false},
		{"perhaps_later_recorded_later", at{3, "2019"}, at{2, "2019-05"}, true},
		{"perhaps_later_recorded_earlier", at{2, "2019"}, at{3, "2019-05"}, false},
		{"unknown_recorded_later", at{3, ""}, at{2, "2019"}, true},
		{"unknown_recorded_earlier", at{2, ""}, at{3, "2019"}, false},
		{"on_one_day_recorded_later", at{3, "2019-05-01"}, at{2, "2019-05-01"}, true},
		{"itself", at{2, "2019"}, at{2, "2019"}, false},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, book.Follows(c.a, c.b)) })
	}
}

func TestOne(t *testing.T) {
	require.Equal(t, at{2, "2019"}, book.One([]at{{2, "2019"}, {3, "2018"}}))
	require.Zero(t, book.One[at](nil))
}

func TestByThen(t *testing.T) {
	for _, c := range []struct{ date, then, want string }{
		{"2018", "2020", "2018"},
		{"2021", "2020", "2021"},
		{"", "2020", "[..2020-12-31]"},
		{"", "2020-05-01", "[..2020-05-01]"},
		{"", "2020/..", ""},
		{"", "", ""},
	} {
		require.Equal(t, c.want, book.ByThen(edtf.MustParse(c.date), edtf.MustParse(c.then)).String(), c)
	}
}

func TestBegun(t *testing.T) {
	for _, c := range []struct {
		from, on     string
		sure, doubts edtf.Truth
	}{
		{"2019", "2020", edtf.Yes, edtf.Maybe},
		{"2019", "2019-05", edtf.Maybe, edtf.Maybe},
		{"2019", "2018", edtf.No, edtf.No},
	} {
		from, on := edtf.MustParse(c.from), edtf.MustParse(c.on)
		require.Equal(t, c.sure, book.Begun(from, false, on), c)
		require.Equal(t, c.doubts, book.Begun(from, true, on), c)
	}
}
