package esdbwire_test

import (
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/esdbwire"
)

// append appends n events to a stream, whatever is in it.
func (s *server) append(stream string, n int) []esdb.EventData {
	s.Helper()
	e := events(n)
	_, err := s.client.AppendToStream(s.Context(), stream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, e...)
	require.NoError(s, err)
	return e
}

func (s *server) read(stream string, o esdb.ReadStreamOptions, n uint64) []*esdb.RecordedEvent {
	s.Helper()
	read, err := s.client.ReadStream(s.Context(), stream, o, n)
	return recv(s.T, read, err)
}

func (s *server) all(o esdb.ReadAllOptions, n uint64) []*esdb.RecordedEvent {
	s.Helper()
	read, err := s.client.ReadAll(s.Context(), o, n)
	return recv(s.T, read, err)
}

func numbers(events []*esdb.RecordedEvent) (all []uint64) {
	for _, e := range events {
		all = append(all, e.EventNumber)
	}
	return all
}

func positions(events []*esdb.RecordedEvent) (all []uint64) {
	for _, e := range events {
		all = append(all, e.Position.Commit)
	}
	return all
}

func TestReadStream(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	s.append("others", 3)
	s.append("orders", 5) // at positions 4 to 8
	const back = esdb.Backwards
	for name, c := range map[string]struct {
		o    esdb.ReadStreamOptions
		n    uint64
		want []uint64
	}{
		"from_the_start":       {esdb.ReadStreamOptions{From: esdb.Start{}}, 3, []uint64{0, 1, 2}},
		"more_than_there_are":  {esdb.ReadStreamOptions{}, 100, []uint64{0, 1, 2, 3, 4}},
		"from_a_number":        {esdb.ReadStreamOptions{From: esdb.Revision(3)}, 100, []uint64{3, 4}},
		"from_beyond":          {esdb.ReadStreamOptions{From: esdb.Revision(5)}, 100, nil},
		"from_the_end":         {esdb.ReadStreamOptions{From: esdb.End{}}, 100, nil},
		"back_from_the_end":    {esdb.ReadStreamOptions{From: esdb.End{}, Direction: back}, 2, []uint64{4, 3}},
		"back_from_a_number":   {esdb.ReadStreamOptions{From: esdb.Revision(1), Direction: back}, 9, []uint64{1, 0}},
		"back_from_beyond":     {esdb.ReadStreamOptions{From: esdb.Revision(70), Direction: back}, 1, []uint64{4}},
		"back_from_the_start":  {esdb.ReadStreamOptions{From: esdb.Start{}, Direction: back}, 9, []uint64{0}},
		"the_last_number_ever": {esdb.ReadStreamOptions{From: esdb.Revision(1<<64 - 1), Direction: back}, 1, []uint64{4}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, numbers(s.read("orders", c.o, c.n))) })
	}
	t.Run("no_stream", func(t *testing.T) {
		read, err := s.client.ReadStream(t.Context(), "none", esdb.ReadStreamOptions{}, 1)
		require.NoError(t, err)
		_, err = read.Recv()
		require.Equal(t, esdb.ErrorCodeResourceNotFound, code(t, err))
	})
	t.Run("what_is_told_of_an_event", func(t *testing.T) {
		e := s.read("orders", esdb.ReadStreamOptions{From: esdb.End{}, Direction: back}, 1)[0]
		require.Equal(t, esdb.Position{Commit: 8, Prepare: 8}, e.Position)
		require.WithinDuration(t, time.Now(), e.CreatedDate, time.Minute)
		require.Equal(t, "orders", e.StreamID)
		require.Equal(t, map[string]string{
			"type": "order-placed", "content-type": "application/json", "created": fmt.Sprint(e.CreatedDate.UnixNano() / 100),
		}, e.SystemMetadata)
	})
}

func TestReadAll(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	s.append("orders", 600)
	const back = esdb.Backwards
	at := func(p uint64) esdb.Position { return esdb.Position{Commit: p, Prepare: p} }
	for name, c := range map[string]struct {
		o    esdb.ReadAllOptions
		n    uint64
		want []uint64
	}{
		"from_the_start":         {esdb.ReadAllOptions{From: esdb.Start{}}, 2, []uint64{1, 2}},
		"from_a_position":        {esdb.ReadAllOptions{From: at(598)}, 9, []uint64{598, 599, 600}},
		"from_the_end":           {esdb.ReadAllOptions{From: esdb.End{}}, 9, nil},
		"back_from_the_end":      {esdb.ReadAllOptions{From: esdb.End{}, Direction: back}, 2, []uint64{600, 599}},
		"back_before_a_position": {esdb.ReadAllOptions{From: at(3), Direction: back}, 9, []uint64{2, 1}},
		"back_from_the_start":    {esdb.ReadAllOptions{From: esdb.Start{}, Direction: back}, 9, nil},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, positions(s.all(c.o, c.n))) })
	}
	forth := positions(s.all(esdb.ReadAllOptions{}, 1<<63))
	require.Len(t, forth, 600)
	behind := positions(s.all(esdb.ReadAllOptions{From: esdb.End{}, Direction: back}, 1<<63))
	slices.Reverse(behind)
	require.Equal(t, forth, behind)
}

// TestCreated checks that a ledger's event was created when it was recorded,
// and that it has a created time whatever its metadata: without one the client
// would end its process.
func TestCreated(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	stream := ownStream()
	metas := map[string]time.Time{
		`{"recordedAt":"2021-02-03T04:05:06.000007Z","x":1}`: time.Date(2021, 2, 3, 4, 5, 6, 7000, time.UTC),
		`{"recordedAt":"2021-02-30T04:05:06.000007Z"}`:       time.Unix(0, 0).UTC(),
		`{"recordedAt":"2021"}`:                              time.Unix(0, 0).UTC(),
		`null`:                                               time.Unix(0, 0).UTC(),
		``:                                                   time.Unix(0, 0).UTC(),
	}
	at := es.Revision(0)
	for meta, want := range metas {
		e := events(1)[0]
		_, err := s.store.Append(t.Context(), stream, at, es.Record{ID: e.EventID, Type: "memorandum.signed", Schema: 1, Data: e.Data, Meta: []byte(meta)})
		require.NoError(t, err)
		got := s.read(stream, esdb.ReadStreamOptions{From: esdb.Revision(uint64(at))}, 1)[0]
		require.Equal(t, want, got.CreatedDate, meta)
		require.Equal(t, []byte(meta), append([]byte{}, got.UserMetadata...))
		at++
	}
}

func TestLinks(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	want := s.append("orders", 3)
	links := events(4)
	for i, to := range []string{"1@orders", "7@orders", "1@none", "nonsense"} {
		links[i].EventType, links[i].Data = "$>", []byte(to)
	}
	_, err := s.client.AppendToStream(t.Context(), "links", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, links...)
	require.NoError(t, err)
	read, err := s.client.ReadStream(t.Context(), "links", esdb.ReadStreamOptions{ResolveLinkTos: true}, 10)
	require.NoError(t, err)
	for i := range links {
		e, err := read.Recv()
		require.NoError(t, err)
		require.Equal(t, links[i].EventID, e.Link.EventID)
		if i == 0 {
			require.Equal(t, want[1].EventID, e.Event.EventID)
		} else {
			require.Nil(t, e.Event)
		}
	}
	_, err = read.Recv()
	require.ErrorIs(t, err, io.EOF)
	require.Equal(t, "$>", s.read("links", esdb.ReadStreamOptions{}, 1)[0].EventType, "as they are, if they are not to be resolved")
}
