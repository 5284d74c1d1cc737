package es_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
)

func TestMetaOfEvents(t *testing.T) {
	// given gives a command at a time, with the knownAt asked for.
	given := func(t *testing.T, d *desk, n int, at, known time.Time) es.Meta {
		t.Helper()
		d.now = at
		c := count(n, es.FormatInstant(at)+es.FormatInstant(known))
		c.KnownAt = known
		res, err := d.give(c)
		require.NoError(t, err)
		return metaOf(t, res.Events[0])
	}
	hour := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }
	t.Run("recorded_in_utc_to_the_microsecond", func(t *testing.T) {
		m := given(t, newDesk(), 1, time.Date(2026, 3, 1, 14, 0, 0, 1_999, time.FixedZone("", 7200)), time.Time{})
		require.Equal(t, noon.Add(time.Microsecond), m.RecordedAt)
		require.Equal(t, m.RecordedAt, m.KnownAt)
	})
	t.Run("recordedAt_does_not_go_back", func(t *testing.T) {
		d := newDesk()
		given(t, d, 1, hour(2), time.Time{})
		m := given(t, d, 2, hour(0), time.Time{})
		require.Equal(t, hour(2), m.RecordedAt)
		require.Equal(t, hour(2), m.KnownAt)
		require.Zero(t, m.KnownRequested)
		require.Equal(t, hour(3), given(t, d, 3, hour(3), time.Time{}).RecordedAt)
	})
	t.Run("knownAt_earlier_than_recordedAt", func(t *testing.T) {
		m := given(t, newDesk(), 1, hour(2), hour(-9000))
		require.Equal(t, hour(-9000), m.KnownAt)
		require.Equal(t, hour(2), m.RecordedAt)
		require.Zero(t, m.KnownRequested)
	})
	t.Run("knownAt_of_the_very_instant", func(t *testing.T) {
		require.Equal(t, hour(2), given(t, newDesk(), 1, hour(2), hour(2)).KnownAt)
	})
	t.Run("knownAt_earlier_than_the_last_is_raised", func(t *testing.T) {
		d := newDesk()
		given(t, d, 1, hour(5), hour(3))
		m := given(t, d, 2, hour(6), hour(1))
		require.Equal(t, hour(3), m.KnownAt)
		require.Equal(t, hour(1), m.KnownRequested)
		m = given(t, d, 3, hour(7), hour(3))
		require.Equal(t, hour(3), m.KnownAt, "as early as the last is not earlier")
		require.Zero(t, m.KnownRequested)
	})
	t.Run("knownAt_later_than_recordedAt", func(t *testing.T) {
		d := newDesk()
		c := count(1, "a")
		c.KnownAt = noon.Add(time.Microsecond)
		_, err := d.give(c)
		require.ErrorIs(t, err, es.Invalid("es.known_later", "", ""))
		c.KnownAt = noon.Add(time.Nanosecond) // less than is kept
		_, err = d.give(c)
		require.NoError(t, err)
	})
	t.Run("knownAt_that_could_not_be_written", func(t *testing.T) {
		c := count(1, "a")
		c.KnownAt = time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC)
		_, err := newDesk().give(c)
		require.ErrorIs(t, err, es.Invalid("es.bad_known", "", ""))
	})
	t.Run("never_back_whatever_the_clock", rapid.MakeCheck(func(t *rapid.T) {
		d := newDesk()
		var last es.Meta
		for n := range rapid.IntRange(1, 8).Draw(t, "commands") {
			d.now = hour(rapid.IntRange(0, 6).Draw(t, "now"))
			c := count(n, es.FormatInstant(d.now))
			c.Payload = []byte(`{"text":"` + id(n).String() + `"}`)
			if rapid.Bool().Draw(t, "vouched") {
				c.KnownAt = hour(rapid.IntRange(-2, 7).Draw(t, "known"))
			}
			res, err := d.give(c)
			if err != nil {
				require.ErrorIs(t, err, es.Invalid("es.known_later", "", ""))
				require.True(t, c.KnownAt.After(d.now) && c.KnownAt.After(last.RecordedAt))
				continue
			}
			m, err := es.DecodeMeta(res.Events[0].Meta)
			require.NoError(t, err)
			require.False(t, m.RecordedAt.Before(last.RecordedAt))
			require.False(t, m.RecordedAt.Before(d.now))
			require.False(t, m.KnownAt.Before(last.KnownAt))
			require.False(t, m.KnownAt.After(m.RecordedAt))
			if !c.KnownAt.IsZero() {
				require.NotEqual(t, m.KnownAt.Equal(c.KnownAt), m.KnownRequested.Equal(c.KnownAt), "what was asked for is kept once")
			}
			last = m
		}
	}))
	t.Run("visibility_is_inherited_until_an_event_changes_it", func(t *testing.T) {
		d := newDesk()
		set := func(n int, v string) es.Command {
			return es.Command{ID: id(n), Name: "tally.open", Stream: theOne, Payload: []byte(`{"visibility":"` + v + `"}`), Actor: "clerk"}
		}
		for i, c := range []es.Command{count(0, "a"), set(1, "restricted"), count(2, "b"), set(3, "public"), count(4, "c"), set(5, ""), count(6, "d")} {
			res, err := d.give(c)
			require.NoError(t, err)
			want := []es.Visibility{es.Internal, es.Restricted, es.Restricted, es.Public, es.Public, es.Internal, es.Internal}[i]
			require.Contains(t, string(res.Events[0].Meta), `"visibility":"`+string(want)+`"`)
		}
	})
	t.Run("correlation_and_approval_are_kept", func(t *testing.T) {
		c := count(1, "a")
		c.Correlation, c.ApprovedBy = id(7), "boss"
		res, err := newDesk().give(c)
		require.NoError(t, err)
		m := metaOf(t, res.Events[0])
		require.Equal(t, id(7), m.Correlation)
		require.Equal(t, "boss", m.ApprovedBy)
	})
}
