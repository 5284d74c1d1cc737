package network_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestEveryCommand(t *testing.T) {
	t.Run("is_in_the_table", func(t *testing.T) {
		have := map[reflect.Type]bool{reflect.TypeFor[network.Register](): true, reflect.TypeFor[network.CarryOver](): true}
		for _, f := range facts {
			have[reflect.TypeOf(f.command)] = true
		}
		for _, d := range network.Commands.Definitions() {
			require.True(t, have[d.Type], "%s has no case here", d.Name)
		}
	})
	for _, f := range facts {
		given := base
		if f.name == "ruled" {
			given = slices.Concat(base, events{disputed(4)})
		}
		estest.Run(t, network.Decider, cases{
			{Name: f.name, Given: given, When: f.command, Then: events{f.event}},
			{Name: f.name + "_again", Given: slices.Concat(given, events{f.event}), When: f.command},
			{Name: f.name + "_of_nothing", When: f.command, Err: es.ErrNotFound},
			{Name: f.name + "_of_what_is_void", Given: slices.Concat(given, events{voided(1)}), When: f.command, Err: code("network.void")},
		})
		name, _, data, err := network.Commands.Encode(f.command)
		require.NoError(t, err)
		t.Run(name+"_survives_json", func(t *testing.T) {
			got, err := network.Commands.Parse(name, data)
			require.NoError(t, err)
			require.IsType(t, f.command, got)
		})
	}
	t.Run("most_can_be_left_out", func(t *testing.T) {
		for name, data := range map[string]string{
			"network.register":              `{"titles":[{"lang":"en","value":"N"}]}`,
			"network.carry_over":            `{"titles":[{"lang":"en","value":"N"}],"phase":"founded"}`,
			"network.establish_body":        `{"key":"board","charter":{"kind":"steering","title":{"value":"B"}}}`,
			"network.fill_seat":             `{"body":"board","party":{"id":"` + string(athens) + `"},"role":"member"}`,
			"network.designate_secretariat": `{"party":{"id":"` + string(isd) + `"},"office":"host"}`,
			"network.record_decision":       `{"title":{"value":"D"},"outcome":"adopted","rule":"unstated"}`,
		} {
			_, err := network.Commands.Parse(name, []byte(data))
			require.NoError(t, err, name)
		}
		_, err := network.Commands.Parse("network.dissolve_body", []byte(`{"body":"A B"}`))
		require.ErrorIs(t, err, code("network.bad_key"))
	})
}

func TestOpen(t *testing.T) {
	untitled, phaseless, unmanned, keyless, twice := registered, carriedOver, carriedOver, carriedOver, carriedOver
	untitled.Titles, phaseless.Phase = nil, ""
	unmanned.Secretariat = &network.CarriedSecretariat{Party: ref(isd)}
	keyless.Classes = []network.Class{{Title: text("Twin")}}
	twice.Classes = []network.Class{{Key: "board", Title: text("Board")}}
	crowded := withSeats(refs(athens, larissa, thessaloniki)...)
	double := withSeats(refs(athens, athens)...)
	roleless, unsupported := withSeats(ref(athens)), carriedOver
	roleless.Bodies[0].Seats[0].Role = ""
	unsupported.Supporters = []network.CarriedSupporter{{Party: ref(iom)}}
	estest.Run(t, network.Decider, cases{
		{Name: "register", When: network.Register(registered), Then: events{registered}},
		{Name: "carry_over", When: network.CarryOver(carriedOver), Then: events{carriedOver}},
		{Name: "carry_over_a_full_body", When: network.CarryOver(withSeats(refs(athens, larissa)...)), Then: events{withSeats(refs(athens, larissa)...)}},
		{Name: "register_twice", Given: events{registered}, When: network.Register(registered), Err: code("network.exists")},
		{Name: "untitled", When: network.Register(untitled), Err: es.ErrInvalid},
		{Name: "carried_over_without_a_phase", When: network.CarryOver(phaseless), Err: code("terms.missing")},
		{Name: "carried_over_secretariat_without_office", When: network.CarryOver(unmanned), Err: code("terms.missing")},
		{Name: "carried_over_class_without_key", When: network.CarryOver(keyless), Err: code("terms.missing")},
		{Name: "carried_over_seat_without_role", When: network.CarryOver(roleless), Err: code("terms.missing")},
		{Name: "carried_over_support_of_no_kind", When: network.CarryOver(unsupported), Err: code("terms.missing")},
		{Name: "carried_over_key_of_two_things", When: network.CarryOver(twice), Err: network.ErrKeyTaken},
		{Name: "carried_over_with_more_seats_than_there_are", When: network.CarryOver(crowded), Err: network.ErrNoSeat},
		{Name: "carried_over_with_two_seats_of_one", When: network.CarryOver(double), Err: network.ErrSeated},
	})
}

// withSeats is the network that is carried over, with these seats in its board.
func withSeats(all ...terms.PartyRef) network.CarriedOver {
	e := carriedOver
	e.Bodies = []network.CarriedBody{{Key: "board", Charter: charter(capacity(2, "exact"))}}
	for _, p := range all {
		e.Bodies[0].Seats = append(e.Bodies[0].Seats, network.CarriedSeat{Party: p, Role: "member"})
	}
	return e
}

func TestIncomplete(t *testing.T) {
	itself := designate(isd, "2019")
	itself.Replaces = ref(isd)
	for name, c := range map[string]struct {
		when network.Command
		code string
	}{
		"title_without_words":        {network.AddTitle{}, "terms.bad_text"},
		"nobody_founded_it":          {network.Found{Founders: []terms.PartyRef{{As: "the cities"}}}, "terms.missing"},
		"place_is_blank":             {network.Launch{Place: text(" ")}, "terms.bad_text"},
		"reason_is_blank":            {network.Dissolve{Reason: " "}, "terms.bad_text"},
		"purpose_without_words":      {network.StatePurpose{}, "terms.bad_text"},
		"no_priorities":              {network.SetPriorities{}, "terms.missing"},
		"open_to_blank":              {network.OpenToJoin{To: text(" ")}, "terms.bad_text"},
		"class_without_key":          {network.DefineClass{Class: network.Class{Title: text("Twin")}}, "terms.missing"},
		"class_without_title":        {network.DefineClass{Class: network.Class{Key: "twin"}}, "terms.bad_text"},
		"nobody_designated":          {network.DesignateSecretariat{Office: "host"}, "terms.missing"},
		"designated_as_nothing":      {network.DesignateSecretariat{Party: ref(isd)}, "terms.missing"},
		"replaces_itself":            {network.DesignateSecretariat(itself), "network.replaces_itself"},
		"nobody_left_the_office":     {network.EndSecretariat{}, "terms.missing"},
		"body_without_key":           {network.EstablishBody{Charter: charter(nil)}, "terms.missing"},
		"body_of_no_kind":            {network.EstablishBody{Key: "x", Charter: network.Charter{Title: text("X")}}, "terms.missing"},
		"body_without_title":         {network.EstablishBody{Key: "x", Charter: network.Charter{Kind: "other"}}, "terms.bad_text"},
		"body_without_seats":         {network.EstablishBody{Key: "x", Charter: charter(capacity(0, "exact"))}, "network.bad_number"},
		"capacity_of_no_kind":        {network.EstablishBody{Key: "x", Charter: charter(capacity(5, ""))}, "terms.missing"},
		"no_body_dissolved":          {network.DissolveBody{}, "terms.missing"},
		"nominated_in_no_body":       {network.NominateSeat{Party: ref(athens)}, "terms.missing"},
		"nobody_nominated":           {network.NominateSeat{Body: "board"}, "terms.missing"},
		"filled_in_no_body":          {network.FillSeat{Party: ref(athens), Role: "member"}, "terms.missing"},
		"nobody_seated":              {network.FillSeat{Body: "board", Role: "member"}, "terms.missing"},
		"seated_as_nothing":          {network.FillSeat{Body: "board", Party: ref(larissa)}, "terms.missing"},
		"vacated_in_no_body":         {network.VacateSeat{Party: ref(athens)}, "terms.missing"},
		"nobody_left_a_seat":         {network.VacateSeat{Body: "board"}, "terms.missing"},
		"nobody_supports":            {network.AddSupporter{Kind: "funder"}, "terms.missing"},
		"support_of_no_kind":         {network.AddSupporter{Party: ref(iom)}, "terms.missing"},
		"nobody_ended_support":       {network.EndSupporter{}, "terms.missing"},
		"counted_what":               {network.Count{Number: 2, Qualifier: "exact"}, "terms.missing"},
		"nothing_counted":            {network.Count{What: "seats", Qualifier: "exact"}, "network.bad_number"},
		"too_many_counted":           {network.Count{What: "seats", Number: 1_000_001, Qualifier: "exact"}, "network.bad_number"},
		"counted_how":                {network.Count{What: "seats", Number: 2}, "terms.missing"},
		"members_counted_in_a_body":  {network.Count{What: "members", Number: 2, Qualifier: "exact", Body: "board"}, "network.bad_count"},
		"decision_without_title":     {network.RecordDecision{Outcome: "adopted", Rule: "unstated"}, "terms.bad_text"},
		"decision_without_outcome":   {network.RecordDecision{Title: text("D"), Rule: "unstated"}, "terms.missing"},
		"decision_without_rule":      {network.RecordDecision{Title: text("D"), Outcome: "adopted"}, "terms.missing"},
		"decision_on_nobody":         {network.RecordDecision{Title: text("D"), Outcome: "adopted", Rule: "unstated", Concerns: refs("")}, "terms.missing"},
		"no_votes_cast":              {network.RecordDecision(decided("unstated", "adopted", &network.Votes{})), "network.bad_number"},
		"votes_below_nothing":        {network.RecordDecision(decided("unstated", "adopted", &network.Votes{For: 3, Against: -1})), "network.bad_number"},
		"reclassified_for_no_reason": {network.Reclassify{}, "terms.bad_text"},
		"not_due":                    {network.MarkDue{}, "network.not_due"},
	} {
		estest.Run(t, network.Decider, cases{{Name: name, Given: base, When: c.when, Err: code(c.code)}})
	}
}

func TestKeys(t *testing.T) {
	advisory, greek, other, retold := board("2019", nil), classed, classed, classed
	advisory.Charter.Kind = "advisory"
	greek.Class.Title = terms.Text{Lang: "el", Value: "Δίδυμος"}
	other.Class.Title = text("Observer")
	retold.Fact = on("2021")
	announced := fill(larissa, "2019")
	announced.Status, announced.Body = terms.Announced, "jury"
	planned := board("2019", nil)
	planned.Status, planned.Key = terms.Announced, "jury"
	estest.Run(t, network.Decider, cases{
		{Name: "key_of_another_body", Given: base, When: network.EstablishBody(advisory), Err: network.ErrKeyTaken},
		{Name: "key_of_a_body_for_a_class", Given: base, When: network.DefineClass{Class: network.Class{Key: "board", Title: text("B")}}, Err: network.ErrKeyTaken},
		{Name: "key_of_another_class", Given: events{registered, classed}, When: network.DefineClass(other), Err: network.ErrKeyTaken},
		{Name: "class_in_another_language", Given: events{registered, classed}, When: network.DefineClass(greek), Then: events{greek}},
		{Name: "the_same_class_again", Given: events{registered, classed}, When: network.DefineClass(retold), Then: events{retold}},
		{Name: "key_of_a_class_is_no_body", Given: events{registered, classed}, When: network.DissolveBody{Body: "twin"}, Err: network.ErrNoBody},
		{Name: "unknown_body_even_if_announced", Given: base, When: network.FillSeat(announced), Err: network.ErrNoBody},
		{Name: "announced_seat_in_an_announced_body", Given: events{registered, planned}, When: network.FillSeat(announced), Then: events{announced}},
		{Name: "nomination_in_an_unknown_body", Given: events{registered}, When: network.NominateSeat(nominated), Err: network.ErrNoBody},
		{Name: "vacation_in_an_unknown_body", Given: events{registered}, When: network.VacateSeat(vacated), Err: network.ErrNoBody},
		{Name: "count_in_an_unknown_body", Given: events{registered}, When: network.Count(counted), Err: network.ErrNoBody},
		{Name: "decision_of_an_unknown_body", Given: events{registered}, When: network.RecordDecision{Title: text("D"), Outcome: "adopted", Rule: "unstated", Body: "x"}, Err: network.ErrNoBody},
		{Name: "body_that_is_filled_gets_another_key", Given: base, When: network.Correct(corrected(2, network.BodyEstablished{Fact: on("2018"), Key: "x", Charter: charter(nil)})), Err: network.ErrNoBody},
		{Name: "body_that_is_filled_is_void", Given: base, When: network.Void(voided(2)), Then: events{voided(2)}},
	})
}

func TestSeats(t *testing.T) {
	full := events{registered, established, filled, fill(larissa, "2018-06-01")}
	free := slices.Concat(full, events{vacated})
	watching, claimed, termed := fill(iom, "2019"), fill(iom, "2019"), filled
	watching.Role, claimed.Status, termed.Until = "observer", terms.Claimed, day("2018-12-31")
	other, chairs := filled, filled
	other.Source.Locator, chairs.Role = "page 2", "chair"
	early := fill(iom, "2018-06-02")
	early.Until = day("2018-12-31")
	planned := board("", capacity(1, "exact"))
	planned.Status = terms.Announced
	estest.Run(t, network.Decider, cases{
		{Name: "all_seats_are_held", Given: full, When: network.FillSeat(fill(iom, "2019")), Err: network.ErrNoSeat},
		{Name: "all_seats_are_held_later", Given: full, When: network.FillSeat(fill(iom, "2018-05-01")), Err: network.ErrNoSeat},
		{Name: "perhaps_all_seats_are_held", Given: free, When: network.FillSeat(fill(iom, "2020-06")), Then: events{fill(iom, "2020-06")}},
		{Name: "a_seat_was_vacated", Given: free, When: network.FillSeat(fill(iom, "2020-06-01")), Then: events{fill(iom, "2020-06-01")}},
		{Name: "a_seat_is_vacated_later", Given: free, When: network.FillSeat(fill(iom, "2020-05-31")), Err: network.ErrNoSeat},
		{Name: "no_seat_before_it_is_filled_later", Given: events{registered, established, filled, fill(larissa, "2019")}, When: network.FillSeat(early), Then: events{early}},
		{Name: "an_observer_needs_no_seat", Given: full, When: network.FillSeat(watching), Then: events{watching}},
		{Name: "a_claimed_seat_takes_none", Given: full, When: network.FillSeat(claimed), Then: events{claimed}},
		{Name: "a_seat_on_no_date_takes_none_for_certain", Given: full, When: network.FillSeat(fill(iom, "")), Then: events{fill(iom, "")}},
		{Name: "up_to", Given: events{registered, board("2018", capacity(1, "up_to")), filled}, When: network.FillSeat(fill(iom, "2019")), Err: network.ErrNoSeat},
		{Name: "approximate", Given: events{registered, board("2018", capacity(1, "approximate")), filled}, When: network.FillSeat(fill(iom, "2019")), Then: events{fill(iom, "2019")}},
		{Name: "announced_capacity", Given: events{registered, planned, filled}, When: network.FillSeat(fill(iom, "2019")), Then: events{fill(iom, "2019")}},
		{Name: "recorded_capacity_of_what_is_overfull", Given: events{registered, planned, filled, fill(iom, "2019")}, When: network.EstablishBody(board("2018", capacity(1, "exact"))), Err: network.ErrNoSeat},
		{Name: "body_corrected_to_fewer", Given: full, When: network.Correct(corrected(2, board("2018", capacity(1, "exact")))), Then: events{corrected(2, board("2018", capacity(1, "exact")))}},
		{Name: "vacation_corrected_to_later", Given: slices.Concat(free, events{fill(iom, "2020-06-01")}), When: network.Correct(corrected(5, vacate(athens, "2020-07-01"))), Err: network.ErrNoSeat},
		{Name: "what_is_overfull_can_be_emptied", Given: slices.Concat(full, events{fill(iom, "2019")}), When: network.VacateSeat(vacated), Then: events{vacated}},

		{Name: "second_seat", Given: base, When: network.FillSeat(fill(athens, "2019")), Err: network.ErrSeated},
		{Name: "second_seat_before", Given: base, When: network.FillSeat(fill(athens, "2017")), Err: network.ErrSeated},
		{Name: "perhaps_a_second_seat", Given: base, When: network.FillSeat(fill(athens, "")), Then: events{fill(athens, "")}},
		{Name: "the_same_seat_in_another_role", Given: base, When: network.FillSeat(chairs), Err: network.ErrSeated},
		{Name: "the_same_seat_from_another_source", Given: base, When: network.FillSeat(other), Then: events{other}},
		{Name: "again_after_leaving", Given: free, When: network.FillSeat(fill(athens, "2020-06-01")), Then: events{fill(athens, "2020-06-01")}},
		{Name: "again_after_the_term", Given: events{registered, established, termed}, When: network.FillSeat(fill(athens, "2019-01-01")), Then: events{fill(athens, "2019-01-01")}},
		{Name: "again_on_the_last_day_of_the_term", Given: events{registered, established, termed}, When: network.FillSeat(fill(athens, "2018-12-31")), Err: network.ErrSeated},
		{Name: "in_another_body", Given: slices.Concat(base, events{network.BodyEstablished{Fact: on("2018"), Key: "jury", Charter: charter(nil)}}), When: network.FillSeat{Fact: on("2019"), Body: "jury", Party: ref(athens), Role: "chair"}, Then: events{network.SeatFilled{Fact: on("2019"), Body: "jury", Party: ref(athens), Role: "chair"}}},
	})
}

func TestVacating(t *testing.T) {
	termed := filled
	termed.Until = day("2019-12-31")
	elsewhere := vacated
	elsewhere.Source.Locator = "page 2"
	given := events{registered, established, filled}
	estest.Run(t, network.Decider, cases{
		{Name: "no_seat", Given: given, When: network.VacateSeat(vacate(larissa, "2019")), Err: network.ErrNotSeated},
		{Name: "no_seat_announced", Given: given, When: network.VacateSeat{Fact: as(terms.Announced, "2019"), Body: "board", Party: ref(larissa)}, Then: events{network.SeatVacated{Fact: as(terms.Announced, "2019"), Body: "board", Party: ref(larissa)}}},
		{Name: "before_it_was_filled", Given: given, When: network.VacateSeat(vacate(athens, "2017")), Then: events{vacate(athens, "2017")}},
		{Name: "on_no_date", Given: given, When: network.VacateSeat(vacate(athens, "")), Then: events{vacate(athens, "")}},
		{Name: "after_it_was_vacated", Given: slices.Concat(given, events{vacated}), When: network.VacateSeat(vacate(athens, "2021")), Err: network.ErrNotSeated},
		{Name: "said_with_an_earlier_date", Given: slices.Concat(given, events{vacated}), When: network.VacateSeat(vacate(athens, "2019")), Then: events{vacate(athens, "2019")}},
		{Name: "from_another_source", Given: slices.Concat(given, events{vacated}), When: network.VacateSeat(elsewhere), Then: events{elsewhere}},
		{Name: "as_the_term_ends", Given: events{registered, established, termed}, When: network.VacateSeat(vacate(athens, "2020-01-01")), Then: events{vacate(athens, "2020-01-01")}},
		{Name: "after_the_term", Given: events{registered, established, termed}, When: network.VacateSeat(vacate(athens, "2020-01-02")), Err: network.ErrNotSeated},
		{Name: "after_the_body", Given: slices.Concat(given, events{unset}), When: network.VacateSeat(vacate(athens, "2022")), Err: network.ErrNotSeated},
		{Name: "seat_that_was_vacated_moves_to_another_party", Given: slices.Concat(given, events{vacated}), When: network.Correct(corrected(3, fill(larissa, "2018-06-01"))), Err: network.ErrNotSeated},
	})
}

func TestOffice(t *testing.T) {
	given := events{registered, designate(isd, "2018-06-01")}
	replaces := func(p, q partyID, date string) network.SecretariatDesignated {
		e := designate(p, date)
		e.Replaces = ref(q)
		return e
	}
	host, announced, again := designated, designate(iom, "2019"), designate(isd, "2018-06-01")
	announced.Status, again.Source.Locator = terms.Announced, "page 2"
	estest.Run(t, network.Decider, cases{
		{Name: "another_in_office", Given: given, When: network.DesignateSecretariat(designate(iom, "2019")), Err: network.ErrInOffice},
		{Name: "another_found_in_an_archive", Given: given, When: network.DesignateSecretariat(designate(iom, "2017")), Err: network.ErrInOffice},
		{Name: "replaced", Given: given, When: network.DesignateSecretariat(replaces(iom, isd, "2019")), Then: events{replaces(iom, isd, "2019")}},
		{Name: "replaces_somebody_else", Given: given, When: network.DesignateSecretariat(replaces(iom, unhcr, "2019")), Err: network.ErrInOffice},
		{Name: "replaces_who_was_not_in_office", Given: events{registered}, When: network.DesignateSecretariat(replaces(iom, isd, "2019")), Err: network.ErrNotInOffice},
		{Name: "announced", Given: given, When: network.DesignateSecretariat(announced), Then: events{announced}},
		{Name: "perhaps_in_office", Given: given, When: network.DesignateSecretariat(designate(iom, "")), Then: events{designate(iom, "")}},
		{Name: "after_the_term", Given: events{registered, host}, When: network.DesignateSecretariat(designate(iom, "2022-01-01")), Then: events{designate(iom, "2022-01-01")}},
		{Name: "before_the_term_is_over", Given: events{registered, host}, When: network.DesignateSecretariat(designate(iom, "2021-12-31")), Err: network.ErrInOffice},
		{Name: "after_leaving", Given: slices.Concat(given, events{left}), When: network.DesignateSecretariat(designate(iom, "2020-01-01")), Then: events{designate(iom, "2020-01-01")}},
		{Name: "the_same_from_another_source", Given: given, When: network.DesignateSecretariat(again), Then: events{again}},
		{Name: "in_office_already", Given: given, When: network.DesignateSecretariat(designate(isd, "2019")), Err: network.ErrInOffice},
		{Name: "nobody_to_leave", Given: given, When: network.EndSecretariat(leave(iom, "2019")), Err: network.ErrNotInOffice},
		{Name: "left_already", Given: slices.Concat(given, events{left}), When: network.EndSecretariat(leave(isd, "2021")), Err: network.ErrNotInOffice},
		{Name: "correction_brings_two_into_office", Given: slices.Concat(given, events{left, designate(iom, "2020-01-01")}), When: network.Correct(corrected(3, leave(isd, "2020-02-01"))), Err: network.ErrInOffice},
		{Name: "voiding_brings_two_into_office", Given: slices.Concat(given, events{left, designate(iom, "2020-01-01")}), When: network.Void(voided(3)), Then: events{voided(3)}},
	})
}

func TestDissolved(t *testing.T) {
	given := slices.Concat(base, events{dissolved})
	late, again := "2023", dissolved
	again.Fact = on("2024")
	older := carriedOver
	older.Phase, older.Since = network.PhaseDissolved, day("2019")
	for _, c := range []struct {
		name string
		when network.Command
		err  error
	}{
		{"launched", network.Launch{Fact: on(late)}, network.ErrDissolved},
		{"titled", network.AddTitle{Fact: on(late), Title: titled.Title}, network.ErrDissolved},
		{"seat_filled", network.FillSeat(fill(larissa, late)), network.ErrDissolved},
		{"opened", network.OpenToJoin{Fact: on(late)}, network.ErrDissolved},
		{"perhaps_before", network.FillSeat(fill(larissa, "2022")), nil},
		{"on_no_date", network.FillSeat(fill(larissa, "")), nil},
		{"on_the_day", network.FillSeat(fill(larissa, "2022-12-31")), nil},
		{"claimed", network.Launch{Fact: as(terms.Claimed, late)}, nil},
		{"seat_vacated", network.VacateSeat(vacate(athens, late)), nil},
		{"supporter_ended", network.EndSupporter{Fact: on(late), Party: ref(iom)}, nil},
		{"decided", network.RecordDecision{Fact: on(late), Title: text("D"), Outcome: "adopted", Rule: "unstated"}, nil},
		{"dissolved_later", network.Dissolve(again), nil},
		{"reclassified", network.Reclassify(reclassified(es.Public)), nil},
		{"corrected_to_later", network.Correct(corrected(4, fill(athens, late))), network.ErrDissolved},
	} {
		t.Run(c.name, func(t *testing.T) { require.ErrorIs(t, after(given...).try(c.when), c.err) })
	}
	t.Run("secretariat_ended", func(t *testing.T) {
		require.NoError(t, after(registered, designate(isd, "2018"), dissolved).try(network.EndSecretariat(leave(isd, late))))
	})
	t.Run("by_an_older_register", func(t *testing.T) {
		require.ErrorIs(t, after(older).try(network.Launch{Fact: on("2020")}), network.ErrDissolved)
	})
}
