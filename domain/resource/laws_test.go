package resource_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/resource"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestCorrection(t *testing.T) {
	for _, f := range facts[:plain] {
		base := events{registered, f.event}
		t.Run(f.name+"_and_back_is_as_never_corrected", func(t *testing.T) {
			there := play(t, base, correct(2, f.changed))
			require.Equal(t, look(registered, f.changed), look(there...))
			require.NotEqual(t, look(base...), look(there...))
			require.Equal(t, look(base...), look(play(t, there, correct(2, f.event))...))
			require.Equal(t, look(base...), look(play(t, there, void(3))...), "voiding the correction does the same")
		})
		t.Run(f.name+"_voided_is_as_never_recorded", func(t *testing.T) {
			require.NotEqual(t, look(registered), look(base...), "the fact shows nowhere")
			require.Equal(t, look(registered), look(play(t, base, void(2))...))
		})
		t.Run(f.name+"_disputed_moves_nothing_until_ruled", func(t *testing.T) {
			disputed := play(t, base, dispute(2))
			require.Contains(t, look(disputed...).Codes, "resource.in_dispute")
			require.Equal(t, unmoved(look(registered)), unmoved(look(disputed...)))
			require.Equal(t, look(base...), look(play(t, disputed, rule(3, true))...))
			require.Equal(t, look(registered), look(play(t, disputed, rule(3, false))...))
			require.Equal(t, look(base...), look(play(t, disputed, rule(3, false), rule(3, true))...), "the last ruling counts")
		})
		for _, s := range []terms.Status{terms.Announced, terms.Claimed, terms.Inferred, terms.Disputed} {
			t.Run(f.name+"_"+s.String()+"_moves_nothing", func(t *testing.T) {
				got := look(registered, refact(f.event, as(s, "2018")))
				require.Contains(t, got.Codes, "resource."+s.String())
				require.Equal(t, unmoved(look(registered)), unmoved(got))
			})
		}
	}
	t.Run("of_the_opening", func(t *testing.T) {
		mended := registered
		mended.Kind = "toolkit"
		got := look(play(t, events{registered, published}, correct(1, mended))...)
		require.Equal(t, mended.Description, got.Is)
		require.Equal(t, resource.PhasePublished, got.Phase)
	})
}

// unmoved leaves the findings out.
func unmoved(v view) view {
	v.Codes = nil
	return v
}

// history is what some commands, of which some fail, lead to.
type history struct {
	events events
	state  resource.State
}

func (h *history) at() es.Revision { return es.Revision(len(h.events)) }

// try decides a command that may fail.
func (h *history) try(c resource.Command) error {
	got, err := resource.Decider.Decide(c, h.state)
	for _, e := range got {
		h.events = append(h.events, e)
		h.state = resource.Decider.Evolve(h.state, h.at(), e)
	}
	return err
}

var dates = []string{"2016", "2017-02-01", "2018-03", "2018-04-10", "2018-04~", "2018-10-01/2018-10-07", "2019?", "", "", "2018-04-10T10:00+02:00"}

func anyFact(t *rapid.T, statuses ...terms.Status) terms.Fact {
	return as(rapid.SampledFrom(statuses).Draw(t, "status"), rapid.SampledFrom(dates).Draw(t, "date"))
}

// anyFactual is one of the facts as another command says it.
func anyFactual(t *rapid.T, fact terms.Fact) resource.Command {
	f := facts[rapid.IntRange(0, plain-1).Draw(t, "fact")]
	e := rapid.SampledFrom(events{f.event, f.changed}).Draw(t, "values")
	return command(refact(e, fact))
}

// command returns the command that leads to an event.
func command(e resource.Event) resource.Command {
	switch e := e.(type) {
	case resource.Titled:
		return resource.AddTitle(e)
	case resource.ThemesSet:
		return resource.SetThemes(e)
	case resource.OwnerNamed:
		return resource.NameOwner(e)
	case resource.Related:
		return resource.Relate(e)
	case resource.Proposed:
		return resource.Propose(e)
	case resource.Reviewed:
		return resource.Review(e)
	case resource.Published:
		return resource.Publish(e)
	case resource.CopyRecorded:
		return resource.RecordCopy(e)
	case resource.Retired:
		return resource.Retire(e)
	default:
		return nil
	}
}

// anyCommand is a fact, or something about an earlier event.
func anyCommand(t *rapid.T, h *history) resource.Command {
	of := es.Revision(rapid.IntRange(0, len(h.events)+1).Draw(t, "of"))
	fact := anyFact(t, 0, 0, 0, 0, terms.Announced, terms.Claimed)
	switch rapid.IntRange(0, 9).Draw(t, "command") {
	case 0:
		return void(of)
	case 1:
		return dispute(of)
	case 2:
		return rule(of, rapid.Bool().Draw(t, "stands"))
	case 3:
		if of > 0 && of <= h.at() {
			return correct(of, refact(h.events[of-1], fact))
		}
	}
	return anyFactual(t, fact)
}

func anyHistory(t *rapid.T, most int) *history {
	h := &history{}
	opening := registered
	opening.Fact = anyFact(t, terms.Recorded, terms.Announced)
	if rapid.Bool().Draw(t, "carried") {
		older := carried
		older.Phase = resource.Phase(rapid.SampledFrom(resource.Phase("").Words()).Draw(t, "phase"))
		require.NoError(t, h.try(resource.CarryOver(older)))
	} else {
		require.NoError(t, h.try(resource.Register(opening)))
	}
	for range rapid.IntRange(0, most).Draw(t, "length") {
		_ = h.try(anyCommand(t, h))
	}
	return h
}

func TestLaw1_other_than_recorded_facts_move_nothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, 12)
		before := unmoved(look(h.events...))
		_ = h.try(anyFactual(t, anyFact(t, terms.Announced, terms.Claimed, terms.Inferred, terms.Disputed)))
		require.Equal(t, before, unmoved(look(h.events...)))
	})
}

func TestLaw2_replaying_gives_the_live_state(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, 20)
		require.Equal(t, resource.Decider.Fold(h.events...), h.state)
	})
}

func TestLaw3_corrected_and_corrected_back_is_as_before(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, 12)
		before := look(h.events...)
		of := es.Revision(rapid.IntRange(1, len(h.events)).Draw(t, "of"))
		now, ok := h.state.Book().At(of)
		if !ok || h.try(correct(of, refact(now.Event, anyFact(t, terms.Recorded)))) != nil {
			return
		}
		if h.try(correct(of, now.Event)) != nil {
			return // a guard stands against what was recorded before there was one
		}
		require.Equal(t, before, look(h.events...))
	})
}

func TestLaw4_voided_is_as_never_recorded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, 12)
		before, at := look(h.events...), h.at()
		c := anyCommand(t, h)
		if h.try(c) != nil || h.at() == at || h.try(void(at+1)) != nil {
			return // it changed nothing, or is a voiding
		}
		require.Equal(t, before, look(h.events...), "%T", c)
	})
}

func TestLaw5_an_unknown_date_never_rejects(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, 20)
		if h.state.Exists() {
			require.NoError(t, h.try(anyFactual(t, terms.Fact{})))
		}
	})
}

func TestLaw6_the_same_fact_again_changes_nothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, 12)
		c := anyCommand(t, h)
		if h.try(c) != nil {
			return
		}
		at := h.at()
		require.NoError(t, h.try(c))
		require.Equal(t, at, h.at(), "%T", c)
	})
}
