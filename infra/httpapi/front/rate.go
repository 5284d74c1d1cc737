package front

import (
	"fmt"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

// maxBuckets bounds how many are counted apart. When there are more, those who
// made no request lately are forgotten, which gives them a full burst.
const maxBuckets = 1 << 16

type bucket struct {
	*rate.Limiter
	used time.Time
}

// buckets count the requests of each who asks.
type buckets struct {
	rate  rate.Limit
	burst int

	mu  sync.Mutex
	all map[string]*bucket
}

// of returns the one of a name.
func (b *buckets) of(name string, now time.Time) *bucket {
	b.mu.Lock()
	defer b.mu.Unlock()
	one, ok := b.all[name]
	if !ok {
		if len(b.all) >= maxBuckets {
			b.sweep(now)
		}
		one = &bucket{Limiter: rate.NewLimiter(b.rate, b.burst)}
		b.all[name] = one
	}
	one.used = now
	return one
}

// sweep forgets those that are full again; if that is nobody, everybody.
func (b *buckets) sweep(now time.Time) {
	full := time.Duration(float64(b.burst) / float64(b.rate) * float64(time.Second))
	for name, one := range b.all {
		if now.Sub(one.used) >= full {
			delete(b.all, name)
		}
	}
	if len(b.all) >= maxBuckets {
		clear(b.all)
	}
}

// limitRate holds back whoever asks too often, and says how much is left
// (RateLimit and RateLimit-Policy, draft-ietf-httpapi-ratelimit-headers).
func (c Config) limitRate(next http.Handler) http.Handler {
	if c.Rate <= 0 {
		return next
	}
	all := &buckets{rate: rate.Limit(c.Rate), burst: c.Burst, all: map[string]*bucket{}}
	window := math.Ceil(float64(c.Burst) / c.Rate)
	policy := fmt.Sprintf(`"requests";q=%d;w=%.0f`, c.Burst, window)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.Public(r) {
			next.ServeHTTP(w, r)
			return
		}
		name := Who(r.Context()).ID
		if name == access.AnonymousID {
			name = "address " + c.address(r)
		}
		now := c.Now()
		one := all.of(name, now)
		allowed, left := one.AllowN(now, 1), one.TokensAt(now)
		refill := math.Ceil((float64(c.Burst) - max(left, 0)) / c.Rate)
		h := w.Header()
		h.Set("RateLimit-Policy", policy)
		h.Set("RateLimit", fmt.Sprintf(`"requests";r=%d;t=%.0f`, int(max(left, 0)), refill))
		if !allowed {
			wait := max(1, math.Ceil((1-left)/c.Rate))
			problem.Write(w, r, c.Logger, problem.TooMany.With("Retry-After", strconv.Itoa(int(wait))))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// address returns that of the client, without the port.
func (c Config) address(r *http.Request) string {
	if c.BehindProxy {
		all := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if last := strings.TrimSpace(all[len(all)-1]); net.ParseIP(last) != nil {
			return last
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
