package esdbwire

import (
	"cmp"
	"context"
	"slices"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
)

// persistentService is the service of persistent subscriptions.
type persistentService struct {
	persistent.UnimplementedPersistentSubscriptionsServer
	*Server
	groups *groups
}

const persistentName = "event_store.client.persistent_subscriptions.persistentsubscriptions"

// persistentFeatures are what clients look for before they use the service.
func persistentFeatures() (all []*serverfeatures.SupportedMethod) {
	for _, m := range []string{"create", "update", "delete", "read", "getinfo", "replayparked", "list", "restartsubsystem"} {
		f := &serverfeatures.SupportedMethod{ServiceName: persistentName, MethodName: m, Features: []string{"stream", "all"}}
		if m == "restartsubsystem" {
			f.Features = []string{}
		}
		all = append(all, f)
	}
	return all
}

// refuse fails where nothing may be written: groups keep their state in the log.
func (p *persistentService) refuse() error {
	if p.opts.ReadOnly {
		return accessDenied("the log is served for reading only, and persistent subscriptions keep their checkpoints in it")
	}
	return nil
}

func (p *persistentService) Create(ctx context.Context, req *persistent.CreateReq) (*persistent.CreateResp, error) {
	err := p.refuse()
	var c groupConfig
	if err == nil {
		c, err = p.createConfig(ctx, req.GetOptions())
	}
	if err == nil {
		err = p.groups.create(ctx, c)
	}
	return &persistent.CreateResp{}, p.answer(ctx, err, unaryTrailer(ctx))
}

func (p *persistentService) Update(ctx context.Context, req *persistent.UpdateReq) (*persistent.UpdateResp, error) {
	err := p.refuse()
	var c groupConfig
	if err == nil {
		c, err = p.updateConfig(ctx, req.GetOptions())
	}
	if err == nil {
		err = p.groups.update(ctx, c)
	}
	return &persistent.UpdateResp{}, p.answer(ctx, err, unaryTrailer(ctx))
}

func (p *persistentService) Delete(ctx context.Context, req *persistent.DeleteReq) (*persistent.DeleteResp, error) {
	o := req.GetOptions()
	k, err := keyOf(o.GetStreamIdentifier(), o.GetAll(), o.GetGroupName())
	if err == nil {
		err = p.refuse()
	}
	if err == nil {
		err = p.groups.remove(ctx, k)
	}
	return &persistent.DeleteResp{}, p.answer(ctx, err, unaryTrailer(ctx))
}

func (p *persistentService) GetInfo(ctx context.Context, req *persistent.GetInfoReq) (*persistent.GetInfoResp, error) {
	o := req.GetOptions()
	a, err := p.group(keyOf(o.GetStreamIdentifier(), o.GetAll(), o.GetGroupName()))
	resp := &persistent.GetInfoResp{}
	if err == nil {
		resp.SubscriptionInfo, err = a.info(ctx)
	}
	return resp, p.answer(ctx, err, unaryTrailer(ctx))
}

// group returns a group that runs; it takes what [keyOf] returns.
func (p *persistentService) group(k groupKey, err error) (*actor, error) {
	if err == nil {
		err = p.refuse()
	}
	if err != nil {
		return nil, err
	}
	return p.groups.find(k)
}

func (p *persistentService) ReplayParked(ctx context.Context, req *persistent.ReplayParkedReq) (*persistent.ReplayParkedResp, error) {
	o := req.GetOptions()
	a, err := p.group(keyOf(o.GetStreamIdentifier(), o.GetAll(), o.GetGroupName()))
	stop := int64(-1)
	if until, ok := o.GetStopAtOption().(*persistent.ReplayParkedReq_Options_StopAt); ok && err == nil {
		if stop = until.StopAt; stop < 0 {
			err = badArgument("the number to stop at is %d; it must be at least 0", stop)
		}
	}
	if err == nil {
		err = a.replayParked(ctx, stop)
	}
	return &persistent.ReplayParkedResp{}, p.answer(ctx, err, unaryTrailer(ctx))
}

// List describes the groups, or those of a stream, in the order of their names.
func (p *persistentService) List(ctx context.Context, req *persistent.ListReq) (*persistent.ListResp, error) {
	resp, err := p.list(ctx, req.GetOptions())
	return resp, p.answer(ctx, err, unaryTrailer(ctx))
}

func (p *persistentService) list(ctx context.Context, o *persistent.ListReq_Options) (*persistent.ListResp, error) {
	if err := p.refuse(); err != nil {
		return nil, err
	}
	stream := string(o.GetListForStream().GetStream().GetStreamName())
	if o.GetListForStream().GetAll() != nil {
		stream = allStream
	}
	resp := &persistent.ListResp{}
	for _, a := range p.groups.all() {
		if stream != "" && a.key.Stream != stream {
			continue
		}
		info, err := a.info(ctx)
		if err != nil {
			return nil, err
		}
		resp.Subscriptions = append(resp.Subscriptions, info)
	}
	if stream != "" && len(resp.GetSubscriptions()) == 0 {
		return nil, noGroup(groupKey{Stream: stream})
	}
	return resp, nil
}

// all returns the groups that run, in the order of their names.
func (g *groups) all() (all []*actor) {
	g.mu.RLock()
	for _, a := range g.running {
		all = append(all, a)
	}
	g.mu.RUnlock()
	slices.SortFunc(all, func(a, b *actor) int {
		return cmp.Or(cmp.Compare(a.key.Stream, b.key.Stream), cmp.Compare(a.key.Group, b.key.Group))
	})
	return all
}

func (p *persistentService) RestartSubsystem(ctx context.Context, _ *shared.Empty) (*shared.Empty, error) {
	err := p.refuse()
	if err == nil {
		err = p.groups.restart()
	}
	return &shared.Empty{}, p.answer(ctx, err, unaryTrailer(ctx))
}
