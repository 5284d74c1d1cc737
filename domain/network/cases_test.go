package network_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
)

// A translated announcement of the Strong Cities Network: its launch, who is to
// run it and its committees are announced, and nothing more.
func TestStrongCities(t *testing.T) {
	announced := func(date string) terms.Fact { return as(terms.Announced, date) }
	h := after(network.Registered{Fact: announced(""), Titles: []terms.Text{text("Strong Cities Network")}}).do(
		t,
		network.Launch{Fact: announced(announcement), Place: text("United Nations")},
		network.DesignateSecretariat{Fact: announced(""), Party: terms.PartyRef{ID: isd, As: "Institute for Strategic Dialogueo"}, Office: "host"},
		network.EstablishBody{Fact: announced(""), Key: "steering", Charter: network.Charter{
			Kind: "steering", Title: terms.Text{Lang: "it", Value: "comitato direttivo internazionale"},
			Capacity: capacity(25, "approximate"), Of: text("cities and other sub-national entities"), Mandate: text("strategic direction"),
		}},
		network.EstablishBody{Fact: announced(""), Key: "advisory", Charter: network.Charter{
			Kind: "advisory", Title: terms.Text{Lang: "it", Value: "comitato consultivo internazionale"}, Composition: text("city-focused networks"),
		}},
	)
	require.Empty(t, h.phase("2016"), "what is announced has no phase")
	require.Empty(t, h.office("2016"))
	office := h.state.Secretariats()[0]
	require.Equal(t, []any{isd, terms.Announced, false}, []any{office.Party.ID, office.Status, office.Moves})
	bodies := h.state.Bodies()
	require.Equal(t, capacity(25, "approximate"), bodies[0].Charter.Capacity)
	require.Nil(t, bodies[1].Charter.Capacity)
	require.Equal(t, []terms.Status{terms.Announced, terms.Announced}, []terms.Status{bodies[0].Status, bodies[1].Status})
	require.ElementsMatch(t, []string{"announced", "undated"}, h.findings())

	h.do(t, network.Launch{Fact: on(announcement)})
	require.Equal(t, "launched", h.phase("2015-09-30"), "a source that saw it")
	h.do(t, network.FillSeat{Fact: on("2015-09-30"), Body: "steering", Party: ref(larissa), Role: "member"})
	require.Contains(t, h.findings(), "body_not_established")
}

// The network of Greek cities: founded in 2018 by two, with supporters of whom
// no dates are known, and open to others.
func TestGreekCities(t *testing.T) {
	h := after(network.Registered{Fact: on("2018"), Titles: []terms.Text{{Lang: "el", Value: "Δίκτυο Πόλεων για την Ένταξη Μεταναστών και Προσφύγων"}}}).do(
		t,
		network.AddTitle{Title: text("Cities Network for Integration"), Fact: on("")},
		network.Found{Fact: on("2018"), Instrument: founding, Founders: []terms.PartyRef{{ID: athens, As: "Αθήνας"}, {ID: thessaloniki, As: "Θεσσαλονίκης"}}},
		network.AddSupporter{Fact: on(""), Party: ref(iom), Kind: "unspecified"},
		network.AddSupporter{Fact: on(""), Party: ref(unhcr), Kind: "unspecified"},
		network.SetPriorities{Fact: on(""), Priorities: []terms.Text{text("labour market"), text("municipal structures"), text("intercultural understanding")}},
		network.OpenToJoin{Fact: as(terms.Announced, ""), To: terms.Text{Lang: "el", Value: "άλλων Δήμων"}},
		network.Count{Fact: on(""), What: "members", Number: 21, Qualifier: "at_least"},
	)
	require.Equal(t, "founded", h.phase("2019"))
	require.Equal(t, "registered? founded?", h.phase("2018"))
	require.Equal(t, athens, h.state.Founders()[0].ID)
	require.Equal(t, "iom? unhcr?", h.supporters("2024"))
	require.Len(t, h.state.Describe().Titles, 2)
	require.Len(t, h.state.Describe().Priorities, 3)
	open := h.state.Open()
	require.Equal(t, []any{"άλλων Δήμων", terms.Announced, es.Revision(0)}, []any{open[0].To.Value, open[0].Status, open[0].EndedBy})
	require.Empty(t, h.state.Dues())
	require.ElementsMatch(t, []string{"undated", "announced"}, h.findings())
}
