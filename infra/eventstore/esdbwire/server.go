package esdbwire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync/atomic"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/persistent"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"

	"github.com/entente-ledger/entente/infra/eventstore/embedded"
)

// Options says how a store is served. The zero Options serves it to anyone,
// with the ledger's streams for reading only.
type Options struct {
	// Ledger is the ledger's own credential. Only who presents it may append
	// to the ledger's streams; if it is zero, nobody may.
	Ledger Credential
	// Users are who else is let in: bcrypt hashes of passwords by name. If it
	// is nil, everyone is, without a name.
	Users map[string][]byte
	// ReadOnly refuses whatever would change the log.
	ReadOnly bool
	// TLS, if not nil, is what connections are secured with.
	TLS *tls.Config
	// MaxAppendBytes bounds the data and metadata of one append to streams that
	// are not the ledger's; 0 is 1 MiB, as in EventStoreDB.
	MaxAppendBytes int
	// Now is the clock of created times; nil is time.Now.
	Now func() time.Time
	// Logger hears of what no client is told; nil is silence.
	Logger *slog.Logger
}

const (
	// maxMessage is what a message may have before it is refused by the
	// transport, rather than by us with a sentence.
	maxMessage     = 32 << 20
	defaultAppend  = 1 << 20
	maxConcurrent  = 1000 // calls of one connection
	pingsAtMost    = 5 * time.Second
	stopsWithin    = 5 * time.Second
	serverVersion  = "24.10.0" // whose protocol this is; clients want numbers
	statusShutdown = "the server is shutting down"
)

// Server serves a store. It does not own it.
type Server struct {
	log  embedded.Log
	opts Options
	gate *gate

	subscribers atomic.Int64
}

// Subscribers is how many follow the log or a stream at the moment, members of
// persistent subscriptions apart.
func (s *Server) Subscribers() int64 { return s.subscribers.Load() }

// New returns a server of a store, which must stay open while it serves.
func New(store *embedded.Store, o Options) *Server {
	if o.MaxAppendBytes == 0 {
		o.MaxAppendBytes = defaultAppend
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Server{log: store.Log(), opts: o, gate: newGate(o)}
}

// Serve answers on a listener, which it closes, until ctx is done or the
// listener fails. Then subscriptions end, calls under way have 5 s, and Serve
// returns: nil if it was ctx.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	persistents := &persistentService{Server: s}
	if !s.opts.ReadOnly {
		// The groups outlive ctx: what calls acknowledge until they end is heard.
		groups, err := s.startGroups(context.WithoutCancel(ctx))
		if err != nil {
			return errors.Join(fmt.Errorf("serve %s: %w", l.Addr(), err), l.Close())
		}
		defer groups.stop()
		persistents.groups = groups
	}
	g := grpc.NewServer(s.options(ctx)...)
	streams.RegisterStreamsServer(g, &streamsService{Server: s})
	persistent.RegisterPersistentSubscriptionsServer(g, persistents)
	gossip.RegisterGossipServer(g, gossipService{now: s.opts.Now})
	serverfeatures.RegisterServerFeaturesServer(g, featuresService{})
	served := make(chan error, 1)
	go func() { served <- g.Serve(l) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	hard := time.AfterFunc(stopsWithin, g.Stop)
	defer hard.Stop()
	g.GracefulStop()
	if err := <-served; err != nil && !errors.Is(err, grpc.ErrServerStopped) {
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	}
	return nil
}

// options are those of the transport. Calls end when stopping is done, as far
// as they wait for something.
func (s *Server) options(stopping context.Context) []grpc.ServerOption {
	o := []grpc.ServerOption{
		grpc.MaxRecvMsgSize(maxMessage),
		grpc.MaxConcurrentStreams(maxConcurrent),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: pingsAtMost, PermitWithoutStream: true}),
		grpc.UnaryInterceptor(s.gate.unary),
		grpc.StreamInterceptor(s.gate.stream(stopping)),
	}
	if s.opts.TLS != nil {
		o = append(o, grpc.Creds(credentials.NewTLS(s.opts.TLS)))
	}
	return o
}
