package activity_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// phaseOn is the phase as of a date, with those that perhaps hold instead after
// question marks.
func phaseOn(date string, given ...activity.Event) string {
	s := activity.Decider.Fold(given...)
	certain, perhaps := activity.AsOf(s.Phases(), day(date))
	phases := []string{string(certain.Phase)}
	for _, p := range perhaps {
		phases = append(phases, string(p.Phase))
	}
	return strings.Join(phases, "?")
}

func TestPhases(t *testing.T) {
	life := events{registered, scheduled, rescheduled, postponed, held}
	undated := activity.Held{Fact: on("")}
	interval := activity.Held{Fact: on("2018-10-01/2018-10-07")}
	secret, contested := registered, events{registered, activity.Disputed(dispute(1))}
	secret.Status = terms.Claimed
	promised := registered
	promised.Fact = as(terms.Announced, "2017")
	first := activity.Announced{Fact: on("2016")}
	postponedSomeDay := activity.Postponed{Fact: on("")}
	older := carried
	older.Phase, older.Since = activity.PhasePostponed, day("2019")
	doubted := older
	doubted.Status = terms.Inferred
	for name, c := range map[string]struct {
		on    string
		given events
		want  string
	}{
		"before_anything":           {"2016", life, ""},
		"announced":                 {"2017-02", life, "announced"},
		"scheduled":                 {"2017-03-01", life, "scheduled"},
		"postponed":                 {"2017-05-01", life, "postponed"},
		"held":                      {"2018-04-10", life, "held"},
		"recorded_in_another_order": {"2017-04-15", events{registered, held, postponed, rescheduled, scheduled}, "scheduled"},
		"cancelled":                 {"2018-03-01", events{registered, cancelled}, "cancelled"},
		"held_some_day":             {"2020", events{registered, undated}, "announced?held"},
		"while_it_goes_on":          {"2018-10-03", events{registered, interval}, "announced?held"},
		"after_it":                  {"2018-10-07", events{registered, interval}, "held"},
		"announced_before":          {"2016-12-31", events{registered, first}, "announced"},
		"postponed_some_day":        {"2018", events{registered, scheduled, postponedSomeDay}, "scheduled?postponed"},
		"claimed_to_be_planned":     {"2018", events{secret}, "?announced"},
		"contested":                 {"2018", contested, "?announced"},
		"announced_only":            {"2018", events{promised}, "announced"},
		"contested_announcement":    {"2018", events{promised, activity.Disputed(dispute(1))}, "?announced"},
		"set_aside":                 {"2018", append(contested[:2:2], activity.Ruled(rule(2, false))), ""},
		"upheld":                    {"2018", append(contested[:2:2], activity.Ruled(rule(2, true))), "announced"},
		"void":                      {"2018", events{registered, held, activity.Voided(void(1))}, ""},
		"carried_over_as_held":      {"2018-05", events{carried}, "held"},
		"carried_over_as_postponed": {"2019-12-31", events{older}, "postponed"},
		"carried_over_by_guess":     {"2021", events{doubted}, "?announced"},
		"two_ends":                  {"2020", events{registered, held, activity.Cancelled{Fact: on("2018-04-01")}}, "held"},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, phaseOn(c.on, c.given...)) })
	}
	require.Empty(t, look(registered, held, activity.Voided(void(1))).Ended, "what was voided did not end")
}

func TestPlanned(t *testing.T) {
	announcedOnly := registered
	announcedOnly.Fact, announcedOnly.When = as(terms.Announced, ""), day("2023?-04-24")
	planned := registered
	planned.When = day("2018")
	sooner := activity.Rescheduled{Fact: on("2017-03-15"), When: day("2018-04-01")}
	for name, c := range map[string]struct {
		given events
		want  activity.Plan
	}{
		"not_at_all":                 {events{registered}, activity.Plan{}},
		"for_when_it_was_registered": {events{planned}, activity.Plan{"announced", day("2018")}},
		"the_first_announcement":     {events{planned, announced}, activity.Plan{"announced", day("2018")}},
		"scheduled":                  {events{planned, announced, scheduled}, activity.Plan{"scheduled", day("2018-04-10")}},
		"the_first_schedule":         {events{registered, scheduled, activity.Scheduled{on("2017-06"), day("2019")}}, activity.Plan{"scheduled", day("2018-04-10")}},
		"the_last_change":            {events{registered, scheduled, rescheduled, sooner}, activity.Plan{"scheduled", day("2018-04-20")}},
		"put_off":                    {events{registered, scheduled, rescheduled, postponed}, activity.Plan{"postponed", edtf.Date{}}},
		"only_announced":             {events{announcedOnly}, activity.Plan{}},
		"carried_over":               {events{carried}, activity.Plan{"scheduled", day("2018-04-10")}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, look(c.given...).Planned) })
	}
	s := activity.Decider.Fold(announcedOnly)
	require.Equal(t, []activity.Said[activity.Plan]{{activity.Plan{"announced", day("2023?-04-24")}, terms.Announced, false, 1}}, s.Plans(), "and is there to be shown")
}

func TestDescription(t *testing.T) {
	t.Run("none", func(t *testing.T) { require.Equal(t, view{}, look()) })
	t.Run("void", func(t *testing.T) { require.Equal(t, view{}, look(registered, activity.Voided(void(1)))) })
	t.Run("of_what_is_only_announced", func(t *testing.T) {
		only := registered
		only.Status = terms.Announced
		require.Equal(t, meeting, look(only).Is)
		require.Equal(t, "network meeting", look(only).Title.Value)
	})
	t.Run("with_what_was_added", func(t *testing.T) {
		got := look(registered, titled, series, located)
		require.Equal(t, texts{text("network meeting"), titled.Title}, got.Is.Titles)
		require.Equal(t, athens, got.Is.Series)
		require.Equal(t, 5, got.Is.Number)
		require.Equal(t, located.Place, got.Place)
		roomy := registered
		roomy.Titles = append(make(texts, 0, 2), registered.Titles...)
		require.Len(t, look(roomy, titled).Is.Titles, 2)
		require.Zero(t, roomy.Titles[:2][1], "what was recorded stays")
	})
	t.Run("parent_is_a_relation", func(t *testing.T) {
		require.Equal(t, []activity.Relative{{summit, "part_of"}, {summit, "precedes"}}, look(registered, related).Relations)
		require.Equal(t, []activity.Relative{{summit, "part_of"}}, look(carried).Relations)
	})
	t.Run("facts", func(t *testing.T) {
		s := activity.Decider.Fold(registered, held)
		for f := range s.Facts() {
			require.Equal(t, []any{registered, held}[f.Revision-1], f.Event)
		}
	})
	t.Run("carried_over", func(t *testing.T) {
		require.Equal(t, carried.Place, look(carried).Place)
		require.Equal(t, carried.Participants, look(carried).Who)
	})
}

// Greek network, fact 4: 21 municipalities were present, 17 are named; a forum
// that was there is none of them.
func TestCounts(t *testing.T) {
	guest, class, absent := present(forum), present(forum), present(chania)
	guest.Role, class.Class, absent.Presence = "guest", true, "absent"
	only := present(chania)
	only.Status = terms.Announced
	people := activity.ParticipantsCounted{on("2018"), activity.Count{Number: 2, Approximate: true, Of: "people", Among: "all", Presence: "present"}}
	expected := activity.ParticipantsCounted{on("2018"), activity.Count{Number: 3, Of: "parties", Among: "all", Presence: "expected"}}
	sent := present(athens)
	sent.Person = mayor
	for name, c := range map[string]struct {
		given  events
		unseen int
		codes  []string
	}{
		"nobody_named":          {events{counted}, 21, []string{"activity.unnamed_places"}},
		"two_of_three":          {events{present(veria), count(3, "participant"), present(athens)}, 1, []string{"activity.unnamed_places"}},
		"filled":                {events{count(2, "participant"), present(veria), present(athens)}, 0, nil},
		"one_named_twice":       {events{count(2, "participant"), present(veria), booktest.Refact(present(veria), on("2018"))}, 1, []string{"activity.unnamed_places"}},
		"a_guest_is_not_one":    {events{count(1, "participant"), guest}, 1, []string{"activity.unnamed_places"}},
		"a_guest_among_all":     {events{count(1, "all"), guest}, 0, nil},
		"a_class_is_nobody":     {events{count(1, "participant"), class}, 1, []string{"activity.unnamed_places"}},
		"who_stayed_away":       {events{count(1, "participant"), absent}, 1, []string{"activity.unnamed_places"}},
		"who_is_only_announced": {events{count(1, "participant"), only}, 1, []string{"activity.announced", "activity.unnamed_places"}},
		"more_named":            {events{count(1, "participant"), present(veria), present(athens)}, 0, []string{"activity.more_named"}},
		"people_are_no_parties": {events{people, present(veria)}, 2, []string{"activity.unnamed_places"}},
		"people":                {events{people, sent}, 1, []string{"activity.unnamed_places"}},
		"expected":              {events{expected, present(veria), absent}, 1, []string{"activity.unnamed_places"}},
	} {
		t.Run(name, func(t *testing.T) {
			given := append(events{registered, held}, c.given...)
			s := activity.Decider.Fold(given...)
			require.Equal(t, c.unseen, s.Counts()[0].What.Unnamed())
			require.Equal(t, c.codes, look(given...).Codes)
		})
	}
	t.Run("about_so_many_is_not_contradicted", func(t *testing.T) {
		about := count(1, "all")
		about.Count.Approximate = true
		require.Empty(t, look(registered, held, about, present(veria), present(athens)).Codes)
	})
	t.Run("counted_by_hearsay", func(t *testing.T) {
		claimed := counted
		claimed.Status = terms.Claimed
		s := activity.Decider.Fold(registered, held, claimed)
		require.Equal(t, "perhaps 21 parties are counted as present, of whom 21 are not named", s.Findings()[1].Detail)
	})
}

func finding(code, detail string, at ...es.Revision) terms.Finding {
	return terms.Finding{Code: code, Events: at, Detail: detail}
}

func TestFindings(t *testing.T) {
	at := func(e activity.Event, date string) activity.Event { return booktest.Refact(e, on(date)) }
	dated := registered
	dated.When = day("2018-04-10")
	blinken := activity.Announced{on("2017-02-01"), terms.Ref(speaker), day("2018-04")}
	absent := took
	absent.Presence = "absent"
	vague := dated
	vague.When = day("2023?-04-24/2023?-04-30")
	for name, c := range map[string]struct {
		given events
		want  []terms.Finding
	}{
		"none":           {events{dated, scheduled, held, took}, nil},
		"no_time":        {events{registered}, []terms.Finding{finding("activity.no_time", "nothing is said of when it takes place", 1)}},
		"undated":        {events{dated, at(held, "")}, []terms.Finding{finding("activity.undated", "nothing is known of the date", 2)}},
		"open":           {events{dated, at(held, "2018/..")}, []terms.Finding{finding("activity.open_date", "the date 2018/.. is bounded on one side only", 2)}},
		"uncertain_year": {events{vague}, []terms.Finding{finding("activity.uncertain_year", "the year of 2023?-04-24/2023?-04-30 is uncertain or approximate", 1)}},
		"uncertain_date": {events{dated, at(held, "2018-04~")}, []terms.Finding{finding("activity.uncertain_date", "the date 2018-04~ is uncertain or approximate", 2)}},
		"competing_schedules": {
			events{dated, scheduled, activity.Scheduled{on("2017-03-01"), day("2019")}},
			[]terms.Finding{finding("activity.competing", "it is scheduled for 2018-04-10 and for 2019; the first stands", 2, 3)},
		},
		"competing_dates": {
			events{dated, held, at(held, "2018-04-12"), at(held, "")},
			[]terms.Finding{
				finding("activity.undated", "nothing is known of the date", 4),
				finding("activity.competing", "held on 2018-04-10 and on 2018-04-12; the first stands", 2, 3),
				finding("activity.competing", "held on 2018-04-10 and on an unknown date; the first stands", 2, 4),
			},
		},
		"held_and_cancelled": {
			events{dated, held, cancelled},
			[]terms.Finding{finding("activity.contradiction", "it is said to have been held and to have been cancelled; the first stands", 2, 3)},
		},
		"two_announcers": {
			events{dated, announced, blinken},
			[]terms.Finding{finding("activity.conflicting_announcements", "it is said to have been announced by different people, or for different times", 2, 3)},
		},
		"announced_for_two_times": {
			events{dated, announced, activity.Announced{on("2017-02-01"), announced.By, day("2019")}},
			[]terms.Finding{finding("activity.conflicting_announcements", "it is said to have been announced by different people, or for different times", 2, 3)},
		},
		"announcements_that_agree": {events{dated, announced, activity.Announced{on("2017"), announced.By, day("")}}, nil},
		"held_before_it_was_planned": {
			events{dated, at(held, "2018-03")},
			[]terms.Finding{finding("activity.not_as_planned", "it was planned for 2018-04-10 and held on 2018-03", 2)},
		},
		"held_before_it_was_scheduled": {
			events{dated, at(scheduled, "2018-05"), held},
			[]terms.Finding{finding("activity.contradiction", "held on 2018-04-10, before it was scheduled on 2018-05", 2, 3)},
		},
		"perhaps_held_before": {
			events{dated, at(scheduled, "2018-04"), held},
			[]terms.Finding{finding("activity.undecidable", "held on 2018-04-10, perhaps before it was scheduled on 2018-04", 2, 3)},
		},
		"not_as_planned": {
			events{dated, at(held, "2018-05")},
			[]terms.Finding{finding("activity.not_as_planned", "it was planned for 2018-04-10 and held on 2018-05", 2)},
		},
		"present_and_absent": {
			events{dated, held, took, absent},
			[]terms.Finding{finding("activity.contradiction", "somebody is said to have been present and absent", 3, 4)},
		},
		"present_at_what_was_not_held": {
			events{dated, took, present(chania)},
			[]terms.Finding{finding("activity.not_held", "somebody was present, but nothing says that it was held", 2, 3)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := activity.Decider.Fold(c.given...)
			require.Equal(t, c.want, s.Findings())
		})
	}
	t.Run("dates_of_a_register", func(t *testing.T) {
		older := carried
		older.Since = day("2018?")
		require.Equal(t, []string{"activity.uncertain_year"}, look(older).Codes)
	})
	t.Run("an_announcement_set_aside_conflicts_with_nothing", func(t *testing.T) {
		h := subject.Opened(dated, announced, blinken).Do(t, dispute(3), rule(4, false))
		require.Empty(t, look(h.Events...).Codes)
	})
	for text, uncertain := range map[string]bool{
		"2018?": true, "201X~": true, "?2018-04": true, "[2016,2018?]": true, "2016/2018%": true, "[2016..2018~]": true,
		"2018-04?": false, "2018-04-01/2018-05~": false,
	} {
		e := dated
		e.When = day(text)
		require.Equal(t, uncertain, slices.Contains(look(e).Codes, "activity.uncertain_year"), text)
	}
}
