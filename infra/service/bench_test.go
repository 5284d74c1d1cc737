package service_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkDo compares a command that opens an agreement, and one on an agreement
// that others have said something of, with and without the questions of who may.
func BenchmarkDo(b *testing.B) {
	for _, who := range []string{ada, registrar, "nobody asks"} {
		d := newDesk(b)
		cities, err := d.identity(b.Context(), ada)
		require.NoError(b, err)
		give := func(name, stream, payload string) {
			cmd := d.command(name, stream, payload)
			if cmd.Actor = who; who == "nobody asks" {
				_, err = d.Ledger.Do(b.Context(), cmd)
			} else {
				_, err = d.Do(b.Context(), d.who(who), cmd)
			}
			require.NoError(b, err)
		}
		opening := draft("internal", cities.For...)
		b.Run("opening/"+who, func(b *testing.B) {
			for b.Loop() {
				give("memorandum.draft", "", opening)
			}
		})
		for i := range 100 {
			give("memorandum.add_title", d.pact, fmt.Sprintf(`{"title":{"lang":"en","value":"Pact %d"}}`, i))
		}
		b.Run("on_100_events/"+who, func(b *testing.B) {
			for b.Loop() {
				cmd := d.command("memorandum.adopt", d.pact, `{}`)
				if cmd.Actor, cmd.DryRun = who, true; who == "nobody asks" {
					_, err = d.Ledger.Do(b.Context(), cmd)
				} else {
					_, err = d.Do(b.Context(), d.who(who), cmd)
				}
				require.NoError(b, err)
			}
		})
	}
}
