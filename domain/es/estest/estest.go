// Package estest tests aggregates: deciders by example, and the JSON of their
// events by golden files.
package estest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

// Case is an example of a decision.
type Case[C, E any] struct {
	Name  string
	Given []E   // the events so far
	When  C     // the command
	Then  []E   // the events it leads to; none: it changes nothing
	Err   error // the error it meets instead
}

// Run runs each case as a subtest. It also checks that deciding left the state
// as it was, and that the events decided can be folded.
func Run[C, S, E any](t *testing.T, d es.Decider[C, S, E], cases []Case[C, E]) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			s := d.Fold(c.Given...)
			got, err := d.Decide(c.When, s)
			if c.Err != nil {
				require.ErrorIs(t, err, c.Err)
				require.Empty(t, got, "events beside an error")
			} else {
				require.NoError(t, err)
				require.Equal(t, c.Then, got)
			}
			require.Equal(t, d.Fold(c.Given...), s, "Decide changed the state")
			require.NotPanics(t, func() { d.Fold(append(c.Given[:len(c.Given):len(c.Given)], got...)...) })
		})
	}
}
