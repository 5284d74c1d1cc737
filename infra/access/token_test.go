package access_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
)

func newToken(t testing.TB) access.Token {
	t.Helper()
	token, err := access.NewToken(rand.Reader)
	require.NoError(t, err)
	return token
}

func TestToken(t *testing.T) {
	t.Run("form", func(t *testing.T) {
		form := regexp.MustCompile(`^ent_[0-9A-Za-z]{57}$`)
		for range 100 {
			token := newToken(t)
			require.Regexp(t, form, token.Reveal())
			require.Equal(t, token.Reveal()[4:12], token.Prefix())
			again, err := access.ParseToken(token.Reveal())
			require.NoError(t, err)
			require.Equal(t, token.Hash(), again.Hash())
		}
	})
	t.Run("golden", func(t *testing.T) {
		token, err := access.NewToken(bytes.NewReader(bytes.Repeat([]byte{0xff}, 40)))
		require.NoError(t, err)
		// Computed apart from this code, with the big integers and the CRC-32 of Node.
		require.Equal(t, "ent_Ha16AHYFyhjskwdA6OZ1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp12jxx9k", token.Reveal())
	})
	t.Run("any_typo", func(t *testing.T) {
		text := newToken(t).Reveal()
		for i := range text {
			typo := []byte(text)
			typo[i] = "ab"[map[bool]int{true: 1}[typo[i] == 'a']]
			_, err := access.ParseToken(string(typo))
			requireCode(t, err, es.ErrUnauthenticated, "access.bad_token")
			require.NotContains(t, err.Error(), text[12:40])
		}
	})
	t.Run("no_randomness", func(t *testing.T) {
		_, err := access.NewToken(iotest.ErrReader(errors.New("no entropy")))
		require.ErrorContains(t, err, "no entropy")
		_, err = access.NewToken(strings.NewReader("short"))
		require.Error(t, err)
	})
	t.Run("hides_itself", func(t *testing.T) {
		token := newToken(t)
		var out bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			fmt.Fprintf(&out, verb+"\n", token)
			fmt.Fprintf(&out, verb+"\n", &token)
		}
		slog.New(slog.NewJSONHandler(&out, nil)).InfoContext(t.Context(), "issued", "token", token)
		require.NotContains(t, out.String(), token.Reveal()[12:30])
		require.NotContains(t, out.String(), fmt.Sprintf("%x", token.Reveal()[12:30]))
	})
}

func FuzzParseToken(f *testing.F) {
	f.Add(newToken(f).Reveal())
	f.Add("ent_" + strings.Repeat("0", 57))
	f.Add("ent_" + strings.Repeat("\xff", 57))
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		token, err := access.ParseToken(s)
		if err != nil {
			require.ErrorIs(t, err, &es.Error{Code: "access.bad_token"})
			return
		}
		require.Equal(t, s, token.Reveal())
		require.Len(t, token.Prefix(), 8)
	})
}
