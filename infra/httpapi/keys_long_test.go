//go:build long

package httpapi_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestManyKeys gives more keys than are remembered: the first are forgotten, the
// last are not, and memory stays bounded.
func TestManyKeys(t *testing.T) {
	s := newService(t)
	give := func(i int, body string) answer {
		return s.ask("POST", "/v1/party", keyed(fmt.Sprintf("key-%07d", i), ""), body)
	}
	const more, body = 1<<16 + 1000, `{"kind":"ship"}`
	before := heap()
	for i := range more {
		give(i, body).problem(t, 400, "terms.bad_word")
	}
	require.Less(t, heap(), before+(64<<20))
	give(more-1, `{"kind":"boat"}`).problem(t, 422, "http.key_reused")
	give(0, `{"kind":"boat"}`).problem(t, 400, "terms.bad_word")
	require.Equal(t, 1, s.events())
}
