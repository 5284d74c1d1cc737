package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestPlan(t *testing.T) {
	data, streams := ledgerWith(t, ancona)
	record := func(to, command, payload string) string {
		r := entente(t, "", "do", "--json", "--actor", "clerk", "--data", data,
			fmt.Sprintf(`{"command":"actionplan.%s","to":"%s","payload":%s}`, command, to, payload))
		require.Zero(t, r.code, r.err)
		return lines(t, r.out)[0]["stream"].(string)
	}
	plan := func(asJSON bool, args ...string) (string, error) {
		var out bytes.Buffer
		c := (&app{out: &out, errs: &out, data: data, json: asJSON}).planCommand()
		c.SilenceErrors, c.SilenceUsage = true, true
		c.SetArgs(args)
		err := c.ExecuteContext(t.Context())
		return out.String(), err
	}
	shown := func(args ...string) string {
		out, err := plan(false, args...)
		require.NoError(t, err)
		return out
	}
	require.Equal(t, "no plans\n", shown())

	id := record("", "draft", `{"fact":{"occurred":"2018-06"},"titles":[{"lang":"en","value":"Urban plan"},{"lang":"it","value":"Piano"}],
		"parties":[{"id":"`+streams[0]+`"}],"until":"2022"}`)
	require.Equal(t, "Urban plan\nPiano\n"+id+", internal\n\nas of 2020: draft\nversion: 1\nparties: Ancona\nuntil: 2022\n",
		shown(id, "--as-of", "2020"), "no empty tables")
	other := record("", "draft", `{"fact":{"occurred":"2019"},"titles":[{"lang":"en","value":"Works"}],"parties":[{"id":"`+streams[0]+`"}]}`)
	record(other, "void", `{"of":1,"reason":"of another register"}`)
	for command, payload := range map[string]string{
		"add_action": `{"key":"trees","title":{"lang":"en","value":"Plant trees"},"owner":{"id":"` + streams[0] + `"},"end":"2021"}`,
		"set_indicator": `{"key":"stock","title":{"lang":"en","value":"Trees"},"unit":"trees","baseline":"1000","target":"1500","by":"2021",
			"direction":"increase"}`,
		"set_milestone":   `{"key":"first","title":{"lang":"en","value":"First hundred"},"due":"2020-06-30"}`,
		"set_budget_line": `{"key":"saplings","title":{"lang":"en","value":"Saplings"},"amount":{"minor":100005,"currency":"EUR"}}`,
		"set_report_due":  `{"key":"annual","due":"2018-12-31","every":"P1Y"}`,
	} {
		record(id, command, `{"fact":{"occurred":"2018-07"},`+payload[1:])
	}
	record(id, "set_action_status", `{"fact":{"occurred":"2020-03"},"action":"trees","status":"ongoing"}`)
	record(id, "reach_milestone", `{"fact":{"occurred":"2020-05"},"milestone":"first"}`)
	record(id, "take_reading", `{"fact":{"occurred":"2019-12-31"},"indicator":"stock","value":"1214.5"}`)
	record(id, "take_reading", `{"fact":{"occurred":"2020"},"indicator":"stock","value":"1300"}`)
	record(id, "submit_report", `{"fact":{"occurred":"2019-02-01"},"report":"annual","due":"2018-12-31"}`)

	squeezed := strings.Join(strings.Fields(shown(id[:16], "--as-of", "2020-05-15")), " ")
	for _, row := range []string{
		"Plant trees Ancona ongoing 2020-03 2021", "First hundred 2020-06-30 perhaps 2020-05",
		"Trees (trees) 1000 1214.5, perhaps 1300 1500 42 % 2021", "Saplings 1000.05 EUR 0.00 EUR",
		"annual 2018-12-31 2019-02-01 annual 2019-12-31 overdue annual 2020-12-31 -",
	} {
		require.Contains(t, squeezed, row)
	}
	require.NotContains(t, squeezed, "2021-12-31", "only the next time")
	require.Contains(t, shown(other), "recorded in error")
	require.NotContains(t, shown(), "Works")

	out, err := plan(true, id, "--as-of", "2020-05-15")
	require.NoError(t, err)
	whole := lines(t, out)
	require.Len(t, whole, 1)
	require.Contains(t, out, `"permille":429,"permilleKnown":true`)
	require.Len(t, whole[0]["reports"], 5)
	record(id, "abandon", `{"fact":{"occurred":"2020-06-30"}}`)
	require.Contains(t, shown(id, "--as-of", "2020-07-01"), "not owed since 2020-06-30")

	_, err = plan(false, streams[0])
	require.ErrorIs(t, err, es.ErrNotFound)
	_, err = plan(false, "--as-of", "soon")
	require.ErrorIs(t, err, es.ErrInvalid)
}

func TestMoney(t *testing.T) {
	for want, m := range map[string]terms.Money{
		"0.05 EUR": {Minor: 5, Currency: "EUR"}, "12.50 EUR": {Minor: 1250, Currency: "EUR"}, "700 JPY": {Minor: 700, Currency: "JPY"},
		"0 JPY": {Currency: "JPY"}, "1.005 KWD": {Minor: 1005, Currency: "KWD"},
	} {
		require.Equal(t, want, money(m))
	}
}
