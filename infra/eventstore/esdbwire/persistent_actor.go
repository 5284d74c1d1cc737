package esdbwire

import (
	"context"
	"time"

	"github.com/entente-ledger/entente/infra/eventstore/esdbwire/group"
)

const (
	inboxSize  = 64          // requests that wait for an actor
	retryAfter = time.Second // after the store failed
	closingIn  = 2 * time.Second
	lookAtMost = 1000 // records of $all looked at before the actor hears what is asked of it
)

// actor runs one group in a goroutine. All but the channels is that goroutine's.
// Its time is that of timers, not the clock of what is recorded.
type actor struct {
	*Server
	ctx    context.Context //nolint:containedctx // the life of the actor
	cancel context.CancelFunc
	key    groupKey
	config groupConfig
	match  func(stream, name string) bool // of $all

	inbox chan func()
	woken chan struct{}
	done  chan struct{}

	machine   *group.Group
	members   map[group.ConsumerID]*member
	lastID    group.ConsumerID
	caughtUp  bool      // nothing to be read until woken
	replay    place     // up to where parked events are to be replayed
	pauseTill time.Time // the store failed
	meter     meter
}

func (g *groups) newActor(c groupConfig) (*actor, error) {
	match, err := c.matches()
	if err != nil {
		return nil, err
	}
	a := &actor{
		Server: g.Server, key: c.key(), config: c, match: match,
		inbox: make(chan func(), inboxSize), woken: make(chan struct{}, 1), done: make(chan struct{}),
		members: make(map[group.ConsumerID]*member), meter: meter{since: time.Now()},
	}
	a.ctx, a.cancel = context.WithCancel(g.ctx)
	return a, nil
}

// wake says that there may be something to be read.
func (a *actor) wake() {
	select {
	case a.woken <- struct{}{}:
	default: // it is being told already
	}
}

// do has the actor call f, and returns when it did. It fails if the group ends
// before.
func (a *actor) do(ctx context.Context, f func()) error {
	called := make(chan struct{})
	if err := a.tell(ctx, func() { f(); close(called) }); err != nil {
		return err
	}
	select {
	case <-called:
		return nil
	case <-a.done:
		return groupDropped(a.key)
	}
}

// tell is do that does not wait for the call.
func (a *actor) tell(ctx context.Context, f func()) error {
	select {
	case a.inbox <- f:
		return nil
	case <-a.done:
		return groupDropped(a.key)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *actor) run() {
	defer close(a.done)
	if !a.begin() {
		return
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		again, next := a.act()
		if again {
			next = time.Now()
		}
		timer.Stop()
		if !next.IsZero() {
			timer.Reset(time.Until(next))
		}
		select {
		case f := <-a.inbox:
			f()
			a.hear()
		case <-a.woken:
			a.caughtUp = false
		case <-timer.C:
		case <-a.ctx.Done():
			a.hear()
			a.finish()
			return
		}
	}
}

// hear does what else is asked for.
func (a *actor) hear() {
	for range inboxSize {
		select {
		case f := <-a.inbox:
			f()
		default:
			return
		}
	}
}

// begin takes the group up from where it was. It reports whether the actor is
// still wanted.
func (a *actor) begin() bool {
	for {
		at, replayed, err := a.load()
		if err == nil {
			a.machine = group.New(a.config.Set.machine(), uint64(at), uint64(replayed), time.Now())
			a.replay = replayed
			return true
		}
		if a.ctx.Err() != nil {
			return false
		}
		a.failed(err)
		select {
		case <-time.After(retryAfter):
		case <-a.ctx.Done():
			return false
		}
	}
}

// failed notes that the store failed; what failed is tried again later.
func (a *actor) failed(err error) {
	a.pauseTill = time.Now().Add(retryAfter)
	if a.ctx.Err() == nil {
		a.opts.Logger.WarnContext(a.ctx, "persistent subscription is held up", "stream", a.key.Stream, "group", a.key.Group, "error", err)
	}
}

// act does what is due. It reports whether there is more to be done at once,
// and else when there will be, the zero time if nobody knows.
func (a *actor) act() (again bool, next time.Time) {
	now := time.Now()
	todo := a.machine.Advance(now)
	for _, id := range todo.Drop {
		a.drop(id, false)
	}
	for _, d := range todo.Send {
		a.meter.total++
		if m := a.members[d.To]; m != nil && !m.put(d) {
			a.drop(d.To, true)
			again = true
		}
	}
	if now.Before(a.pauseTill) {
		return again, earlier(todo.Next, a.pauseTill)
	}
	if err := a.write(todo, now); err != nil {
		a.failed(err)
		return again, a.pauseTill
	}
	again = again || len(todo.Park) > 0
	if todo.Read > 0 {
		read, err := a.read(todo.Read)
		if err != nil {
			a.failed(err)
			return again, a.pauseTill
		}
		again = again || read
	}
	return again, todo.Next
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// read offers the machine at most n events more. It reports whether it did
// anything.
func (a *actor) read(n int) (bool, error) {
	if place(a.machine.State().Replayed) < a.replay {
		return true, a.readParked(n)
	}
	if a.caughtUp {
		return false, nil
	}
	return true, a.readOn(n)
}

// finish tells the consumers that it is over, and stores how far the group is.
func (a *actor) finish() {
	for id := range a.members {
		a.drop(id, true)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(a.ctx), closingIn)
	defer cancel()
	var last group.Actions
	last.Park = a.machine.Advance(time.Now()).Park
	last.Checkpoint, last.Replayed = a.machine.Reached()
	if err := a.writeTo(ctx, last, time.Now()); err != nil {
		a.opts.Logger.WarnContext(ctx, "store the last checkpoint", "stream", a.key.Stream, "group", a.key.Group, "error", err)
	}
}
