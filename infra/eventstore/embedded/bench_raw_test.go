//go:build linux

package embedded_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

// rawLog is a file to which one goroutine writes all records that wait, and
// then calls fdatasync: what any durable store must do at the least.
type rawLog struct {
	f     *os.File
	queue chan rawAppend
	ended sync.WaitGroup
}

type rawAppend struct {
	bytes []byte
	done  chan error
}

func openRaw(tb testing.TB) *rawLog {
	f, err := os.Create(filepath.Join(tb.TempDir(), "raw"))
	require.NoError(tb, err)
	l := &rawLog{f: f, queue: make(chan rawAppend, 1024)}
	l.ended.Go(l.run)
	tb.Cleanup(func() {
		close(l.queue)
		l.ended.Wait()
		require.NoError(tb, f.Close())
	})
	return l
}

func (l *rawLog) run() {
	var buf []byte
	var done []chan error
	for a := range l.queue {
		buf, done = append(buf[:0], a.bytes...), append(done[:0], a.done)
		for len(l.queue) > 0 {
			a = <-l.queue
			buf, done = append(buf, a.bytes...), append(done, a.done)
		}
		_, err := l.f.Write(buf)
		if err == nil {
			err = syscall.Fdatasync(int(l.f.Fd()))
		}
		for _, d := range done {
			d <- err
		}
	}
}

func (l *rawLog) append(stream string, at es.Revision, recs []es.Record) error {
	var buf []byte
	for i, r := range recs {
		buf = rawRecord(buf, stream, at+es.Revision(i)+1, r)
	}
	a := rawAppend{buf, make(chan error, 1)}
	l.queue <- a
	return <-a.done
}

func rawRecord(buf []byte, stream string, rev es.Revision, r es.Record) []byte {
	buf = binary.LittleEndian.AppendUint64(buf, uint64(rev))
	buf = append(buf, r.ID[:]...)
	for _, s := range []string{stream, r.Type, string(r.Data), string(r.Meta)} {
		buf = binary.LittleEndian.AppendUint32(buf, uint32(len(s)))
		buf = append(buf, s...)
	}
	return buf
}

// readRaw parses every record of a raw file.
func readRaw(b *testing.B, path string, buf []byte) {
	f, err := os.Open(path)
	require.NoError(b, err)
	defer f.Close()
	n, kept := 0, 0
	for {
		m, err := f.Read(buf[kept:])
		if m == 0 {
			break
		}
		require.NoError(b, err)
		rest := buf[:kept+m]
		for {
			size := 24
			for range 4 {
				if size+4 > len(rest) {
					size = len(rest) + 1
					break
				}
				size += 4 + int(binary.LittleEndian.Uint32(rest[size:]))
			}
			if size > len(rest) {
				break
			}
			rest = rest[size:]
			n++
		}
		kept = copy(buf, rest)
	}
	require.Equal(b, millionSize, n)
}
