package esdbwire_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/eventstore/esdbwire"
)

// patience bounds the waiting for what must come.
const patience = 30 * time.Second

// followed is what a subscription sent.
type followed struct {
	*testing.T
	sub *esdb.Subscription
}

func follow(t *testing.T, sub *esdb.Subscription, err error) *followed {
	t.Helper()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, sub.Close()) })
	return &followed{T: t, sub: sub}
}

// next returns what comes next.
func (f *followed) next() *esdb.SubscriptionEvent {
	f.Helper()
	e := f.sub.Recv()
	if e.SubscriptionDropped != nil {
		require.NoError(f, e.SubscriptionDropped.Error)
	}
	return e
}

// untilLive returns the events up to where the subscription has caught up.
func (f *followed) untilLive() (all []*esdb.RecordedEvent) {
	f.Helper()
	for {
		switch e := f.next(); {
		case e.CaughtUp != nil:
			return all
		case e.EventAppeared != nil:
			all = append(all, e.EventAppeared.OriginalEvent())
		}
	}
}

// take returns the next n events.
func (f *followed) take(n int) (all []*esdb.RecordedEvent) {
	f.Helper()
	for len(all) < n {
		if e := f.next(); e.EventAppeared != nil {
			all = append(all, e.EventAppeared.OriginalEvent())
		}
	}
	return all
}

func (s *server) followAll(o esdb.SubscribeToAllOptions) *followed {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), patience)
	s.Cleanup(cancel)
	sub, err := s.client.SubscribeToAll(ctx, o)
	return follow(s.T, sub, err)
}

func (s *server) followStream(stream string, o esdb.SubscribeToStreamOptions) *followed {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), patience)
	s.Cleanup(cancel)
	sub, err := s.client.SubscribeToStream(ctx, stream, o)
	return follow(s.T, sub, err)
}

func TestFollowAll(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	empty := s.followAll(esdb.SubscribeToAllOptions{From: esdb.Start{}})
	require.Empty(t, empty.untilLive())
	s.append("orders", 3)
	s.append("others", 2)
	require.Equal(t, []uint64{1, 2, 3, 4, 5}, positions(empty.take(5)))

	for name, c := range map[string]struct {
		from esdb.AllPosition
		want []uint64
	}{
		"start":            {esdb.Start{}, []uint64{1, 2, 3, 4, 5}},
		"after_a_position": {esdb.Position{Commit: 3, Prepare: 3}, []uint64{4, 5}},
		"end":              {esdb.End{}, []uint64{}},
	} {
		t.Run(name, func(t *testing.T) {
			f := s.followAll(esdb.SubscribeToAllOptions{From: c.from})
			got := positions(f.untilLive()) // and perhaps what another case appended
			require.Equal(t, c.want, append([]uint64{}, got[:len(c.want)]...))
			more := s.append("more", 2)
			live := f.take(2)
			require.Equal(t, more[0].EventID, live[0].EventID)
			require.Equal(t, more[1].EventID, live[1].EventID)
		})
	}
}

func TestFilters(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	for i := range 20 {
		s.append(fmt.Sprintf("order-%d", i), 5)
		e := events(5)
		for j := range e {
			e[j].EventType = "payment-taken"
		}
		_, err := s.client.AppendToStream(t.Context(), "$$payment", esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, e...)
		require.NoError(t, err)
	}
	for name, c := range map[string]struct {
		filter *esdb.SubscriptionFilter
		want   int
	}{
		"stream_prefixes":  {&esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{"order-1", "nothing"}}, 11 * 5},
		"stream_regex":     {&esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Regex: "^order-.$"}, 10 * 5},
		"type_prefixes":    {&esdb.SubscriptionFilter{Type: esdb.EventFilterType, Prefixes: []string{"pay"}}, 20 * 5},
		"type_regex":       {&esdb.SubscriptionFilter{Type: esdb.EventFilterType, Regex: "taken$|^none"}, 20 * 5},
		"no_system_events": {esdb.ExcludeSystemEventsFilter(), 200},
	} {
		t.Run(name, func(t *testing.T) {
			f := s.followAll(esdb.SubscribeToAllOptions{From: esdb.Start{}, MaxSearchWindow: 4, CheckpointInterval: 2, Filter: c.filter})
			var checkpoints, positions []uint64
			count := 0
			for {
				e := f.next()
				if e.CheckPointReached != nil {
					checkpoints = append(checkpoints, e.CheckPointReached.Commit)
				}
				if e.EventAppeared != nil {
					count++
					positions = append(positions, e.EventAppeared.OriginalEvent().Position.Commit)
				}
				if e.CaughtUp != nil {
					break
				}
			}
			require.Equal(t, c.want, count)
			require.IsIncreasing(t, positions)
			require.Len(t, checkpoints, 200/(4*2), "one after every 8 events looked at")
			require.IsIncreasing(t, checkpoints)
			require.EqualValues(t, 200, checkpoints[len(checkpoints)-1])
		})
	}
	t.Run("reads_too", func(t *testing.T) {
		f := s.followAll(esdb.SubscribeToAllOptions{
			From: esdb.End{}, Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{"wanted"}},
		})
		require.Empty(t, f.untilLive())
		s.append("unwanted", 3)
		want := s.append("wanted-1", 1)
		for {
			e := f.next()
			if e.EventAppeared != nil {
				require.Equal(t, want[0].EventID, e.EventAppeared.OriginalEvent().EventID)
				return
			}
			require.NotNil(t, e.CheckPointReached, "what is not wanted leads to a checkpoint")
		}
	})
	t.Run("not_of_re2", func(t *testing.T) {
		sub, err := s.client.SubscribeToAll(t.Context(), esdb.SubscribeToAllOptions{
			Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Regex: "(?<!x)order"},
		})
		require.Nil(t, sub)
		require.ErrorContains(t, err, "RE2")
	})
}

func TestFollowStream(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	none := s.followStream("orders", esdb.SubscribeToStreamOptions{From: esdb.Start{}})
	require.Empty(t, none.untilLive())
	s.append("others", 1)
	s.append("orders", 600)
	s.append("others", 1)
	require.Len(t, none.take(600), 600)
	for name, c := range map[string]struct {
		from esdb.StreamPosition
		want int
	}{
		"start":          {esdb.Start{}, 600},
		"after_a_number": {esdb.Revision(596), 3},
		"the_first_read": {esdb.Revision(0), 599},
		"end":            {esdb.End{}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := s.followStream("orders", esdb.SubscribeToStreamOptions{From: c.from})
			got := f.untilLive()
			require.Len(t, got, c.want)
			first := 600 - c.want
			for i, e := range got {
				require.EqualValues(t, first+i, e.EventNumber)
			}
		})
	}
	t.Run("live_events_and_its_end", func(t *testing.T) {
		f := s.followStream("orders", esdb.SubscribeToStreamOptions{From: esdb.End{}})
		require.Empty(t, f.untilLive())
		s.append("others", 1)
		want := s.append("orders", 2)
		got := f.take(2)
		require.Equal(t, want[1].EventID, got[1].EventID)
		_, err := s.client.TombstoneStream(t.Context(), "orders", esdb.TombstoneStreamOptions{ExpectedRevision: esdb.Any{}})
		require.NoError(t, err)
		e := f.sub.Recv()
		require.NotNil(t, e.SubscriptionDropped)
		require.ErrorContains(t, e.SubscriptionDropped.Error, "is deleted")
	})
}

// TestFollowWhileAppending checks that a subscription that begins in the middle
// of appends misses and repeats nothing.
func TestFollowWhileAppending(t *testing.T) {
	s := serve(t, esdbwire.Options{})
	const each = 300
	done := make(chan error, 2)
	for _, stream := range []string{"orders", "others"} {
		go func() {
			for range each {
				_, err := s.client.AppendToStream(context.Background(), stream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, events(1)...)
				if err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range 20 {
		got := s.followStream("orders", esdb.SubscribeToStreamOptions{From: esdb.Start{}}).take(each)
		for i, e := range got {
			require.EqualValues(t, i, e.EventNumber)
		}
		got = s.followAll(esdb.SubscribeToAllOptions{From: esdb.Start{}}).take(2 * each)
		for i, e := range got {
			require.EqualValues(t, i+1, e.Position.Commit)
		}
	}
	require.NoError(t, <-done)
	require.NoError(t, <-done)
}
