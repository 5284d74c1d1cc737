package httpapi

import "sync"

// shown keeps pages of lists as they were answered, because dashboards ask for the
// same ones again and again. A page is kept under its entity tag, which differs as
// soon as anything is recorded, and for each who asks and what they may see. It is
// safe for concurrent use.
type shown struct {
	mu    sync.Mutex
	pages map[string]shownPage
	bytes int
}

// shownPage is the body of an answer, and the cursor of the page after it.
type shownPage struct {
	text []byte
	next string
}

const (
	maxShown = 16 << 20 // bytes; when there are more, all are forgotten
	maxPage  = 1 << 20  // bytes of one that is kept
)

func (s *shown) get(tag string) (shownPage, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.pages[tag]
	return p, ok
}

func (s *shown) put(tag string, p shownPage) {
	if len(p.text) > maxPage {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.pages[tag]; known {
		return
	}
	if s.bytes += len(p.text); s.pages == nil || s.bytes > maxShown {
		s.pages, s.bytes = map[string]shownPage{}, len(p.text)
	}
	s.pages[tag] = p
}
