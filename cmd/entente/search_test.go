package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

// TestSearch finds what the demo recorded in four scripts, as people type it.
func TestSearch(t *testing.T) {
	data := demo(t)
	for words, title := range map[string]string{
		"θεσσαλονικησ":  "Δήμος Θεσσαλονίκης",
		"ΑΘΗΝΑΙΩΝ":      "Δήμος Αθηναίων",
		"الاميركتين":    "Summit of the Americas",
		"montreal":      "Montréal",
		"生駒":            "生駒市",
		"ioannina":      "Δήμος Ιωαννιτών",
		"action plan":   "Urban Cooperation Action Plan",
		"citta":         "reti focalizzate sulla città",
		"strong cities": "Strong Cities Network",
	} {
		t.Run(words, func(t *testing.T) { require.Contains(t, ok(t, "search", words, "--data", data), title) })
	}
	require.Equal(t, "nothing found\n", ok(t, "search", "atlantis", "--data", data))
	require.Contains(t, ok(t, "search", "network", "--kind", "network", "--data", data), "network-")
	require.NotContains(t, ok(t, "search", "network", "--kind", "network", "--data", data), "activity-")
	for _, args := range [][]string{{"search"}, {"search", "a", "--kind", "cat"}, {"search", "--", "\u0301"}} {
		require.Equal(t, es.ErrInvalid.Exit(), entente(t, "", append([]string{"--data", data}, args...)...).code, args)
	}
	require.Equal(t, "nothing found\n", ok(t, "search", "Δούκας", "--data", data), "natural persons are not searched")
}

func TestStatuschart(t *testing.T) {
	data := demo(t)
	chart := ok(t, "statuschart", "memorandum-f6", "--data", data)
	require.Contains(t, chart, "Comune di Ancona  [..2019-11]  [..2019-11] s  [..2019-11-30]")
	rows := lines(t, ok(t, "statuschart", "memorandum-f6", "--json", "--data", data))
	require.Len(t, rows, 2)
	require.Equal(t, es.ErrNotFound.Exit(), entente(t, "", "statuschart", "memorandum-ffffffff", "--data", data).code)
}
