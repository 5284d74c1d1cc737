package es_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

// desk is a handler over a shelf, with a clock that can be set.
type desk struct {
	*es.Handler
	*shelf
	now    time.Time
	nonces byte
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func newDesk() *desk {
	d := &desk{shelf: newShelf(), now: noon}
	d.Handler = &es.Handler{
		Store: d.shelf, Now: func() time.Time { return d.now },
		Nonce: func() [16]byte { d.nonces++; return [16]byte{d.nonces} },
	}
	return d
}

func (d *desk) give(c es.Command) (es.Result, error) { return d.Handle(context.Background(), tally, c) }

// count asks to count a text in theOne stream.
func count(n int, text string) es.Command {
	return es.Command{ID: id(n), Name: "tally.count", Stream: theOne, Payload: fmt.Appendf(nil, `{"text":%q}`, text), Actor: "clerk"}
}

func metaOf(t *testing.T, r es.Record) es.Meta {
	t.Helper()
	m, err := es.DecodeMeta(r.Meta)
	require.NoError(t, err)
	return m
}

func TestHandle(t *testing.T) {
	t.Run("records", func(t *testing.T) {
		d := newDesk()
		res, err := d.give(count(1, "a"))
		require.NoError(t, err)
		require.Equal(t, theOne, res.Stream)
		require.Equal(t, es.Revision(1), res.Revision)
		require.Equal(t, es.Position(10), res.Position)
		require.False(t, res.Repeated)
		require.Len(t, res.Events, 1)
		r := d.streams[theOne][0]
		require.Equal(t, es.EventID(id(1), r.Stream, 0), r.ID)
		require.Equal(t, "tally.counted", r.Type)
		require.Equal(t, 1, r.Schema)
		require.Equal(t, `{"text":"a","n":0,"tags":[],"inner":null}`, string(r.Data))
		digest, err := count(1, "a").Digest()
		require.NoError(t, err)
		require.Equal(t, es.Meta{
			RecordedAt: noon, KnownAt: noon, Cause: id(1), Digest: digest, Correlation: id(1), Actor: "clerk",
			Visibility: es.Internal, Nonce: [16]byte{1},
		}, metaOf(t, r))
	})
	t.Run("several_events_together", func(t *testing.T) {
		d := newDesk()
		c := count(1, "a")
		c.Payload = []byte(`{"text":"a","times":3}`)
		res, err := d.give(c)
		require.NoError(t, err)
		require.Equal(t, es.Revision(3), res.Revision)
		require.Equal(t, 1, d.appends)
		seen := map[uuid.UUID]bool{}
		for i, r := range d.streams[theOne] {
			require.Equal(t, res.Events[i].ID, r.ID)
			require.Equal(t, res.Events[i].Revision, r.Revision)
			require.Equal(t, [16]byte{byte(i + 1)}, metaOf(t, r).Nonce, "each its own nonce")
			seen[r.ID] = true
		}
		require.Len(t, seen, 3)
		again, err := d.give(c)
		require.NoError(t, err)
		require.True(t, again.Repeated)
		require.Len(t, again.Events, 3)
		require.Equal(t, es.Position(30), again.Position)
	})
	t.Run("opens_the_stream_of_its_id", func(t *testing.T) {
		d := newDesk()
		c := es.Command{ID: id(1), Name: "tally.open", Payload: []byte(`{"visibility":"public"}`), Actor: "clerk"}
		res, err := d.give(c)
		require.NoError(t, err)
		require.Equal(t, es.NewStream("tally", id(1)), res.Stream)
		again, err := d.give(c)
		require.NoError(t, err)
		require.Equal(t, res.Stream, again.Stream)
		require.True(t, again.Repeated)
		require.Equal(t, 1, d.records())
		c.ID = id(2)
		other, err := d.give(c)
		require.NoError(t, err)
		require.NotEqual(t, res.Stream, other.Stream)
	})
	t.Run("opens_the_stream_of_its_natural_key", func(t *testing.T) {
		d := newDesk()
		c := es.Command{ID: id(1), Name: "tally.begin", Payload: []byte(`{"of":"a"}`), Actor: "clerk"}
		first, err := d.give(c)
		require.NoError(t, err)
		require.Equal(t, es.KeyedStream("tally", "a"), first.Stream)
		c.ID = id(2)
		second, err := d.give(c)
		require.NoError(t, err)
		require.Equal(t, first.Stream, second.Stream)
		require.Equal(t, es.Revision(2), second.Revision)
		c.ID, c.Stream = id(3), first.Stream
		_, err = d.give(c)
		require.NoError(t, err, "the stream can be named too")
		c.ID, c.Payload = id(4), []byte(`{"of":"b"}`)
		_, err = d.give(c)
		require.ErrorIs(t, err, &es.Error{Code: "es.other_stream"})
		c.ID, c.Payload = id(5), []byte(`{"of":1}`)
		_, err = d.give(c)
		require.ErrorIs(t, err, es.ErrInvalid)
		require.Equal(t, 3, d.records())
		require.NotEqual(t, es.KeyedStream("tally", "a"), es.KeyedStream("talon", "a"))
	})
	t.Run("what_changes_nothing_records_nothing", func(t *testing.T) {
		d := newDesk()
		_, err := d.give(count(1, "a"))
		require.NoError(t, err)
		res, err := d.give(count(2, "a"))
		require.NoError(t, err)
		require.Equal(t, es.Result{Stream: theOne, Revision: 1}, res)
		require.Equal(t, 1, d.appends)
	})
	t.Run("dry_run", func(t *testing.T) {
		d := newDesk()
		c := count(1, "a")
		c.DryRun = true
		res, err := d.give(c)
		require.NoError(t, err)
		require.Len(t, res.Events, 1)
		require.Zero(t, res.Position)
		require.Zero(t, d.appends)
		c.DryRun = false
		wet, err := d.give(c)
		require.NoError(t, err)
		require.False(t, wet.Repeated)
		require.Equal(t, res.Events[0].ID, wet.Events[0].ID)
		require.Equal(t, res.Events[0].Data, wet.Events[0].Data)
	})
}

func TestIdempotency(t *testing.T) {
	t.Run("again", func(t *testing.T) {
		d := newDesk()
		first, err := d.give(count(1, "a"))
		require.NoError(t, err)
		_, err = d.give(count(2, "b"))
		require.NoError(t, err)
		d.now = noon.Add(time.Hour)
		again, err := d.give(count(1, "a"))
		require.NoError(t, err)
		require.True(t, again.Repeated)
		require.Equal(t, es.Revision(1), again.Revision, "the first result, not the present state")
		require.Equal(t, first.Position, again.Position)
		require.Equal(t, first.Events[0].Data, again.Events[0].Data)
		require.Equal(t, first.Events[0].Meta, again.Events[0].Meta)
		require.Equal(t, 2, d.records())
	})
	t.Run("again_in_another_notation_or_by_another", func(t *testing.T) {
		d := newDesk()
		c := count(1, "é")
		c.Payload = []byte(`{"text":"é","n":1}`)
		_, err := d.give(c)
		require.NoError(t, err)
		c.Payload, c.Actor, c.ApprovedBy, c.Correlation = []byte(` { "n":1, "text" : "\u00e9" } `), "other", "boss", id(9)
		res, err := d.give(c)
		require.NoError(t, err)
		require.True(t, res.Repeated)
	})
	t.Run("again_whatever_is_expected", func(t *testing.T) {
		d := newDesk()
		c := count(1, "a")
		c.Expect = new(es.Revision)
		_, err := d.give(c)
		require.NoError(t, err)
		res, err := d.give(c)
		require.NoError(t, err, "the stream is not at 0 any more, because of this command")
		require.True(t, res.Repeated)
	})
	t.Run("other_content", func(t *testing.T) {
		for name, change := range map[string]func(*es.Command){
			"text":     func(c *es.Command) { c.Payload = []byte(`{"text":"b"}`) },
			"a_member": func(c *es.Command) { c.Payload = []byte(`{"text":"a","n":0}`) },
			"name": func(c *es.Command) {
				c.Name, c.Payload = "tally.mend", []byte(`{"as":{"type":"tally.opened","data":{}}}`)
			},
			"knownAt":    func(c *es.Command) { c.KnownAt = noon.Add(-time.Hour) },
			"dry_run_as": func(c *es.Command) { c.Payload, c.DryRun = []byte(`{"text":"b"}`), true },
		} {
			d := newDesk()
			_, err := d.give(count(1, "a"))
			require.NoError(t, err)
			c := count(1, "a")
			change(&c)
			res, err := d.give(c)
			require.ErrorIs(t, err, es.ErrReused, name)
			require.Zero(t, res)
			require.Equal(t, 1, d.records())
		}
	})
	t.Run("after_an_append_whose_answer_was_lost", func(t *testing.T) {
		d := newDesk()
		d.fail = errDisk
		_, err := d.give(count(1, "a"))
		require.ErrorIs(t, err, errDisk)
		res, err := d.give(count(1, "a"))
		require.NoError(t, err)
		require.True(t, res.Repeated)
		require.Equal(t, 1, d.records())
	})
	t.Run("nothing_recorded_is_decided_again", func(t *testing.T) {
		d := newDesk()
		_, err := d.give(es.Command{ID: id(1), Name: "tally.break", Stream: theOne, Payload: []byte(`{}`), Actor: "clerk"})
		require.ErrorIs(t, err, errBroken)
		res, err := d.give(count(1, "a"))
		require.NoError(t, err)
		require.False(t, res.Repeated)
	})
	t.Run("at_once", func(t *testing.T) {
		d := newDesk()
		d.Nonce = func() [16]byte { return [16]byte{} }
		var wg sync.WaitGroup
		for n := range 8 {
			wg.Go(func() {
				c := count(n%2, fmt.Sprint("text ", n%2))
				if _, err := d.give(c); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		require.Equal(t, 2, d.records())
	})
}
