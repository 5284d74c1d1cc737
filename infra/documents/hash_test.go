package documents_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/documents"
)

func FuzzParseHash(f *testing.F) {
	f.Add(strings.Repeat("0a", 32))
	f.Add(strings.Repeat("0A", 32))
	f.Add(strings.Repeat("0a", 31))
	f.Add("../../etc/passwd")
	f.Fuzz(func(t *testing.T, s string) {
		h, err := documents.ParseHash(s)
		if err != nil {
			require.ErrorIs(t, err, es.ErrInvalid)
			require.Zero(t, h)
			return
		}
		require.Equal(t, s, h.String(), "one text form only")
	})
}

func TestHashText(t *testing.T) {
	h := documents.Hash{0xab, 31: 0x01}
	text, err := json.Marshal(h)
	require.NoError(t, err)
	require.Equal(t, `"ab`+strings.Repeat("00", 30)+`01"`, string(text))
	var back documents.Hash
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, h, back)
	for name, bad := range map[string]string{
		"upper_case": strings.ToUpper(h.String()), "short": h.String()[2:], "long": h.String() + "00",
		"prefixed": "sha256:" + h.String(), "empty": "", "not_hex": strings.Repeat("zz", 32),
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorIs(t, back.UnmarshalText([]byte(bad)), &es.Error{Code: "document.bad_hash"})
			require.Equal(t, h, back, "unchanged")
		})
	}
}
