package esdbwire_test

import (
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/eventstore/esdbwire"
)

func TestAppend(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	ctx := t.Context()
	add := func(stream string, at esdb.ExpectedRevision, e ...esdb.EventData) (*esdb.WriteResult, error) {
		return s.client.AppendToStream(ctx, stream, esdb.AppendToStreamOptions{ExpectedRevision: at}, e...)
	}
	t.Run("every_expectation", func(t *testing.T) {
		done, err := add("orders", esdb.NoStream{}, events(2)...)
		require.NoError(t, err)
		require.Equal(t, &esdb.WriteResult{CommitPosition: 2, PreparePosition: 2, NextExpectedVersion: 1}, done)
		for _, at := range []esdb.ExpectedRevision{esdb.NoStream{}, esdb.Revision(0), esdb.Revision(2)} {
			_, err = add("orders", at, events(1)...)
			require.Equal(t, esdb.ErrorCodeWrongExpectedVersion, code(t, err))
			require.ErrorContains(t, err, "but got '1'")
		}
		for i, at := range []esdb.ExpectedRevision{esdb.Revision(1), esdb.Any{}, esdb.StreamExists{}} {
			done, err = add("orders", at, events(1)...)
			require.NoError(t, err)
			require.EqualValues(t, 2+i, done.NextExpectedVersion)
		}
		_, err = add("none", esdb.StreamExists{}, events(1)...)
		require.Equal(t, esdb.ErrorCodeWrongExpectedVersion, code(t, err))
		require.ErrorContains(t, err, "expecting 'stream_exists' but got 'no_stream'")
	})
	t.Run("again", func(t *testing.T) {
		e := events(3)
		first, err := add("repeats", esdb.NoStream{}, e...)
		require.NoError(t, err)
		_, err = add("repeats", esdb.Revision(2), events(5)...)
		require.NoError(t, err)
		for _, at := range []esdb.ExpectedRevision{esdb.NoStream{}, esdb.Any{}, esdb.StreamExists{}} {
			again, err := add("repeats", at, e...)
			require.NoError(t, err)
			require.Equal(t, first, again)
		}
		for _, at := range []esdb.ExpectedRevision{esdb.NoStream{}, esdb.Any{}} {
			_, err = add("repeats", at, e[1], e[0])
			require.Equal(t, esdb.ErrorCodeWrongExpectedVersion, code(t, err), "partly the same")
		}
	})
	t.Run("nothing", func(t *testing.T) {
		_, err := add("empty", esdb.NoStream{})
		require.NoError(t, err)
		_, err = add("empty", esdb.StreamExists{})
		require.Equal(t, esdb.ErrorCodeWrongExpectedVersion, code(t, err))
	})
	t.Run("bytes_are_unchanged", func(t *testing.T) {
		e := events(2)
		for i := range 256 {
			e[0].Data, e[1].Metadata = append(e[0].Data, byte(i)), append(e[1].Metadata, byte(255-i))
		}
		e[0].ContentType, e[0].EventType = esdb.ContentTypeBinary, "Größe ⚑\n"
		_, err := add("bytes \x00\xff", esdb.NoStream{}, e...)
		require.NoError(t, err)
		stream, err := s.client.ReadStream(ctx, "bytes \x00\xff", esdb.ReadStreamOptions{}, 10)
		got := recv(t, stream, err)
		require.Len(t, got, 2)
		for i := range got {
			require.Equal(t, e[i].Data, got[i].Data)
			require.Equal(t, e[i].Metadata, got[i].UserMetadata)
			require.Equal(t, e[i].EventType, got[i].EventType)
			require.Equal(t, e[i].EventID, got[i].EventID)
		}
		require.Equal(t, "application/octet-stream", got[0].ContentType)
		require.Equal(t, "application/json", got[1].ContentType)
	})
	t.Run("too_large", func(t *testing.T) {
		for _, size := range []int{1<<20 + 1, 17 << 20} {
			e := events(1)
			e[0].Data = make([]byte, size)
			_, err := add("large", esdb.Any{}, e...)
			require.ErrorContains(t, err, "Maximum Append Size of 1048576 Exceeded")
		}
	})
}

func TestAppendToLedger(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	for _, stream := range []string{ownStream(), "memorandum-1", "entente_checkpoint", "$$" + ownStream(), "$$entente_checkpoint", "$persistentSubscriptionConfig"} {
		_, err := s.client.AppendToStream(t.Context(), stream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}}, events(1)...)
		require.Equal(t, esdb.ErrorCodeAccessDenied, code(t, err), stream)
		_, err = s.client.DeleteStream(t.Context(), stream, esdb.DeleteStreamOptions{})
		require.Equal(t, esdb.ErrorCodeAccessDenied, code(t, err), stream)
		_, err = s.client.TombstoneStream(asLedger(t.Context()), stream, esdb.TombstoneStreamOptions{})
		require.Equal(t, esdb.ErrorCodeAccessDenied, code(t, err), stream)
	}
	stream, e := ownStream(), events(2)
	e[1].EventType = "memorandum.notified@2"
	_, err := s.client.AppendToStream(asLedger(t.Context()), stream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}}, e...)
	require.NoError(t, err)
	n := 0
	for r, err := range s.store.ReadStream(t.Context(), stream, 0) {
		require.NoError(t, err)
		require.Equal(t, e[n].EventID, r.ID)
		require.Equal(t, e[n].Data, r.Data)
		require.Equal(t, e[n].Metadata, r.Meta)
		require.Equal(t, []int{1, 2}[n], r.Schema)
		n++
	}
	require.Equal(t, 2, n)
	read, err := s.client.ReadStream(t.Context(), stream, esdb.ReadStreamOptions{}, 10)
	got := recv(t, read, err)
	require.Equal(t, "memorandum.notified@2", got[1].EventType)
}
