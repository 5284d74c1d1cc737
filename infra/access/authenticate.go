package access

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"zombiezen.com/go/sqlite"
)

// Authenticate returns the identity of a token. It fails with kind
// [es.ErrUnauthenticated] and one of these codes, and never repeats the token:
//
//   - access.bad_token: it is none of this ledger's
//   - access.expired, access.revoked: it no longer holds
//   - access.ended: its identity has ended
//
// The answer is kept for [Options.Keep]. What this process revokes, ends or
// withdraws takes effect at once, what another does when that has passed. When
// the token was used is noted at most once a minute, after the answer.
func (r *Registry) Authenticate(ctx context.Context, text string) (Identity, error) {
	t, err := ParseToken(text)
	if err != nil {
		return Identity{}, err
	}
	now, hash := r.now(), t.Hash()
	k, turn, ok := r.cache.get(hash, now)
	if !ok {
		if k, err = r.load(ctx, t); err != nil {
			return Identity{}, err
		}
		r.cache.put(hash, k, turn, now)
	}
	if !now.Before(k.expires) {
		return Identity{}, errExpired
	}
	r.uses.note(t.Prefix(), now)
	return k.identity, nil
}

// maxKept is how many tokens are kept at once.
const maxKept = 10_000

// kept is a token that was accepted.
type kept struct {
	identity Identity
	expires  time.Time // of the token
	until    time.Time // when it is to be looked up again
}

// cache keeps accepted tokens by their hash. What was read before it was
// cleared is not put into it after.
type cache struct {
	keep time.Duration

	mu   sync.Mutex
	turn int // how often it was cleared
	by   map[[32]byte]kept
}

func (c *cache) get(hash [32]byte, now time.Time) (k kept, turn int, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok = c.by[hash]
	return k, c.turn, ok && now.Before(k.until)
}

func (c *cache) put(hash [32]byte, k kept, turn int, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if turn != c.turn {
		return
	}
	if c.by == nil || len(c.by) >= maxKept {
		c.by = map[[32]byte]kept{}
	}
	k.until = now.Add(c.keep)
	c.by[hash] = k
}

func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.turn++
	c.by = nil
}

// uses notes when tokens were used, without anybody waiting for it: what
// cannot be noted now is noted with the next use.
type uses struct {
	file  *file
	log   *slog.Logger
	queue chan use
	done  chan struct{}

	mu    sync.Mutex
	ended bool
	last  map[string]time.Time // by prefix; as many as there are tokens in use
}

type use struct {
	prefix string
	at     time.Time
}

func keepUses(f *file, log *slog.Logger) *uses {
	u := &uses{file: f, log: log, queue: make(chan use, 256), done: make(chan struct{}), last: map[string]time.Time{}}
	go u.write()
	return u
}

func (u *uses) note(prefix string, at time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ended || at.Sub(u.last[prefix]) < time.Minute {
		return
	}
	select {
	case u.queue <- use{prefix, at}:
		u.last[prefix] = at
	default:
	}
}

func (u *uses) write() {
	defer close(u.done)
	ctx := context.Background()
	for first := range u.queue {
		some := []use{first}
		for len(u.queue) > 0 {
			some = append(some, <-u.queue)
		}
		err := u.file.write(ctx, func(c *sqlite.Conn) error {
			for _, one := range some {
				err := run(c, `UPDATE token SET used = max(used, ?) WHERE prefix = ?`, nil, one.at.UnixMicro(), one.prefix)
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			u.log.WarnContext(ctx, "the last use of tokens was not noted", "tokens", len(some), "error", err)
		}
	}
}

// close writes what is noted.
func (u *uses) close() error {
	u.mu.Lock()
	u.ended = true
	close(u.queue)
	u.mu.Unlock()
	<-u.done
	return nil
}
