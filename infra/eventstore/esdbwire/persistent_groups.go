package esdbwire

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"google.golang.org/grpc/codes"

	"github.com/entente-ledger/entente/domain/es"
)

func noGroup(k groupKey) error {
	return fail(codes.NotFound, "persistent-subscription-does-not-exist",
		fmt.Sprintf("Subscription group %s on stream %s does not exist.", k.Group, k.Stream), "stream-name", k.Stream, "group-name", k.Group)
}

func groupExists(k groupKey) error {
	return fail(codes.AlreadyExists, "persistent-subscription-exists",
		fmt.Sprintf("Subscription group %s on stream %s exists.", k.Group, k.Stream), "stream-name", k.Stream, "group-name", k.Group)
}

func groupFull(k groupKey) error {
	return fail(codes.FailedPrecondition, "maximum-subscribers-reached",
		fmt.Sprintf("Maximum subscriptions reached for subscription group %s on stream %s.", k.Group, k.Stream), "stream-name", k.Stream, "group-name", k.Group)
}

func groupDropped(k groupKey) error {
	return fail(codes.Canceled, "persistent-subscription-dropped",
		fmt.Sprintf("Subscription group %s on stream %s was dropped.", k.Group, k.Stream), "stream-name", k.Stream, "group-name", k.Group)
}

// groups are the consumer groups that run while a server serves. Their
// configuration, checkpoints and parked events are in the log.
type groups struct {
	*Server
	ctx    context.Context //nolint:containedctx // the life of the groups, not that of a call
	cancel context.CancelFunc
	ended  sync.WaitGroup

	changing sync.Mutex // held while the configuration is changed
	configs  groupConfigs

	mu      sync.RWMutex
	running map[groupKey]*actor
}

// startGroups starts all groups there are. They run until stop, which the
// caller owes, or until ctx is done.
func (s *Server) startGroups(ctx context.Context) (*groups, error) {
	all, err := s.readConfigs(ctx)
	if err != nil {
		return nil, err
	}
	head, err := s.log.Head(ctx)
	if err != nil {
		return nil, err
	}
	g := &groups{Server: s, configs: all, running: make(map[groupKey]*actor)}
	g.ctx, g.cancel = context.WithCancel(ctx)
	for _, c := range all.Groups {
		if err := g.start(c); err != nil {
			g.stop()
			return nil, err
		}
	}
	g.ended.Go(func() { g.watch(head) })
	return g, nil
}

// stop ends the groups; they store their checkpoints.
func (g *groups) stop() {
	g.cancel()
	g.ended.Wait()
}

// watch wakes the groups for which something was appended after a position.
func (g *groups) watch(after es.Position) {
	for r, err := range g.log.Subscribe(g.ctx, after) {
		if err != nil {
			if g.ctx.Err() == nil {
				g.opts.Logger.ErrorContext(g.ctx, "persistent subscriptions have stopped following the log", "error", err)
			}
			return
		}
		if r.IsMarker() || ofGroups(r.Stream) {
			continue
		}
		g.mu.RLock()
		for k, a := range g.running {
			if k.Stream == r.Stream || k.Stream == allStream {
				a.wake()
			}
		}
		g.mu.RUnlock()
	}
}

// start runs a group.
func (g *groups) start(c groupConfig) error {
	a, err := g.newActor(c)
	if err != nil {
		return err
	}
	g.mu.Lock()
	g.running[c.key()] = a
	g.mu.Unlock()
	g.ended.Go(a.run)
	return nil
}

// end drops the consumers of a group and waits until it has ended.
func (g *groups) end(a *actor) {
	g.mu.Lock()
	delete(g.running, a.key)
	g.mu.Unlock()
	a.cancel()
	<-a.done
}

func (g *groups) find(k groupKey) (*actor, error) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if a := g.running[k]; a != nil {
		return a, nil
	}
	return nil, noGroup(k)
}

// store stores what groups there are.
func (g *groups) store(ctx context.Context, all groupConfigs) error {
	all, err := g.writeConfigs(ctx, all)
	if err == nil {
		g.configs = all
	}
	return err
}

func (g *groups) create(ctx context.Context, c groupConfig) error {
	g.changing.Lock()
	defer g.changing.Unlock()
	if _, err := g.find(c.key()); err == nil {
		return groupExists(c.key())
	}
	// What is left of an earlier group of the name is not this one's.
	if err := g.forget(ctx, c.key()); err != nil {
		return err
	}
	if err := g.store(ctx, g.configs.with(c.key(), &c)); err != nil {
		return err
	}
	return g.start(c)
}

// update changes a group, which goes on from its checkpoint, if it has one.
func (g *groups) update(ctx context.Context, c groupConfig) error {
	g.changing.Lock()
	defer g.changing.Unlock()
	a, err := g.find(c.key())
	if err != nil {
		return err
	}
	c.Filter = a.config.Filter
	if err := g.store(ctx, g.configs.with(c.key(), &c)); err != nil {
		return err
	}
	g.end(a)
	return g.start(c)
}

func (g *groups) remove(ctx context.Context, k groupKey) error {
	g.changing.Lock()
	defer g.changing.Unlock()
	a, err := g.find(k)
	if err != nil {
		return err
	}
	if err := g.store(ctx, g.configs.with(k, nil)); err != nil {
		return err
	}
	g.end(a)
	return g.forget(ctx, k)
}

// forget hides the checkpoints and the parked events of a group.
func (g *groups) forget(ctx context.Context, k groupKey) error {
	for _, stream := range []string{k.checkpoints(), k.parked()} {
		v, err := g.view(ctx, stream)
		if err == nil && !v.deleted() {
			_, err = g.truncate(ctx, stream, v.last)
		}
		if err != nil {
			return fmt.Errorf("forget %s: %w", stream, err)
		}
	}
	return nil
}

// restart ends all groups and starts them again from their checkpoints.
func (g *groups) restart() error {
	g.changing.Lock()
	defer g.changing.Unlock()
	var failed error
	for _, c := range g.configs.Groups {
		if a, err := g.find(c.key()); err == nil {
			g.end(a)
		}
		failed = errors.Join(failed, g.start(c))
	}
	return failed
}
