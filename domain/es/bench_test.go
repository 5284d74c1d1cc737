package es_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/party"
)

func BenchmarkDecode(b *testing.B) {
	name, schema, data, err := party.Events.Encode(estest.Sample[party.Event](party.Events, reflect.TypeFor[party.Named]()))
	require.NoError(b, err)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := party.Events.Decode(name, schema, data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	named := estest.Sample[party.Event](party.Events, reflect.TypeFor[party.Named]())
	b.ReportAllocs()
	for b.Loop() {
		if _, _, _, err := party.Events.Encode(named); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	payload := []byte(`{"fact":{"occurred":"2018-10"},"name":{"text":{"lang":"it","value":"Trieste"},"use":"official"}}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := party.Commands.Parse("party.add_name", payload); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeMeta(b *testing.B) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 1000, time.UTC)
	data, err := es.Meta{
		RecordedAt: now, KnownAt: now, Cause: uuid.New(), Correlation: uuid.New(), Actor: "clerk", Visibility: es.Internal,
	}.Encode()
	require.NoError(b, err)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := es.DecodeMeta(data); err != nil {
			b.Fatal(err)
		}
	}
}
