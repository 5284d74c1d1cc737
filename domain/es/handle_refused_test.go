package es_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

func TestConflict(t *testing.T) {
	// intruders lets others append n times, each just before an append.
	intruders := func(d *desk, n int) {
		d.intrude = func(stream string) {
			if n--; n >= 0 {
				d.put(stream, es.Record{ID: id(1000 + n), Type: "tally.counted", Schema: 1, Data: fmt.Appendf(nil, `{"text":"other %d"}`, n), Meta: []byte(sampleMetaJSON)})
			}
		}
	}
	for _, n := range []int{1, 2, 15} {
		t.Run(fmt.Sprintf("decided_again_after_%d", n), func(t *testing.T) {
			d := newDesk()
			intruders(d, n)
			res, err := d.give(count(1, "a"))
			require.NoError(t, err)
			require.Equal(t, es.Revision(n+1), res.Revision)
			require.Equal(t, n+1, d.appends)
		})
	}
	t.Run("on_the_new_state", func(t *testing.T) {
		d := newDesk()
		intruders(d, 1)
		res, err := d.give(count(1, "other 0"))
		require.NoError(t, err)
		require.Empty(t, res.Events, "the other was faster with the same")
		require.Equal(t, es.Revision(1), res.Revision)
	})
	t.Run("for_ever", func(t *testing.T) {
		d := newDesk()
		intruders(d, 1000)
		res, err := d.give(count(1, "a"))
		require.ErrorIs(t, err, es.ErrConflict)
		require.Zero(t, res)
		require.Equal(t, 16, d.appends)
	})
	t.Run("expected_revision", func(t *testing.T) {
		d := newDesk()
		at := es.Revision(1)
		c := count(1, "a")
		c.Expect = &at
		_, err := d.give(c)
		require.ErrorIs(t, err, es.ErrConflict)
		require.Zero(t, d.appends)
		_, err = d.give(count(2, "b"))
		require.NoError(t, err)
		intruders(d, 1)
		_, err = d.give(c)
		require.ErrorIs(t, err, es.ErrConflict, "somebody came in between: the caller is to look again")
		require.Equal(t, 2, d.appends)
		at = 2
		_, err = d.give(c)
		require.NoError(t, err)
	})
}

func TestRefused(t *testing.T) {
	long := make([]byte, es.MaxAppendBytes)
	for i := range long {
		long[i] = 'a'
	}
	for _, c := range []struct {
		name   string
		change func(*es.Command)
		err    error
	}{
		{"no_id", func(c *es.Command) { c.ID = uuid.Nil }, es.Invalid("es.bad_command", "", "")},
		{"no_actor", func(c *es.Command) { c.Actor = "" }, es.Invalid("es.bad_command", "", "")},
		{"long_actor", func(c *es.Command) { c.Actor = string(long[:es.MaxNameBytes+1]) }, es.Invalid("es.bad_command", "", "")},
		{"bad_stream", func(c *es.Command) { c.Stream = "tally-1" }, es.Invalid("es.bad_stream", "", "")},
		{"loud_stream", func(c *es.Command) { c.Stream = "tally-0192D1C4-7a3e-7cc0-8000-3b1f6c2a9e55" }, es.Invalid("es.bad_stream", "", "")},
		{"stream_of_another_kind", func(c *es.Command) { c.Stream = "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55" }, es.Invalid("es.wrong_stream", "", "")},
		{"no_payload", func(c *es.Command) { c.Payload = nil }, es.Invalid("es.bad_json", "", "")},
		{"no_json", func(c *es.Command) { c.Payload = []byte(`{"text":`) }, es.Invalid("es.bad_json", "", "")},
		{"unknown_command", func(c *es.Command) { c.Name = "tally.nope" }, es.Invalid("es.unknown_name", "", "")},
		{"unknown_member", func(c *es.Command) { c.Payload = []byte(`{"more":1}`) }, es.Invalid("es.bad_input", "", "")},
		{"rejected", func(c *es.Command) { c.Name, c.Payload = "tally.break", []byte(`{}`) }, errBroken},
		{"too_large", func(c *es.Command) { c.Payload = fmt.Appendf(nil, `{"text":%q}`, long) }, es.Invalid("es.bad_append", "", "")},
		{"too_many", func(c *es.Command) { c.Payload = fmt.Appendf(nil, `{"times":%d}`, es.MaxAppendRecords+1) }, es.Invalid("es.bad_append", "", "")},
		{"actor_with_a_nul", func(c *es.Command) { c.Actor = "a\x00" }, es.Invalid("es.bad_text", "", "")},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk()
			cmd := count(1, "a")
			c.change(&cmd)
			res, err := d.give(cmd)
			require.ErrorIs(t, err, c.err)
			require.Zero(t, res)
			require.Zero(t, d.records())
			cmd.DryRun = true
			res, err = d.give(cmd)
			require.ErrorIs(t, err, c.err, "a dry run meets the same error")
			require.Zero(t, res)
		})
	}
	t.Run("as_many_as_can_be", func(t *testing.T) {
		d := newDesk()
		c := count(1, "a")
		c.Payload = fmt.Appendf(nil, `{"times":%d}`, es.MaxAppendRecords)
		_, err := d.give(c)
		require.NoError(t, err)
	})
	t.Run("what_could_not_be_read_back", func(t *testing.T) {
		d := newDesk()
		c := count(1, "a")
		c.Name, c.Payload = "tally.misread", []byte(`{}`)
		_, err := d.give(c)
		require.Error(t, err)
		for _, k := range es.Kinds() {
			require.NotErrorIs(t, err, k, "it is a fault of the aggregate")
		}
		require.Zero(t, d.records())
	})
	t.Run("checked_references", func(t *testing.T) {
		d := newDesk()
		var checked any
		d.Check = func(_ context.Context, _ string, c any) error {
			checked = c
			return es.Rejected("es.no_such_reference", "", "")
		}
		_, err := d.give(count(1, "a"))
		require.ErrorIs(t, err, es.ErrRejected)
		require.Equal(t, "a", checked.(Count).Text)
		require.Zero(t, d.records())
	})
	t.Run("unreadable_stream", func(t *testing.T) {
		for name, c := range map[string]struct {
			record es.Record
			err    error
		}{
			"data":   {es.Record{Type: "tally.counted", Schema: 1, Data: []byte(`{`), Meta: []byte(sampleMetaJSON)}, es.ErrCorrupt},
			"meta":   {es.Record{Type: "tally.counted", Schema: 1, Data: []byte(`{}`), Meta: []byte(`{}`)}, es.ErrCorrupt},
			"type":   {es.Record{Type: "tally.recounted", Schema: 1, Data: []byte(`{}`), Meta: []byte(sampleMetaJSON)}, es.ErrNewer},
			"schema": {es.Record{Type: "tally.counted", Schema: 2, Data: []byte(`{}`), Meta: []byte(sampleMetaJSON)}, es.ErrNewer},
		} {
			d := newDesk()
			d.put(theOne, c.record)
			_, err := d.give(count(1, "a"))
			require.ErrorIs(t, err, c.err, name)
			require.ErrorContains(t, err, "revision 1", name)
			require.Zero(t, d.appends)
		}
		d := newDesk()
		d.readErr = errDisk
		_, err := d.give(count(1, "a"))
		require.ErrorIs(t, err, errDisk)
		require.NotErrorIs(t, err, es.ErrCorrupt)
	})
}
