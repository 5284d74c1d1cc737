package esdbwire

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"
	"sync"

	"golang.org/x/crypto/bcrypt"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
)

// Credential is a name and a password, as basic authentication has them.
type Credential struct{ Name, Password string }

// header is the value of the authorization header (RFC 7617).
func (c Credential) header() string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(c.Name+":"+c.Password))
}

// caller is who makes a call.
type caller struct {
	name   string
	ledger bool // presented the ledger's own credential
}

type callerKey struct{}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// gate lets callers in, and says what they may do.
type gate struct {
	opts   Options
	ledger [sha256.Size]byte // of the ledger's header

	mu    sync.Mutex
	known map[[sha256.Size]byte]caller // by hash of their header
}

// maxKnown bounds the headers that need no bcrypt. Names are few.
const maxKnown = 1000

func newGate(o Options) *gate {
	return &gate{opts: o, ledger: sha256.Sum256([]byte(o.Ledger.header())), known: map[[sha256.Size]byte]caller{}}
}

// enter returns ctx with the caller, or that they are not let in.
func (g *gate) enter(ctx context.Context) (context.Context, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	headers := md.Get("authorization")
	if len(headers) == 0 || headers[0] == "" {
		if g.opts.Users == nil {
			return ctx, nil
		}
		return nil, status.Error(codes.Unauthenticated, "a name and a password are needed")
	}
	c, ok := g.identify(headers[0])
	if !ok {
		return nil, status.Error(codes.Unauthenticated, "the name or the password is wrong")
	}
	return context.WithValue(ctx, callerKey{}, c), nil
}

func (g *gate) identify(header string) (caller, bool) {
	sum := sha256.Sum256([]byte(header))
	if g.opts.Ledger != (Credential{}) && subtle.ConstantTimeCompare(sum[:], g.ledger[:]) == 1 {
		return caller{name: g.opts.Ledger.Name, ledger: true}, true
	}
	g.mu.Lock()
	c, ok := g.known[sum]
	g.mu.Unlock()
	if ok {
		return c, true
	}
	encoded, ok := strings.CutPrefix(header, "Basic ")
	if !ok {
		return caller{}, false
	}
	plain, err := base64.StdEncoding.DecodeString(encoded)
	name, password, found := strings.Cut(string(plain), ":")
	if err != nil || !found || bcrypt.CompareHashAndPassword(g.opts.Users[name], []byte(password)) != nil {
		return caller{}, false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.known) >= maxKnown {
		clear(g.known)
	}
	g.known[sum] = caller{name: name}
	return caller{name: name}, true
}

// open are the calls that need no name: clients make them before any other.
func open(method string) bool {
	return strings.HasSuffix(method, "/GetSupportedMethods") || strings.HasPrefix(method, "/event_store.client.gossip.")
}

func (g *gate) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	if !open(info.FullMethod) {
		var err error
		if ctx, err = g.enter(ctx); err != nil {
			return nil, err
		}
	}
	return handle(ctx, req)
}

// stream lets in who makes a streaming call; its context ends when stopping
// does.
func (g *gate) stream(stopping context.Context) grpc.StreamServerInterceptor {
	return func(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handle grpc.StreamHandler) error {
		ctx, err := g.enter(ss.Context())
		if err != nil {
			if info.IsServerStream && info.IsClientStream { // its client waits after the first message
				_ = ss.RecvMsg(&emptypb.Empty{}) // it is refused anyway
			} else {
				drain(ss)
			}
			return err
		}
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(stopping, cancel)()
		err = handle(srv, &enteredStream{ss, ctx})
		if err != nil && stopping.Err() != nil && ss.Context().Err() == nil {
			return status.Error(codes.Unavailable, statusShutdown)
		}
		return err
	}
}

// drain receives what a client still sends. A client that is answered before it
// has sent everything may take that for a broken call, and not look at the
// answer.
func drain(ss grpc.ServerStream) {
	for range 1000 {
		if ss.RecvMsg(&emptypb.Empty{}) != nil {
			return
		}
	}
}

// enteredStream is a stream whose context knows the caller.
type enteredStream struct {
	grpc.ServerStream
	ctx context.Context //nolint:containedctx // a stream is asked for it
}

func (s *enteredStream) Context() context.Context { return s.ctx }

// isOwn reports whether a stream is the ledger's or the system's.
func isOwn(stream string) bool {
	return ledger.Owns(stream) || strings.HasPrefix(stream, es.SystemPrefix)
}

// mayAppend reports whether a caller may append to a stream.
func (g *gate) mayAppend(c caller, stream string) bool {
	if g.opts.ReadOnly {
		return false
	}
	if isOwn(stream) {
		return c.ledger
	}
	return g.mayDelete(stream)
}

// mayDelete reports whether a stream may be deleted, truncated, or given metadata.
func (g *gate) mayDelete(stream string) bool {
	stream, _ = strings.CutPrefix(stream, "$$")
	return !g.opts.ReadOnly && !isOwn(stream) && !strings.HasPrefix(stream, "$")
}
