package access

import (
	"encoding/binary"
	"sync"
)

// memo keeps what a policy decided, as the same is asked again and again: who opens
// a record, who reads a list. It is safe for concurrent use.
type memo struct {
	mu    sync.RWMutex
	known map[string]Decision // by all that was asked
}

const (
	maxMemo = 4096 // decisions; when there are more, all are forgotten
	maxAsk  = 1024 // bytes of a request that is kept
)

// of returns what was decided about r, or has it decided.
func (m *memo) of(r Request, decide func(Request) Decision) Decision {
	key := r.key()
	if len(key) > maxAsk {
		return decide(r)
	}
	m.mu.RLock()
	d, ok := m.known[string(key)]
	m.mu.RUnlock()
	if ok {
		return d
	}
	d = decide(r)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil || len(m.known) >= maxMemo {
		m.known = map[string]Decision{}
	}
	m.known[string(key)] = d
	return d
}

// key returns all of r, so that no two requests have the same: each text and list
// stands behind its length.
func (r Request) key() []byte {
	key := make([]byte, 0, 256)
	text := func(s string) {
		key = binary.AppendUvarint(key, uint64(len(s)))
		key = append(key, s...)
	}
	list := func(all []string) {
		key = binary.AppendUvarint(key, uint64(len(all)))
		for _, s := range all {
			text(s)
		}
	}
	text(r.Who.ID)
	key = binary.AppendUvarint(key, uint64(len(r.Who.Roles)))
	for _, role := range r.Who.Roles {
		text(string(role))
	}
	list(r.Who.For)
	list(r.Who.Reads)
	text(string(r.Action))
	text(r.Kind)
	text(r.Stream)
	text(string(r.Visibility))
	list(r.Concerns)
	text(r.Command)
	text(r.Proposer)
	for _, flag := range []bool{r.Vouched, r.Alone} {
		bit := byte(0)
		if flag {
			bit = 1
		}
		key = append(key, bit)
	}
	return key
}
