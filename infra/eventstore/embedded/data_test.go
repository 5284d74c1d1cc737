package embedded_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
)

// payload are 350 bytes of Data and Meta that look like those of an event.
func payload() (data, meta []byte) {
	data = []byte(`{"party":"` + uuid.NewString() + `","fact":{"occurred":"2019-05","effective":"2019-05","status":"recorded"},"note":"`)
	data = append(data, strings.Repeat("x", 238-len(data))...)
	data = append(data, `"}`...)
	meta = []byte(`{"recordedAt":"2026-01-02T03:04:05Z","cause":"` + uuid.NewString() + `","nonce":"`)
	meta = append(meta, strings.Repeat("n", 108-len(meta))...)
	return data, append(meta, `"}`...)
}

func batch(n int) []es.Record {
	recs := make([]es.Record, n)
	for i := range recs {
		data, meta := payload()
		recs[i] = es.Record{ID: uuid.New(), Type: "memorandum.signed", Schema: 1, Data: data, Meta: meta}
	}
	return recs
}

func newStream() string { return es.StreamName("memorandum", uuid.New()) }

func open(tb testing.TB, dir string) *embedded.Store {
	s, err := embedded.Open(context.Background(), dir, embedded.Options{})
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, s.Close()) })
	return s
}
