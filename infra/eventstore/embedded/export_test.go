package embedded

import "zombiezen.com/go/sqlite/sqlitex"

// OnWriter runs a PRAGMA on the connection that appends, while none is under way.
func (s *Store) OnWriter(pragma string) error {
	return sqlitex.ExecuteTransient(s.writer.tx.conn, pragma, nil)
}

// NewRecent returns the get and put of the cache of stream heads.
func NewRecent(size int) (get func(int) (int, bool), put func(k, v int), held func() int) {
	r := newRecent[int, int](size)
	return r.get, r.put, func() int { return len(r.young) + len(r.old) }
}
