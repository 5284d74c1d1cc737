package front

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/klauspost/compress/gzhttp"
)

// Config is what is put around a handler. Logger and Authenticator are required;
// the zero value of a limit is the default that is named.
type Config struct {
	Logger        *slog.Logger
	Authenticator Authenticator
	// Refused is told of each request of which it is not known who asks, if not nil,
	// but for those that Rate holds back.
	Refused func(ctx context.Context, err error)
	// Public says which requests anybody may make without saying who they are; nil:
	// none.
	Public func(*http.Request) bool
	// MaxBody returns how many bytes a body may have; nil: 1 MiB.
	MaxBody func(*http.Request) int64
	// BodyTime is how long a body of up to 8 MiB may take to arrive; 0: 30 s. A
	// larger one has an hour.
	BodyTime time.Duration
	// Rate is how many requests a second each identity may make, and whoever is not
	// authenticated from each address; Burst how many at once (0: twice Rate).
	// Rate 0 is no limit.
	Rate  float64
	Burst int
	// Concurrent is how many requests are answered at a time (0: 256), Waiting how
	// many wait for that (0: 1024), and Wait for how long (0: 5 s).
	Concurrent, Waiting int
	Wait                time.Duration
	// Origins are those of web sites whose scripts may ask, such as
	// https://www.example.org (Fetch, CORS). Others get no answer that a browser
	// shows them.
	Origins []string
	// Secure says that clients reach the service by TLS: browsers are told to insist.
	Secure bool
	// BehindProxy says that the last address in X-Forwarded-For is the client's.
	BehindProxy bool
	Figures     *Figures // nil: none are kept
	Now         func() time.Time
}

// Around returns next behind all of it: a request has an id and is logged; a panic
// is an answer; scripts of foreign sites, too many requests and too large bodies
// are kept out; and next knows who asks, see [Who].
func (c Config) Around(next http.Handler) (http.Handler, error) {
	c = c.complete()
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1024))
	if err != nil {
		return nil, err
	}
	h := http.Handler(compress(next))
	h = c.limitRate(h)
	h = c.identify(h)
	h = c.limitBody(h)
	h = c.limitConcurrency(h)
	h = c.crossOrigin(h)
	h = c.protect(h)
	h = c.recoverPanics(h)
	return c.observe(h), nil
}

func (c Config) complete() Config {
	if c.Public == nil {
		c.Public = func(*http.Request) bool { return false }
	}
	if c.Refused == nil {
		c.Refused = func(context.Context, error) {}
	}
	if c.MaxBody == nil {
		c.MaxBody = func(*http.Request) int64 { return 1 << 20 }
	}
	if c.BodyTime == 0 {
		c.BodyTime = 30 * time.Second
	}
	if c.Burst == 0 {
		c.Burst = max(1, int(2*c.Rate))
	}
	if c.Concurrent == 0 {
		c.Concurrent = 256
	}
	if c.Waiting == 0 {
		c.Waiting = 1024
	}
	if c.Wait == 0 {
		c.Wait = 5 * time.Second
	}
	if c.Figures == nil {
		c.Figures = NewFigures()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}
