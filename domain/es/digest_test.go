package es_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

func TestDigest(t *testing.T) {
	base := es.Command{Name: "tally.count", Stream: theOne, Payload: []byte(`{"a":{"x":1,"y":"é"},"b":[1,2],"n":9007199254740993}`)}
	digest := func(change func(*es.Command)) [32]byte {
		c := base
		if change != nil {
			change(&c)
		}
		d, err := c.Digest()
		require.NoError(t, err)
		return d
	}
	payload := func(s string) func(*es.Command) { return func(c *es.Command) { c.Payload = []byte(s) } }
	for name, change := range map[string]func(*es.Command){
		"order_of_members":  payload(`{"n":9007199254740993,"b":[1,2],"a":{"y":"é","x":1}}`),
		"white_space":       payload("\n{ \"a\" : {\"x\":1,\t\"y\":\"é\"},\"b\":[1, 2],\"n\":9007199254740993 } "),
		"escapes":           payload(`{"\u0061":{"x":1,"y":"\u00e9"},"b":[1,2],"n":9007199254740993}`),
		"the_id":            func(c *es.Command) { c.ID = id(1) },
		"actor":             func(c *es.Command) { c.Actor = "other" },
		"approval":          func(c *es.Command) { c.ApprovedBy = "boss" },
		"correlation":       func(c *es.Command) { c.Correlation = id(2) },
		"expected_revision": func(c *es.Command) { c.Expect = new(es.Revision) },
	} {
		require.Equal(t, digest(nil), digest(change), name+" does not matter")
	}
	seen := map[[32]byte]string{digest(nil): "base"}
	for name, change := range map[string]func(*es.Command){
		"large_integer":      payload(`{"a":{"x":1,"y":"é"},"b":[1,2],"n":9007199254740992}`),
		"notation_of_number": payload(`{"a":{"x":1.0,"y":"é"},"b":[1,2],"n":9007199254740993}`),
		"order_in_an_array":  payload(`{"a":{"x":1,"y":"é"},"b":[2,1],"n":9007199254740993}`),
		"member_left_out":    payload(`{"a":{"x":1,"y":"é"},"b":[1,2]}`),
		"name":               func(c *es.Command) { c.Name = "tally.coun" },
		"stream":             func(c *es.Command) { c.Stream = "" },
		"knownAt":            func(c *es.Command) { c.KnownAt = noon },
		"knownAt_later":      func(c *es.Command) { c.KnownAt = noon.Add(time.Microsecond) },
		"border_of_parts":    func(c *es.Command) { c.Name, c.Stream = "tally.countt", theOne[1:] },
	} {
		d := digest(change)
		require.Empty(t, seen[d], name+" matters")
		seen[d] = name
	}
	for _, bad := range []string{``, `{`, `{"a":1,"a":1}`, "\"\xff\"", `{} {}`, `NaN`} {
		c := base
		c.Payload = []byte(bad)
		_, err := c.Digest()
		require.ErrorIs(t, err, es.Invalid("es.bad_json", "", ""), bad)
	}
	t.Run("leaves_the_payload", func(t *testing.T) {
		c := base
		c.Payload = []byte(` { "b":1, "a":2 } `)
		_, err := c.Digest()
		require.NoError(t, err)
		require.Equal(t, ` { "b":1, "a":2 } `, string(c.Payload))
	})
}
