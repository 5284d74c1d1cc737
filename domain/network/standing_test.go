package network_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestPhases(t *testing.T) {
	h := after(registered, founded, launched, dissolved)
	for date, want := range map[string]string{
		"2017": "", "2018-06": "registered? founded?", "2018": "registered? founded?", "2019-01": "founded", "2019-02/2019-03": "founded launched?",
		"2019-03-01": "launched", "2022-12-30": "launched", "2022-12-31": "dissolved", "2030": "dissolved",
		"": "registered? founded? launched? dissolved?",
	} {
		require.Equal(t, want, h.phase(date), date)
	}
	for name, c := range map[string]struct {
		given events
		want  string // in 2020
	}{
		"never_founded":     {events{registered, launched}, "launched"},
		"never_launched":    {events{registered, founded}, "founded"},
		"at_once_dissolved": {events{registered, network.Dissolved{Fact: on("2019")}}, "dissolved"},
		"launch_announced":  {events{registered, network.Launched{Fact: as(terms.Announced, "2019")}}, "registered"},
		"founding_disputed": {events{registered, founded, disputed(2)}, "registered"},
		"dispute_settled":   {events{registered, founded, disputed(2), ruled(3, true)}, "founded"},
		"set_aside":         {events{registered, founded, disputed(2), ruled(3, false)}, "registered"},
		"first_stands":      {events{registered, network.Launched{Fact: on("2021")}, launched}, "registered"},
		"corrected":         {events{registered, launched, corrected(2, network.Launched{Fact: on("2021")})}, "registered"},
		"voided":            {events{registered, launched, voided(2)}, "registered"},
		"founded_later":     {events{registered, launched, network.Founded{Fact: on("2019-06-01")}}, "launched"},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, after(c.given...).phase("2020")) })
	}
	t.Run("announced_only", func(t *testing.T) {
		announced := registered
		announced.Status = terms.Announced
		h := after(announced)
		require.Empty(t, h.state.Phases())
		require.Equal(t, "Cities Network for Integration", h.state.Title().Value)
	})
	t.Run("carried_over", func(t *testing.T) {
		h := after(carriedOver)
		require.Empty(t, h.phase("2018"))
		require.Equal(t, "launched", h.phase("2020"))
		h.do(t, network.Launch(launched), network.Dissolve(dissolved))
		require.Equal(t, []network.Phase{"launched", "dissolved"}, []network.Phase{h.state.Phases()[0].Phase, h.state.Phases()[1].Phase})
	})
	t.Run("carried_over_on_no_date", func(t *testing.T) {
		undated := carriedOver
		undated.Since = day("")
		require.Equal(t, "launched?", after(undated).phase("2019"))
		require.Equal(t, "launched", after(undated).phase("2020-12-31"))
	})
	t.Run("voided_opening_is_nothing", func(t *testing.T) {
		h := after(carriedOver, decision, counted, nominated, voided(1))
		s := &h.state
		require.Empty(t, s.Phases())
		require.Empty(t, s.Findings())
		require.Empty(t, s.Describe())
		require.Empty(t, s.Title())
		require.Empty(t, s.Bodies())
		require.Empty(t, s.Seats())
		require.Empty(t, s.Founders())
		require.Empty(t, s.Classes())
		require.Empty(t, s.Decisions())
		require.Empty(t, s.Numbers())
		require.Empty(t, s.Nominations())
		require.Empty(t, s.Dues())
	})
}

func TestDescribe(t *testing.T) {
	h := after(registered, founded, titled, purposed, prioritised, classed)
	require.Equal(t, network.Description{
		Titles: []terms.Text{registered.Titles[0], titled.Title}, Purpose: purposed.Purpose,
		Themes: prioritised.Themes, Priorities: prioritised.Priorities,
	}, h.state.Describe())
	require.Equal(t, refs(athens, thessaloniki), h.state.Founders())
	require.Equal(t, []network.Class{classed.Class}, h.state.Classes())
	require.Len(t, registered.Titles, 1, "a title added later stays out of the event")
	t.Run("themes_stay_unless_there_are_others", func(t *testing.T) {
		plain := prioritised
		plain.Themes = nil
		require.Equal(t, registered.Themes, after(registered, plain).state.Describe().Themes)
	})
	t.Run("carried_over", func(t *testing.T) {
		h := after(carriedOver, founded)
		require.Equal(t, "CNI", h.state.Title().Value)
		require.Equal(t, carriedOver.Founders, h.state.Founders())
		require.Equal(t, carriedOver.Classes, h.state.Classes())
	})
	t.Run("who_names_no_founders_hides_none", func(t *testing.T) {
		require.Equal(t, founded.Founders, after(registered, network.Founded{Fact: on("2018")}, founded).state.Founders())
	})
}

func TestSeated(t *testing.T) {
	termed, limited, watching := filled, established, fill(larissa, "2018-06-01")
	termed.Until, watching.Role = day("2019-12-31"), "observer"
	limited.Charter.Term.Years = 2
	twice := slicesOf(filled, vacate(athens, "2019-01-01"), fill(athens, "2020-01-01"))
	other := filled
	other.Source.Locator, other.Person = "page 2", somebody
	for name, c := range map[string]struct {
		given events
		want  map[string]string // who is seated, and how many count
	}{
		"until_further_notice": {events{filled}, map[string]string{
			"2018-05-31": " 0+0", "2018-05/2018-06": "athens? 0+1", "2018-06-01": "athens 1+0", "2030": "athens 1+0", "": "athens? 0+1",
		}},
		"vacated":               {events{filled, vacated}, map[string]string{"2020-05-31": "athens 1+0", "2020-05/2020-06": "athens? 0+1", "2020-06-01": " 0+0"}},
		"vacated_on_no_date":    {events{filled, vacate(athens, "")}, map[string]string{"2017": " 0+0", "2019": "athens? 0+1"}},
		"vacated_in_some_year":  {events{filled, vacate(athens, "2019")}, map[string]string{"2018-12-31": "athens 1+0", "2019-06": "athens? 0+1", "2020": " 0+0"}},
		"for_a_term":            {events{termed}, map[string]string{"2019-12-31": "athens 1+0", "2020-01-01": " 0+0"}},
		"vacated_early":         {events{termed, vacate(athens, "2019-06-01")}, map[string]string{"2019-05-31": "athens 1+0", "2019-06-01": " 0+0"}},
		"perhaps_vacated_early": {events{termed, vacate(athens, "")}, map[string]string{"2019": "athens? 0+1", "2020": " 0+0"}},
		"on_no_date":            {events{fill(athens, "")}, map[string]string{"2030": "athens? 0+1"}},
		"observer":              {events{watching}, map[string]string{"2019": "larissa 0+0"}},
		"announced":             {events{network.SeatFilled{Fact: as(terms.Announced, "2018"), Body: "board", Party: ref(athens), Role: "chair"}}, map[string]string{"2019": " 0+0"}},
		"body_dissolved":        {events{filled, unset}, map[string]string{"2020-12-31": "athens 1+0", "2021-01-01": " 0+0"}},
		"another_source_later":  {events{filled, vacated, other}, map[string]string{"2019": "athens 1+0", "2021": " 0+0"}},
		"another_source":        {events{filled, other}, map[string]string{"2019": "athens 1+0"}},
		"left_and_back":         {twice, map[string]string{"2018-12-31": "athens 1+0", "2019": " 0+0", "2020": "athens 1+0"}},
		"left_and_back_and_out": {append(twice[:3:3], vacate(athens, "2021-01-01")), map[string]string{"2018-12-31": "athens 1+0", "2020": "athens 1+0", "2021": " 0+0"}},
		"left_on_no_date_and_back": {
			events{filled, vacate(athens, ""), fill(athens, "2020-01-01")},
			map[string]string{"2017": " 0+0", "2019": "athens? 0+1", "2020": "athens? athens 1+0"},
		},
		"perhaps_two_seats_are_one_party": {events{fill(athens, ""), filled}, map[string]string{"2017": "athens? 0+1", "2019": "athens? athens 1+0"}},
		"earlier_end_first":               {events{filled, vacate(athens, "2022"), unset}, map[string]string{"2020-12-31": "athens 1+0", "2021-01-01": " 0+0"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := after(append(events{registered, established}, c.given...)...)
			for date, want := range c.want {
				require.Equal(t, want, h.seated(date)+" "+h.seats(date), date)
			}
		})
	}
	t.Run("for_the_term_of_the_body", func(t *testing.T) {
		h := after(registered, limited, filled, termed)
		s := h.state.Seats()[0]
		require.Equal(t, day("2020-06-01"), s.Until)
		require.Equal(t, es.Revision(3), s.EndedBy)
		require.Equal(t, day("2020-01-01"), h.state.Seats()[1].Until, "the term that is stated counts")
	})
	t.Run("term_of_an_announced_body", func(t *testing.T) {
		planned := limited
		planned.Status = terms.Announced
		require.Zero(t, after(registered, planned, filled).state.Seats()[0].EndedBy)
	})
	t.Run("carried_over", func(t *testing.T) {
		h := after(carriedOver)
		require.Equal(t, "athens larissa? 1+0", h.seated("2019")+" "+h.seats("2019"))
		require.Equal(t, "larissa 0+0", h.seated("2021-06-01")+" "+h.seats("2021-06-01"))
		require.Equal(t, network.SeatRole("chair"), h.state.Seats()[0].Role)
	})
	t.Run("seat_is_shown_with_what_is_said", func(t *testing.T) {
		manned := filled
		manned.Person = somebody
		require.Equal(t, []network.Seat{{
			Body: "board", Party: ref(athens), Person: somebody, Role: "member",
			Tenure: network.Tenure{From: day("2018-06-01"), Until: day("2020-06-01"), EndedBy: 4}, Said: network.Said{By: 3, Moves: true},
		}}, after(registered, established, manned, vacated).state.Seats())
	})
	t.Run("on_no_date_from_another_source", func(t *testing.T) {
		undated, elsewhere := fill(athens, ""), fill(athens, "")
		elsewhere.Source.Locator = "page 2"
		require.Len(t, after(registered, established, undated, elsewhere).state.Seats(), 1, "the same seat")
		again := after(registered, established, undated, vacated, elsewhere)
		require.Len(t, again.state.Seats(), 2, "another one, after the first was left")
		require.Equal(t, "athens?", again.seated("2021"))
	})
	t.Run("nomination_fills_no_seat", func(t *testing.T) {
		h := after(registered, established, nominated)
		require.Empty(t, h.state.Seats())
		require.Equal(t, []network.Nomination{{Body: "board", Party: ref(athens), Proposer: somebody, On: day("2018-05-15"), Said: network.Said{By: 3, Moves: true}}}, h.state.Nominations())
	})
}

func slicesOf(all ...network.Event) events { return all }

func TestBodies(t *testing.T) {
	planned := board("2017", capacity(9, "approximate"))
	planned.Status = terms.Announced
	h := after(registered, planned)
	require.Equal(t, []network.Body{{
		Key: "board", Charter: planned.Charter, Tenure: network.Tenure{From: day("2017")}, Said: network.Said{By: 2, Status: terms.Announced},
	}}, h.state.Bodies())
	h.do(t, network.EstablishBody(established), network.EstablishBody(board("2019", nil)), network.DissolveBody(unset))
	require.Equal(t, []network.Body{{
		Key: "board", Charter: established.Charter, Said: network.Said{By: 3, Moves: true},
		Tenure: network.Tenure{From: day("2018-05-01"), Until: day("2021-01-01"), EndedBy: 5},
	}}, h.state.Bodies(), "the first that moves state stands")
	h.do(t, network.Void(voided(3)), network.Void(voided(4)), network.Void(voided(2)))
	require.Empty(t, h.state.Bodies(), "a dissolution alone makes no body")
}

func TestInOffice(t *testing.T) {
	h := after(registered, designated, replaced)
	for date, want := range map[string]string{
		"2018": "isd?", "2018-12-31": "isd", "2019": "isd? iom?", "2020": "iom", "2022": "iom",
	} {
		require.Equal(t, want, h.office(date), date)
	}
	require.Equal(t, "isd", after(registered, designated).office("2021-12-31"))
	require.Empty(t, after(registered, designated).office("2022-01-01"))
	require.Empty(t, after(registered, designated, left).office("2020-01-01"))
	require.Equal(t, network.Office("host"), h.state.Secretariats()[0].Office)
	require.Equal(t, "isd", after(carriedOver).office("2022-12-31"))
	require.Empty(t, after(carriedOver).office("2023"))
	announced := designated
	announced.Status = terms.Announced
	h = after(registered, announced)
	require.Equal(t, terms.Announced, h.state.Secretariats()[0].Status)
	require.False(t, h.state.Secretariats()[0].Moves)
}

func TestSupported(t *testing.T) {
	funds := support(iom, "2019")
	funds.Kind = "funder"
	h := after(registered, supported, funds, support(unhcr, ""))
	require.Equal(t, "iom iom unhcr?", h.supporters("2020"))
	h.do(t, network.EndSupporter(unsupported))
	require.Equal(t, "iom iom unhcr?", h.supporters("2020-06-30"))
	require.Equal(t, "unhcr?", h.supporters("2020-07-01"), "it no longer supports in any way")
	h.do(t, network.AddSupporter(support(iom, "2022")))
	require.Equal(t, "unhcr? iom", h.supporters("2023"))
	require.Equal(t, network.SupportKind("funder"), h.state.Supporters()[1].Kind)
	require.Equal(t, "iom", after(carriedOver).supporters("2021"))
}

func TestJoining(t *testing.T) {
	open := func(h *history, date string) string {
		var answer []string
		for _, o := range h.state.Open() {
			if o.Moves {
				answer = append(answer, o.To.Value+" "+o.Held(day(date)).String())
			}
		}
		return strings.Join(answer, ", ")
	}
	endless := network.OpenedToJoin{Fact: on("2019-01-01"), To: text("regions")}
	h := after(registered, opened, endless)
	require.Equal(t, "other municipalities no, regions no", open(h, "2018"))
	require.Equal(t, "other municipalities yes, regions yes", open(h, "2019-06-30"))
	require.Equal(t, "other municipalities no, regions yes", open(h, "2019-07-01"))
	h.do(t, network.CloseToJoin(shut))
	require.Equal(t, "other municipalities no, regions no", open(h, "2019-05-01"))
	h.do(t, network.OpenToJoin{Fact: on("2021"), To: text("all")})
	require.Equal(t, "other municipalities no, regions no, all yes", open(h, "2022"))
	h.do(t, network.Dissolve(dissolved))
	require.Equal(t, "other municipalities no, regions no, all no", open(h, "2023"))
	t.Run("opened_closed_and_opened_again_on_no_date", func(t *testing.T) {
		undated, closed := network.OpenToJoin{}, network.CloseToJoin{}
		h := after(registered).do(t, undated, closed, undated)
		require.Len(t, h.state.Open(), 2)
		require.NoError(t, h.try(undated))
		require.Len(t, h.state.Open(), 2, "said already")
		require.NotZero(t, h.state.Open()[0].EndedBy)
		require.Zero(t, h.state.Open()[1].EndedBy)
	})
}

func TestNumbers(t *testing.T) {
	all, backers, ours := counted, counted, counted
	all.Body, all.Number = "", 1
	backers.Body, backers.What = "", "supporters"
	ours.Body, ours.What = "", "members"
	h := after(slicesOf(registered, established, filled, supported, counted, all, backers, ours)...)
	var named, unnamed []int
	for _, n := range h.state.Numbers() {
		named, unnamed = append(named, n.Named), append(unnamed, n.Unnamed())
	}
	require.Equal(t, []int{1, 1, 1, 0}, named)
	require.Equal(t, []int{4, 0, 4, 0}, unnamed)
}

func TestDecisions(t *testing.T) {
	announced := decision
	announced.Fact = as(terms.Announced, "2020")
	require.Equal(t, []network.Decision{
		{Recorded: decision, Said: network.Said{By: 2, Moves: true}},
		{Recorded: announced, Said: network.Said{By: 3, Status: terms.Announced}},
	}, after(registered, decision, announced).state.Decisions())
}

func TestDues(t *testing.T) {
	termed, forever := filled, fill(larissa, "2018-06-01")
	termed.Until, forever.Until = day("2019-12-31"), day("9999-12-31")
	h := after(registered, board("2018", capacity(3, "exact")), termed, forever, designated, opened, network.OpenedToJoin{Fact: on("2020")})
	want := []terms.Due{
		{Kind: terms.Effect, Rule: "network.seat_term", Of: 3, Key: "board/" + string(athens), On: day("2020-01-01"), By: athens, What: text("Steering committee")},
		{Kind: terms.Effect, Rule: "network.secretariat_term", Of: 5, Key: string(isd), On: day("2022-01-01"), By: isd},
		{Kind: terms.Deadline, Rule: "network.join_deadline", Of: 6, On: day("2019-06-30"), What: opened.To},
	}
	require.Equal(t, want, h.state.Dues())
	h.do(t, network.VacateSeat(vacate(athens, "2019")), network.EndSecretariat(left), network.CloseToJoin(shut))
	want[0].Settled, want[1].Settled, want[2].Settled = 8, 9, 10
	require.Equal(t, want, h.state.Dues())
	t.Run("what_came_later_settles_nothing", func(t *testing.T) {
		h := after(registered, established, termed, unset)
		require.Zero(t, h.state.Dues()[0].Settled)
	})
	t.Run("body_dissolved", func(t *testing.T) {
		h := after(registered, established, termed, network.BodyDissolved{Fact: on("2019"), Body: "board"})
		require.Equal(t, es.Revision(4), h.state.Dues()[0].Settled)
	})
	t.Run("announced_falls_due_for_nobody", func(t *testing.T) {
		planned := termed
		planned.Status = terms.Announced
		require.Empty(t, after(registered, established, planned).state.Dues())
	})
	t.Run("carried_over", func(t *testing.T) {
		var keys []string
		for _, d := range after(carriedOver).state.Dues() {
			require.Equal(t, es.Revision(1), d.Of)
			keys = append(keys, d.Key+" "+d.On.String())
		}
		require.Equal(t, []string{"board/" + string(athens) + " 2021-06-01", string(isd) + " 2023-01-01"}, keys)
	})
	t.Run("mark", func(t *testing.T) {
		h := after(base...).do(t, network.MarkDue(due))
		before := h.seated("2022") + h.office("2022")
		require.NoError(t, h.try(network.MarkDue(due)))
		require.Equal(t, before, h.seated("2022")+h.office("2022"))
		h.do(t, network.EndSecretariat(left))
		require.ErrorIs(t, after(h.events[:len(h.events)-2]...).do(t, network.EndSecretariat(left)).try(network.MarkDue(due)), code("network.not_due"))
		early := due
		early.On, early.Occurred = day("2021"), day("2021")
		require.ErrorIs(t, after(base...).try(network.MarkDue(early)), code("network.not_due"))
	})
}
