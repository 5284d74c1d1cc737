package actionplan_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestPhases(t *testing.T) {
	h := after(drafted, submitted, provisional, approved, begun, completed)
	for date, phase := range map[string]string{
		"2018-05":         "",
		"2018":            "draft? submitted?",
		"2018-06":         "draft?",
		"2018-07":         "draft",
		"2018-09":         "draft",
		"2018-10-01":      "submitted",
		"2019-01/2019-02": "submitted provisionally_approved?",
		"2019-03":         "provisionally_approved",
		"2019-11-01":      "approved",
		"2019-12-31":      "approved",
		"2020-01-01":      "implementing",
		"2022-12-30":      "implementing",
		"2022-12-31":      "completed",
		"2022":            "implementing completed?",
	} {
		require.Equal(t, phase, h.phase(date), date)
	}
	require.Empty(t, h.findings())
	require.Equal(t, 1, h.state.Version())
	require.Equal(t, 1, h.state.InForce())
	t.Run("returned_and_submitted_again", func(t *testing.T) {
		again := actionplan.Submitted{Fact: on("2018-12-01")}
		h := after(drafted, submitted, again, returned, approved) // the return was found last
		require.Equal(t, "submitted", h.phase("2018-10-31"))
		require.Equal(t, "returned", h.phase("2018-11-30"))
		require.Equal(t, "submitted", h.phase("2018-12-01"))
		require.Equal(t, "approved", h.phase("2020"))
		require.Empty(t, h.findings())
	})
	t.Run("first_of_competing_submissions_stands", func(t *testing.T) {
		h := after(drafted, submitted, actionplan.Submitted{Fact: on("2018-09-01")})
		require.Equal(t, "draft", h.phase("2018-09-30"))
		require.Equal(t, "submitted", h.phase("2018-10-01"))
		require.Equal(t, []string{"competing"}, h.findings())
		h = after(drafted, submitted, actionplan.Submitted{Fact: on("2018-12-01")})
		require.Len(t, h.state.Phases(), 2)
		require.Equal(t, es.Revision(2), h.state.Phases()[1].By)
	})
	t.Run("approved_at_once", func(t *testing.T) {
		h := after(drafted, submitted, approved)
		require.Equal(t, "approved", h.phase("2020"))
		require.Empty(t, h.findings())
	})
	for _, e := range whole[:len(whole)-1] {
		t.Run("can_be_abandoned_after_any_step", func(t *testing.T) {
			upTo := slices.Clone(whole[:slices.IndexFunc(whole, func(o actionplan.Event) bool { return o.About() == e.About() })+1])
			require.Equal(t, actionplan.PhaseAbandoned, ended(after(append(upTo, actionplan.Abandoned{Fact: on("2023")})...)))
		})
	}
	t.Run("first_end_stands", func(t *testing.T) {
		h := after(drafted, submitted, approved, begun, abandoned, restate(completed, on("2022")))
		require.Equal(t, "abandoned", h.phase("2023"))
		require.Contains(t, h.findings(), "contradiction")
	})
	t.Run("announced_plan_has_a_title_and_no_phase", func(t *testing.T) {
		h := after(restate(drafted, as(terms.Announced, "")), restate(approved, as(terms.Announced, "2019")))
		require.Empty(t, h.state.Phases())
		require.Equal(t, "Urban action plan", h.state.Title().Value)
		require.Equal(t, []string{"announced"}, h.findings())
		require.Zero(t, h.state.InForce())
		require.Empty(t, h.state.Dues())
	})
	t.Run("voided_opening_is_nothing", func(t *testing.T) {
		h := after(slices.Concat(whole, events{voided(1)})...)
		require.Equal(t, answersOf(new(actionplan.State)), answersOf(&h.state))
		require.Nil(t, h.state.Findings())
		require.Nil(t, h.state.Dues())
	})
	t.Run("disputed_moves_nothing_until_ruled", func(t *testing.T) {
		h := after(drafted, submitted, approved).do(t, actionplan.Dispute(disputed(3)))
		require.Equal(t, "submitted", h.phase("2020"))
		h.do(t, actionplan.Rule(ruled(4, true)))
		require.Equal(t, "approved", h.phase("2020"))
		h.do(t, actionplan.Rule(ruled(4, false)))
		require.Equal(t, "submitted", h.phase("2020"))
	})
}

func ended(h *history) actionplan.Phase {
	spans := h.state.Phases()
	return spans[len(spans)-1].Phase
}

func TestVersions(t *testing.T) {
	resubmitted := actionplan.Submitted{Fact: on("2020-09-01")}
	reapproved := actionplan.Approved{Fact: on("2020-12-01"), By: ref(council)}
	h := after(drafted, submitted, approved, begun, second, resubmitted)
	require.Equal(t, "implementing", h.phase("2020-12-31"), "version 1 is in force")
	require.Equal(t, "draft of version 2", h.versionPhase(2, "2020-07"))
	require.Equal(t, "submitted of version 2", h.versionPhase(2, "2020-10"))
	require.Equal(t, "implementing", h.versionPhase(1, "2020-10"))
	require.Equal(t, 2, h.state.Version())
	require.Equal(t, 1, h.state.InForce())
	h.do(t, actionplan.Approve(reapproved))
	require.Equal(t, "implementing", h.phase("2020-11-30"))
	require.Equal(t, "implementing of version 2", h.phase("2020-12-01"))
	require.Equal(t, 2, h.state.InForce())
	require.Empty(t, h.findings())
	require.Empty(t, h.state.VersionPhases(0))
	require.Empty(t, h.state.VersionPhases(3))
	h.do(t, actionplan.Complete(completed))
	require.Equal(t, "completed of version 2", h.phase("2023"))
	t.Run("before_any_approval_the_next_version_is_the_plan", func(t *testing.T) {
		h := after(drafted, submitted, second, resubmitted)
		require.Equal(t, "submitted", h.phase("2020-05"))
		require.Equal(t, "draft of version 2", h.phase("2020-07"))
		require.Equal(t, "submitted of version 2", h.phase("2021"))
		h.do(t, actionplan.Abandon{Fact: on("2022")})
		require.Equal(t, "abandoned of version 2", h.phase("2023"))
	})
	t.Run("an_approval_found_late_is_of_the_version_that_its_date_says", func(t *testing.T) {
		h := after(drafted, submitted, second, resubmitted, approved)
		require.Equal(t, 1, h.state.InForce())
		require.Equal(t, "approved", h.phase("2021"))
	})
	t.Run("an_undated_approval_is_of_the_version_before_it", func(t *testing.T) {
		undated := actionplan.Approved{Fact: on(""), By: ref(council)}
		require.Equal(t, 2, after(drafted, submitted, second, undated).state.InForce())
		require.Equal(t, 1, after(drafted, submitted, undated, second).state.InForce())
	})
	t.Run("a_version_replaced_before_the_beginning_is_not_carried_out", func(t *testing.T) {
		h := after(drafted, submitted, approved, second, reapproved, actionplan.ImplementationBegun{Fact: on("2021-01-01")})
		require.Equal(t, "approved", h.versionPhase(1, "2022"))
		require.Equal(t, "approved of version 2", h.phase("2020-12-31"))
		require.Equal(t, "implementing of version 2", h.phase("2022"))
		require.Equal(t, day("2021-01-01"), h.state.Phases()[len(h.state.Phases())-1].From)
	})
	t.Run("vague_dates_leave_open_since_when", func(t *testing.T) {
		late := actionplan.ImplementationBegun{Fact: on("2020-11-15/2020-12-15")}
		h := after(drafted, submitted, approved, second, restate(reapproved, on("2020-12")), late)
		require.Equal(t, day("2020-12"), h.state.VersionPhases(2)[2].From)
		h = after(drafted, submitted, approved, second, restate(reapproved, on("2020-12-01/2020-12-10")), late)
		require.Equal(t, day("[2020-12-01..2020-12-15]"), h.state.VersionPhases(2)[2].From)
	})
	t.Run("carried_out_without_an_approval", func(t *testing.T) {
		h := after(drafted, begun)
		require.Equal(t, "implementing", h.phase("2020-01-01"))
		require.Equal(t, []string{"not_approved"}, h.findings())
	})
	t.Run("carried_out_without_an_approval_it_is_the_version_of_the_day", func(t *testing.T) {
		h := after(drafted, second, restate(begun, on("2021")))
		require.Equal(t, "draft", h.versionPhase(1, "2022"))
		require.Equal(t, "implementing of version 2", h.phase("2022"))
	})
	t.Run("of_competing_revisions_the_first_stands", func(t *testing.T) {
		h := after(drafted, submitted, approved, second, revised(2, "2021"))
		require.Equal(t, 2, h.state.Version())
		require.Equal(t, "draft of version 2", h.versionPhase(2, "2020-07"))
		require.Equal(t, []string{"competing"}, h.findings())
	})
	t.Run("a_voided_revision_takes_those_after_it_along", func(t *testing.T) {
		h := after(drafted, submitted, approved, second, revised(3, "2021"))
		require.Equal(t, 3, h.state.Version())
		require.Empty(t, h.findings())
		h.do(t, actionplan.Void(voided(4)))
		require.Equal(t, 1, h.state.Version())
		require.Equal(t, []string{"version_gap"}, h.findings())
	})
}

func TestCarriedOver(t *testing.T) {
	h := after(carriedOver)
	require.Empty(t, h.phase("2019-04"))
	require.Equal(t, "implementing of version 2", h.phase("2020"))
	require.Equal(t, 2, h.state.Version())
	require.Equal(t, 2, h.state.InForce())
	require.Equal(t, "ongoing", h.status("trees", "2021"))
	require.Equal(t, "completed", h.status("roofs", "2022"))
	require.Equal(t, "completed?", h.status("roofs", "2020"), "it was so by 2021")
	require.Empty(t, h.findings())
	h.do(t, actionplan.Revise(revised(3, "2022")), actionplan.Approve{Fact: on("2023"), By: ref(council)})
	require.Equal(t, "implementing of version 3", h.phase("2024"))
	in := func(p actionplan.Phase, more ...actionplan.Event) *history {
		c := carriedOver
		c.Phase, c.Since = p, edtf.Date{}
		return after(append(events{c}, more...)...)
	}
	for _, p := range actionplan.Phase("").Words() {
		h := in(actionplan.Phase(p))
		require.Equal(t, p+" of version 2", h.phase("2022"), "since is not known")
		require.Equal(t, p+" of version 2?", h.phase("2020"))
	}
	require.Equal(t, "submitted of version 2", in("returned", actionplan.Submitted{Fact: on("2022")}).phase("2023"))
	require.Equal(t, 2, in("completed").state.InForce())
	require.Equal(t, 0, in("abandoned").state.InForce())
	require.Equal(t, 0, in("submitted").state.InForce())
	require.Equal(t, []string{}, in("submitted", actionplan.Approved{Fact: on("2022"), By: ref(council)}).findings())
	require.Equal(t, []string{}, in("provisionally_approved", actionplan.Approved{Fact: on("2022"), By: ref(council), Definitive: true}).findings())
	require.Equal(t, []string{}, in("returned", actionplan.Approved{Fact: on("2022"), By: ref(council)}).findings())
	require.Equal(t, []string{"not_submitted"}, in("draft", actionplan.Approved{Fact: on("2022"), By: ref(council)}).findings())
}

func TestDescribe(t *testing.T) {
	h := after(drafted, titled, themed)
	require.Equal(t, actionplan.Description{
		Titles: []terms.Text{text("Urban action plan"), titled.Title}, Parties: drafted.Parties, Themes: themed.Themes, From: day("2019"), Until: day("2022"),
	}, h.state.Describe())
	roomy := drafted
	roomy.Titles = append(make([]terms.Text, 0, 2), drafted.Titles...)
	_ = after(roomy, titled).state.Describe()
	require.Empty(t, roomy.Titles[:2][1], "the event stays as it is")
	require.Equal(t, "Older plan", after(carriedOver).state.Title().Value)
	require.Zero(t, after().state.Title())
	require.Zero(t, after().state.Version())
}

// The page of the municipality of Ancona: an action plan of Ancona and Ikoma was
// the next step, and was definitively approved, nobody says by whom.
func TestAncona(t *testing.T) {
	announced := drafted
	announced.Fact, announced.From, announced.Until = as(terms.Announced, ""), edtf.Date{}, edtf.Date{}
	announced.Themes = []terms.Theme{"sustainable-economy", "sustainable-tourism"}
	h := after(announced)
	require.Empty(t, h.state.Phases())
	require.Equal(t, []string{"announced"}, h.findings())
	h.do(t, actionplan.Approve{Fact: on("2019-11"), Definitive: true})
	require.Equal(t, "approved?", h.phase("2019-11-15"))
	require.Equal(t, "approved", h.phase("2019-12"))
	require.Equal(t, []string{"announced", "not_submitted", "no_approver", "no_provisional"}, h.findings())
	require.Equal(t, terms.Finding{
		Code: "actionplan.no_provisional", Events: []es.Revision{2},
		Detail: "the approval of version 1 is called definitive and no provisional one is recorded",
	}, h.state.Findings()[3])
	require.Equal(t, announced.Themes, h.state.Describe().Themes)
	h.do(t, actionplan.ApproveProvisionally{Fact: on("2019?"), By: ref(council)})
	require.NotContains(t, h.findings(), "no_provisional")
}
