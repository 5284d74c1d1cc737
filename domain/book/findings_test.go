package book_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// at is a fact of a revision, from a date on.
type at struct {
	revision es.Revision
	date     string
}

func (a at) When() (es.Revision, edtf.Date) { return a.revision, edtf.MustParse(a.date) }

// found are the findings that look makes in an aggregate of which there are no
// others.
func found(look func(f *book.Finds)) []terms.Finding {
	f := book.NewFinds("made", bookOf())
	look(f)
	return f.All
}

func TestFinds(t *testing.T) {
	f := book.NewFinds("made", bookOf(stated{Value: 1}))
	events := []es.Revision{3, 1, 3, 2}
	f.Add("odd", "it is odd", events...)
	require.Equal(t, []terms.Finding{
		{Code: "made.unsourced", Events: []es.Revision{1}, Detail: "the fact names no source"},
		{Code: "made.odd", Events: []es.Revision{1, 2, 3}, Detail: "it is odd"},
	}, f.All)
	require.Equal(t, []es.Revision{3, 1, 3, 2}, events, "they are the caller's")
}

func TestVague(t *testing.T) {
	for date, want := range map[string]*terms.Finding{
		"2019-05-01": nil,
		"2019":       nil,
		"2018/2019":  nil,
		"":           {Code: "made.undated", Detail: "nothing is known of the date"},
		"2019/..":    {Code: "made.open_date", Detail: "the date 2019/.. is bounded on one side only"},
		"../2019":    {Code: "made.open_date", Detail: "the date ../2019 is bounded on one side only"},
		"2019~/..":   {Code: "made.open_date", Detail: "the date 2019~/.. is bounded on one side only"},
		"2019-05?":   {Code: "made.uncertain_date", Detail: "the date 2019-05? is uncertain or approximate"},
		"2019~":      {Code: "made.uncertain_date", Detail: "the date 2019~ is uncertain or approximate"},
	} {
		var all []terms.Finding
		if want != nil {
			want.Events = []es.Revision{4}
			all = append(all, *want)
		}
		require.Equal(t, all, found(func(f *book.Finds) { f.Vague(edtf.MustParse(date), 4) }), date)
	}
}

func TestInOrder(t *testing.T) {
	contradiction := []terms.Finding{{Code: "made.contradiction", Events: []es.Revision{2, 3}, Detail: "ended before it began: 2018 before 2019"}}
	for _, c := range []struct {
		name        string
		first, then at
		want        []terms.Finding
	}{
		{"in_order", at{2, "2018"}, at{3, "2019"}, nil},
		{"recorded_in_another_order", at{3, "2018"}, at{2, "2019"}, nil},
		{"on_one_day", at{2, "2019-01-01"}, at{3, "2019-01-01"}, nil},
		{"out_of_order", at{2, "2019"}, at{3, "2018"}, contradiction},
		{"out_of_order_and_recorded_so", at{3, "2019"}, at{2, "2018"}, contradiction},
		{"undecidable", at{2, "2019-05"}, at{3, "2019"}, []terms.Finding{
			{Code: "made.undecidable", Events: []es.Revision{2, 3}, Detail: "perhaps ended before it began: 2019 and 2019-05"},
		}},
		{"first_unknown", at{2, ""}, at{3, "2019"}, nil},
		{"then_unknown", at{2, "2019"}, at{3, ""}, nil},
		{"first_not_there", at{0, "2019"}, at{3, "2018"}, nil},
		{"then_not_there", at{2, "2019"}, at{0, "2018"}, nil},
		{"of_one_event", at{2, "2019"}, at{2, "2018"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, found(func(f *book.Finds) { f.InOrder("ended before it began", c.first, c.then) }))
		})
	}
	require.Equal(t, []terms.Finding{{Code: "made.contradiction", Events: []es.Revision{2}, Detail: "ended before it began: 2018 before 2019"}},
		found(func(f *book.Finds) {
			f.Order("ended before it began", edtf.MustParse("2019"), edtf.MustParse("2018"), 2)
		}), "what one event says of two dates can be out of order")
}

func TestCompeting(t *testing.T) {
	competing := func(all ...at) []terms.Finding {
		return found(func(f *book.Finds) { book.Competing(f, "the end", all) })
	}
	said := func(a, b es.Revision) terms.Finding {
		return terms.Finding{Code: "made.competing", Events: []es.Revision{a, b}, Detail: "the end is asserted with different dates; the first stands"}
	}
	require.Empty(t, competing())
	require.Empty(t, competing(at{2, "2019"}))
	require.Empty(t, competing(at{2, "2019"}, at{3, "2019"}))
	require.Equal(t, []terms.Finding{said(2, 4), said(2, 5)}, competing(at{2, "2019"}, at{3, "2019"}, at{4, "2019-05"}, at{5, ""}))
	require.Equal(t, []terms.Finding{said(2, 3)}, competing(at{2, ""}, at{3, "2019"}))
}
