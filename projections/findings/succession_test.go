package findings_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/projections/findings"
)

// TestSuccession checks that the end of a party opens one decision for each
// agreement, membership, seat and plan it has, and that each is closed by itself.
func TestSuccession(t *testing.T) {
	d := newDesk(t)
	party := func(name string) string {
		return d.do("party.register", "", `{"kind":"municipality","name":{"lang":"el","value":"`+name+`"}}`).Stream
	}
	lesvos, mytilene, athens := party("Λέσβος"), party("Μυτιλήνη"), party("Αθήνα")
	pact := d.do("memorandum.draft", "", fmt.Sprintf(`{"kind":"mou","titles":[{"lang":"en","value":"Pact"}],"parties":[{"id":%q},{"id":%q}],"open":true}`, lesvos, athens)).Stream
	d.do("memorandum.sign", pact, fmt.Sprintf(`{"fact":{"occurred":"2018"},"party":{"id":%q}}`, lesvos))
	network := d.do("network.register", "", `{"titles":[{"lang":"en","value":"Network"}]}`).Stream
	d.do("network.establish_body", network, `{"key":"board","charter":{"kind":"steering","title":{"lang":"en","value":"Board"}}}`)
	d.do("network.fill_seat", network, fmt.Sprintf(`{"body":"board","party":{"id":%q},"role":"member"}`, lesvos))
	member := d.do("membership.register", "", fmt.Sprintf(`{"network":%q,"party":{"id":%q}}`, network, lesvos)).Stream
	d.do("membership.admit", member, `{"fact":{"occurred":"2018"}}`)
	plan := d.do("actionplan.draft", "", fmt.Sprintf(`{"titles":[{"lang":"en","value":"Plan"}],"parties":[{"id":%q}]}`, lesvos)).Stream
	open := func() []string {
		var all []string
		for _, f := range d.list(findings.Filter{Code: findings.SuccessionOpen}) {
			require.Equal(t, lesvos, f.Stream)
			require.Len(t, f.Events, 2)
			require.Equal(t, f.Other, f.Events[1].Stream)
			all = append(all, f.Other)
		}
		return all
	}
	require.Empty(t, open())
	divide := fmt.Sprintf(`{"fact":{"occurred":"2019"},"into":[%q,%q]}`, mytilene, athens)
	split := d.do("party.divide", lesvos, divide)
	require.ElementsMatch(t, []string{pact, network, member, plan}, open())
	d.do("party.void", lesvos, fmt.Sprintf(`{"of":%d,"reason":"not divided after all"}`, split.Revision))
	require.Empty(t, open())
	d.do("party.divide", lesvos, divide)
	require.ElementsMatch(t, []string{pact, network, member, plan}, open())
	d.do("party.merge", lesvos, fmt.Sprintf(`{"fact":{"occurred":"2020"},"into":%q}`, athens))
	require.ElementsMatch(t, []string{pact, network, member, plan}, open(), "one decision each, whatever ended the party")
	d.do("memorandum.withdraw", pact, fmt.Sprintf(`{"fact":{"occurred":"2019"},"party":%q}`, lesvos))
	require.ElementsMatch(t, []string{network, member, plan}, open())
	d.do("memorandum.void", pact, `{"of":3,"reason":"misread"}`)
	require.ElementsMatch(t, []string{pact, network, member, plan}, open())
	d.do("membership.succeed", member, fmt.Sprintf(`{"fact":{"occurred":"2019"},"by":{"id":%q}}`, mytilene))
	require.ElementsMatch(t, []string{pact, network, plan}, open())
	d.do("network.vacate_seat", network, fmt.Sprintf(`{"fact":{"occurred":"2019"},"body":"board","party":{"id":%q}}`, lesvos))
	require.ElementsMatch(t, []string{pact, plan}, open())
	d.do("actionplan.abandon", plan, `{"fact":{"occurred":"2019"}}`)
	require.ElementsMatch(t, []string{pact}, open())
	d.do("memorandum.consent", pact, fmt.Sprintf(`{"fact":{"occurred":"2019"},"party":{"id":%q},"means":"succession","predecessor":%q}`, mytilene, lesvos))
	require.Empty(t, open())
	d.do("memorandum.void", pact, `{"of":5,"reason":"misread"}`)
	require.ElementsMatch(t, []string{pact}, open())
}
