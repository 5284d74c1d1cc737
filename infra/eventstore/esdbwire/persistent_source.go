package esdbwire

import (
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/esdbwire/group"
)

// readOn offers the machine at most n events that come next, and notes when
// there are no more.
func (a *actor) readOn(n int) error {
	a.caughtUp = true
	if a.key.Stream == allStream {
		return a.readAll(n)
	}
	return a.readStream(n)
}

func (a *actor) readStream(n int) error {
	v, err := a.view(a.ctx, a.key.Stream)
	if err != nil {
		return err
	}
	at := es.Revision(a.machine.State().Read)
	if v.first-1 > at {
		at = min(v.first-1, v.last)
	}
	for r, err := range a.log.ReadStream(a.ctx, a.key.Stream, at) {
		if err == nil {
			err = a.offer(r, uint64(r.Revision), v.shows)
		}
		if err != nil {
			a.caughtUp = false
			return err
		}
		if n--; n == 0 {
			a.caughtUp = false
			return nil
		}
	}
	return nil
}

func (a *actor) readAll(n int) error {
	looked := 0
	keep := func(e *event) bool { return a.match(e.Stream, e.name) }
	for r, err := range a.log.ReadAll(a.ctx, es.Position(a.machine.State().Read)) {
		if err == nil {
			before := a.machine.State().Waiting
			err = a.offer(r, uint64(r.Position), keep)
			n -= a.machine.State().Waiting - before
		}
		if err != nil {
			a.caughtUp = false
			return err
		}
		if looked++; n == 0 || looked == lookAtMost {
			a.caughtUp = false
			return nil
		}
	}
	return nil
}

// offer offers the machine the record at a place, or passes it over.
func (a *actor) offer(r es.Record, at uint64, keep func(*event) bool) error {
	if a.key.Stream == allStream && ofGroups(r.Stream) {
		a.machine.Pass(at, 0)
		return nil
	}
	e, err := shown(r)
	if err != nil {
		return err
	}
	if !keep(&e) {
		a.machine.Pass(at, 1)
		return nil
	}
	sent := group.Event{Place: at, Record: r}
	if a.config.Set.ResolveLinks && e.name == linkType {
		target, err := a.resolve(a.ctx, &e)
		if err != nil {
			return err
		}
		sent.Link, sent.Record = r, es.Record{}
		if target != nil {
			sent.Record = target.Record
		}
	}
	a.machine.Offer(sent)
	return nil
}

// readParked replays at most n events of those that were parked. What they
// link to may not be there to be seen any more; then they are passed over.
func (a *actor) readParked(n int) error {
	for r, err := range a.log.ReadStream(a.ctx, a.key.parked(), es.Revision(a.machine.State().Replayed)) {
		if err != nil {
			return err
		}
		if place(r.Revision) > a.replay || n == 0 {
			return nil
		}
		n--
		link, err := shown(r)
		if err != nil {
			return err
		}
		target, err := a.resolve(a.ctx, &link)
		if err == nil && target != nil && target.name == linkType && a.config.Set.ResolveLinks {
			var further *event
			if further, err = a.resolve(a.ctx, target); further != nil {
				target = further
			}
		}
		if err != nil {
			return err
		}
		if target == nil {
			a.machine.PassParked(uint64(r.Revision))
			continue
		}
		a.machine.Replay(group.Event{Place: uint64(r.Revision), Record: target.Record, Link: r})
	}
	return nil
}
