//go:build linux

package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/register"
	"github.com/entente-ledger/entente/projections/search"
)

// size of the log that is replayed and rebuilt; ENTENTE_BENCH_EVENTS changes it.
func logSize(b *testing.B) int {
	if text := os.Getenv("ENTENTE_BENCH_EVENTS"); text != "" {
		n, err := strconv.Atoi(text)
		require.NoError(b, err)
		return n
	}
	return 100_000
}

// BenchmarkCommand is one command from the JSON to the disk, and beside it the
// bare write and fdatasync of as many bytes.
func BenchmarkCommand(b *testing.B) {
	for _, clients := range []int{1, 64} {
		b.Run(fmt.Sprintf("ledger/clients=%d", clients), func(b *testing.B) {
			store, err := embedded.Open(b.Context(), b.TempDir(), embedded.Options{})
			require.NoError(b, err)
			l, err := ledger.Open(b.Context(), store, time.Now, nonce, ledger.Opening{ID: uuid.New(), Origin: "bench", Actor: "bench"})
			require.NoError(b, err)
			payload := []byte(`{"kind":"municipality","name":{"lang":"it","value":"Comune di Ancona"},"country":"IT"}`)
			measure(b, clients, func() error {
				_, err := l.Do(b.Context(), es.Command{ID: uuid.New(), Name: "party.register", Payload: payload, Actor: "clerk-7"})
				return err
			})
			require.NoError(b, store.Close())
		})
	}
	b.Run("raw/clients=1", func(b *testing.B) {
		f, err := os.Create(filepath.Join(b.TempDir(), "raw"))
		require.NoError(b, err)
		block := make([]byte, 700) // data, metadata and ids of such an event
		measure(b, 1, func() error {
			if _, err := f.Write(block); err != nil {
				return err
			}
			return syscall.Fdatasync(int(f.Fd()))
		})
		require.NoError(b, f.Close())
	})
}

// measure runs do from several goroutines and reports the rate, how long the half
// and the slowest hundredth took, and what a call cost of the processors.
func measure(b *testing.B, clients int, do func() error) {
	b.Helper()
	took := make([][]time.Duration, clients)
	var left atomic.Int64
	left.Store(int64(b.N))
	var wg sync.WaitGroup
	before := spent(b)
	b.ResetTimer()
	for i := range took {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				began := time.Now()
				if err := do(); err != nil {
					b.Error(err)
					return
				}
				took[i] = append(took[i], time.Since(began))
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	cpu := spent(b) - before
	all := slices.Sorted(slices.Values(slices.Concat(took...)))
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
	b.ReportMetric(float64(all[len(all)/2].Microseconds()), "p50-us")
	b.ReportMetric(float64(cpu.Nanoseconds())/1000/float64(b.N), "cpu-us/call")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99-us")
}

// spent returns the time of processors that the process has had.
func spent(b *testing.B) time.Duration {
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkReplay reads and decodes a whole log, beside reading the file.
func BenchmarkReplay(b *testing.B) {
	dir := b.TempDir()
	n := fillLog(b, dir, logSize(b))
	store, err := embedded.Open(b.Context(), dir, embedded.Options{ReadOnly: true})
	require.NoError(b, err)
	defer func() { require.NoError(b, store.Close()) }()
	rate := func(b *testing.B, what string) {
		b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), what)
	}
	b.Run("undecoded", func(b *testing.B) {
		for b.Loop() {
			for _, err := range store.ReadAll(b.Context(), 0) {
				require.NoError(b, err)
			}
		}
		rate(b, "records/s")
	})
	b.Run("decoded", func(b *testing.B) {
		for b.Loop() {
			require.NoError(b, decodeAll(b.Context(), store))
		}
		rate(b, "records/s")
	})
	b.Run("raw", func(b *testing.B) {
		for b.Loop() {
			_, err := os.ReadFile(filepath.Join(dir, "events.db"))
			require.NoError(b, err)
		}
		rate(b, "records/s")
	})
}

// decodeAll decodes every record and its metadata on all cores.
func decodeAll(ctx context.Context, store es.Store) error {
	chunks := make(chan []es.Record, 16)
	failed := make(chan error, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for chunk := range chunks {
				for _, r := range chunk {
					_, err := ledger.Decode(r)
					if err == nil {
						_, err = es.DecodeMeta(r.Meta)
					}
					if err != nil {
						select {
						case failed <- err:
						default:
						}
					}
				}
			}
		})
	}
	var chunk []es.Record
	for r, err := range store.ReadAll(ctx, 0) {
		if err != nil {
			return err
		}
		if chunk = append(chunk, r); len(chunk) == 512 {
			chunks <- chunk
			chunk = nil
		}
	}
	chunks <- chunk
	close(chunks)
	wg.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

// BenchmarkRebuild makes all views anew from a log.
func BenchmarkRebuild(b *testing.B) {
	dir := b.TempDir()
	n := fillLog(b, dir, logSize(b))
	store, err := embedded.Open(b.Context(), dir, embedded.Options{ReadOnly: true})
	require.NoError(b, err)
	defer func() { require.NoError(b, store.Close()) }()
	var peak uint64
	for b.Loop() {
		views := filepath.Join(dir, "views")
		require.NoError(b, os.RemoveAll(views))
		r, err := projections.Open(projections.Config{Dir: views, Store: store, Progress: func(projections.Progress) {
			peak = max(peak, resident(b))
		}})
		require.NoError(b, err)
		require.NoError(b, r.CatchUp(b.Context()))
		require.NoError(b, r.Close())
	}
	b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
	events, err := os.Stat(filepath.Join(dir, "events.db"))
	require.NoError(b, err)
	views, err := size(filepath.Join(dir, "views"))
	require.NoError(b, err)
	b.ReportMetric(float64(views)/float64(events.Size()), "views/log")
}

// BenchmarkAsk puts questions to the views about random agreements, parties and
// days; raw is the read of one row by its key from the same file.
func BenchmarkAsk(b *testing.B) {
	dir := b.TempDir()
	n := fillLog(b, dir, logSize(b))
	store, err := embedded.Open(b.Context(), dir, embedded.Options{ReadOnly: true})
	require.NoError(b, err)
	defer func() { require.NoError(b, store.Close()) }()
	r, err := projections.Open(projections.Config{Dir: filepath.Join(dir, "views"), Store: store})
	require.NoError(b, err)
	require.NoError(b, r.CatchUp(b.Context()))
	require.NoError(b, r.Close())
	views := projections.OpenViews(filepath.Join(dir, "views"))
	defer func() { require.NoError(b, views.Close()) }()

	streams := map[string][]string{}
	require.NoError(b, views.Read(b.Context(), func(conn *sqlite.Conn, _ projections.Checkpoint) error {
		return readmodel.Query(conn, "SELECT name FROM stream ORDER BY id", nil, func(r *readmodel.Row) error {
			name := r.Text()
			streams[kindOfStream(name)] = append(streams[kindOfStream(name)], name)
			return nil
		})
	}))
	random := rand.New(rand.NewPCG(1, 2))
	one := func(kind string) string { return streams[kind][random.IntN(len(streams[kind]))] }
	day := func() edtf.Date {
		return edtf.OfDay(edtf.DayOf(1990, 1, 1).Add(edtf.Period{Days: random.IntN(12000)}))
	}
	recorded := func() readmodel.At { return readmodel.At{Events: uint64(n/2 + random.IntN(n/2))} }
	list := func(conn *sqlite.Conn, f register.Filter) error {
		f.On, f.Limit = day(), 50
		_, _, err := register.List(conn, f)
		return err
	}
	for _, question := range []struct {
		name string
		ask  func(conn *sqlite.Conn) error
	}{
		{"show", func(conn *sqlite.Conn) error {
			_, err := register.Get(conn, one("memorandum"), readmodel.At{}, day())
			return err
		}},
		{"show_as_recorded", func(conn *sqlite.Conn) error {
			_, err := register.Get(conn, one("memorandum"), recorded(), day())
			if errors.Is(err, es.ErrNotFound) { // it came later
				return nil
			}
			return err
		}},
		{"list_50", func(conn *sqlite.Conn) error { return list(conn, register.Filter{}) }},
		{"list_50_as_recorded", func(conn *sqlite.Conn) error { return list(conn, register.Filter{At: recorded()}) }},
		{"list_50_open", func(conn *sqlite.Conn) error { return list(conn, register.Filter{Phase: memorandum.PhaseOpen}) }},
		{"list_50_of_a_party", func(conn *sqlite.Conn) error {
			return list(conn, register.Filter{Party: terms.PartyID(one("party"))})
		}},
		{"list_50_by_entry", func(conn *sqlite.Conn) error { return list(conn, register.Filter{Sort: register.ByEntry}) }},
		{"search", func(conn *sqlite.Conn) error {
			_, _, err := search.Find(conn, search.Query{Words: "συνεργασιας " + strconv.Itoa(1000+random.IntN(9000)), Limit: 20})
			return err
		}},
		{"raw", func(conn *sqlite.Conn) error {
			return readmodel.Query(conn, "SELECT id FROM stream WHERE name = $name", readmodel.Arguments{"$name": one("memorandum")},
				func(*readmodel.Row) error { return nil })
		}},
	} {
		b.Run(fmt.Sprintf("%s/agreements=%d", question.name, len(streams["memorandum"])), func(b *testing.B) {
			measure(b, 1, func() error {
				return views.Read(b.Context(), func(conn *sqlite.Conn, _ projections.Checkpoint) error { return question.ask(conn) })
			})
		})
	}
}

// resident returns the bytes of memory that the process has now.
func resident(b *testing.B) uint64 {
	text, err := os.ReadFile("/proc/self/statm")
	require.NoError(b, err)
	var pages, rss uint64
	_, err = fmt.Sscan(string(text), &pages, &rss)
	require.NoError(b, err)
	return rss * uint64(os.Getpagesize())
}

// fillLog appends a log of agreements with ten parties each, in the shapes
// that the deciders give events, and returns how many events it has.
func fillLog(b *testing.B, dir string, n int) int {
	b.Helper()
	store, err := embedded.Open(b.Context(), dir, embedded.Options{})
	require.NoError(b, err)
	_, err = ledger.Open(b.Context(), store, time.Now, nonce, ledger.Opening{ID: uuid.New(), Origin: "bench", Actor: "bench"})
	require.NoError(b, err)
	g := generator{b: b, store: store, now: time.Now().Add(-time.Hour)}
	for g.events < n {
		g.agreement()
	}
	g.wait.Wait()
	require.NoError(b, store.Close())
	return g.events + 1
}

type generator struct {
	b       *testing.B
	store   es.Store
	now     time.Time
	parties []terms.PartyRef
	n       uint64
	events  int
	wait    sync.WaitGroup
	slots   chan struct{}
}

func (g *generator) id() uuid.UUID {
	g.n++
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[8:], g.n*0x9e3779b97f4a7c15)
	binary.BigEndian.PutUint64(id[:], g.n)
	return id
}

// agreement appends one agreement, with new parties until there are 10,000.
func (g *generator) agreement() {
	day := edtf.DayOf(1990, 1, 1).Add(edtf.Period{Days: int(g.n % 12000)})
	fact := terms.Fact{Occurred: edtf.OfDay(day), Source: terms.Citation{Locator: "row " + strconv.FormatUint(g.n, 10)}}
	draft := memorandum.Drafted{Fact: fact, Kind: "mou", Titles: []terms.Text{{Lang: "el", Value: fmt.Sprintf("Μνημόνιο Συνεργασίας %d", g.n)}}}
	for i := range 10 {
		if len(g.parties) < 10_000 {
			p := terms.PartyRef{ID: terms.PartyID(es.StreamName("party", g.id())), As: ""}
			g.parties = append(g.parties, p)
			g.append(string(p.ID), encode(g.b, party.Events, party.Event(party.Registered{
				Fact: fact, Kind: "municipality", Name: terms.Text{Lang: "it", Value: fmt.Sprintf("Comune di Prova %d", g.n)}, Country: "IT",
			})))
		}
		draft.Parties = append(draft.Parties, g.parties[(int(g.n)*7+i*997)%len(g.parties)])
	}
	events := []es.Record{encode(g.b, memorandum.Events, memorandum.Event(draft))}
	for _, p := range draft.Parties {
		events = append(events, encode(g.b, memorandum.Events, memorandum.Event(memorandum.Signed{Fact: fact, Party: p, Place: "Ancona"})))
	}
	g.append(es.StreamName("memorandum", g.id()), events...)
}

func encode[E any](b *testing.B, r *es.Registry[E], e E) es.Record {
	name, schema, data, err := r.Encode(e)
	require.NoError(b, err)
	return es.Record{Type: name, Schema: schema, Data: data}
}

func (g *generator) append(stream string, recs ...es.Record) {
	for i := range recs {
		g.now = g.now.Add(time.Microsecond)
		meta, err := es.Meta{
			RecordedAt: g.now, KnownAt: g.now, Cause: g.id(), Correlation: g.id(), Actor: "clerk-7", Visibility: es.Internal, Nonce: nonce(),
		}.Encode()
		require.NoError(g.b, err)
		recs[i].ID, recs[i].Meta = g.id(), meta
	}
	g.events += len(recs)
	if g.slots == nil {
		g.slots = make(chan struct{}, 256)
	}
	g.slots <- struct{}{}
	g.wait.Go(func() {
		_, err := g.store.Append(g.b.Context(), stream, 0, recs...)
		require.NoError(g.b, err)
		<-g.slots
	})
}
