package party_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
)

type (
	cases  = []estest.Case[party.Command, party.Event]
	events = []party.Event
)

const (
	source  terms.SourceID = "source-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e01"
	trieste terms.PartyID  = "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e02"
	koper   terms.PartyID  = "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e03"
	muggia  terms.PartyID  = "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e04"
)

func recorded(on string) terms.Fact {
	return terms.Fact{Occurred: edtf.MustParse(on), Source: terms.Citation{ID: source, Locator: "p. 3"}}
}

func as(s terms.Status, on string) terms.Fact {
	f := recorded(on)
	f.Status = s
	return f
}

func text(lang terms.Lang, value string) terms.Text { return terms.Text{Lang: lang, Value: value} }

func correct(of es.Revision, e party.Event) party.Correct {
	return party.Correct{book.Corrected[party.Event]{Fact: recorded("2024"), Of: of, As: e, Reason: "misread"}}
}

func void(of es.Revision) party.Void {
	return party.Void{book.Voided{Fact: recorded("2024"), Of: of, Reason: "of another city"}}
}

func dispute(of es.Revision) party.Dispute {
	return party.Dispute{book.Disputed{Fact: recorded("2024"), Of: of, By: koper, Grounds: "the council never said so"}}
}

func rule(of es.Revision, stands bool) party.Rule {
	return party.Rule{book.Ruled{Fact: recorded("2025"), Of: of, Stands: stands, Reason: "the minutes were found"}}
}

func reclassify(v terms.Visibility) party.Reclassify {
	return party.Reclassify{book.Reclassified{Fact: recorded("2025"), Visibility: v, Reason: "it is in print now"}}
}

var (
	registered  = party.Registered{Fact: recorded("1954"), Kind: "municipality", Name: text("it", "Trieste"), Country: "IT"}
	carriedOver = party.CarriedOver{
		Fact: recorded("2001"), Kind: "municipality", Country: "IT", Ended: edtf.MustParse("1927"),
		Names: []party.Name{{Text: text("it", "Opicina"), Use: "official"}, {Text: text("sl", "Opčine"), Use: "exonym"}},
		IDs:   []party.Identifier{{Scheme: "wikidata", Value: "Q1010"}},
	}
	named      = party.Named{Fact: recorded("1954"), Name: party.Name{Text: text("sl", "Trst"), Use: "exonym"}}
	renamed    = party.Renamed{Fact: recorded("2010-05"), Name: text("it", "Trieste Capitale")}
	identified = party.Identified{Fact: recorded(""), Identifier: party.Identifier{Scheme: "wikidata", Value: "Q546"}}
	located    = party.Located{Fact: recorded("1954"), Country: "SI", Latitude: 45_650_000, Longitude: 13_770_000}
	related    = party.Related{Fact: recorded("2011"), To: koper, Relation: "represents"}
	merged     = party.Merged{Fact: recorded("2020"), Into: koper}
	split      = party.Split{Fact: recorded("2020"), Into: []terms.PartyID{koper, muggia}}
	succeeded  = party.Succeeded{Fact: recorded("2021"), By: muggia}
	linked     = party.Linked{Fact: recorded(""), To: trieste, Reason: "the same wikidata key"}
	unlinked   = party.Unlinked{Fact: recorded(""), From: trieste, Reason: "two places after all"}
)

// plain is how many of facts say something that no guard stands against.
const plain = 9

// facts is every fact that can follow an opening, with its command, and with
// other values.
var facts = booktest.Examples[party.Command, party.Event]{
	{Name: "named", Command: party.AddName(named), Event: named, Changed: party.Named{recorded("1900~"), party.Name{Text: text("de", "Triest"), Use: "exonym"}}},
	{Name: "renamed", Command: party.Rename(renamed), Event: renamed, Changed: party.Renamed{recorded("1900~"), text("it", "Trieste Nuova")}},
	{Name: "identified", Command: party.Identify(identified), Event: identified, Changed: party.Identified{recorded("1900~"), party.Identifier{Scheme: "unlocode", Value: "ITTRS"}}},
	{Name: "located", Command: party.Locate(located), Event: located, Changed: party.Located{Fact: recorded("1900~"), Country: "HR"}},
	{Name: "related", Command: party.Relate(related), Event: related, Changed: party.Related{recorded("1900~"), muggia, "owned_by"}},
	{Name: "merged", Command: party.Merge(merged), Event: merged, Changed: party.Merged{recorded("1900~"), muggia}},
	{Name: "split", Command: party.Divide(split), Event: split, Changed: party.Split{recorded("1900~"), []terms.PartyID{trieste, muggia}}},
	{Name: "succeeded", Command: party.Succeed(succeeded), Event: succeeded, Changed: party.Succeeded{recorded("1900~"), koper}},
	{Name: "linked", Command: party.Link(linked), Event: linked, Changed: party.Linked{recorded("1900~"), muggia, "the same mayor"}},
	{Name: "unlinked", Command: party.Unlink(unlinked), Event: unlinked, Changed: party.Unlinked{recorded("1900~"), muggia, "another mayor"}},
	{Name: "corrected", Command: correct(1, registered), Event: party.Corrected(correct(1, registered))},
	{Name: "voided", Command: void(2), Event: party.Voided(void(2))},
	{Name: "disputed", Command: dispute(2), Event: party.Disputed(dispute(2))},
	{Name: "ruled", Command: rule(3, true), Event: party.Ruled(rule(3, true))},
	{Name: "reclassified", Command: reclassify(es.Public), Event: party.Reclassified(reclassify(es.Public))},
}

func TestEveryCommand(t *testing.T) {
	t.Run("is_in_the_table", func(t *testing.T) {
		have := map[reflect.Type]bool{reflect.TypeFor[party.Register](): true, reflect.TypeFor[party.CarryOver](): true}
		for _, f := range facts {
			have[reflect.TypeOf(f.Command)] = true
		}
		for _, d := range party.Commands.Definitions() {
			require.True(t, have[d.Type], "%s has no case here", d.Name)
		}
	})
	for _, f := range facts {
		estest.Run(t, party.Decider, cases{
			{Name: f.Name + "_of_nobody", When: f.Command, Err: es.ErrNotFound},
			{
				Name: f.Name + "_of_a_voided_party", Given: events{registered, party.Voided(void(1))},
				When: f.Command, Err: es.Rejected("party.void", "", ""),
			},
		})
	}
	for _, c := range append([]party.Command{party.Register(registered), party.CarryOver(carriedOver), correct(2, named)}, commands()...) {
		name, _, data, err := party.Commands.Encode(c)
		require.NoError(t, err)
		t.Run(name+"_survives_json", func(t *testing.T) {
			got, err := party.Commands.Parse(name, data)
			require.NoError(t, err)
			again, err := party.Commands.Parse(name, data)
			require.NoError(t, err)
			require.Equal(t, again, got)
			_, _, encoded, err := party.Commands.Encode(got)
			require.NoError(t, err)
			require.JSONEq(t, stated(string(data)), string(encoded))
		})
	}
}

func TestOpen(t *testing.T) {
	nameless, kindless := registered, registered
	nameless.Name.Value, kindless.Kind = " ", ""
	noNames, badID := carriedOver, carriedOver
	noNames.Names, badID.IDs = nil, []party.Identifier{{Scheme: "wikidata", Value: "Q 1"}}
	estest.Run(t, party.Decider, cases{
		{Name: "register", When: party.Register(registered), Then: events{registered}},
		{Name: "carry_over", When: party.CarryOver(carriedOver), Then: events{carriedOver}},
		{Name: "register_twice", Given: events{registered}, When: party.Register(registered), Err: es.Rejected("party.exists", "", "")},
		{Name: "carry_over_what_is_registered", Given: events{registered}, When: party.CarryOver(carriedOver), Err: es.ErrRejected},
		{Name: "without_a_name", When: party.Register(nameless), Err: es.Invalid("terms.bad_text", "", "")},
		{Name: "without_a_kind", When: party.Register(kindless), Err: es.Invalid("terms.missing", "", "")},
		{Name: "carried_over_without_a_name", When: party.CarryOver(noNames), Err: es.ErrInvalid},
		{Name: "carried_over_with_a_bad_key", When: party.CarryOver(badID), Err: es.Invalid("party.bad_identifier", "", "")},
	})
}

func TestRecord(t *testing.T) {
	for _, f := range facts[:plain] {
		estest.Run(t, party.Decider, cases{
			{Name: f.Name, Given: events{registered}, When: f.Command, Then: events{f.Event}},
			{Name: f.Name + "_again", Given: events{registered, f.Event}, When: f.Command},
		})
	}
	other := named
	other.Source.Locator = "p. 4"
	estest.Run(t, party.Decider, cases{
		{Name: "the_same_from_another_page_is_another_assertion", Given: events{registered, named}, When: party.AddName(other), Then: events{other}},
		{Name: "name_without_use", Given: events{registered}, When: party.AddName{Name: party.Name{Text: text("it", "T")}}, Err: es.ErrInvalid},
		{Name: "name_without_text", Given: events{registered}, When: party.AddName{Name: party.Name{Use: "short"}}, Err: es.ErrInvalid},
		{Name: "renamed_to_nothing", Given: events{registered}, When: party.Rename{}, Err: es.ErrInvalid},
		{Name: "identifier_with_space", Given: events{registered}, When: party.Identify{Identifier: party.Identifier{Scheme: "lau", Value: "a b"}}, Err: es.ErrInvalid},
		{Name: "identifier_without_scheme", Given: events{registered}, When: party.Identify{Identifier: party.Identifier{Value: "a"}}, Err: es.ErrInvalid},
		{Name: "beyond_the_pole", Given: events{registered}, When: party.Locate{Latitude: 90_000_001}, Err: party.ErrBadPlace},
		{Name: "at_the_pole", Given: events{registered}, When: party.Locate{Latitude: -90_000_000, Longitude: 180_000_000}, Then: events{party.Located{Latitude: -90_000_000, Longitude: 180_000_000}}},
		{Name: "beyond_the_date_line", Given: events{registered}, When: party.Locate{Longitude: -180_000_001}, Err: party.ErrBadPlace},
		{Name: "related_to_nobody", Given: events{registered}, When: party.Relate{Relation: "unit_of"}, Err: es.ErrInvalid},
		{Name: "related_somehow", Given: events{registered}, When: party.Relate{To: koper}, Err: es.ErrInvalid},
		{Name: "merged_into_nobody", Given: events{registered}, When: party.Merge{}, Err: es.ErrInvalid},
		{Name: "split_into_one", Given: events{registered}, When: party.Divide{Into: []terms.PartyID{koper}}, Err: es.Invalid("party.bad_split", "", "")},
		{Name: "split_into_one_twice", Given: events{registered}, When: party.Divide{Into: []terms.PartyID{koper, koper}}, Err: es.Invalid("party.bad_split", "", "")},
		{Name: "split_into_nobody", Given: events{registered}, When: party.Divide{Into: []terms.PartyID{koper, ""}}, Err: es.Invalid("terms.missing", "", "")},
		{Name: "succeeded_by_nobody", Given: events{registered}, When: party.Succeed{}, Err: es.ErrInvalid},
		{Name: "linked_without_reason", Given: events{registered}, When: party.Link{To: trieste}, Err: es.ErrInvalid},
		{Name: "reclassified_without_reason", Given: events{registered}, When: party.Reclassify{}, Err: es.ErrInvalid},
	})
}

func TestLink(t *testing.T) {
	announced := party.Linked{Fact: as(terms.Announced, ""), To: koper, Reason: "somebody says so"}
	elsewhere := unlinked
	elsewhere.From = koper
	estest.Run(t, party.Decider, cases{
		{Name: "unlink", Given: events{registered, linked}, When: party.Unlink(unlinked), Then: events{unlinked}},
		{Name: "unlink_again", Given: events{registered, linked, unlinked}, When: party.Unlink(unlinked)},
		{Name: "link_again_in_the_same_words", Given: events{registered, linked, unlinked}, When: party.Link(linked), Then: events{linked}},
		{Name: "linked_already", Given: events{registered, linked, unlinked, linked}, When: party.Link(linked)},
		{Name: "linked_already_whatever_is_announced", Given: events{registered, linked, announced}, When: party.Link(linked)},
		{Name: "unlink_what_is_not_linked", Given: events{registered}, When: party.Unlink(unlinked), Err: party.ErrNoLink},
		{Name: "unlink_another", Given: events{registered, linked}, When: party.Unlink(elsewhere), Err: party.ErrNoLink},
		{Name: "unlink_what_is_only_announced", Given: events{registered, announced}, When: party.Unlink(elsewhere), Err: party.ErrNoLink},
		{Name: "unlink_nobody", Given: events{registered, linked}, When: party.Unlink{Reason: "x"}, Err: es.ErrInvalid},
	})
}

func TestReclassify(t *testing.T) {
	public, restricted := party.Reclassified(reclassify(es.Public)), party.Reclassified(reclassify(es.Restricted))
	claimed := reclassify(es.Public)
	claimed.Status = terms.Claimed
	estest.Run(t, party.Decider, cases{
		{Name: "reclassify", Given: events{registered}, When: reclassify(es.Public), Then: events{public}},
		{Name: "again", Given: events{registered, public}, When: reclassify(es.Public)},
		{Name: "and_back_in_the_same_words", Given: events{registered, restricted, public}, When: reclassify(es.Restricted), Then: events{restricted}},
		{Name: "only_claimed", Given: events{registered}, When: claimed, Err: es.Invalid("book.not_recorded", "", "")},
		{Name: "is_not_voided", Given: events{registered, public}, When: void(2), Err: es.Invalid("book.not_voidable", "", "")},
	})
}

func commands() []party.Command {
	var all []party.Command
	for _, f := range facts {
		all = append(all, f.Command)
	}
	return all
}
