package es_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
)

func anyInstant() *rapid.Generator[time.Time] {
	return rapid.Map(rapid.Int64Range(-62_000_000_000_000_000, 250_000_000_000_000_000), func(n int64) time.Time { return time.UnixMicro(n).UTC() })
}

func anyMeta() *rapid.Generator[es.Meta] {
	return rapid.Custom(func(t *rapid.T) es.Meta {
		m := es.Meta{
			RecordedAt: anyInstant().Draw(t, "recorded"), KnownAt: anyInstant().Draw(t, "known"),
			Actor: rapid.String().Draw(t, "actor"), ApprovedBy: rapid.StringMatching(`["\\/<>& \x01-\x1f\x7f é€😀a-z]*`).Draw(t, "approved"),
			Visibility: rapid.SampledFrom([]es.Visibility{es.Public, es.Internal, es.Restricted}).Draw(t, "visibility"),
		}
		m.Backfill = rapid.Bool().Draw(t, "backfill")
		if rapid.Bool().Draw(t, "raised") {
			m.KnownRequested = anyInstant().Draw(t, "requested")
		}
		for _, into := range [][]byte{m.Cause[:], m.Digest[:], m.Correlation[:], m.Nonce[:]} {
			copy(into, rapid.SliceOfN(rapid.Byte(), len(into), len(into)).Draw(t, "bytes"))
		}
		return m
	})
}

var sampleMeta = es.Meta{
	RecordedAt: time.Date(2026, 3, 1, 12, 30, 0, 42_000, time.UTC), KnownAt: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC),
	Cause: uuid.MustParse("0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"), Correlation: uuid.MustParse("0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e56"),
	Actor: "clerk", Visibility: es.Restricted, Digest: [32]byte{0xab}, Nonce: [16]byte{15: 0xcd},
}

const sampleMetaJSON = `{"recordedAt":"2026-03-01T12:30:00.000042Z","knownAt":"2026-02-01T00:00:00.000000Z","knownRequested":"",` +
	`"cause":"0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55","digest":"ab00000000000000000000000000000000000000000000000000000000000000",` +
	`"correlation":"0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e56","actor":"clerk","approvedBy":"","visibility":"restricted",` +
	`"nonce":"000000000000000000000000000000cd"}`

func TestMeta(t *testing.T) {
	t.Run("stored_form", func(t *testing.T) {
		data, err := sampleMeta.Encode()
		require.NoError(t, err)
		require.Equal(t, sampleMetaJSON, string(data))
		got, err := es.DecodeMeta(data)
		require.NoError(t, err)
		require.Equal(t, sampleMeta, got)
	})
	t.Run("round_trip", rapid.MakeCheck(func(t *rapid.T) {
		m := anyMeta().Draw(t, "meta")
		data, err := m.Encode()
		require.NoError(t, err)
		require.True(t, json.Valid(data), "%s", data)
		got, err := es.DecodeMeta(data)
		require.NoError(t, err)
		require.Equal(t, m, got)
	}))
	t.Run("escapes_in_the_actor", func(t *testing.T) {
		for _, actor := range []string{`"`, `\`, `\"`, `a\`, `","approvedBy":"boss`, "\n", "\u2028", "é", `é`, "</script>"} {
			m := sampleMeta
			m.Actor = actor
			data, err := m.Encode()
			require.NoError(t, err)
			got, err := es.DecodeMeta(data)
			require.NoError(t, err)
			require.Equal(t, m, got)
		}
		for _, written := range []string{`\u00e9`, `\/`, `\ud83d\ude00`} {
			got, err := es.DecodeMeta([]byte(strings.Replace(sampleMetaJSON, `"clerk"`, `"`+written+`"`, 1)))
			require.NoError(t, err)
			var want string
			require.NoError(t, json.Unmarshal([]byte(`"`+written+`"`), &want))
			require.Equal(t, want, got.Actor)
		}
	})
	t.Run("actor_that_is_no_text", func(t *testing.T) {
		m := sampleMeta
		m.Actor = "\xff"
		_, err := m.Encode()
		require.Error(t, err)
	})
	t.Run("no_visibility_is_internal", func(t *testing.T) {
		got, err := es.DecodeMeta([]byte(strings.Replace(sampleMetaJSON, `"restricted"`, `""`, 1)))
		require.NoError(t, err)
		require.Equal(t, es.Internal, got.Visibility)
	})
}

func TestDamagedMeta(t *testing.T) {
	swap := func(old, with string) string {
		require.Contains(t, sampleMetaJSON, old)
		return strings.Replace(sampleMetaJSON, old, with, 1)
	}
	for name, data := range map[string]string{
		"nothing":                 ``,
		"null":                    `null`,
		"empty_object":            `{}`,
		"array":                   `[]`,
		"space_in_front":          " " + sampleMetaJSON,
		"space_behind":            sampleMetaJSON + " ",
		"two":                     sampleMetaJSON + sampleMetaJSON,
		"other_order":             swap(`"actor":"clerk","approvedBy":""`, `"approvedBy":"","actor":"clerk"`),
		"missing_key":             swap(`"actor":"clerk",`, ``),
		"other_case":              swap(`"actor"`, `"Actor"`),
		"number":                  swap(`"clerk"`, `7`),
		"no_such_day":             swap(`2026-02-01`, `2026-02-30`),
		"local_time":              swap(`00.000000Z`, `00.000000+01:00`),
		"milliseconds":            swap(`00.000000Z`, `00.000Z`),
		"short_uuid":              swap(`3b1f6c2a9e55`, `3b1f6c2a9e5`),
		"short_digest":            swap(`"ab`, `"a`),
		"long_digest":             swap(`"ab`, `"abab`),
		"digest_of_letters":       swap(`"ab`, `"xy`),
		"short_nonce":             swap(`cd"`, `"`),
		"unknown_visibility":      swap(`restricted`, `secret`),
		"wrong_escape":            swap(`clerk`, `\x41`),
		"lone_surrogate":          swap(`clerk`, `\ud800`),
		"control_character":       swap(`clerk`, "a\nb"),
		"invalid_utf8":            swap(`clerk`, "a\xffb"),
		"invalid_utf8_and_escape": swap(`clerk`, "a\xff\\nb"),
		"backslash_at_the_end":    sampleMetaJSON[:strings.Index(sampleMetaJSON, `clerk`)] + `\`,
		"garbage_behind":          swap(`cd"}`, `cd"x`),
	} {
		t.Run(name, func(t *testing.T) {
			m, err := es.DecodeMeta([]byte(data))
			require.ErrorIs(t, err, es.ErrCorrupt)
			require.ErrorIs(t, err, &es.Error{Code: "es.bad_meta"})
			require.Zero(t, m)
		})
	}
	t.Run("cut_anywhere", func(t *testing.T) {
		for i := range sampleMetaJSON {
			_, err := es.DecodeMeta([]byte(sampleMetaJSON[:i]))
			require.ErrorIs(t, err, es.ErrCorrupt, "%s", sampleMetaJSON[:i])
		}
	})
	t.Run("newer_key", func(t *testing.T) {
		_, err := es.DecodeMeta([]byte(swap(`cd"}`, `cd","tenant":"a"}`)))
		require.ErrorIs(t, err, es.ErrNewer)
	})
}

func TestInstant(t *testing.T) {
	t.Run("text_order_is_time_order", rapid.MakeCheck(func(t *rapid.T) {
		a, b := anyInstant().Draw(t, "a"), anyInstant().Draw(t, "b")
		require.Equal(t, a.Compare(b), strings.Compare(es.FormatInstant(a), es.FormatInstant(b)))
		got, err := es.ParseInstant(es.FormatInstant(a))
		require.NoError(t, err)
		require.True(t, a.Equal(got))
	}))
	require.Empty(t, es.FormatInstant(time.Time{}))
	zoned := time.Date(2026, 1, 1, 1, 0, 0, 999, time.FixedZone("", 3600))
	require.Equal(t, "2026-01-01T00:00:00.000000Z", es.FormatInstant(zoned))
	got, err := es.ParseInstant("")
	require.NoError(t, err)
	require.True(t, got.IsZero())
}

func TestVisibility(t *testing.T) {
	for text, want := range map[string]es.Visibility{"": es.Internal, "public": es.Public, "internal": es.Internal, "restricted": es.Restricted} {
		var v es.Visibility
		require.NoError(t, v.UnmarshalText([]byte(text)))
		require.Equal(t, want, v)
	}
	for _, text := range []string{"Public", " public", "secret", "\x00"} {
		v := es.Restricted
		require.ErrorIs(t, v.UnmarshalText([]byte(text)), es.ErrInvalid)
		require.Equal(t, es.Restricted, v)
	}
}

// FuzzDecodeMeta checks that whatever is accepted is JSON, and means the same
// when it is written again.
func FuzzDecodeMeta(f *testing.F) {
	f.Add([]byte(sampleMetaJSON))
	f.Add([]byte(strings.Replace(sampleMetaJSON, "clerk", `a\"\u00e9\n`, 1)))
	f.Add(bytes.Replace([]byte(sampleMetaJSON), []byte(`""`), []byte(`"2020-01-01T00:00:00.000000Z"`), 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := es.DecodeMeta(data)
		if err != nil {
			require.Zero(t, m)
			return
		}
		require.True(t, json.Valid(data))
		again, err := m.Encode()
		require.NoError(t, err)
		got, err := es.DecodeMeta(again)
		require.NoError(t, err)
		require.Equal(t, m, got)
	})
}
