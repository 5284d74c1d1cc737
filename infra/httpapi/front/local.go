package front

import (
	"context"
	"net"
	"net/http"
	"net/netip"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
)

// Local authenticates whoever reaches the service as one identity: for a service
// that listens on an address of this machine alone. It knows only requests that
// name this machine and come from no foreign web site, so that no page can ask in
// the operator's place.
type Local struct{ Who access.Identity }

// Authenticate implements [Authenticator]. It fails with access.not_local.
func (l Local) Authenticate(_ context.Context, r *http.Request) (access.Identity, error) {
	site := r.Header.Get("Sec-Fetch-Site")
	if !IsLocal(hostOf(r.Host)) || r.Header.Get("Origin") != "" && site != "same-origin" || site == "cross-site" || site == "same-site" {
		return access.Identity{}, errNotLocal
	}
	return l.Who, nil
}

var errNotLocal = &es.Error{
	Kind: es.ErrUnauthenticated, Code: "access.not_local", Message: "the request does not come from the operator of this machine",
	Want: "a request to localhost that no web site makes, or a service with identities",
}

func hostOf(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return hostport
}

// IsLocal reports whether a host is this machine alone: localhost, or a loopback
// address.
func IsLocal(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
