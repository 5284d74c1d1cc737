package answers

import "iter"

// Page is a part of a list.
type Page[T any] struct {
	Items []T `json:"items"`
	// Next is the cursor to what follows, for the same question; "" at the end.
	Next string `json:"next"`
}

// paged makes the page of an answer out of one of a read model.
func paged[R, T any](rows []R, next string, err error, item func(R) (T, error)) (Page[T], error) {
	if err != nil {
		return Page[T]{}, err
	}
	items, err := tried(rows, item)
	return Page[T]{items, next}, err
}

// whole yields the items of a list from a cursor on, limit at most or, if that is
// 0, all; it holds a page of them at a time. After an error it ends.
func whole[T any](limit int, after string, page func(limit int, after string) (Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for left := limit; ; {
			p, err := page(left, after)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, one := range p.Items {
				if !yield(one, nil) {
					return
				}
			}
			if after = p.Next; after == "" || limit > 0 && len(p.Items) >= left {
				return
			}
			if limit > 0 {
				left -= len(p.Items)
			}
		}
	}
}
