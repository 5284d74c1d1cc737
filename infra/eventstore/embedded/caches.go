package embedded

import "sync/atomic"

// recent keeps the entries used last: at least size of them, at most twice as
// many. It is for one goroutine.
type recent[K comparable, V any] struct {
	size       int
	young, old map[K]V
}

func newRecent[K comparable, V any](size int) *recent[K, V] {
	return &recent[K, V]{size: size, young: map[K]V{}}
}

func (r *recent[K, V]) get(k K) (V, bool) {
	v, ok := r.young[k]
	if !ok {
		if v, ok = r.old[k]; ok {
			r.put(k, v)
		}
	}
	return v, ok
}

func (r *recent[K, V]) put(k K, v V) {
	if len(r.young) >= r.size {
		r.old, r.young = r.young, make(map[K]V, r.size)
	}
	r.young[k] = v
}

// table is a cache of what never changes about the rows of a table whose ids
// are dense. It keeps blocks of neighbouring rows, as those written together
// are read together: a fixed number of blocks, each in the one place its ids
// fall on, where the last to come stays. It is safe for concurrent use and
// takes no lock.
type table[V comparable] struct {
	place []atomic.Pointer[block[V]]
}

const blockRows = 16

type block[V comparable] struct {
	first  int64        // id of the first row, a multiple of blockRows
	values [blockRows]V // zero: there was no such row yet
}

func newTable[V comparable](rows int) *table[V] {
	return &table[V]{place: make([]atomic.Pointer[block[V]], rows/blockRows)}
}

func (t *table[V]) at(id int64) *atomic.Pointer[block[V]] {
	return &t.place[uint64(id)/blockRows%uint64(len(t.place))]
}

// get returns the value of a row, the zero V if it is not in the cache.
func (t *table[V]) get(id int64) (v V) {
	if b := t.at(id).Load(); b != nil && b.first == id-id%blockRows {
		return b.values[id%blockRows]
	}
	return v
}

func (t *table[V]) put(b *block[V]) { t.at(b.first).Store(b) }
