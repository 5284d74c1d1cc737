package network_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestFindings(t *testing.T) {
	unsourced, others, fewer, watching := launched, founded, counted, fill(larissa, "2018-06-01")
	unsourced.Source, others.Founders, fewer.Number, watching.Role = terms.Citation{}, refs(athens), 1, "observer"
	greek, wider, planned := established, board("2018-05-01", capacity(9, "exact")), board("2018", capacity(1, "exact"))
	greek.Charter.Title, planned.Status = terms.Text{Lang: "el", Value: "Επιτροπή"}, terms.Announced
	termed, backers, both := filled, counted, supported
	termed.Until, backers.Body, backers.What, both.Kind = day("2017"), "", "supporters", "funder"
	perhaps, loose := counted, counted
	one := backers
	one.Number = 1
	perhaps.Status, loose.Number, loose.Qualifier = terms.Claimed, 1, "at_least"
	reseated := fill(athens, "2018-06-01")
	reseated.Source.Locator = "page 2"
	small := board("2018-05-01", capacity(1, "exact"))
	about := board("2018-05-01", capacity(1, "approximate"))
	second := fill(larissa, "2018-06-01")
	named := slicesOf(registered, established, filled, second)
	for name, c := range map[string]struct {
		given events
		want  []string
	}{
		"nothing":        {events{registered, network.Founded{Fact: on("2018-01-31"), Founders: refs(athens)}, launched, established, designated, filled, supported, decision, vacated, left, unsupported, unset, dissolved}, nil},
		"no_source":      {events{registered, unsourced}, []string{"unsourced"}},
		"undated":        {events{registered, support(iom, "")}, []string{"undated"}},
		"on_open_date":   {events{registered, support(iom, "2018/..")}, []string{"open_date"}},
		"uncertain_date": {events{registered, support(iom, "2018~")}, []string{"uncertain_date"}},
		"announced":      {events{registered, network.Launched{Fact: as(terms.Announced, "2019")}}, []string{"announced"}},

		"launched_before_it_was_founded":      {events{registered, founded, network.Launched{Fact: on("2017")}}, []string{"contradiction"}},
		"perhaps_launched_before":             {events{registered, founded, network.Launched{Fact: on("2018-06")}}, []string{"undecidable"}},
		"dissolved_before_it_was_founded":     {events{registered, founded, network.Dissolved{Fact: on("2017")}}, []string{"contradiction"}},
		"dissolved_before_what_was_done":      {events{registered, launched, network.Dissolved{Fact: on("2018-12-31")}}, []string{"contradiction"}},
		"vacated_after_the_end":               {events{registered, established, filled, network.Dissolved{Fact: on("2019")}, vacated}, nil},
		"body_dissolved_before_it_was":        {events{registered, established, network.BodyDissolved{Fact: on("2017"), Body: "board"}}, []string{"contradiction"}},
		"filled_before_there_was_a_body":      {events{registered, established, fill(athens, "2017")}, []string{"contradiction"}},
		"filled_after_there_was_a_body":       {events{registered, established, unset, fill(athens, "2022")}, []string{"contradiction"}},
		"vacated_before_it_was_filled":        {events{registered, established, filled, vacate(athens, "2018-05-15")}, []string{"contradiction"}},
		"perhaps_vacated_before":              {events{registered, established, filled, vacate(athens, "2018")}, []string{"undecidable"}},
		"term_over_before_it_began":           {events{registered, established, termed}, []string{"contradiction"}},
		"left_office_before":                  {events{registered, designated, leave(isd, "2018-05-01")}, []string{"contradiction"}},
		"support_ended_before":                {events{registered, supported, network.SupporterEnded{Fact: on("2017"), Party: ref(iom)}}, []string{"contradiction"}},
		"support_ended_of_nobody":             {events{registered, unsupported}, []string{"no_support"}},
		"closed_before_it_was_open":           {events{registered, opened, network.ClosedToJoin{Fact: on("2018")}}, []string{"contradiction"}},
		"carried_over_and_founded_later":      {events{carriedOver, network.Founded{Fact: on("2019-06-01")}}, nil},
		"carried_over_founded_after_a_launch": {events{foundedByRegister(), network.Launched{Fact: on("2018")}}, []string{"contradiction"}},

		"launches_compete":          {events{registered, launched, network.Launched{Fact: on("2019-04-01")}}, []string{"competing"}},
		"founders_compete":          {events{registered, founded, others}, []string{"competing"}},
		"founders_in_another_order": {events{registered, founded, network.Founded{Fact: on("2018"), Founders: refs(thessaloniki, athens)}}, nil},
		"dissolutions_compete":      {events{registered, dissolved, network.Dissolved{Fact: on("2023")}}, []string{"competing"}},
		"capacities_compete":        {events{registered, established, wider}, []string{"competing"}},
		"dates_of_a_body_compete":   {events{registered, established, board("2018-06-01", capacity(2, "exact"))}, []string{"competing"}},
		"ends_of_a_body_compete":    {events{registered, established, unset, network.BodyDissolved{Fact: on("2022"), Body: "board"}}, []string{"competing"}},
		"body_in_another_language":  {events{registered, established, greek}, nil},
		"capacity_in_one_source":    {events{registered, established, board("2018-05-01", nil)}, []string{"competing"}},
		"vacations_compete":         {events{registered, established, filled, vacated, vacate(athens, "2020-01-01")}, []string{"competing"}},
		"vacated_in_two_sources":    {events{registered, established, filled, vacated, network.SeatVacated{Fact: on("2020-06-01"), Body: "board", Party: ref(athens), Reason: "x"}}, nil},
		"supports_compete":          {events{registered, supported, support(iom, "2019-01-01")}, []string{"competing"}},
		"two_kinds_of_support":      {events{registered, supported, both}, nil},
		"perhaps_the_same_support":  {events{registered, support(iom, ""), supported}, []string{"undated"}},

		"seat_in_two_sources":         {events{registered, established, filled, reseated}, nil},
		"perhaps_two_seats":           {events{registered, established, fill(athens, ""), filled}, []string{"undated", "undecidable"}},
		"perhaps_two_secretariats":    {events{registered, designate(isd, ""), designate(iom, "2018-06-01")}, []string{"undated", "undecidable"}},
		"replaced_in_some_year":       {events{registered, designated, replaced}, nil},
		"replaced_and_recorded_anew":  {events{registered, designated, replaced, voided(2), designate(isd, "2018-06-02")}, nil},
		"two_secretariats_by_voiding": {events{registered, designated, left, designate(iom, "2020-01-01"), voided(3)}, []string{"in_office"}},
		"two_seats_by_voiding":        {events{registered, established, filled, vacated, fill(athens, "2021-01-01"), voided(4)}, []string{"seated"}},
		"nobody_left_since_voided":    {events{registered, established, filled, vacated, voided(3)}, []string{"not_seated"}},
		"nobody_in_office_since":      {events{registered, designated, left, voided(2)}, []string{"not_in_office"}},
		"body_voided":                 {events{registered, established, filled, voided(2)}, []string{"no_body"}},
		"body_only_announced":         {events{registered, planned, filled}, []string{"announced", "body_not_established"}},
		"over_an_announced_capacity":  {append(slicesOf(registered, planned), named[2:]...), []string{"announced", "body_not_established", "over_capacity"}},
		"over_an_exact_capacity":      {append(slicesOf(registered, small), named[2:]...), []string{"no_seat"}},
		"over_an_approximate_one":     {append(slicesOf(registered, about), named[2:]...), []string{"over_capacity"}},
		"perhaps_over_capacity":       {events{registered, small, filled, fill(larissa, "")}, []string{"undated", "undecidable"}},
		"perhaps_over_an_approximate": {events{registered, about, filled, fill(larissa, "")}, []string{"undated", "undecidable"}},
		"one_after_the_other":         {events{registered, small, filled, vacated, fill(larissa, "2020-06-01")}, nil},
		"an_observer_beside":          {events{registered, small, filled, watching}, nil},
		"overfull_since_ruled":        {events{registered, small, filled, vacated, fill(larissa, "2020-06-01"), disputed(4), ruled(6, false)}, []string{"no_seat"}},

		"unnamed":              {events{registered, established, filled, counted}, []string{"unnamed_places"}},
		"perhaps_unnamed":      {events{registered, established, perhaps}, []string{"claimed", "unnamed_places"}},
		"all_named":            {append(named[:3:3], fewer), nil},
		"more_named":           {append(named[:4:4], fewer), []string{"more_named"}},
		"more_named_than_some": {append(named[:4:4], loose), nil},
		"perhaps_all_named":    {events{registered, support(iom, ""), one}, []string{"undated"}},
		"supporters_unnamed":   {events{registered, supported, backers}, []string{"unnamed_places"}},
		"members_are_unnamed":  {events{registered, network.Counted{Fact: on("2019"), What: "members", Number: 21, Qualifier: "exact"}}, nil},
		"count_set_aside":      {events{registered, established, counted, disputed(3), ruled(4, false)}, nil},
		"named_later":          {events{registered, established, fill(athens, "2020-01-01"), fewer}, []string{"unnamed_places"}},
	} {
		t.Run(name, func(t *testing.T) { require.ElementsMatch(t, c.want, after(c.given...).findings()) })
	}
	t.Run("tells_two_parties_from_one_named_twice", func(t *testing.T) {
		details := func(given ...network.Event) []string {
			var all []string
			for _, f := range after(given...).state.Findings() {
				all = append(all, f.Detail)
			}
			return all
		}
		require.Contains(t, details(registered, designate(isd, ""), designate(isd, "2018-06-01")), "perhaps a party is the secretariat twice at once")
		require.Contains(t, details(registered, designate(isd, ""), designate(iom, "2018-06-01")), "perhaps two are the secretariat at once")
		require.ElementsMatch(t, []string{"nothing is known of the date", "perhaps a party has two seats in one body: board"},
			details(registered, small, fill(athens, ""), filled), "one party takes up one seat")
	})
	t.Run("says_what_it_is_about", func(t *testing.T) {
		f := after(append(slicesOf(registered, about), named[2:]...)...).state.Findings()
		require.Equal(t, []terms.Finding{{
			Code: "network.over_capacity", Events: []es.Revision{2, 3, 4},
			Detail: "2 seats are held at once in the body board, which has 1 (approximate)",
		}}, f)
	})
}

func foundedByRegister() network.CarriedOver {
	e := carriedOver
	e.Phase = network.PhaseFounded
	return e
}

func TestVotes(t *testing.T) {
	for name, c := range map[string]struct {
		rule    network.DecisionRule
		outcome network.Outcome
		votes   *network.Votes
		want    []string
	}{
		"majority":                {"simple_majority", "adopted", &network.Votes{For: 3, Against: 2, Abstained: 9}, nil},
		"tie":                     {"simple_majority", "adopted", &network.Votes{For: 2, Against: 2}, []string{"contradiction"}},
		"tie_rejected":            {"simple_majority", "rejected", &network.Votes{For: 2, Against: 2}, nil},
		"majority_rejected":       {"simple_majority", "rejected", &network.Votes{For: 3, Against: 2}, []string{"contradiction"}},
		"majority_deferred":       {"simple_majority", "deferred", &network.Votes{For: 3, Against: 2}, nil},
		"two_thirds":              {"two_thirds", "adopted", &network.Votes{For: 4, Against: 2}, nil},
		"less_than_two_thirds":    {"two_thirds", "adopted", &network.Votes{For: 5, Against: 3}, []string{"contradiction"}},
		"two_thirds_of_nothing":   {"two_thirds", "adopted", &network.Votes{Abstained: 3}, []string{"contradiction"}},
		"unanimous":               {"unanimity", "adopted", &network.Votes{For: 5, Abstained: 1}, nil},
		"not_unanimous":           {"unanimity", "adopted", &network.Votes{For: 5, Against: 1}, []string{"contradiction"}},
		"nobody_for":              {"unanimity", "adopted", &network.Votes{Abstained: 1}, []string{"contradiction"}},
		"consensus_with_a_no":     {"consensus", "adopted", &network.Votes{For: 5, Against: 1}, []string{"contradiction"}},
		"no_rule":                 {"unstated", "adopted", &network.Votes{Against: 5}, nil},
		"in_writing":              {"written_procedure", "adopted", &network.Votes{Against: 5}, nil},
		"votes_are_not_stated":    {"unanimity", "adopted", nil, nil},
		"rejected_with_all_votes": {"unanimity", "rejected", &network.Votes{For: 5}, []string{"contradiction"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.ElementsMatch(t, c.want, after(registered, decided(c.rule, c.outcome, c.votes)).findings())
		})
	}
	for name, c := range map[string]struct {
		quorum, present int
		want            []string
	}{
		"quorum":         {8, 8, nil},
		"no_quorum":      {9, 8, []string{"no_quorum"}},
		"quorum_unknown": {0, 8, nil},
		"nobody_counted": {9, 0, nil},
		"more_votes":     {0, 7, []string{"more_votes"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := decision // of eight votes
			d.Quorum, d.Present = c.quorum, c.present
			require.ElementsMatch(t, c.want, after(registered, d).findings())
		})
	}
}
