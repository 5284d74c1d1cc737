package ledger_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/party"
)

// memory is a store for these tests: a log in order, and no more.
type memory struct{ log []es.Record }

func (m *memory) Append(_ context.Context, stream string, at es.Revision, recs ...es.Record) (es.Position, error) {
	if err := es.CheckAppend(stream, recs); err != nil {
		return 0, err
	}
	have := es.Revision(0)
	for _, r := range m.log {
		if r.Stream == stream {
			have = r.Revision
		}
	}
	if have != at {
		return 0, es.ConflictError(stream, at, have)
	}
	for i, r := range recs {
		r.Stream, r.Revision, r.Position = stream, at+es.Revision(i)+1, es.Position(len(m.log)+1)
		m.log = append(m.log, r)
	}
	return es.Position(len(m.log)), nil
}

func (m *memory) ReadStream(_ context.Context, stream string, after es.Revision) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		for _, r := range m.log {
			if r.Stream == stream && r.Revision > after && !yield(r, nil) {
				return
			}
		}
	}
}

func (m *memory) ReadAll(_ context.Context, after es.Position) iter.Seq2[es.Record, error] {
	return func(yield func(es.Record, error) bool) {
		for _, r := range m.log {
			if r.Position > after && !yield(r, nil) {
				return
			}
		}
	}
}

func (m *memory) Subscribe(ctx context.Context, after es.Position) iter.Seq2[es.Record, error] {
	return m.ReadAll(ctx, after)
}
func (m *memory) Head(context.Context) (es.Position, error) { return es.Position(len(m.log)), nil }
func (m *memory) Close() error                              { return nil }

func opened(t *testing.T, store es.Store) *ledger.Ledger {
	t.Helper()
	l, err := ledger.Open(t.Context(), store, time.Now, func() [16]byte { return uuid.New() },
		ledger.Opening{ID: uuid.New(), Origin: "ledger.example/test", Actor: "clerk"})
	require.NoError(t, err)
	return l
}

func command(name, stream, payload string) es.Command {
	return es.Command{ID: uuid.New(), Name: name, Stream: stream, Payload: []byte(payload), Actor: "clerk"}
}

const register = `{"kind":"municipality","name":{"lang":"it","value":"Ancona"}}`

func TestOpen(t *testing.T) {
	t.Run("the_first_record_opens_the_ledger_once", func(t *testing.T) {
		store := &memory{}
		first, second := opened(t, store), opened(t, store)
		require.Len(t, store.log, 1)
		require.Equal(t, "ledger.opened", store.log[0].Type)
		require.Equal(t, first.ID, second.ID)
		require.Equal(t, "ledger.example/test", second.Origin)
		m, err := es.DecodeMeta(store.log[0].Meta)
		require.NoError(t, err)
		require.Equal(t, es.Public, m.Visibility)
	})
	t.Run("none_is_made_unless_asked_for", func(t *testing.T) {
		store := &memory{}
		_, err := ledger.Open(t.Context(), store, time.Now, nil, ledger.Opening{})
		require.ErrorIs(t, err, es.ErrNotFound)
		require.Empty(t, store.log)
	})
	t.Run("a_name_that_a_log_cannot_have", func(t *testing.T) {
		for _, origin := range []string{"a b", "a+b", "a\nb", "\u00a0", "a\x00"} {
			store := &memory{}
			_, err := ledger.Open(t.Context(), store, time.Now, func() [16]byte { return uuid.New() },
				ledger.Opening{ID: uuid.New(), Origin: origin, Actor: "clerk"})
			require.ErrorIs(t, err, es.ErrInvalid, "%q", origin)
			require.Empty(t, store.log)
		}
	})
	t.Run("another_beginning_is_corrupt", func(t *testing.T) {
		store := &memory{}
		opened(t, store)
		store.log[0].Type = "party.registered"
		_, err := ledger.Open(t.Context(), store, time.Now, nil, ledger.Opening{})
		require.ErrorIs(t, err, es.ErrCorrupt)
	})
	t.Run("a_newer_format_asks_for_an_upgrade", func(t *testing.T) {
		store := &memory{}
		opened(t, store)
		store.log[0].Data = []byte(`{"id":"0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55","origin":"x","format":2,"visibility":"public"}`)
		_, err := ledger.Open(t.Context(), store, time.Now, nil, ledger.Opening{})
		require.ErrorIs(t, err, es.ErrNewer)
	})
	t.Run("system_streams_before_it_are_not_its_own", func(t *testing.T) {
		store := &memory{}
		_, err := store.Append(t.Context(), "entente_lease", 0, es.Record{ID: uuid.New(), Type: "lease", Schema: 1})
		require.NoError(t, err)
		require.Equal(t, "ledger.example/test", opened(t, store).Origin)
	})
}

func TestDo(t *testing.T) {
	store := &memory{}
	l := opened(t, store)
	ancona, err := l.Do(t.Context(), command("party.register", "", register))
	require.NoError(t, err)
	for name, c := range map[string]struct {
		cmd  es.Command
		code string
		kind es.Kind
	}{
		"unknown_command":             {command("party.befriend", ancona.Stream, `{}`), "es.unknown_name", es.ErrInvalid},
		"unknown_aggregate":           {command("cat.feed", "", `{}`), "ledger.unknown_command", es.ErrInvalid},
		"the_ledger_itself_is_closed": {command("ledger.open", "", `{}`), "ledger.unknown_command", es.ErrInvalid},
		"stream_of_another_kind":      {command("party.rename", "source-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55", `{}`), "es.wrong_stream", es.ErrInvalid},
		"no_such_party":               {command("party.rename", "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55", `{"name":{"value":"Jesi"}}`), "party.unknown", es.ErrNotFound},
		"reference_to_nothing": {
			command("party.merge", ancona.Stream, `{"into":"party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"}`),
			"ledger.unknown_reference", es.ErrRejected,
		},
		"source_that_is_not_there": {
			command("party.rename", ancona.Stream, `{"fact":{"source":{"id":"source-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"}},"name":{"value":"Ancona"}}`),
			"ledger.unknown_reference", es.ErrRejected,
		},
		"event_that_is_not_there": {
			command("party.rename", ancona.Stream, `{"fact":{"authority":"`+ancona.Stream+`@9"},"name":{"value":"Ancona"}}`),
			"ledger.unknown_reference", es.ErrRejected,
		},
		"itself": {command("party.merge", ancona.Stream, `{"into":"`+ancona.Stream+`"}`), "ledger.self_reference", es.ErrRejected},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(store.log)
			_, err := l.Do(t.Context(), c.cmd)
			var e *es.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, c.code, e.Code, e)
			require.Equal(t, c.kind, e.Kind)
			require.Len(t, store.log, before, "something was recorded")
		})
	}
	t.Run("a_source_is_a_source_for_itself_and_no_successor", func(t *testing.T) {
		res, err := l.Do(t.Context(), command("source.register", "", `{"description":{"kind":"web_page","titles":[{"lang":"it","value":"Pagina"}]}}`))
		require.NoError(t, err)
		_, err = l.Do(t.Context(), command("source.attribute", res.Stream,
			`{"fact":{"source":{"id":"`+res.Stream+`"}},"issuer":"`+ancona.Stream+`"}`))
		require.NoError(t, err)
		_, err = l.Do(t.Context(), command("source.replace", res.Stream, `{"by":"`+res.Stream+`"}`))
		require.ErrorContains(t, err, "ledger.self_reference")
	})
	t.Run("field_to_blame", func(t *testing.T) {
		_, err := l.Do(t.Context(), command("party.divide", ancona.Stream,
			`{"into":["`+ancona.Stream+`","party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"]}`))
		require.ErrorContains(t, err, "/into/0")
	})
	t.Run("an_event_of_another_stream_can_be_the_authority", func(t *testing.T) {
		jesi, err := l.Do(t.Context(), command("party.register", "", register))
		require.NoError(t, err)
		_, err = l.Do(t.Context(), command("party.rename", jesi.Stream,
			`{"fact":{"authority":"`+ancona.Stream+`@1"},"name":{"value":"Jesi"}}`))
		require.NoError(t, err)
	})
}

func TestDecode(t *testing.T) {
	store := &memory{}
	l := opened(t, store)
	_, err := l.Do(t.Context(), command("party.register", "", register))
	require.NoError(t, err)
	e, err := ledger.Decode(store.log[1])
	require.NoError(t, err)
	require.Equal(t, "Ancona", e.(party.Registered).Name.Value)
	require.True(t, ledger.Owns(store.log[1].Stream))
	require.False(t, ledger.Owns("entente_checkpoint"))
	broken := store.log[1]
	broken.Data = []byte(`{"kind":1}`)
	_, err = ledger.Decode(broken)
	require.ErrorIs(t, err, es.ErrCorrupt)
	broken = store.log[1]
	broken.Stream = "source-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"
	_, err = ledger.Decode(broken)
	require.ErrorIs(t, err, es.ErrCorrupt, "an event of another aggregate")
	broken.Type = "cat.fed"
	_, err = ledger.Decode(broken)
	require.ErrorIs(t, err, es.ErrNewer)
}

func TestOwn_passes_over_what_is_not_the_ledgers(t *testing.T) {
	store := &memory{}
	opened(t, store)
	_, err := store.Append(t.Context(), "entente_lease", 0, es.Record{ID: uuid.New(), Type: "lease", Schema: 1})
	require.NoError(t, err)
	n := 0
	for r, err := range ledger.Own(store.ReadAll(t.Context(), 0)) {
		require.NoError(t, err)
		require.Equal(t, "ledger.opened", r.Type)
		n++
	}
	require.Equal(t, 1, n)
}

func TestReferences(t *testing.T) {
	cmd := command("memorandum.sign", "", `{"fact":{"source":{"id":"source-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"}},
		"party":{"id":"party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e56"}}`)
	sign, err := ledger.Parse(cmd)
	require.NoError(t, err)
	found := map[string]string{}
	for field, ref := range ledger.References(sign) {
		stream, _ := ref.Target()
		found[field] = stream
	}
	require.Equal(t, "source-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55", found["/fact/source/id"])
	require.Equal(t, "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e56", found["/party/id"])
	require.Contains(t, found, "/fact/authority", "empty ones too")
	for range ledger.References(sign) {
		break // a reader may stop
	}
	for range ledger.References(nil) {
		t.Fatal("nothing refers to nothing")
	}
	for _, name := range []string{"ledger.open", "treaty.sign", "sign"} {
		_, err := ledger.Parse(command(name, "", `{}`))
		require.ErrorIs(t, err, es.ErrInvalid, name)
	}
}
