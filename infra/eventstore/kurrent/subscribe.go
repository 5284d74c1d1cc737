package kurrent

import (
	"context"
	"fmt"
	"iter"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
)

// Subscribe implements [es.Store]. When the server or the connection fails it
// goes on where it was as soon as there is a server again.
func (s *Store) Subscribe(ctx context.Context, after es.Position) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		if err := s.subscribe(ctx, after, yield); err != nil {
			yield(es.Record{}, fmt.Errorf("subscribe: %w", err))
		}
	}
}

func (s *Store) subscribe(ctx context.Context, at es.Position, yield func(es.Record, error) bool) error {
	ctx, leave := s.link.join(ctx)
	defer leave()
	if err := ended(ctx); err != nil {
		return err
	}
	var (
		end  es.Position // when the flow began
		live bool        // the server has sent all that was there
		owed bool        // a marker
	)
	return s.follow(ctx, following{
		endless: true,
		// The client does not say where the server had caught up, and the last
		// record of ours may be long before that; but it was not before end.
		prepare: func(ctx context.Context) (err error) {
			live = false
			end, err = s.headOnce(ctx)
			return err
		},
		open: func(ctx context.Context, c *esdb.Client) (func() (item, error), func(), error) {
			return subscription(c.SubscribeToAll(ctx, esdb.SubscribeToAllOptions{From: after(at), Filter: ours()}))
		},
		take: func(it item) (bool, error) {
			switch it.kind {
			case event:
				if it.at <= at {
					return true, nil
				}
				at, owed = it.at, true
				return it.record.Stream == "" || yield(it.record, nil), nil
			case checkpoint:
				owed = owed || it.at > at
				at = max(at, it.at)
			case caughtUp:
				at, live, owed = max(at, end), true, true
			case fellBehind:
				live = false
			default: // opened, of which take is not told
			}
			return true, nil
		},
		idle: func() bool {
			if !live || !owed {
				return true
			}
			owed = false
			return yield(es.Record{Position: at}, nil)
		},
	})
}

// headOnce is [head] without a second attempt, within the deadline.
func (s *Store) headOnce(ctx context.Context) (es.Position, error) {
	within, cancel := context.WithTimeout(ctx, s.deadline)
	defer cancel()
	p, err := call(within, s.link, head)
	if err != nil && ended(within) != nil && ended(ctx) == nil {
		err = errSilent
	}
	return p, err
}

// ours is a filter that leaves out most of what others wrote.
func ours() *esdb.SubscriptionFilter {
	f := &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{es.SystemPrefix}}
	for _, a := range ledger.Aggregates() {
		f.Prefixes = append(f.Prefixes, a.Kind+"-")
	}
	return f
}

// subscription returns what an opener does, of a subscription.
func subscription(sub *esdb.Subscription, err error) (func() (item, error), func(), error) {
	if err != nil {
		return nil, nil, err
	}
	return func() (item, error) {
		switch e := sub.Recv(); {
		case e.SubscriptionDropped != nil:
			return item{}, e.SubscriptionDropped.Error
		case e.EventAppeared != nil:
			return itemOf(e.EventAppeared)
		case e.CheckPointReached != nil:
			return item{kind: checkpoint, at: es.Position(e.CheckPointReached.Commit)}, nil
		case e.CaughtUp != nil:
			return item{kind: caughtUp}, nil
		default:
			return item{kind: fellBehind}, nil
		}
	}, func() { _ = sub.Close() }, nil // never fails
}
