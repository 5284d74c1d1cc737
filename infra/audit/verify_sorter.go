package audit

import (
	"bufio"
	"bytes"
	"container/heap"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
)

// sorter takes records of one size and gives them back in the order of their
// bytes. What does not fit into some megabytes of memory is in files.
type sorter struct {
	dir  string
	size int
	most int // bytes that are sorted in memory
	buf  []byte
	runs []*os.File // each sorted
}

// maxRun is how many bytes are sorted in memory.
const maxRun = 16 << 20

func newSorter(dir string, size int) *sorter { return &sorter{dir: dir, size: size, most: maxRun} }

// add adds a record, which is copied.
func (s *sorter) add(rec []byte) error {
	s.buf = append(s.buf, rec...)
	if len(s.buf)+s.size <= s.most {
		return nil
	}
	f, err := os.CreateTemp(s.dir, "run-*")
	if err != nil {
		return fmt.Errorf("sort: %w", err)
	}
	s.runs = append(s.runs, f)
	w := bufio.NewWriterSize(f, 256<<10)
	for rec := range s.inMemory() {
		if _, err := w.Write(rec); err != nil {
			return fmt.Errorf("sort: %w", err)
		}
	}
	s.buf = s.buf[:0]
	if err := w.Flush(); err != nil {
		return fmt.Errorf("sort: %w", err)
	}
	return nil
}

// inMemory yields the records in memory in their order.
func (s *sorter) inMemory() iter.Seq[[]byte] {
	at := func(i int32) []byte { return s.buf[int(i)*s.size : (int(i)+1)*s.size] }
	order := make([]int32, len(s.buf)/s.size)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return bytes.Compare(at(a), at(b)) })
	return func(yield func([]byte) bool) {
		for _, i := range order {
			if !yield(at(i)) {
				return
			}
		}
	}
}

// all yields all records in their order. Each is valid until the next one. It
// can be ranged over again, one range after another.
func (s *sorter) all(ctx context.Context) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		next, stop := iter.Pull(s.inMemory())
		defer stop()
		m := merge{}
		memory := run{read: func() ([]byte, error) {
			rec, ok := next()
			if !ok {
				return nil, io.EOF
			}
			return rec, nil
		}}
		if err := m.open(&memory); err != nil {
			yield(nil, err)
			return
		}
		for _, f := range s.runs {
			if err := m.open(fileRun(f, s.size)); err != nil {
				yield(nil, err)
				return
			}
		}
		for len(m) > 0 {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			if !yield(m[0].head, nil) {
				return
			}
			if err := m.advance(); err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// reset drops all records.
func (s *sorter) reset() error {
	err := s.close()
	*s = *newSorter(s.dir, s.size)
	return err
}

func (s *sorter) close() error {
	var errs []error
	for _, f := range s.runs {
		errs = append(errs, f.Close())
	}
	s.buf, s.runs = nil, nil
	return errors.Join(errs...)
}

// run is a sorted part that is being read.
type run struct {
	head []byte
	read func() ([]byte, error)
}

func fileRun(f *os.File, size int) *run {
	r := bufio.NewReaderSize(io.NewSectionReader(f, 0, 1<<62), 64<<10)
	rec := make([]byte, size)
	return &run{read: func() ([]byte, error) {
		_, err := io.ReadFull(r, rec)
		return rec, err
	}}
}

// merge is a heap of runs by their heads.
type merge []*run

func (m merge) Len() int           { return len(m) }
func (m merge) Less(i, j int) bool { return bytes.Compare(m[i].head, m[j].head) < 0 }
func (m merge) Swap(i, j int)      { m[i], m[j] = m[j], m[i] }
func (m *merge) Push(x any)        { *m = append(*m, x.(*run)) }
func (m *merge) Pop() any {
	last := (*m)[len(*m)-1]
	*m = (*m)[:len(*m)-1]
	return last
}

func (m *merge) open(r *run) error {
	head, err := r.read()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("sort: %w", err)
	}
	r.head = head
	heap.Push(m, r)
	return nil
}

// advance goes on with the run that is first.
func (m *merge) advance() error {
	head, err := (*m)[0].read()
	if errors.Is(err, io.EOF) {
		heap.Pop(m)
		return nil
	}
	if err != nil {
		return fmt.Errorf("sort: %w", err)
	}
	(*m)[0].head = head
	heap.Fix(m, 0)
	return nil
}
