package esdbwire_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/eventstore/esdbwire"
)

// TestPersistentCrashes has consumers come, go and answer at random while the
// store is copied, as a crash would leave it, and goes on with the copy. In the
// end every event was processed by somebody.
func TestPersistentCrashes(t *testing.T) {
	const n = 300
	s := serve(t, esdbwire.Options{})
	s.append("orders", n)
	s.create("orders", "g", esdb.Start{}, eager(func(p *esdb.PersistentSubscriptionSettings) {
		p.CheckpointUpperBound, p.MaxRetryCount, p.HistoryBufferSize = 20, 1, 40
	}))
	processed := &tally{seen: make(map[uint64]bool)}
	for generation := range 3 {
		for _, wait := range s.startWorkers(processed, 3, uint64(generation), 25) {
			wait()
		}
		folder := filepath.Join(t.TempDir(), "copy")
		require.NoError(t, embedded.Copy(t.Context(), s.folder, folder))
		s.stop()
		store, err := embedded.Open(t.Context(), folder, embedded.Options{})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, store.Close()) })
		s = &server{T: t, folder: folder, store: store}
		s.start("127.0.0.1:0", esdbwire.Options{})
		s.client = dial(t, "esdb://"+s.addr+"?tls=false")
	}
	last := s.connect("orders", "g", 10)
	s.append("orders", 1) // is the last to come
	for {
		all, _ := last.take(1)
		require.NoError(t, last.Ack(all...))
		processed.add(all[0])
		if all[0].OriginalEvent().EventNumber == n {
			break
		}
	}
	parked := s.info("orders", "g").Stats.ParkedMessagesCount
	require.Positive(t, parked)
	require.NoError(t, s.client.ReplayParkedMessages(t.Context(), "orders", "g", esdb.ReplayParkedMessagesOptions{}))
	for range parked {
		replayed, _ := last.take(1)
		require.NoError(t, last.Ack(replayed...))
		processed.add(replayed...)
	}
	for i := range uint64(n + 1) {
		require.True(t, processed.seen[i], "event %d was lost", i)
	}
}

// tally is which events were processed.
type tally struct {
	mu   sync.Mutex
	seen map[uint64]bool
}

func (p *tally) add(all ...*esdb.ResolvedEvent) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range all {
		p.seen[e.Event.EventNumber] = true
	}
}

// startWorkers starts consumers that answer so many events each, and go in the
// middle of the next ones. It returns what waits for each of them.
func (s *server) startWorkers(processed *tally, workers int, seed uint64, answers int) (wait []func()) {
	for w := range workers {
		c, random := s.connect("orders", "g", uint32(2+w)), rand.New(rand.NewPCG(seed, uint64(w)))
		ended := make(chan error, 1)
		go func() { ended <- c.workAtRandom(random, processed, answers) }()
		wait = append(wait, func() { require.NoError(s, <-ended) })
	}
	return wait
}

func (c *consumer) workAtRandom(random *rand.Rand, processed *tally, answers int) error {
	defer func() { _ = c.Close() }() // it never fails
	for range answers {
		e := c.Recv()
		if e.SubscriptionDropped != nil {
			return fmt.Errorf("dropped: %w", e.SubscriptionDropped.Error)
		}
		event, err := e.EventAppeared.Event, error(nil)
		switch random.IntN(5) {
		case 0:
			err = c.Nack("at random", esdb.NackActionPark, event)
		case 1:
			err = c.Nack("at random", esdb.NackActionRetry, event)
		default:
			processed.add(event)
			err = c.Ack(event)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
