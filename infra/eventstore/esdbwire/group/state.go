package group

// State is what there is to be seen of a group.
type State struct {
	Waiting    int    // events never sent
	Retrying   int    // events to be sent again, or replayed
	InFlight   int    // events that consumers have
	Undone     int    // events read and not done, those replayed too
	Read       uint64 // place of the last event read
	Checkpoint uint64 // place of the checkpoint last stored
	Replayed   uint64 // place up to which what was parked is read
	Consumers  []ConsumerState
}

// ConsumerState is what there is to be seen of a consumer.
type ConsumerState struct {
	ID       ConsumerID
	Buffer   int
	InFlight int
}

// State returns what there is to be seen, the consumers in the order in which
// they joined.
func (g *Group) State() State {
	s := State{
		Waiting: len(g.waiting), Retrying: len(g.retries), InFlight: g.flights.Len(),
		Undone: g.log.undone.Len() + g.parked.undone.Len(),
		Read:   g.log.read.place, Checkpoint: g.log.stored.place, Replayed: g.parked.read.place,
	}
	for _, c := range g.consumers {
		s.Consumers = append(s.Consumers, ConsumerState{c.id, c.buffer, len(c.held)})
	}
	return s
}
