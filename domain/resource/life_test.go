package resource_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/resource"
	"github.com/entente-ledger/entente/domain/terms"
)

// phaseOn is the phase as of a date, with those that perhaps hold instead after
// question marks.
func phaseOn(date string, given ...resource.Event) string {
	s := resource.Decider.Fold(given...)
	certain, perhaps := resource.AsOf(s.Phases(), day(date))
	phases := []string{string(certain.Phase)}
	for _, p := range perhaps {
		phases = append(phases, string(p.Phase))
	}
	return strings.Join(phases, "?")
}

func TestPhases(t *testing.T) {
	life := events{registered, proposed, reviewed, published, retired}
	returned := resource.Reviewed{on("2018-03"), experts, "returned", terms.Text{}}
	again := resource.Proposed{on("2018-05"), ref(ikoma)}
	secret, promised, contested := registered, registered, events{registered, resource.Disputed(dispute(1))}
	secret.Status, promised.Status = terms.Claimed, terms.Announced
	older, guess := carried, carried
	older.Phase, guess.Status = resource.PhaseRetired, terms.Inferred
	for name, c := range map[string]struct {
		on    string
		given events
		want  string
	}{
		"before_anything":           {"2016", life, ""},
		"planned":                   {"2017-12-31", life, "planned"},
		"perhaps_planned":           {"2017-06-01", life, "?planned"},
		"proposed":                  {"2018-03", life, "proposed"},
		"reviewed":                  {"2018-07", life, "reviewed"},
		"published":                 {"2019-01-01", life, "published"},
		"retired":                   {"2023", life, "retired"},
		"recorded_in_another_order": {"2018-07", events{registered, retired, published, reviewed, proposed}, "reviewed"},
		"returned":                  {"2018-04", events{registered, proposed, returned}, "reviewed"},
		"proposed_again":            {"2018-06", events{registered, proposed, returned, again}, "proposed"},
		"reviewed_again":            {"2018-07", events{registered, reviewed, again, proposed, returned}, "reviewed"},
		"between_the_reviews":       {"2018-05-31", events{registered, reviewed, again, proposed, returned}, "proposed"},
		"claimed_to_be_returned":    {"2018-12", events{registered, reviewed, booktest.Refact(returned, as(terms.Claimed, "2018-07")), booktest.Refact(again, on("2018-09"))}, "reviewed"},
		"contested_promise":         {"2018", events{promised, resource.Disputed(dispute(1))}, "?planned"},
		"accepted_is_not_returned":  {"2018-12", events{registered, proposed, reviewed, booktest.Refact(again, on("2018-09"))}, "reviewed"},
		"published_some_day":        {"2020", events{registered, booktest.Refact(published, on(""))}, "planned?published"},
		"published_twice":           {"2019-06", events{registered, published, booktest.Refact(published, on("2020"))}, "published"},
		"published_later_at_first":  {"2019-06", events{registered, booktest.Refact(published, on("2020")), published}, "planned"},
		"promised":                  {"2018", events{promised}, "planned"},
		"claimed_to_be_planned":     {"2018", events{secret}, "?planned"},
		"contested":                 {"2018", contested, "?planned"},
		"set_aside":                 {"2018", append(contested[:2:2], resource.Ruled(rule(2, false))), ""},
		"upheld":                    {"2018", append(contested[:2:2], resource.Ruled(rule(2, true))), "planned"},
		"void":                      {"2018", events{registered, published, resource.Voided(void(1))}, ""},
		"carried_over":              {"2019-05-31", events{carried}, "published"},
		"carried_over_as_retired":   {"2019-06", events{older}, "retired"},
		"carried_over_by_guess":     {"2024", events{guess}, "?planned"},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, phaseOn(c.on, c.given...)) })
	}
}

func TestDescription(t *testing.T) {
	t.Run("none", func(t *testing.T) { require.Equal(t, view{}, look()) })
	t.Run("void", func(t *testing.T) { require.Equal(t, view{}, look(registered, resource.Voided(void(1)))) })
	t.Run("of_what_is_only_announced", func(t *testing.T) {
		only := registered
		only.Status = terms.Announced
		require.Equal(t, practice, look(only).Is)
		require.Equal(t, "urban gardens", look(only).Title.Value)
	})
	t.Run("with_what_was_added", func(t *testing.T) {
		got := look(registered, titled, themed, owned)
		require.Equal(t, texts{text("urban gardens"), titled.Title}, got.Is.Titles)
		roomy := registered
		roomy.Titles = append(make(texts, 0, 2), registered.Titles...)
		require.Len(t, look(roomy, titled).Is.Titles, 2)
		require.Zero(t, roomy.Titles[:2][1], "what was recorded stays")
		require.Equal(t, themed.Themes, got.Is.Themes)
		require.Equal(t, ikoma, got.Is.Owner.ID)
	})
	t.Run("copies", func(t *testing.T) {
		require.Equal(t, []resource.Copy{page, copied.Copy}, look(registered, published, copied).Copies)
		require.Equal(t, []resource.Copy{page}, look(carried).Copies)
	})
	t.Run("instead", func(t *testing.T) {
		require.Equal(t, newer, look(registered, retired, resource.Retired{Fact: on("2021")}).Instead)
	})
	t.Run("facts", func(t *testing.T) {
		s := resource.Decider.Fold(registered, published)
		for f := range s.Facts() {
			require.Equal(t, []any{registered, published}[f.Revision-1], f.Event)
		}
	})
}

func finding(code, detail string, at ...es.Revision) terms.Finding {
	return terms.Finding{Code: code, Events: at, Detail: detail}
}

func TestFindings(t *testing.T) {
	nobodys := registered
	nobodys.Owner = terms.PartyRef{}
	rejected := resource.Reviewed{on("2018-06"), experts, "rejected", terms.Text{}}
	older := carried
	older.Since = day("")
	for name, c := range map[string]struct {
		given events
		want  []terms.Finding
	}{
		"none":                {events{registered, proposed, reviewed, published}, nil},
		"nor_when_nobody":     {events{booktest.Refact(registered, on(""))}, nil},
		"no_owner":            {events{nobodys}, []terms.Finding{finding("resource.no_owner", "no party is named that answers for it", 1)}},
		"owner_named_since":   {events{nobodys, owned}, nil},
		"out_of_reach":        {events{registered, resource.Published{Fact: on("2019")}}, []terms.Finding{finding("resource.out_of_reach", "it is published, but there is neither an address nor a file", 2)}},
		"within_reach_by_now": {events{registered, resource.Published{Fact: on("2019")}, copied}, nil},
		"undated":             {events{registered, booktest.Refact(published, on(""))}, []terms.Finding{finding("resource.undated", "nothing is known of the date", 2)}},
		"undated_register":    {events{older}, []terms.Finding{finding("resource.undated", "nothing is known of the date", 1)}},
		"open":                {events{registered, booktest.Refact(published, on("2018/.."))}, []terms.Finding{finding("resource.open_date", "the date 2018/.. is bounded on one side only", 2)}},
		"uncertain":           {events{registered, booktest.Refact(published, on("2019~"))}, []terms.Finding{finding("resource.uncertain_date", "the date 2019~ is uncertain or approximate", 2)}},
		"competing": {
			events{registered, published, booktest.Refact(published, on("")), retired, retired},
			[]terms.Finding{
				finding("resource.undated", "nothing is known of the date", 3),
				finding("resource.competing", "published on 2019-01-01 and on an unknown date; the first stands", 2, 3),
			},
		},
		"out_of_order": {
			events{registered, booktest.Refact(proposed, on("2018-07")), reviewed},
			[]terms.Finding{finding("resource.contradiction", "reviewed on 2018-06, before it was proposed on 2018-07", 2, 3)},
		},
		"perhaps_out_of_order": {
			events{registered, booktest.Refact(proposed, on("2018")), reviewed},
			[]terms.Finding{finding("resource.undecidable", "reviewed on 2018-06, perhaps before it was proposed on 2018", 2, 3)},
		},
		"published_though_rejected": {
			events{registered, rejected, published},
			[]terms.Finding{finding("resource.not_accepted", "it was rejected by a review, and published", 2, 3)},
		},
		"reviewed_twice":      {events{registered, reviewed, booktest.Refact(reviewed, on("2018"))}, nil},
		"accepted_in_the_end": {events{registered, rejected, booktest.Refact(reviewed, on("2018-08")), published}, nil},
		"rejected_later": {
			events{registered, reviewed, published, booktest.Refact(rejected, on("2020"))},
			[]terms.Finding{finding("resource.contradiction", "published on 2019-01-01, before it was reviewed on 2020", 3, 4)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := resource.Decider.Fold(c.given...)
			require.Equal(t, c.want, s.Findings())
		})
	}
}
