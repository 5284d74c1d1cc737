package login

import (
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"
)

// maxSessions is how many there are at once. When there are more, some that have
// not ended end.
const maxSessions = 10_000

// session is somebody who is logged in.
type session struct {
	identity string
	until    time.Time
}

// sessions are kept by the hash of their ids: what is in memory lets nobody in.
type sessions struct {
	mu sync.Mutex
	by map[[sha256.Size]byte]session
}

// begin returns the id of a new session.
func (s *sessions) begin(one session, now time.Time) string {
	id := rand.Text() // at least 128 random bits
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.by) >= maxSessions {
		s.sweep(now)
	}
	s.by[sha256.Sum256([]byte(id))] = one
	return id
}

// sweep ends what is over, and one more if that was nothing.
func (s *sessions) sweep(now time.Time) {
	for hash, one := range s.by {
		if !now.Before(one.until) {
			delete(s.by, hash)
		}
	}
	for hash := range s.by {
		if len(s.by) < maxSessions {
			return
		}
		delete(s.by, hash)
	}
}

// of returns the session of an id, unless it is over.
func (s *sessions) of(id string, now time.Time) (session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one, ok := s.by[sha256.Sum256([]byte(id))]
	return one, ok && now.Before(one.until)
}

func (s *sessions) end(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.by, sha256.Sum256([]byte(id)))
}
