package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
)

var modelTests = []test{
	{"random_operations_agree_with_a_model", func(t *testing.T, b Backend) {
		s := open(t, b)
		rapid.Check(t, func(rt *rapid.T) {
			m := &model{t: t, s: s, start: head(t, s)}
			for range 3 {
				m.streams = append(m.streams, &modelStream{name: newStream()})
			}
			rt.Repeat(map[string]func(*rapid.T){
				"append":   m.append,
				"conflict": m.conflict,
				"repeat":   m.repeat,
				"read":     m.read,
				"log":      m.check,
			})
			m.check(rt)
		})
	}},
}

// model is what a store should hold of a few streams.
type model struct {
	t       *testing.T
	s       es.Store
	start   es.Position
	streams []*modelStream
	log     []es.Record
}

type modelStream struct {
	name  string
	recs  []es.Record
	calls []modelCall
}

type modelCall struct {
	at   es.Revision
	recs []es.Record
	pos  es.Position
}

func (m *model) any(rt *rapid.T) *modelStream {
	return m.streams[rapid.IntRange(0, len(m.streams)-1).Draw(rt, "stream")]
}

func (m *model) append(rt *rapid.T) {
	st, at := m.any(rt), es.Revision(0)
	at = es.Revision(len(st.recs))
	recs := newRecords(rapid.SampledFrom([]int{1, 1, 1, 2, 3, 5, 16, 70}).Draw(rt, "records"))
	p, err := m.s.Append(testContext(m.t), st.name, at, recs...)
	require.NoError(m.t, err)
	stored := placed(st.name, at, recs)
	st.calls = append(st.calls, modelCall{at, recs, p})
	st.recs = append(st.recs, stored...)
	m.log = append(m.log, stored...)
}

func (m *model) conflict(rt *rapid.T) {
	st := m.any(rt)
	at := es.Revision(rapid.IntRange(0, len(st.recs)+2).Draw(rt, "at"))
	if at == es.Revision(len(st.recs)) {
		at++
	}
	_, err := m.s.Append(testContext(m.t), st.name, at, newRecords(rapid.IntRange(1, 4).Draw(rt, "records"))...)
	require.ErrorIs(m.t, err, es.ErrConflict)
}

func (m *model) repeat(rt *rapid.T) {
	st := m.any(rt)
	if len(st.calls) == 0 {
		rt.Skip("nothing to repeat")
	}
	call := st.calls[rapid.IntRange(0, len(st.calls)-1).Draw(rt, "call")]
	p, err := m.s.Append(testContext(m.t), st.name, call.at, call.recs...)
	require.NoError(m.t, err)
	require.Equal(m.t, call.pos, p)
	more := append(call.recs[:len(call.recs):len(call.recs)], newRecords(1)...)
	_, err = m.s.Append(testContext(m.t), st.name, call.at, more...)
	require.ErrorIs(m.t, err, es.ErrConflict)
}

func (m *model) read(rt *rapid.T) {
	st := m.any(rt)
	after := rapid.IntRange(0, len(st.recs)).Draw(rt, "after")
	requireSame(m.t, st.recs[after:], all(m.t, m.s.ReadStream(testContext(m.t), st.name, es.Revision(after))))
}

func (m *model) check(*rapid.T) {
	mine := map[string]bool{}
	for _, st := range m.streams {
		mine[st.name] = true
	}
	var got []es.Record
	for _, r := range requireSound(m.t, m.s, m.start) {
		if mine[r.Stream] {
			got = append(got, r)
		}
	}
	requireSame(m.t, m.log, got)
}
