package answers_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections/readmodel"
)

func TestFields(t *testing.T) {
	f := answers.Fields{}
	require.NoError(t, f.Add("", []byte(`{"asOf":"2018","none":[],"empty":"","zero":0,"big":12345678901234567890,"themes":["a","b"],"recordedLater":[3],
		"seats":[{"party":{"id":"p"},"n":1},{"party":"p","n":2},{"key":"k","n":3},{"id":"","key":"l","n":null}]}`)))
	require.Equal(t, answers.Fields{
		"zero": "0", "big": "12345678901234567890", "themes[0]": `"a"`, "themes[1]": `"b"`, "seats[p].party.id": `"p"`, "seats[p].n": "1",
		"seats[p#2].party": `"p"`, "seats[p#2].n": "2", "seats[k].key": `"k"`, "seats[k].n": "3", "seats[l].key": `"l"`,
	}, f)
	require.Equal(t, []string{"a", "0", ""}, []string{f.Text("themes[0]"), f.Text("zero"), f.Text("empty")})
	require.Equal(t, []string{`"a"`, "null"}, []string{string(f.JSON("themes[0]")), string(f.JSON("empty"))})
	g := answers.Fields{"zero": "1", "other": "2"}
	require.Equal(t, []string{"other", "zero"}, g.Changed(answers.Fields{}))
	require.Contains(t, f.Changed(g), "zero")
	require.Error(t, f.Add("", []byte(`{"a":`)))
}

// A correction is told with what it changed, and why.
func TestDiff(t *testing.T) {
	s := newSmall(t)
	s.ask(t, func(d *answers.Desk) {
		changed, err := d.Diff(t.Context(), s.pact, on, answers.Span{From: readmodel.At{Events: 14}, To: readmodel.At{Events: 15}})
		require.NoError(t, err)
		require.Empty(t, changed, "the day of a signature before the last is no field")
		changed, err = d.Diff(t.Context(), s.pact, on, answers.Span{From: readmodel.At{Events: 10}})
		require.NoError(t, err)
		fields := map[string]answers.Change{}
		for _, c := range changed {
			fields[c.Field] = c
		}
		require.Equal(t, []string{"", "2018-05"}, []string{fields["inForceFrom"].FromText, fields["inForceFrom"].ToText})
		require.Equal(t, "memorandum.entry_determined", fields["inForceFrom"].By[0].Type)
		blamed, err := d.As(readmodel.At{Events: 10}).Blame(t.Context(), s.pact, on)
		require.NoError(t, err)
		for _, b := range blamed {
			require.NotEqual(t, "inForceFrom", b.Field, "it was not in force then")
			for _, e := range b.By {
				require.Less(t, e.Sequence, uint64(10), b.Field)
			}
		}
	})
}

func TestWrongSpan(t *testing.T) {
	s := newSmall(t)
	early, late := time.Unix(0, 0), time.Unix(1, 0)
	s.ask(t, func(d *answers.Desk) {
		code := func(err error) string {
			var e *es.Error
			require.ErrorAs(t, err, &e)
			require.ErrorIs(t, err, es.ErrInvalid)
			return e.Code
		}
		for name, one := range map[string]struct {
			span answers.Span
			code string
		}{
			"no_beginning":      {answers.Span{}, answers.CodeNoRange},
			"both_axes":         {answers.Span{From: readmodel.At{Events: 1, Known: early}}, answers.CodeNoRange},
			"two_axes":          {answers.Span{From: readmodel.At{Events: 1}, To: readmodel.At{Known: late}}, answers.CodeNoRange},
			"reversed":          {answers.Span{From: readmodel.At{Events: 7}, To: readmodel.At{Events: 5}}, answers.CodeBadRange},
			"reversed_instants": {answers.Span{From: readmodel.At{Recorded: late}, To: readmodel.At{Recorded: early}}, answers.CodeBadRange},
			"reversed_known":    {answers.Span{From: readmodel.At{Known: late}, To: readmodel.At{Known: early}}, answers.CodeBadRange},
		} {
			t.Run(name, func(t *testing.T) {
				_, err := d.Diff(t.Context(), s.pact, on, one.span)
				require.Equal(t, one.code, code(err))
				failed := 0
				for _, err := range d.DiffAll(on, one.span) {
					require.Equal(t, one.code, code(err))
					failed++
				}
				require.Equal(t, 1, failed)
			})
		}
		_, err := d.Diff(t.Context(), s.page, on, answers.Span{From: readmodel.At{Events: 1}})
		require.Equal(t, "answers.not_compared", code(err))
		_, err = d.Blame(t.Context(), s.page, on)
		require.Equal(t, "answers.not_compared", code(err))
		_, err = d.Fields(s.page, on)
		require.Equal(t, "answers.not_compared", code(err))
		_, err = d.Explain(t.Context(), s.page, memorandum.FieldEnd)
		require.Equal(t, "answers.not_explained", code(err))
	})
}
