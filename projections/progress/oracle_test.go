package progress_test

import (
	"errors"
	"math/big"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/progress"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// TestOracle checks the bitemporal rows against a naive replay: whatever is
// asked for, a plan is as the prefix of its stream says when it is folded.
func TestOracle(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d, plans := drawn(rt)
		dir, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(rt, err)
		views(rt, dir, d.store, func(conn *sqlite.Conn) {
			for range 5 {
				d.compare(conn, plans, d.At(len(d.store.Records())), d.date())
			}
		})
	})
}

// drawn returns what was recorded at random of two plans.
func drawn(rt *rapid.T) (d drawing, plans []string) {
	d = drawing{rt, nil, map[string]es.Revision{}}
	d.clerk = newClerk(rt, d.choose)
	plans = []string{d.record(rt, "", d.opening()), d.record(rt, "", d.opening())}
	for range rapid.IntRange(10, 60).Draw(rt, "steps") {
		if d.choose(4) == 0 {
			require.NoError(rt, d.Step()) // time goes on
		}
		stream := pick(d, plans...)
		res, err := try(d.clerk, actionplan.Commands, stream, d.command(stream))
		if err == nil {
			d.revisions[stream] = res.Revision
			continue
		}
		require.True(rt, errors.Is(err, es.ErrRejected) || errors.Is(err, es.ErrInvalid), "%v", err)
	}
	return d, plans
}

// drawing draws what is recorded of plans, and what is asked.
type drawing struct {
	t *rapid.T
	*clerk
	revisions map[string]es.Revision
}

func (d drawing) choose(n int) int { return rapid.IntRange(0, n-1).Draw(d.t, "choice") }

func pick[T any](d drawing, all ...T) T { return all[d.choose(len(all))] }

func (d drawing) date() edtf.Date {
	return day(pick(d, "", "2018", "2018-10-03", "2019-06-15", "2019-06-01/2019-06-30", "2019~", "2020-02-10", "2020-06-30", "2021",
		"2022-01-01", "2021/..", "../2018", "2018-10-03T09:00+02:00", "2018-10-03T08:00+02:00"))
}

func (d drawing) fact() terms.Fact {
	f := terms.Fact{Occurred: d.date()}
	if d.choose(8) == 0 {
		f.Status = pick(d, terms.Announced, terms.Claimed)
	}
	return f
}

func (d drawing) opening() actionplan.Command {
	f, until := d.fact(), day(pick(d, "", "2022-12-31", "2021"))
	if d.choose(3) > 0 {
		return actionplan.Draft{
			Fact: f, Titles: []terms.Text{text("Plan")}, Parties: []terms.PartyRef{ref(d.ancona), {ID: d.ikoma, As: "生駒市"}}[d.choose(2):],
			Themes: []terms.Theme{"sdg:11"}[:d.choose(2)], From: d.date(), Until: until,
		}
	}
	a := actionplan.CarriedAction{Action: actionplan.Action{Key: "a", Title: text("A")}, Status: actionplan.ActionOngoing, Since: d.date()}
	return actionplan.CarryOver{
		Fact: f, Titles: []terms.Text{text("Older plan")}, Parties: []terms.PartyRef{ref(d.ancona)}, Version: 1 + d.choose(2), Until: until,
		Phase: actionplan.Phase(pick(d, actionplan.Phase("").Words()...)), Since: d.date(), Actions: []actionplan.CarriedAction{a},
	}
}

func (d drawing) key() actionplan.Key { return pick(d, actionplan.Key("a"), "b") }

func (d drawing) command(stream string) actionplan.Command {
	f, key := d.fact(), d.key()
	switch d.choose(6) {
	case 0:
		return pick[actionplan.Command](d, actionplan.Submit{Fact: f}, actionplan.Return{Fact: f}, actionplan.ApproveProvisionally{Fact: f},
			actionplan.Approve{Fact: f}, actionplan.BeginImplementation{Fact: f}, actionplan.Complete{Fact: f}, actionplan.Abandon{Fact: f},
			actionplan.Revise{Fact: f, Version: 2 + d.choose(2)}, actionplan.AddTitle{Fact: f, Title: text("More")},
			actionplan.Reclassify{Reclassified: book.Reclassified{Fact: f, Visibility: es.Restricted, Reason: "asked"}})
	case 1:
		owner := pick(d, ref(d.ancona), terms.PartyRef{ID: d.ikoma, As: "生駒市"}, terms.PartyRef{})
		return pick[actionplan.Command](d,
			actionplan.AddAction{Fact: f, Action: actionplan.Action{Key: key, Title: text("A"), Owner: owner, Unit: owner, Start: d.date(), End: d.date()}},
			actionplan.SetActionStatus{Fact: f, Action: key, Status: actionplan.ActionStatus(pick(d, actionplan.ActionStatus("").Words()...)), Note: text("n")})
	case 2:
		return pick[actionplan.Command](d, actionplan.ReachMilestone{Fact: f, Milestone: key},
			actionplan.SetMilestone{Fact: f, Milestone: actionplan.Milestone{Key: key, Title: text("M"), Action: pick(d, "", key), Due: d.date()}},
			actionplan.MoveMilestone{Fact: f, Milestone: key, Due: day("2021-03-31")},
			actionplan.SetBudgetLine{Fact: f, Line: actionplan.Line{Key: key, Title: text("L"), Action: pick(d, "", key), Amount: euros(100)}},
			actionplan.CommitFunding{Fact: f, Commitment: actionplan.Commitment{
				Key: d.key(), By: ref(d.ikoma), Line: pick(d, "", key), Amount: pick(d, euros(70), terms.Money{Minor: 9, Currency: "JPY"}),
			}})
	case 3:
		value := pick(d, actionplan.Quantity("-3.25"), "0", "10", "99.999999")
		reading := actionplan.TakeReading{Fact: f, Indicator: key, Value: value}
		return pick[actionplan.Command](d, reading, reading, reading, actionplan.SetIndicator{Fact: f, Indicator: actionplan.Indicator{
			Key: key, Title: text("I"), Unit: "t", Baseline: pick(d, actionplan.Quantity(""), "0"), Target: pick(d, value, "", "100"),
			By: d.date(), Direction: actionplan.Direction(pick(d, actionplan.Direction("").Words()...)),
		}})
	case 4:
		due := day(pick(d, "2019-04-01", "2020-04-01"))
		return pick[actionplan.Command](d, actionplan.SetReportDue{Fact: f, Report: actionplan.Report{
			Key: key, Due: day("2019-04-01"), Every: pick(d, edtf.Period{}, edtf.Period{Years: 1}),
		}}, actionplan.SubmitReport{Fact: f, Report: key, Due: due}, actionplan.ExtendReport{Fact: f, Report: key, Due: due, To: day("2020-07")})
	}
	return d.amendment(stream)
}

func (d drawing) amendment(stream string) actionplan.Command {
	f, of := on("2022"), 1+es.Revision(d.choose(1+int(d.revisions[stream])))
	return pick[actionplan.Command](d,
		actionplan.Void{Voided: book.Voided{Fact: f, Of: of, Reason: "never happened"}},
		actionplan.Dispute{Disputed: book.Disputed{Fact: f, Of: of, Grounds: "says otherwise"}},
		actionplan.Rule{Ruled: book.Ruled{Fact: f, Of: of, Stands: d.choose(2) == 0, Reason: "looked into"}},
		actionplan.Correct{Corrected: book.Corrected[actionplan.Event]{Fact: f, Of: of, Reason: "misread", As: pick[actionplan.Event](d,
			actionplan.ReadingTaken{Fact: d.fact(), Indicator: d.key(), Value: "42"}, actionplan.Approved{Fact: d.fact()},
			actionplan.ActionStatusSet{Fact: d.fact(), Action: d.key(), Status: actionplan.ActionOngoing})}})
}

// compare compares all plans, and the lists under every filter, with the oracle.
func (d drawing) compare(conn *sqlite.Conn, plans []string, at readmodel.At, on edtf.Date) {
	asked, on := on, edtf.Between(on.Earliest(), on.Latest())
	var all []progress.Plan
	for _, stream := range plans {
		recs, err := projectiontest.Prefix(d.store.Records(), stream, at)
		require.NoError(d.t, err)
		got, err := progress.Get(conn, stream, at, asked)
		if len(recs) == 0 {
			require.ErrorIs(d.t, err, es.ErrNotFound)
			continue
		}
		require.NoError(d.t, err)
		s, err := projectiontest.Fold(actionplan.Decider, recs)
		require.NoError(d.t, err)
		last, err := es.DecodeMeta(recs[len(recs)-1].Meta)
		require.NoError(d.t, err)
		want := expected(stream, &s, last.Visibility, on)
		require.Equal(d.t, want, got)
		if want.Exists {
			want.Actions, want.Milestones, want.Indicators, want.Lines, want.Reports = nil, nil, nil, nil, nil
			all = append(all, want)
		}
	}
	list := func(f progress.Filter, wanted func(p progress.Plan) bool) {
		f.At, f.On, f.Limit = at, asked, 1
		var got, want []progress.Plan
		for {
			page, next, err := progress.List(conn, f)
			require.NoError(d.t, err)
			got = append(got, page...)
			require.LessOrEqual(d.t, len(got), len(plans), "each once")
			if f.After = next; next == "" {
				break
			}
		}
		for _, p := range all {
			if wanted(p) {
				want = append(want, p)
			}
		}
		require.ElementsMatch(d.t, want, got)
	}
	list(progress.Filter{}, func(progress.Plan) bool { return true })
	for _, id := range []terms.PartyID{d.ancona, d.ikoma} {
		list(progress.Filter{Party: id}, func(p progress.Plan) bool {
			return slices.ContainsFunc(p.Parties, func(r terms.PartyRef) bool { return r.ID == id })
		})
	}
	for _, word := range actionplan.Phase("").Words() {
		list(progress.Filter{Phase: actionplan.Phase(word)}, func(p progress.Plan) bool { return string(p.Phase.Certain.Phase) == word })
	}
}

// expected is what there is to say of a plan in state s.
func expected(stream string, s *actionplan.State, visibility terms.Visibility, on edtf.Date) progress.Plan {
	p := progress.Plan{
		Stream: stream, Exists: s.Exists(), Description: s.Describe(), Version: s.Version(), InForce: s.InForce(), Visibility: visibility,
	}
	p.Titles, p.Parties, p.Themes = append([]terms.Text{}, p.Titles...), append([]terms.PartyRef{}, p.Parties...), append([]terms.Theme{}, p.Themes...)
	p.Phase.Certain, p.Phase.Perhaps = actionplan.AsOf(s.Phases(), on)
	for _, a := range s.Actions() {
		one := progress.Action{Action: a.Action}
		one.Themes = append([]terms.Theme{}, a.Themes...)
		one.Certain, one.Perhaps = book.AsOf(a.Statuses, on)
		p.Actions = append(p.Actions, one)
	}
	for _, m := range s.Milestones() {
		one := progress.Milestone{Milestone: m.Milestone, ReachedOn: m.ReachedOn, By: m.Reached}
		one.Due = m.On
		if m.Reached != 0 {
			one.Reached = m.ReachedOn.HeldBy(on)
		}
		p.Milestones = append(p.Milestones, one)
	}
	for _, i := range s.Indicators() {
		one := progress.Indicator{Indicator: i.Indicator}
		var certain []actionplan.Reading
		for _, r := range i.Readings {
			switch taken := r.On.HeldBy(on); taken {
			case edtf.Yes:
				certain = append(certain, r)
				fallthrough
			case edtf.Maybe:
				one.Readings = append(one.Readings, progress.Reading{Reading: r, Taken: taken})
			case edtf.No:
			}
		}
		one.Progress = way(i.Indicator, certain)
		p.Indicators = append(p.Indicators, one)
	}
	for _, l := range s.Budget().Lines {
		p.Lines = append(p.Lines, progress.Line{Line: l.Line, Funded: l.Funded})
	}
	p.Reports = reports(s, on)
	return p
}

// way is the progress by readings, worked out from the definition with exact
// fractions.
func way(i actionplan.Indicator, all []actionplan.Reading) actionplan.Progress {
	p := actionplan.Progress{Reached: edtf.Maybe}
	var last []actionplan.Reading
	for _, r := range all {
		if !slices.ContainsFunc(all, func(o actionplan.Reading) bool { return r.On.Latest() < o.On.Earliest() }) {
			last = append(last, r)
		}
	}
	met, values := map[edtf.Truth]bool{}, map[actionplan.Quantity]bool{}
	for _, r := range last {
		p.By, values[r.Value] = r.By, true
		if i.Target != "" {
			order := rat(r.Value).Cmp(rat(i.Target))
			met[truth(order == 0 || order > 0 && i.Direction == actionplan.Increase || order < 0 && i.Direction == actionplan.Decrease)] = true
		}
	}
	if len(met) == 1 {
		p.Reached = truth(met[edtf.Yes])
	}
	if len(values) != 1 {
		return p
	}
	p.Value = last[0].Value
	if i.Baseline == "" || i.Target == "" || i.Baseline == i.Target {
		return p
	}
	from := rat(i.Baseline)
	part := new(big.Rat).Quo(new(big.Rat).Sub(rat(p.Value), from), new(big.Rat).Sub(rat(i.Target), from))
	part.Mul(part, big.NewRat(1000, 1))
	p.Permille, p.Known = int(new(big.Int).Quo(part.Num(), part.Denom()).Int64()), true
	return p
}

func rat(q actionplan.Quantity) *big.Rat {
	r, _ := new(big.Rat).SetString(string(q))
	return r
}

func truth(is bool) edtf.Truth {
	if is {
		return edtf.Yes
	}
	return edtf.No
}

// reports are those of a plan, of which some are not owed any more after its
// end: all if it was abandoned, all but the next one if it was completed.
func reports(s *actionplan.State, on edtf.Date) (all []progress.Report) {
	var end actionplan.Span
	for _, span := range s.Phases() {
		if span.Phase == actionplan.PhaseCompleted || span.Phase == actionplan.PhaseAbandoned {
			end = span
		}
	}
	for _, r := range s.Reports() {
		for n, o := range r.Occurrences {
			one := progress.Report{Key: r.Key, Due: o.Due, On: o.On, By: o.Submitted, DoneOn: o.SubmittedOn, Open: edtf.Yes}
			over := end.Phase == actionplan.PhaseAbandoned ||
				end.Phase == actionplan.PhaseCompleted && n > 0 && edtf.Before(end.From, r.Occurrences[n-1].Due) == edtf.Yes
			if o.Submitted == 0 && over {
				one.By, one.DoneOn, one.Dropped = end.By, end.From, true
			}
			if one.By != 0 {
				one.Open = one.DoneOn.HeldBy(on).Not()
			}
			one.Overdue = min(one.Open, edtf.Before(o.On, on))
			all = append(all, one)
		}
	}
	return all
}
