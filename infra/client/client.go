package client

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/entente-ledger/entente/domain/es"
)

// Options change what [Open] returns. The zero Options are right for most.
type Options struct {
	// Token says who asks, if it is not "".
	Token string
	// HTTP sends the requests; nil: one that gives up after 5 minutes.
	HTTP HttpRequestDoer
	// Tries is how often a request is sent at most that can be sent again; 0: 6
	// times, which takes half a minute or what the service asks for.
	Tries uint
}

const (
	longest    = 5 * time.Minute
	usualTries = 6
)

// Open returns a client of the service at a URL, such as https://ledger.example.
// Nothing is sent yet. It fails with [es.ErrInvalid] if that is no such URL, or if
// a token would be sent to another machine without TLS.
//
// What can be sent again without doing anything twice is: questions, and commands
// under one Idempotency-Key; when no answer came, and when the service says after
// how long.
func Open(server string, o Options) (*Client, error) {
	at, err := url.Parse(server)
	if err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" || at.RawQuery != "" || at.Fragment != "" {
		return nil, es.Invalid("client.bad_server", "this is no address of a service", "a URL such as https://ledger.example")
	}
	if o.Token != "" && at.Scheme == "http" && !isLocal(at.Hostname()) {
		return nil, es.Invalid("client.not_secured", "the token would be sent for others to read", "a URL with https")
	}
	if o.HTTP == nil {
		o.HTTP = &http.Client{Timeout: longest}
	}
	if o.Tries == 0 {
		o.Tries = usualTries
	}
	return NewClient(strings.TrimSuffix(server, "/")+"/", WithHTTPClient(&patient{o.HTTP, o.Tries}),
		WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
			if o.Token != "" {
				r.Header.Set("Authorization", "Bearer "+o.Token)
			}
			return nil
		}))
}

// isLocal reports whether a host is this machine alone.
func isLocal(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
