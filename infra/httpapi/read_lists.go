package httpapi

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/proposal"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/export"
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/parties"
	"github.com/entente-ledger/entente/projections/progress"
	"github.com/entente-ledger/entente/projections/proposals"
	"github.com/entente-ledger/entente/projections/register"
	"github.com/entente-ledger/entente/projections/roster"
	"github.com/entente-ledger/entente/projections/search"
)

// recordOf is the record that an item of a list is about.
func recordOf(item any) string {
	switch one := item.(type) {
	case answers.Agreement:
		return one.ID
	case answers.PartyLine:
		return one.ID
	case answers.Party:
		return one.ID
	case answers.Network:
		return one.ID
	case answers.PlanLine:
		return one.ID
	case answers.Obligation:
		return one.Stream
	case answers.Finding:
		return one.Stream
	case answers.Hit:
		return one.ID
	case answers.Proposal:
		return one.ID
	default:
		panic(fmt.Sprintf("of what record is %T", item))
	}
}

// ofList returns the parameters of a list: its own, the axes, and those of pages.
func ofList(own ...parameter) []parameter {
	return slices.Concat(own, axes(), paged(), []parameter{changedSince()})
}

// lists are the questions that are answered with lists of a read model.
func (a *API) lists() []question {
	return []question{
		{
			path: "/v1/register", id: "register", tag: "register", kind: "memorandum", summary: "List the agreements",
			about: "The register of agreements that exist, as of a date.", answer: reflect.TypeFor[answers.Agreement](), formats: tables(),
			takes: ofList(asOf(), choice("phase", "Only those that certainly are in it", memorandum.Phase("").Words()),
				flags("perhaps", "With phase: also those that perhaps are in it"), choice("kind", "Only those of this kind", memorandum.Kind("").Words()),
				texts("party", "Only those in which this party or network has or had any part: its id"), texts("theme", "Only those with this theme"),
				choice("sort", "By title, or by the earliest day of entry into force", []string{"title", "entry"})),
			read: readRegister,
		},
		{
			path: "/v1/parties", id: "parties", tag: "parties", kind: "party", summary: "List the parties",
			about: "The parties that exist, networks among them, by their names.", answer: reflect.TypeFor[answers.PartyLine](),
			formats: with(tables(), exported(export.GeoJSON)),
			takes: ofList(choice("kind", "Only those of this kind", party.Kind("").Words()),
				texts("country", "Only those of this country: an ISO 3166-1 code such as GR")),
			read: readParties,
		},
		{
			path: "/v1/networks", id: "networks", tag: "roster", kind: "network", summary: "List the networks",
			about: "The networks that exist, by their titles, with their phases as of a date.", answer: reflect.TypeFor[answers.Network](),
			formats: with(tables(), exported(export.GeoJSON)), takes: ofList(asOf()), read: readNetworks,
		},
		{
			path: "/v1/plans", id: "plans", tag: "plans", kind: "actionplan", summary: "List the action plans",
			about: "The action plans that exist, by their titles, with their phases as of a date.", answer: reflect.TypeFor[answers.PlanLine](), formats: tables(),
			takes: ofList(asOf(), texts("party", "Only those of this party or network: its id"),
				choice("phase", "Only those that certainly are in it", actionplan.Phase("").Words())),
			read: readPlans,
		},
		{
			path: "/v1/findings", id: "findings", tag: "findings", summary: "List what a person should look at",
			about: "Contradictions, dates that leave something undecided, duplicates and the like, each with its events.", answer: reflect.TypeFor[answers.Finding](), formats: tables(),
			takes: ofList(texts("about", "Only those about this record: its id"), texts("code", "Only those with this code"),
				texts("kind", "Only those about records of this kind"), flags("accepted", "Also those that were accepted and have not changed since"),
				texts("finding", "Only the one with this id")),
			read: readFindings,
		},
		{
			path: "/v1/search", id: "search", tag: "search", summary: "Find records by their names and titles",
			about:  "What has the words in a name or title, in any language, without regard to case and accents; or an id that begins so. The best matches first.",
			answer: reflect.TypeFor[answers.Hit](), formats: tables(),
			takes: ofList(texts("q", "The words; each begins a word of the text"), choice("kind", "Only records of this kind", search.Kinds()),
				texts("theme", "Only those with this theme"), texts("during", "Only what perhaps happened, began or was issued then (EDTF)")),
			read: readSearch,
		},
		{
			path: "/v1/proposals", id: "proposals", tag: "proposals", kind: "proposal", summary: "List the proposals",
			about: "Commands that need, or needed, a second person, in the order in which they were made.", answer: reflect.TypeFor[answers.Proposal](), formats: tables(),
			takes: ofList(choice("phase", "Only those in this phase", proposal.Phase("").Words()),
				texts("about", "Only those about this record, or that led to it: its id"), texts("by", "Only those that this identity made")),
			read: readProposals,
		},
		a.obligations(),
	}
}

func readRegister(q *asked) (reply, error) {
	f := register.Filter{On: q.on}
	err := q.words(map[string]encoding.TextUnmarshaler{"phase": &f.Phase, "kind": &f.Kind, "theme": &f.Theme})
	if err != nil {
		return reply{}, err
	}
	if f.Perhaps, err = q.flag("perhaps"); err != nil {
		return reply{}, err
	}
	if f.Party, err = q.party("party"); err != nil {
		return reply{}, err
	}
	switch q.text("sort") {
	case "", "title":
	case "entry":
		f.Sort = register.ByEntry
	default:
		return reply{}, bad("sort", "there is no such order", "title or entry")
	}
	return list(func(d *answers.Desk, limit int, after string) (answers.Page[answers.Agreement], error) {
		f.Limit, f.After = limit, after
		return d.Agreements(f)
	}), nil
}

// party reads the id of a party or network.
func (q *asked) party(name string) (terms.PartyID, error) {
	id, err := q.stream(name, "party", "network")
	return terms.PartyID(id), err
}

func readParties(q *asked) (reply, error) {
	var f parties.Filter
	if err := q.words(map[string]encoding.TextUnmarshaler{"kind": &f.Kind, "country": &f.Country}); err != nil {
		return reply{}, err
	}
	return partiesReply(q, f), nil
}

func partiesReply(q *asked, f parties.Filter) reply {
	if q.format.name == string(export.GeoJSON) {
		return list(func(d *answers.Desk, limit int, after string) (answers.Page[answers.Party], error) {
			f.Limit, f.After = limit, after
			return d.WholeParties(f)
		})
	}
	return list(func(d *answers.Desk, limit int, after string) (answers.Page[answers.PartyLine], error) {
		f.Limit, f.After = limit, after
		return d.Parties(f)
	})
}

func readNetworks(q *asked) (reply, error) {
	if q.format.name == string(export.GeoJSON) {
		return partiesReply(q, parties.Filter{Kind: "network"}), nil
	}
	f := roster.Filter{On: q.on}
	return list(func(d *answers.Desk, limit int, after string) (answers.Page[answers.Network], error) {
		f.Limit, f.After = limit, after
		return d.Networks(f)
	}), nil
}

func readPlans(q *asked) (reply, error) {
	f := progress.Filter{On: q.on}
	err := q.word("phase", &f.Phase)
	if err == nil {
		f.Party, err = q.party("party")
	}
	return list(func(d *answers.Desk, limit int, after string) (answers.Page[answers.PlanLine], error) {
		f.Limit, f.After = limit, after
		return d.Plans(f)
	}), err
}

func readFindings(q *asked) (reply, error) {
	f := findings.Filter{Code: q.text("code"), Kind: q.text("kind")}
	var err error
	if f.Stream, err = q.stream("about"); err != nil {
		return reply{}, err
	}
	if f.Accepted, err = q.flag("accepted"); err != nil {
		return reply{}, err
	}
	if q.has("finding") {
		if f.ID, err = uuid.Parse(q.text("finding")); err != nil {
			return reply{}, bad("finding", "this is no id of a finding", "a UUID such as the list shows")
		}
	}
	return list(func(d *answers.Desk, limit int, after string) (answers.Page[answers.Finding], error) {
		f.Limit, f.After = limit, after
		return d.Findings(f)
	}), nil
}

func readSearch(q *asked) (reply, error) {
	s := search.Query{Words: q.text("q"), Kind: q.text("kind")}
	if s.Words == "" {
		return reply{}, bad("q", "it is not said what to find", "the words")
	}
	if s.Kind != "" && !slices.Contains(search.Kinds(), s.Kind) {
		return reply{}, bad("kind", "there are no such records", "one of the kinds that /docs/search lists")
	}
	err := q.word("theme", &s.Theme)
	if err == nil {
		s.During, err = q.date("during")
	}
	return list(func(d *answers.Desk, limit int, after string) (answers.Page[answers.Hit], error) {
		s.Limit, s.After = limit, after
		return d.Search(s)
	}), err
}

func readProposals(q *asked) (reply, error) {
	f := proposals.Filter{By: q.text("by")}
	err := q.word("phase", &f.Phase)
	if err == nil {
		f.Stream, err = q.stream("about")
	}
	return list(func(d *answers.Desk, limit int, after string) (answers.Page[answers.Proposal], error) {
		f.Limit, f.After = limit, after
		return d.Proposals(f)
	}), err
}
