package tlog

import "iter"

// EveryLeaf yields the bytes of the leaves of a tree of a size, in their order,
// a bundle at a time. They are not yet known to belong to any checkpoint. After
// an error it ends.
func (d Dir) EveryLeaf(size int64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for first := int64(0); first < size; first += width {
			entries, err := d.entries(at(entriesLevel, first, size))
			if err != nil {
				yield(nil, err)
				return
			}
			for _, e := range entries {
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}
