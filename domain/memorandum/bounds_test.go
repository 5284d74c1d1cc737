package memorandum_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/memorandum"
)

// within draws a day that a date may be, not before another.
func within(t *rapid.T, date edtf.Date, notBefore edtf.Day) (edtf.Date, bool) {
	lo := max(date.Earliest(), notBefore, edtf.DayOf(2012, 1, 1))
	hi := min(date.Latest(), edtf.DayOf(2026, 12, 31))
	if lo > hi {
		return edtf.Date{}, false
	}
	return edtf.OfDay(edtf.Day(rapid.Int32Range(int32(lo), int32(hi)).Draw(t, "day"))), true
}

func requireWithin(t require.TestingT, bounds, got edtf.Date) {
	require.LessOrEqual(t, bounds.Earliest(), got.Earliest())
	require.GreaterOrEqual(t, bounds.Latest(), got.Latest())
}

// join is a party's way in, and perhaps out.
type join struct {
	invited, signed, left edtf.Date
	leaves                bool
}

func joined(t *rapid.T, by agreed, all []join) *history {
	h := &history{}
	founders := parties{lviv, graz, bonn}
	require.NoError(t, h.try(memorandum.Draft(drafted(by, founders...))))
	for i, id := range append(founders, turku) {
		if id == turku {
			require.NoError(t, h.try(memorandum.Invite{Fact: on(all[i].invited.String()), Party: ref(id)}))
		}
		require.NoError(t, h.try(memorandum.Weigh{Fact: on("2010"), Party: id, Weight: 25}))
		require.NoError(t, h.try(memorandum.Sign{Fact: on(all[i].signed.String()), Party: ref(id)}))
	}
	for i, id := range append(founders, turku) {
		if all[i].leaves {
			require.NoError(t, h.try(memorandum.Withdraw{Fact: on(all[i].left.String()), Party: id}))
		}
	}
	return h
}

// What follows from partial dates holds for every choice of the days they may
// be: a yes and a no stay so, and the day lies within the bounds.
func TestLaw13_partial_dates_bound_what_follows_from_whole_days(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		by := agreed{Entry: anyEntry(t)}
		partial, exact := make([]join, 4), make([]join, 4)
		for i := range partial {
			p := join{anyDate.Draw(t, "invited"), anyDate.Draw(t, "signed"), anyDate.Draw(t, "left"), rapid.Bool().Draw(t, "leaves")}
			p.invited = day("2012-01-01")
			e := join{invited: p.invited, leaves: p.leaves}
			var ok, out bool
			if e.signed, ok = within(t, p.signed, 0); !ok {
				return
			}
			if e.left, out = within(t, p.left, e.signed.Earliest()+1); p.leaves && (!out || edtf.Before(p.left, p.signed) == edtf.Yes) {
				return
			}
			partial[i], exact[i] = p, e
		}
		perhaps, _ := joined(t, by, partial).state.Entry()
		is, _ := joined(t, by, exact).state.Entry()
		switch perhaps.Met {
		case edtf.Yes:
			require.Equal(t, edtf.Yes, is.Met)
			requireWithin(t, perhaps.From, is.From)
		case edtf.Maybe:
			if is.Met == edtf.Yes {
				requireWithin(t, perhaps.From, is.From)
			}
		case edtf.No:
			require.Equal(t, edtf.No, is.Met)
		}
		for _, f := range is.Parties {
			for _, g := range perhaps.Parties {
				if f.Party == g.Party && f.Round == g.Round {
					requireWithin(t, g.From, f.From)
				}
			}
		}
		for _, g := range perhaps.Parties { // certain, so there
			f := force(is, g)
			require.False(t, g.Met == edtf.Yes && f.Met != edtf.Yes, "%+v %+v", g, f)
		}
	})
}

func force(e memorandum.EntryDetermined, like memorandum.Force) memorandum.Force {
	for _, f := range e.Parties {
		if f.Party == like.Party && f.Round == like.Round {
			return f
		}
	}
	return memorandum.Force{}
}

func TestLaw14_partial_dates_bound_the_end_of_a_term(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		partial := [3]edtf.Date{anyDate.Draw(t, "signed"), anyDate.Draw(t, "until"), anyDate.Draw(t, "declined")}
		var exact [3]edtf.Date
		for i := range partial {
			var ok bool
			if exact[i], ok = within(t, partial[i], 0); !ok {
				return
			}
		}
		by := agreed{
			Duration: rapid.SampledFrom([]edtf.Period{period("P1Y"), period("P30D")}).Draw(t, "duration"),
			Renewal: memorandum.Renewal{
				Tacit: rapid.Bool().Draw(t, "tacit"), Every: period(rapid.SampledFrom([]string{"P1Y", "P1M", "P45D"}).Draw(t, "every")),
				Notice: anyPeriod.Draw(t, "notice"),
			},
		}
		last, declined := rapid.Bool().Draw(t, "last") && !partial[1].IsUnknown(), rapid.Bool().Draw(t, "declines")
		end := func(dates [3]edtf.Date) memorandum.EndDetermined {
			by := by
			if last {
				by.Until = dates[1]
			}
			h := &history{}
			require.NoError(t, h.try(memorandum.Draft(drafted(by, lviv, graz))))
			require.NoError(t, h.try(memorandum.Sign{Fact: on(dates[0].String()), Party: ref(lviv)}))
			_ = h.try(memorandum.Sign{Fact: on(dates[0].String()), Party: ref(graz)})
			if declined {
				require.NoError(t, h.try(memorandum.DeclineRenewal{Fact: on(dates[2].String()), Party: graz}))
			}
			e, _ := h.state.End()
			return e
		}
		perhaps, is := end(partial), end(exact)
		if perhaps.Cause != "" {
			require.Equal(t, perhaps.Cause, is.Cause)
			requireWithin(t, perhaps.On, is.On)
		}
	})
}
