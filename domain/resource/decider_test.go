package resource_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/resource"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestEveryCommand(t *testing.T) {
	all := []resource.Command{resource.Register(registered), resource.CarryOver(carried)}
	for _, f := range facts {
		all = append(all, f.Command)
		estest.Run(t, resource.Decider, cases{
			{Name: f.Name + "_of_nothing", When: f.Command, Err: es.NotFound("resource.unknown", "")},
			{
				Name: f.Name + "_of_what_is_void", Given: events{registered, resource.Voided(void(1))},
				When: f.Command, Err: es.Rejected("resource.void", "", ""),
			},
		})
	}
	have := map[reflect.Type]bool{}
	for _, c := range all {
		have[reflect.TypeOf(c)] = true
		name, _, data, err := resource.Commands.Encode(c)
		require.NoError(t, err)
		t.Run(name+"_survives_json", func(t *testing.T) {
			got, err := resource.Commands.Parse(name, data)
			require.NoError(t, err)
			_, _, encoded, err := resource.Commands.Encode(got)
			require.NoError(t, err)
			require.JSONEq(t, stated(string(data)), string(encoded))
		})
	}
	for _, d := range resource.Commands.Definitions() {
		require.True(t, have[d.Type], "%s has no case here", d.Name)
	}
}

func TestOpen(t *testing.T) {
	only, kindless, nameless := registered, registered, registered
	only.Status, kindless.Kind, nameless.Titles = terms.Announced, "", nil
	nowhere, astray := carried, carried
	nowhere.Phase, astray.Copy.URL = "", "ftp://example.org"
	estest.Run(t, resource.Decider, cases{
		{Name: "register", When: resource.Register(registered), Then: events{registered}},
		{Name: "only_announced_is_one_event", When: resource.Register(only), Then: events{only}},
		{Name: "carry_over", When: resource.CarryOver(carried), Then: events{carried}},
		{Name: "twice", Given: events{registered}, When: resource.Register(registered), Err: es.Rejected("resource.exists", "", "")},
		{Name: "carry_over_what_is_there", Given: events{registered}, When: resource.CarryOver(carried), Err: es.Rejected("resource.exists", "", "")},
		{Name: "without_a_kind", When: resource.Register(kindless), Err: es.Invalid("terms.missing", "", "")},
		{Name: "without_a_title", When: resource.Register(nameless), Err: es.Invalid("terms.missing", "", "")},
		{Name: "carried_over_in_no_phase", When: resource.CarryOver(nowhere), Err: es.Invalid("terms.missing", "", "")},
		{Name: "carried_over_from_nowhere", When: resource.CarryOver(astray), Err: es.Invalid("resource.bad_url", "", "")},
	})
}

func TestRecord(t *testing.T) {
	for _, f := range facts[:plain] {
		estest.Run(t, resource.Decider, cases{
			{Name: f.Name, Given: events{registered}, When: f.Command, Then: events{f.Event}},
			{Name: f.Name + "_again", Given: events{registered, f.Event}, When: f.Command},
		})
	}
	other := published
	other.Source.Locator = "p. 4"
	unknown := resource.Proposed{Fact: on("2018")}
	estest.Run(t, resource.Decider, cases{
		{Name: "from_another_page", Given: events{registered, published}, When: resource.Publish(other), Then: events{other}},
		{Name: "proposed_by_nobody_knows_whom", Given: events{registered}, When: resource.Propose(unknown), Then: events{unknown}},
		{Name: "reclassify", Given: events{registered}, When: reclassify(es.Public), Then: events{resource.Reclassified(reclassify(es.Public))}},
		{Name: "reclassify_again", Given: events{registered, resource.Reclassified(reclassify(es.Public))}, When: reclassify(es.Public)},
	})
}

func TestInput(t *testing.T) {
	missing, blank := es.Invalid("terms.missing", "", ""), es.Invalid("terms.bad_text", "", "")
	badURL := es.Invalid("resource.bad_url", "", "")
	at := func(url string) resource.Command { return resource.Publish{Copy: resource.Copy{URL: url}} }
	for name, c := range map[string]struct {
		command resource.Command
		err     error
	}{
		"title_of_nothing":    {resource.AddTitle{}, blank},
		"nobody_owns":         {resource.NameOwner{}, missing},
		"related_to_nothing":  {resource.Relate{Relation: "under"}, missing},
		"related_somehow":     {resource.Relate{To: visit}, missing},
		"reviewed_somehow":    {resource.Review{}, missing},
		"blank_remarks":       {resource.Review{Outcome: "returned", Remarks: text(" ")}, blank},
		"no_page":             {at("example.org"), badURL},
		"with_a_password":     {at("https://me:secret@example.org"), badURL},
		"with_a_space":        {at("https://example.org/a b"), badURL},
		"too_long":            {at("https://example.org/" + strings.Repeat("a", terms.MaxText)), badURL},
		"no_hash":             {resource.RecordCopy{Copy: resource.Copy{SHA256: "5e"}}, es.Invalid("resource.bad_hash", "", "")},
		"no_copy":             {resource.RecordCopy{Copy: resource.Copy{Lang: "en"}}, missing},
		"retired_blankly":     {resource.Retire{Reason: text(" ")}, blank},
		"replaced_by_a_visit": {resource.Retire{ReplacedBy: visit}, es.Invalid("terms.wrong_ref", "", "")},
		"replaced_by_a_step":  {resource.Retire{ReplacedBy: newer + "@3"}, es.Invalid("terms.wrong_ref", "", "")},
		"no_visibility":       {reclassify(""), missing},
	} {
		estest.Run(t, resource.Decider, cases{{Name: name, Given: events{registered}, When: c.command, Err: c.err}})
	}
	for text, ok := range map[string]bool{"": true, strings.Repeat("0f", 32): true, strings.Repeat("0F", 32): false, "0f": false} {
		var h resource.Hash
		require.Equal(t, ok, h.UnmarshalText([]byte(text)) == nil, text)
	}
}

func TestGuards(t *testing.T) {
	out, gone := events{registered, published}, events{registered, retired} // on 2019-01-01, in 2022
	propose := func(date string) resource.Propose { return resource.Propose{Fact: on(date)} }
	publish := func(date string) resource.Publish { return resource.Publish{on(date), page} }
	claimed := resource.Publish{as(terms.Claimed, "2023"), page}
	announced := events{registered, booktest.Refact(retired, as(terms.Announced, "2022"))}
	estest.Run(t, resource.Decider, cases{
		{Name: "propose_what_is_out", Given: out, When: propose("2019-02"), Err: resource.ErrPublished},
		{Name: "propose_on_the_day", Given: out, When: propose("2019-01-01"), Then: events{resource.Proposed(propose("2019-01-01"))}},
		{Name: "proposed_before", Given: out, When: propose("2018"), Then: events{resource.Proposed(propose("2018"))}},
		{Name: "proposed_some_day", Given: out, When: propose(""), Then: events{resource.Proposed(propose(""))}},
		{Name: "propose_what_an_older_register_has_out", Given: events{carried}, When: propose("2020"), Err: resource.ErrPublished},
		{Name: "review_what_is_out", Given: out, When: resource.Review{Fact: on("2020"), Outcome: "accepted"}, Then: events{resource.Reviewed{Fact: on("2020"), Outcome: "accepted"}}},
		{Name: "propose_what_is_retired", Given: gone, When: propose("2023"), Err: resource.ErrRetired},
		{Name: "review_what_is_retired", Given: gone, When: resource.Review{Fact: on("2023"), Outcome: "accepted"}, Err: resource.ErrRetired},
		{Name: "publish_what_is_retired", Given: gone, When: publish("2023"), Err: resource.ErrRetired},
		{Name: "perhaps_published_after", Given: gone, When: publish("2022-12"), Then: events{resource.Published(publish("2022-12"))}},
		{Name: "published_some_day", Given: gone, When: publish(""), Then: events{resource.Published(publish(""))}},
		{Name: "claimed_to_be_published", Given: gone, When: claimed, Then: events{resource.Published(claimed)}},
		{Name: "a_copy_of_what_is_retired", Given: gone, When: resource.RecordCopy(copied), Then: events{copied}},
		{Name: "an_announced_retirement_stops_nothing", Given: announced, When: publish("2023"), Then: events{resource.Published(publish("2023"))}},
		{
			Name: "nor_one_in_dispute", Given: append(gone[:2:2], resource.Disputed(dispute(2))), When: publish("2023"),
			Then: events{resource.Published(publish("2023"))},
		},
		{Name: "corrected_into_the_time_after", Given: append(gone[:2:2], published), When: correct(3, resource.Published(publish("2023"))), Err: resource.ErrRetired},
		{
			Name: "a_step_is_not_in_its_own_way", Given: out, When: correct(2, resource.Published(publish("2023"))),
			Then: events{resource.Corrected(correct(2, resource.Published(publish("2023"))))},
		},
	})
}
