package group_test

import (
	"fmt"
	"time"

	"github.com/entente-ledger/entente/infra/eventstore/esdbwire/group"
)

// A consumer gets two events, processes the second, and wants the first
// put aside. The checkpoint waits for that.
func Example() {
	now := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	g := group.New(group.Settings{Strategy: group.RoundRobin, MaxCheckpoint: 1, Buffer: 10, ReadBatch: 10}, 0, 0, now)
	if err := g.Join(1, 5); err != nil {
		fmt.Println(err)
	}
	g.Offer(event(1, "orders"), event(2, "orders"))
	for _, d := range g.Advance(now).Send {
		fmt.Println("send", d.Event.Place, "to", d.To)
	}
	g.Ack(1, id(2))
	g.Nack(1, group.Park, "no such customer", id(1))

	todo := g.Advance(now)
	fmt.Println("park", todo.Park[0].Event.Place, todo.Park[0].Reason, "- checkpoint", todo.Checkpoint)
	g.Parked(1)
	fmt.Println("checkpoint", g.Advance(now).Checkpoint)
	g.Stored(now)
	// Output:
	// send 1 to 1
	// send 2 to 1
	// park 1 no such customer - checkpoint 0
	// checkpoint 2
}
