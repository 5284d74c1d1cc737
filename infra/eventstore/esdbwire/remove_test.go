package esdbwire_test

import (
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/eventstore/esdbwire"
)

func (s *server) missing(stream string) {
	s.Helper()
	read, err := s.client.ReadStream(s.Context(), stream, esdb.ReadStreamOptions{}, 1)
	require.NoError(s, err)
	_, err = read.Recv()
	require.Equal(s, esdb.ErrorCodeResourceNotFound, code(s.T, err))
}

func TestDelete(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	ctx := t.Context()
	s.append("orders", 3)
	_, err := s.client.DeleteStream(ctx, "orders", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Revision(1)})
	require.ErrorContains(t, err, "WrongExpectedVersion")
	require.Len(t, s.read("orders", esdb.ReadStreamOptions{}, 9), 3)
	done, err := s.client.DeleteStream(ctx, "orders", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Revision(2)})
	require.NoError(t, err)
	require.EqualValues(t, 4, done.Position.Commit)
	s.missing("orders")
	require.Len(t, s.all(esdb.ReadAllOptions{}, 99), 4, "nothing has left the log")

	t.Run("goes_on_as_a_new_one", func(t *testing.T) {
		for _, at := range []esdb.ExpectedRevision{esdb.NoStream{}, esdb.Revision(3), esdb.Any{}, esdb.StreamExists{}} {
			_, err := s.client.AppendToStream(ctx, "orders", esdb.AppendToStreamOptions{ExpectedRevision: at}, events(1)...)
			require.NoError(t, err)
		}
		require.Equal(t, []uint64{3, 4, 5, 6}, numbers(s.read("orders", esdb.ReadStreamOptions{}, 9)))
		require.Equal(t, []uint64{6, 5, 4, 3}, numbers(s.read("orders", esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.End{}}, 9)))
		_, err := s.client.AppendToStream(ctx, "orders", esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}}, events(1)...)
		require.Equal(t, esdb.ErrorCodeWrongExpectedVersion, code(t, err))
	})
	t.Run("again", func(t *testing.T) {
		_, err := s.client.DeleteStream(ctx, "orders", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Any{}})
		require.NoError(t, err)
		s.missing("orders")
	})
}

func TestTombstone(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	ctx := t.Context()
	s.append("orders", 2)
	_, err := s.client.TombstoneStream(ctx, "orders", esdb.TombstoneStreamOptions{ExpectedRevision: esdb.Revision(0)})
	require.ErrorContains(t, err, "WrongExpectedVersion")
	_, err = s.client.TombstoneStream(ctx, "orders", esdb.TombstoneStreamOptions{ExpectedRevision: esdb.Revision(1)})
	require.NoError(t, err)
	for _, at := range []esdb.ExpectedRevision{esdb.NoStream{}, esdb.Revision(2), esdb.Any{}} {
		_, err = s.client.AppendToStream(ctx, "orders", esdb.AppendToStreamOptions{ExpectedRevision: at}, events(1)...)
		require.Equal(t, esdb.ErrorCodeStreamDeleted, code(t, err))
	}
	read, err := s.client.ReadStream(ctx, "orders", esdb.ReadStreamOptions{}, 1)
	require.NoError(t, err)
	_, err = read.Recv()
	require.Equal(t, esdb.ErrorCodeStreamDeleted, code(t, err))
	_, err = s.client.DeleteStream(ctx, "orders", esdb.DeleteStreamOptions{})
	require.Equal(t, esdb.ErrorCodeStreamDeleted, code(t, err))
	all := s.all(esdb.ReadAllOptions{}, 99)
	require.Len(t, all, 3)
	require.Equal(t, "$streamDeleted", all[2].EventType)
}

func TestSettings(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := serve(t, esdbwire.Options{Now: func() time.Time { return now }})
	set := func(change func(m *esdb.StreamMetadata)) {
		var m esdb.StreamMetadata
		change(&m)
		_, err := s.client.SetStreamMetadata(t.Context(), "orders", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, m)
		require.NoError(t, err)
	}
	shown := func() []uint64 { return numbers(s.read("orders", esdb.ReadStreamOptions{}, 99)) }
	s.append("orders", 5)
	now = now.Add(time.Hour)
	s.append("orders", 2)
	now = now.Add(time.Hour)

	set(func(m *esdb.StreamMetadata) { m.SetMaxCount(3) })
	require.Equal(t, []uint64{4, 5, 6}, shown())
	require.Equal(t, []uint64{6, 5, 4}, numbers(s.read("orders", esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.End{}}, 99)))
	s.append("orders", 1)
	require.Equal(t, []uint64{5, 6, 7}, shown())
	set(func(m *esdb.StreamMetadata) { m.SetTruncateBefore(6) })
	require.Equal(t, []uint64{6, 7}, shown(), "the last settings are those that count")
	set(func(m *esdb.StreamMetadata) { m.SetMaxAge(90 * time.Minute) })
	require.Equal(t, []uint64{5, 6, 7}, shown())
	now = now.Add(time.Hour)
	require.Equal(t, []uint64{7}, shown())
	now = now.Add(time.Hour)
	require.Empty(t, shown(), "a stream of which nothing is shown is there")
	got, err := s.client.GetStreamMetadata(t.Context(), "orders", esdb.ReadStreamOptions{})
	require.NoError(t, err)
	require.Equal(t, 90*time.Minute, *got.MaxAge())

	_, err = s.client.DeleteStream(t.Context(), "orders", esdb.DeleteStreamOptions{ExpectedRevision: esdb.Any{}})
	require.NoError(t, err)
	got, err = s.client.GetStreamMetadata(t.Context(), "orders", esdb.ReadStreamOptions{})
	require.NoError(t, err)
	require.Equal(t, 90*time.Minute, *got.MaxAge(), "a deletion leaves the other settings")
	require.EqualValues(t, 8, *got.TruncateBefore())
}
