package es_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
)

func TestText(t *testing.T) {
	for _, c := range []struct {
		name, json string // the text within its quotes
		code       string // "" if it is allowed
	}{
		{"ascii", `a`, ""},
		{"composed", `é Ιωάννινα 神戸 Łódź 😀`, ""},
		{"decomposed", "e\u0301", "es.not_nfc"},
		{"decomposed_by_escape", `e\u0301`, "es.not_nfc"},
		{"compatibility_form_is_kept", "ﬁ ²", ""},
		{"singleton", "\u212b", "es.not_nfc"},
		{"nul", `a\u0000b`, "es.bad_text"},
		{"nul_after_a_backslash", `a\\\u0000b`, "es.bad_text"},
		{"a_text_about_nul", `a\\u0000b`, ""},
		{"two_backslashes_about_nul", `a\\\\u0000b`, ""},
		{"tab_and_line_feed", `a\tb\nc`, ""},
		{"right_to_left_override", "a\u202eb", "es.bad_text"},
		{"override_by_escape", `a\u202Eb`, "es.bad_text"},
		{"first_embedding", "\u202a", "es.bad_text"},
		{"before_the_first_embedding", "\u2029", ""},
		{"after_the_override", "\u202f", ""},
		{"isolate", "\u2066", "es.bad_text"},
		{"last_isolate", "\u2069", "es.bad_text"},
		{"after_the_last_isolate", "\u206a", ""},
		{"mark", "a\u200fb", ""},
		{"arabic", "السلام", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk()
			cmd := count(1, "")
			cmd.Payload = []byte(`{"text":"` + c.json + `"}`)
			res, err := d.give(cmd)
			if c.code != "" {
				require.ErrorIs(t, err, es.Invalid(c.code, "", ""))
				require.ErrorIs(t, err, es.ErrInvalid)
				require.Zero(t, d.records())
				return
			}
			require.NoError(t, err)
			var want string
			require.NoError(t, json.Unmarshal([]byte(`"`+c.json+`"`), &want))
			got, err := tally.Decode(res.Events[0])
			require.NoError(t, err)
			require.Equal(t, want, got.(Counted).Text)
		})
	}
	t.Run("what_is_recorded_is_nfc", rapid.MakeCheck(func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune{'a', 'e', '\u0301', '\u0323', 'é', 'ᄀ', 'ᅡ', '\\', '"', 'u', '0', '\n'})).Draw(t, "text")
		cmd := count(1, "")
		cmd.Payload, _ = json.Marshal(map[string]string{"text": text})
		_, err := newDesk().give(cmd)
		if err == nil {
			require.True(t, norm.NFC.IsNormalString(text), "%q", text)
		} else {
			require.ErrorIs(t, err, es.Invalid("es.not_nfc", "", ""))
		}
	}))
}
