package actionplan_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestEveryCommand(t *testing.T) {
	t.Run("is_in_the_table", func(t *testing.T) {
		have := map[reflect.Type]bool{reflect.TypeFor[actionplan.Draft](): true, reflect.TypeFor[actionplan.CarryOver](): true}
		for _, f := range facts {
			have[reflect.TypeOf(f.command)] = true
		}
		for _, d := range actionplan.Commands.Definitions() {
			require.True(t, have[d.Type], "%s has no case here", d.Name)
		}
	})
	for _, f := range facts {
		estest.Run(t, actionplan.Decider, cases{
			{Name: f.name + "_of_nothing", When: f.command, Err: es.ErrNotFound},
			{Name: f.name + "_of_what_is_void", Given: events{drafted, voided(1)}, When: f.command, Err: code("actionplan.void")},
		})
		name, _, data, err := actionplan.Commands.Encode(f.command)
		require.NoError(t, err)
		t.Run(name+"_survives_json", func(t *testing.T) {
			got, err := actionplan.Commands.Parse(name, data)
			require.NoError(t, err)
			again, _, twice, err := actionplan.Commands.Encode(got)
			require.NoError(t, err)
			require.Equal(t, name, again)
			require.Equal(t, string(data), string(twice))
		})
	}
	t.Run("members_of_a_part_stand_beside_the_fact", func(t *testing.T) {
		got, err := actionplan.Commands.Parse("actionplan.set_indicator", []byte(`{"key":"stock","title":{"value":"Trees"},"target":"12.5","by":"2020","direction":"increase"}`))
		require.NoError(t, err)
		require.Equal(t, actionplan.SetIndicator{Indicator: actionplan.Indicator{
			Key: "stock", Title: terms.Text{Value: "Trees"}, Target: "12.5", By: day("2020"), Direction: actionplan.Increase,
		}}, got)
		for _, wrong := range []string{`{"key":"A B"}`, `{"direction":"up"}`, `{"target":"1e3"}`} {
			_, err = actionplan.Commands.Parse("actionplan.set_indicator", []byte(wrong))
			require.ErrorIs(t, err, es.ErrInvalid, wrong)
		}
		_, err = actionplan.Commands.Parse("actionplan.carry_over", []byte(`{"phase":"running"}`))
		require.ErrorIs(t, err, code("terms.bad_word"))
		_, err = actionplan.Commands.Parse("actionplan.set_action_status", []byte(`{"status":"done"}`))
		require.ErrorIs(t, err, code("terms.bad_word"))
	})
}

func TestOpen(t *testing.T) {
	draft := func(change func(*actionplan.Drafted)) actionplan.Draft {
		d := drafted
		change(&d)
		return actionplan.Draft(d)
	}
	carry := func(change func(*actionplan.CarriedOver)) actionplan.CarryOver {
		c := carriedOver
		c.Actions = slices.Clone(c.Actions)
		change(&c)
		return actionplan.CarryOver(c)
	}
	under := drafted
	under.Under = "network-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55@7"
	estest.Run(t, actionplan.Decider, cases{
		{Name: "draft", When: actionplan.Draft(drafted), Then: events{drafted}},
		{Name: "draft_under_a_network", When: actionplan.Draft(under), Then: events{under}},
		{Name: "carry_over", When: actionplan.CarryOver(carriedOver), Then: events{carriedOver}},
		{Name: "draft_twice", Given: events{drafted}, When: actionplan.Draft(drafted), Err: code("actionplan.exists")},
		{Name: "draft_after_a_voiding", Given: events{drafted, voided(1)}, When: actionplan.Draft(drafted), Err: code("actionplan.exists")},
		{Name: "untitled", When: draft(func(d *actionplan.Drafted) { d.Titles = nil }), Err: code("terms.missing")},
		{Name: "nobodys", When: draft(func(d *actionplan.Drafted) { d.Parties = nil }), Err: code("terms.missing")},
		{Name: "of_a_nameless_party", When: draft(func(d *actionplan.Drafted) { d.Parties = []terms.PartyRef{ref(""), ref(ikoma)} }), Err: code("terms.missing")},
		{Name: "of_one_party_twice", When: draft(func(d *actionplan.Drafted) { d.Parties = []terms.PartyRef{ref(ikoma), ref(ikoma)} }), Err: code("actionplan.party_twice")},
		{Name: "under_a_grant", When: draft(func(d *actionplan.Drafted) { d.Under = "grant-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55" }), Err: code("terms.wrong_ref")},
		{Name: "carried_over_without_a_phase", When: carry(func(c *actionplan.CarriedOver) { c.Phase = "" }), Err: code("terms.missing")},
		{Name: "carried_over_nobodys", When: carry(func(c *actionplan.CarriedOver) { c.Parties = nil }), Err: code("terms.missing")},
		{Name: "carried_over_version_0", When: carry(func(c *actionplan.CarriedOver) { c.Version = 0 }), Err: code("actionplan.bad_version")},
		{Name: "carried_over_version_too_high", When: carry(func(c *actionplan.CarriedOver) { c.Version = 1001 }), Err: code("actionplan.bad_version")},
		{Name: "carried_over_action_without_a_key", When: carry(func(c *actionplan.CarriedOver) { c.Actions[0].Key = "" }), Err: code("terms.missing")},
		{Name: "carried_over_action_without_a_title", When: carry(func(c *actionplan.CarriedOver) { c.Actions[1].Title.Value = "" }), Err: code("terms.bad_text")},
		{Name: "carried_over_action_without_a_status", When: carry(func(c *actionplan.CarriedOver) { c.Actions[1].Status = "" }), Err: code("terms.missing")},
		{Name: "carried_over_action_twice", When: carry(func(c *actionplan.CarriedOver) { c.Actions[1].Key = "trees" }), Err: code("actionplan.action_twice")},
	})
}

func TestRecord(t *testing.T) {
	for _, f := range facts[:plainFacts] {
		estest.Run(t, actionplan.Decider, cases{
			{Name: f.name, Given: base, When: f.command, Then: events{f.event}},
			{Name: f.name + "_again", Given: slices.Concat(base, events{f.event}), When: f.command},
		})
	}
	long := terms.Text{Value: " padded"}
	measure := func(change func(*actionplan.Indicator)) actionplan.SetIndicator {
		i := indicator
		i.Key = "other"
		change(&i.Indicator)
		return actionplan.SetIndicator(i)
	}
	pay := func(key actionplan.Key, by partyID, m terms.Money, grant terms.Ref) actionplan.CommitFunding {
		return actionplan.CommitFunding{Commitment: actionplan.Commitment{Key: key, By: ref(by), Amount: m, Grant: grant}}
	}
	cost := func(m terms.Money) actionplan.SetBudgetLine {
		return actionplan.SetBudgetLine{Line: actionplan.Line{Key: "k", Title: text("T"), Amount: m}}
	}
	award := pay("f9", fund, euros(1), "grant-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55@3")
	missing, badText := code("terms.missing"), code("terms.bad_text")
	all := cases{
		{Name: "title_is_empty", When: actionplan.AddTitle{}, Err: badText},
		{Name: "no_theme", When: actionplan.SetThemes{}, Err: missing},
		{Name: "reason_of_a_return_is_padded", When: actionplan.Return{Reason: " x"}, Err: badText},
		{Name: "reason_of_an_end_is_padded", When: actionplan.Abandon{Reason: " x"}, Err: badText},
		{Name: "reason_of_a_revision_is_padded", When: actionplan.Revise{Version: 2, Reason: " x"}, Err: badText},
		{Name: "revision_of_nothing", When: actionplan.Revise{Version: 1}, Err: code("actionplan.bad_version")},
		{Name: "action_without_a_key", When: actionplan.AddAction{Action: actionplan.Action{Title: text("T")}}, Err: missing},
		{Name: "action_without_a_title", When: actionplan.AddAction{Action: actionplan.Action{Key: "k"}}, Err: badText},
		{Name: "status_of_no_action", When: actionplan.SetActionStatus{Status: "ongoing"}, Err: missing},
		{Name: "no_status", When: actionplan.SetActionStatus{Action: "trees"}, Err: missing},
		{Name: "note_is_padded", When: actionplan.SetActionStatus{Action: "trees", Status: "ongoing", Note: long}, Err: badText},
		{Name: "milestone_without_a_key", When: actionplan.SetMilestone{Milestone: actionplan.Milestone{Title: text("T")}}, Err: missing},
		{Name: "milestone_without_a_title", When: actionplan.SetMilestone{Milestone: actionplan.Milestone{Key: "k"}}, Err: badText},
		{Name: "no_milestone_reached", When: actionplan.ReachMilestone{}, Err: missing},
		{Name: "no_milestone_moved", When: actionplan.MoveMilestone{Due: day("2020")}, Err: missing},
		{Name: "milestone_moved_nowhere", When: actionplan.MoveMilestone{Milestone: "first"}, Err: missing},
		{Name: "reason_of_a_move_is_padded", When: actionplan.MoveMilestone{Milestone: "first", Due: day("2020"), Reason: " x"}, Err: badText},
		{Name: "indicator_without_a_key", When: measure(func(i *actionplan.Indicator) { i.Key = "" }), Err: missing},
		{Name: "indicator_without_a_title", When: measure(func(i *actionplan.Indicator) { i.Title = terms.Text{} }), Err: badText},
		{Name: "unit_is_padded", When: measure(func(i *actionplan.Indicator) { i.Unit = " t" }), Err: badText},
		{Name: "no_direction", When: measure(func(i *actionplan.Indicator) { i.Direction = "" }), Err: missing},
		{Name: "baseline_is_no_quantity", When: measure(func(i *actionplan.Indicator) { i.Baseline = "1.0" }), Err: code("actionplan.bad_quantity")},
		{Name: "target_is_no_quantity", When: measure(func(i *actionplan.Indicator) { i.Target = "01" }), Err: code("actionplan.bad_quantity")},
		{Name: "reading_without_a_value", When: actionplan.TakeReading{Indicator: "stock"}, Err: missing},
		{Name: "reading_of_nothing", When: actionplan.TakeReading{Value: "1"}, Err: missing},
		{Name: "reading_is_no_quantity", When: actionplan.TakeReading{Indicator: "stock", Value: "x"}, Err: code("actionplan.bad_quantity")},
		{Name: "line_without_a_key", When: actionplan.SetBudgetLine{Line: actionplan.Line{Title: text("T"), Amount: euros(1)}}, Err: missing},
		{Name: "line_without_a_title", When: actionplan.SetBudgetLine{Line: actionplan.Line{Key: "k", Amount: euros(1)}}, Err: badText},
		{Name: "line_without_a_currency", When: cost(terms.Money{Minor: 1}), Err: missing},
		{Name: "line_of_nothing", When: cost(euros(0)), Err: code("actionplan.bad_amount")},
		{Name: "line_of_too_much", When: cost(euros(1_000_000_000_000_001)), Err: code("actionplan.bad_amount")},
		{Name: "funding_without_a_key", When: pay("", fund, euros(1), ""), Err: missing},
		{Name: "nobodys_funding", When: pay("k", "", euros(1), ""), Err: missing},
		{Name: "negative_funding", When: pay("k", fund, euros(-1), ""), Err: code("actionplan.bad_amount")},
		{Name: "funding_from_a_memorandum", When: pay("k", fund, euros(1), "memorandum-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"), Err: code("terms.wrong_ref")},
		{Name: "funding_from_an_award", When: award, Then: events{actionplan.FundingCommitted(award)}},
		{Name: "report_without_a_key", When: actionplan.SetReportDue{Report: actionplan.Report{Due: day("2020")}}, Err: missing},
		{Name: "report_without_a_day", When: actionplan.SetReportDue{Report: actionplan.Report{Key: "k"}}, Err: missing},
		{Name: "no_report_submitted", When: actionplan.SubmitReport{}, Err: missing},
		{Name: "no_report_extended", When: actionplan.ExtendReport{Due: day("2020"), To: day("2021")}, Err: missing},
		{Name: "extension_of_no_day", When: actionplan.ExtendReport{Report: "annual", To: day("2021")}, Err: missing},
		{Name: "extension_to_no_day", When: actionplan.ExtendReport{Report: "annual", Due: day("2020")}, Err: missing},
		{Name: "reclassified_without_reason", When: actionplan.Reclassify{}, Err: badText},
	}
	for i := range all {
		all[i].Given = base
	}
	estest.Run(t, actionplan.Decider, all)
}
