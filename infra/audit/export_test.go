package audit

import "context"

// Sorted sorts records of one size with so little memory that most are in files.
func Sorted(ctx context.Context, dir string, size, most int, recs [][]byte) (sorted [][]byte, err error) {
	s := newSorter(dir, size)
	s.most = most
	for _, r := range recs {
		if err := s.add(r); err != nil {
			return nil, err
		}
	}
	for range 2 { // it can be read again
		sorted = nil
		for r, err := range s.all(ctx) {
			if err != nil {
				return nil, err
			}
			sorted = append(sorted, append([]byte(nil), r...))
		}
	}
	return sorted, s.close()
}
