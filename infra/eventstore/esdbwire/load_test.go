package esdbwire_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/eventstore/esdbwire"
)

// TestIdle checks that a connection on which nothing happens for longer than
// the transport's own patience with pings stays usable.
func TestIdle(t *testing.T) {
	t.Parallel()
	s := serve(t, esdbwire.Options{})
	config, err := esdb.ParseConnectionString("esdb://" + s.addr + "?tls=false&keepAliveInterval=10000")
	require.NoError(t, err)
	config.Logger = esdb.NoopLogging()
	client, err := esdb.NewClient(config)
	require.NoError(t, err)
	defer func() { require.NoError(t, client.Close()) }()
	sub, err := client.SubscribeToAll(t.Context(), esdb.SubscribeToAllOptions{})
	f := follow(t, sub, err)
	require.Empty(t, f.untilLive())
	time.Sleep(40 * time.Second) // idleness is what is tested
	_, err = client.AppendToStream(t.Context(), "orders", esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}}, events(1)...)
	require.NoError(t, err)
	require.Len(t, f.take(1), 1)
}

// TestManyAppenders checks that 64 at once get what each expects, on streams of
// their own and on one that all want.
func TestManyAppenders(t *testing.T) {
	t.Parallel()
	s := serve(t, esdbwire.Options{})
	const appenders, each = 64, 20
	var wg sync.WaitGroup
	won := make([]int, appenders)
	for i := range appenders {
		wg.Go(func() {
			own := "own-" + string(rune('A'+i))
			for n := range uint64(each) {
				at := esdb.ExpectedRevision(esdb.NoStream{})
				if n > 0 {
					at = esdb.Revision(n - 1)
				}
				o := esdb.AppendToStreamOptions{ExpectedRevision: at}
				if _, err := s.client.AppendToStream(context.Background(), own, o, events(1)...); err != nil {
					t.Error(err)
				}
				if _, err := s.client.AppendToStream(context.Background(), "all", o, events(1)...); err == nil {
					won[i]++
				}
			}
		})
	}
	wg.Wait()
	total := 0
	for _, n := range won {
		total += n
	}
	require.Len(t, s.read("all", esdb.ReadStreamOptions{}, 1<<20), total)
	require.Equal(t, each, total, "one wins each place")
	require.Len(t, s.all(esdb.ReadAllOptions{}, 1<<20), appenders*each+total)
}

// TestSlowSubscriber checks that those who do not read what they are sent hold
// up nobody.
func TestSlowSubscriber(t *testing.T) {
	t.Parallel()
	s := serve(t, esdbwire.Options{})
	s.append("orders", 1000)
	for range 20 { // each on a connection of its own, and with more to come than buffers hold
		client := dial(t, "esdb://"+s.addr+"?tls=false")
		sub, err := client.SubscribeToAll(t.Context(), esdb.SubscribeToAllOptions{From: esdb.Start{}})
		follow(t, sub, err).take(1)
	}
	for range 20 {
		s.append("orders", 1000)
	}
	require.Len(t, s.followAll(esdb.SubscribeToAllOptions{From: esdb.Start{}}).take(21_000), 21_000)
	require.Len(t, s.read("orders", esdb.ReadStreamOptions{}, 1<<20), 21_000)
}
