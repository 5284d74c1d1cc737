package activity_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestEveryCommand(t *testing.T) {
	all := []activity.Command{activity.Register(registered), activity.CarryOver(carried)}
	for _, f := range facts {
		all = append(all, f.Command)
		estest.Run(t, activity.Decider, cases{
			{Name: f.Name + "_of_nothing", When: f.Command, Err: es.NotFound("activity.unknown", "")},
			{
				Name: f.Name + "_of_what_is_void", Given: events{registered, activity.Voided(void(1))},
				When: f.Command, Err: es.Rejected("activity.void", "", ""),
			},
		})
	}
	have := map[reflect.Type]bool{}
	for _, c := range all {
		have[reflect.TypeOf(c)] = true
		name, _, data, err := activity.Commands.Encode(c)
		require.NoError(t, err)
		t.Run(name+"_survives_json", func(t *testing.T) {
			got, err := activity.Commands.Parse(name, data)
			require.NoError(t, err)
			_, _, encoded, err := activity.Commands.Encode(got)
			require.NoError(t, err)
			require.JSONEq(t, stated(string(data)), string(encoded))
		})
	}
	for _, d := range activity.Commands.Definitions() {
		require.True(t, have[d.Type], "%s has no case here", d.Name)
	}
}

func TestOpen(t *testing.T) {
	only := registered
	only.Fact, only.When = as(terms.Announced, ""), day("2023?-04-24/2023?-04-30")
	bad := func(change func(*activity.Registered)) activity.Register {
		r := registered
		change(&r)
		return activity.Register(r)
	}
	nowhere, strange := carried, carried
	nowhere.Phase, strange.Participants = "", []activity.Participation{{Role: "guest", Presence: "present"}}
	estest.Run(t, activity.Decider, cases{
		{Name: "register", When: activity.Register(registered), Then: events{registered}},
		{Name: "only_announced_is_one_event", When: activity.Register(only), Then: events{only}},
		{Name: "carry_over", When: activity.CarryOver(carried), Then: events{carried}},
		{Name: "twice", Given: events{registered}, When: activity.Register(registered), Err: es.Rejected("activity.exists", "", "")},
		{Name: "carry_over_what_is_there", Given: events{registered}, When: activity.CarryOver(carried), Err: es.Rejected("activity.exists", "", "")},
		{Name: "without_a_kind", When: bad(func(r *activity.Registered) { r.Kind = "" }), Err: es.Invalid("terms.missing", "", "")},
		{Name: "without_a_title", When: bad(func(r *activity.Registered) { r.Titles = nil }), Err: es.Invalid("terms.missing", "", "")},
		{Name: "with_a_blank_title", When: bad(func(r *activity.Registered) { r.Titles = texts{text(" ")} }), Err: es.Invalid("terms.bad_text", "", "")},
		{Name: "minus_first", When: bad(func(r *activity.Registered) { r.Number = -1 }), Err: es.Invalid("activity.bad_number", "", "")},
		{Name: "beyond_counting", When: bad(func(r *activity.Registered) { r.Number = 1_000_001 }), Err: es.Invalid("activity.bad_number", "", "")},
		{Name: "part_of_a_plan", When: bad(func(r *activity.Registered) { r.Parent = plan }), Err: es.Invalid("terms.wrong_ref", "", "")},
		{Name: "part_of_an_event", When: bad(func(r *activity.Registered) { r.Parent = summit + "@2" }), Err: es.Invalid("terms.wrong_ref", "", "")},
		{Name: "carried_over_in_no_phase", When: activity.CarryOver(nowhere), Err: es.Invalid("terms.missing", "", "")},
		{Name: "carried_over_with_nobody", When: activity.CarryOver(strange), Err: es.Invalid("terms.missing", "", "")},
	})
}

func TestRecord(t *testing.T) {
	for _, f := range facts[:plain] {
		estest.Run(t, activity.Decider, cases{
			{Name: f.Name, Given: events{registered}, When: f.Command, Then: events{f.Event}},
			{Name: f.Name + "_again", Given: events{registered, f.Event}, When: f.Command},
		})
	}
	other := held
	other.Source.Locator = "p. 4"
	estest.Run(t, activity.Decider, cases{
		{Name: "from_another_page", Given: events{registered, held}, When: activity.Hold(other), Then: events{other}},
		{Name: "reclassify", Given: events{registered}, When: reclassify(es.Public), Then: events{activity.Reclassified(reclassify(es.Public))}},
		{Name: "reclassify_again", Given: events{registered, activity.Reclassified(reclassify(es.Public))}, When: reclassify(es.Public)},
	})
}

func TestInput(t *testing.T) {
	missing, blank, bad := es.Invalid("terms.missing", "", ""), es.Invalid("terms.bad_text", "", ""), es.Invalid("activity.bad_number", "", "")
	part := func(change func(*activity.Participation)) activity.Command {
		e := took
		change(&e.Participation)
		return activity.RecordParticipant(e)
	}
	counting := func(change func(*activity.Count)) activity.Command {
		e := counted
		change(&e.Count)
		return activity.CountParticipants(e)
	}
	for name, c := range map[string]struct {
		command activity.Command
		err     error
	}{
		"title_of_nothing":         {activity.AddTitle{}, blank},
		"no_series":                {activity.NameSeries{Number: 1}, missing},
		"negative_number":          {activity.NameSeries{Series: forum, Number: -1}, bad},
		"nowhere":                  {activity.Locate{}, missing},
		"blank_venue":              {activity.Locate{Place: activity.Place{Venue: text(" ")}}, blank},
		"blank_town":               {activity.Locate{Place: activity.Place{Town: text(" a")}}, blank},
		"scheduled_for_no_time":    {activity.Schedule{}, missing},
		"rescheduled_for_no_time":  {activity.Reschedule{}, missing},
		"rescheduled_blankly":      {activity.Reschedule{When: day("2018"), Reason: text(" ")}, blank},
		"postponed_blankly":        {activity.Postpone{Reason: text(" ")}, blank},
		"cancelled_blankly":        {activity.Cancel{Reason: text(" ")}, blank},
		"held_for_minus_a_day":     {activity.Hold{Days: -1}, bad},
		"nobody_hosts":             {activity.NameHost{As: "host"}, missing},
		"hosts_somehow":            {activity.NameHost{Party: terms.PartyRef{ID: athens}}, missing},
		"nobody_takes_part":        {part(func(p *activity.Participation) { p.Party.ID = "" }), missing},
		"takes_part_somehow":       {part(func(p *activity.Participation) { p.Role = "" }), missing},
		"perhaps_came":             {part(func(p *activity.Participation) { p.Presence = "" }), missing},
		"class_with_a_person":      {part(func(p *activity.Participation) { p.Class, p.Person = true, mayor }), es.Invalid("activity.bad_class", "", "")},
		"class_of_persons":         {part(func(p *activity.Participation) { p.Class, p.Person, p.Party.ID = true, mayor, "" }), es.Invalid("activity.bad_class", "", "")},
		"nobody_counted":           {counting(func(c *activity.Count) { c.Number = 0 }), bad},
		"counted_what":             {counting(func(c *activity.Count) { c.Of = "" }), missing},
		"counted_among_whom":       {counting(func(c *activity.Count) { c.Among = "" }), missing},
		"counted_coming_or_coming": {counting(func(c *activity.Count) { c.Presence = "" }), missing},
		"empty_agenda":             {activity.SetAgenda{}, missing},
		"blank_item":               {activity.SetAgenda{Items: texts{text("")}}, blank},
		"output_of_no_kind":        {activity.RecordOutput{Output: activity.Output{Source: minutes}}, missing},
		"output_of_nothing":        {activity.RecordOutput{Output: activity.Output{Kind: "document"}}, missing},
		"blank_gist":               {activity.RecordOutput{Output: activity.Output{Kind: "decision", Gist: text(" ")}}, blank},
		"related_to_nothing":       {activity.Relate{Relation: "follows"}, missing},
		"related_somehow":          {activity.Relate{To: summit}, missing},
		"no_visibility":            {reclassify(""), missing},
	} {
		estest.Run(t, activity.Decider, cases{{Name: name, Given: events{registered}, When: c.command, Err: c.err}})
	}
	whole := part(func(p *activity.Participation) { p.Class = true })
	one := part(func(p *activity.Participation) { p.Person, p.Party.ID = speaker, "" })
	gist := activity.OutputRecorded{Output: activity.Output{Kind: "decision", Gist: text("to meet again")}}
	estest.Run(t, activity.Decider, cases{
		{Name: "a_class_takes_part", Given: events{registered}, When: whole, Then: events{activity.ParticipantRecorded(whole.(activity.RecordParticipant))}},
		{Name: "a_person_takes_part", Given: events{registered}, When: one, Then: events{activity.ParticipantRecorded(one.(activity.RecordParticipant))}},
		{Name: "themes_alone", Given: events{registered}, When: activity.SetAgenda{Themes: agenda.Themes}, Then: events{activity.AgendaSet{Themes: agenda.Themes}}},
		{Name: "a_gist_alone", Given: events{registered}, When: activity.RecordOutput(gist), Then: events{gist}},
	})
}

func TestGuards(t *testing.T) {
	over := events{registered, held}           // on 2018-04-10
	calledOff := events{registered, cancelled} // on 2018-03-01
	schedule := func(date string) activity.Schedule { return activity.Schedule{on(date), day("2019")} }
	hold := func(date string) activity.Hold { return activity.Hold{on(date), 0} }
	cancel := func(date string) activity.Cancel { return activity.Cancel{Fact: on(date)} }
	doubtful := activity.Hold(held)
	doubtful.Status = terms.Claimed
	absent := took
	absent.Presence = "absent"
	later := events{registered, activity.Cancelled{Fact: as(terms.Announced, "2018-03-01")}}
	estest.Run(t, activity.Decider, cases{
		{Name: "schedule_what_was_held", Given: over, When: schedule("2018-04-11"), Err: activity.ErrHeld},
		{Name: "schedule_on_the_day", Given: over, When: schedule("2018-04-10"), Then: events{activity.Scheduled(schedule("2018-04-10"))}},
		{Name: "scheduled_long_before", Given: over, When: schedule("2017"), Then: events{activity.Scheduled(schedule("2017"))}},
		{Name: "reschedule_what_was_held", Given: over, When: activity.Reschedule{Fact: on("2019"), When: day("2020")}, Err: activity.ErrHeld},
		{Name: "postpone_what_was_held", Given: over, When: activity.Postpone{Fact: on("2019")}, Err: activity.ErrHeld},
		{Name: "cancel_what_was_held", Given: over, When: cancel("2018-05"), Err: activity.ErrHeld},
		{Name: "perhaps_cancelled_before", Given: over, When: cancel("2018-04"), Then: events{activity.Cancelled(cancel("2018-04"))}},
		{Name: "cancelled_some_day", Given: over, When: cancel(""), Then: events{activity.Cancelled(cancel(""))}},
		{Name: "schedule_what_was_cancelled", Given: calledOff, When: schedule("2018-03-02"), Err: activity.ErrCancelled},
		{Name: "hold_what_was_cancelled", Given: calledOff, When: activity.Hold(held), Err: activity.ErrCancelled},
		{Name: "held_in_that_month", Given: calledOff, When: hold("2018-03"), Then: events{activity.Held(hold("2018-03"))}},
		{Name: "held_some_day", Given: calledOff, When: hold(""), Then: events{activity.Held(hold(""))}},
		{Name: "claimed_to_be_held", Given: calledOff, When: doubtful, Then: events{activity.Held(doubtful)}},
		{Name: "cancelled_again_later", Given: calledOff, When: cancel("2018-04"), Then: events{activity.Cancelled(cancel("2018-04"))}},
		{Name: "present_at_what_was_cancelled", Given: calledOff, When: activity.RecordParticipant(took), Err: activity.ErrCancelled},
		{Name: "absent_from_what_was_cancelled", Given: calledOff, When: activity.RecordParticipant(absent), Then: events{absent}},
		{Name: "an_announced_cancellation_stops_nothing", Given: later, When: activity.Hold(held), Then: events{held}},
		{Name: "nor_one_in_dispute", Given: append(calledOff[:2:2], activity.Disputed(dispute(2))), When: activity.Hold(held), Then: events{held}},
		{Name: "nor_one_voided", Given: append(calledOff[:2:2], activity.Voided(void(2))), When: activity.Hold(held), Then: events{held}},
		{Name: "carried_over_as_held", Given: events{carried}, When: cancel("2019"), Err: activity.ErrHeld},
		{
			Name: "corrected_into_the_time_after", Given: events{registered, cancelled, activity.Held(hold("2018-02"))},
			When: correct(3, held), Err: activity.ErrCancelled,
		},
		{
			Name: "corrected_end_is_not_in_its_own_way", Given: over, When: correct(2, activity.Held(hold("2019"))),
			Then: events{activity.Corrected(correct(2, activity.Held(hold("2019"))))},
		},
	})
}

func TestTimesAreKeptAsTheyAre(t *testing.T) {
	for _, when := range []string{"2018-10-01~/2018-10-07~", "2015-09-29T16:00-04:00/2015-09-29T17:30-04:00", "2019-05", "2023?-04-24/2023?-04-30", ""} {
		h := subject.Opened(registered).Do(t, activity.Hold{Fact: terms.Fact{Occurred: edtf.MustParse(when)}, Days: 4})
		end, ok := h.State.Outcome()
		require.True(t, ok)
		require.Equal(t, when, end.From.String())
	}
}
