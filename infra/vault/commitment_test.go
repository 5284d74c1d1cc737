package vault_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/vault"
)

// salt of the golden commitment: 0, 1, 2, ... 31.
func salt() (s [vault.SaltBytes]byte) {
	for i := range s {
		s[i] = byte(i)
	}
	return s
}

func TestCommitment(t *testing.T) {
	t.Run("golden", func(t *testing.T) {
		s := salt()
		v, err := vault.Open(t.Context(), newPath(t), nil, vault.Options{Rand: bytes.NewReader(s[:])})
		require.NoError(t, err)
		defer func() { _ = v.Close() }()
		_, c := put(t, v, mira)
		// Computed with Python's hashlib and struct from the layout documented.
		require.Equal(t, "73f90c38a337f7abb1402185e4cf933fa53ad8fae037464ec9003ed6ff8c978b", c.String())
	})
	t.Run("every_field_counts", func(t *testing.T) {
		whole := vault.Opening{Entry: mira, Salt: salt()}
		for name, change := range map[string]func(*vault.Opening){
			"salt":     func(o *vault.Opening) { o.Salt[31]++ },
			"name":     func(o *vault.Opening) { o.Entry.Name += " " },
			"language": func(o *vault.Opening) { o.Entry.NameLang = "" },
			"contact":  func(o *vault.Opening) { o.Entry.Contact = "" },
		} {
			other := whole
			change(&other)
			requireError(t, vault.Verify(whole.Commitment(), other), es.ErrCorrupt, vault.CodeMismatch)
			require.NoError(t, vault.Verify(other.Commitment(), other), name)
		}
	})
	t.Run("fields_do_not_run_together", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			fields := rapid.SliceOfN(rapid.StringOf(rapid.RuneFrom([]rune("ab\x00"))), 6, 6).Draw(t, "fields")
			a := vault.Entry{Name: fields[0], NameLang: fields[1], Contact: fields[2]}
			b := vault.Entry{Name: fields[3], NameLang: fields[4], Contact: fields[5]}
			same := vault.Opening{Entry: a}.Commitment() == vault.Opening{Entry: b}.Commitment()
			require.Equal(t, a == b, same)
		})
	})
}

func TestCommitmentText(t *testing.T) {
	c := vault.Commitment{0xab, 31: 0x01}
	text, err := json.Marshal(c)
	require.NoError(t, err)
	require.Equal(t, `"ab`+strings.Repeat("00", 30)+`01"`, string(text))
	var back vault.Commitment
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, c, back)
	require.ErrorIs(t, back.UnmarshalText([]byte("ab")), es.ErrInvalid)
	require.Equal(t, c, back, "unchanged")
}

func FuzzParseCommitment(f *testing.F) {
	f.Add(strings.Repeat("0a", 32))
	f.Add(strings.Repeat("0A", 32))
	f.Add(strings.Repeat("0a", 33))
	f.Fuzz(func(t *testing.T, s string) {
		c, err := vault.ParseCommitment(s)
		if err != nil {
			require.ErrorIs(t, err, &es.Error{Code: "vault.bad_commitment"})
			require.Zero(t, c)
			return
		}
		require.Equal(t, s, c.String(), "one text form only")
	})
}

func TestEntryHidesItself(t *testing.T) {
	o := vault.Opening{Entry: mira, Salt: salt()}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		fmt.Fprintf(&out, verb+"\n", mira)
		fmt.Fprintf(&out, verb+"\n", &mira)
		fmt.Fprintf(&out, verb+"\n", []vault.Entry{mira})
		fmt.Fprintf(&out, verb+"\n", o)
	}
	for _, handler := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
		slog.New(handler).InfoContext(t.Context(), "put", "entry", mira, "opening", o)
	}
	for _, leak := range []string{
		mira.Name, mira.Contact, "example.org", fmt.Sprintf("%x", mira.Name), fmt.Sprintf("%d", []byte(mira.Name)),
	} {
		require.NotContains(t, out.String(), leak)
	}
}

func TestEntryValidate(t *testing.T) {
	v := open(t, newPath(t))
	for name, test := range map[string]struct {
		entry vault.Entry
		field string // "" if valid
	}{
		"name_only":         {vault.Entry{Name: "A"}, ""},
		"script_subtag":     {vault.Entry{Name: "A", NameLang: "sr-Latn"}, ""},
		"longest":           {vault.Entry{Name: strings.Repeat("n", 1<<10), Contact: strings.Repeat("c", 4<<10)}, ""},
		"no_name":           {vault.Entry{Contact: "c"}, "/name"},
		"blank_name":        {vault.Entry{Name: " \t"}, "/name"},
		"name_too_long":     {vault.Entry{Name: strings.Repeat("n", 1<<10+1)}, "/name"},
		"name_not_utf8":     {vault.Entry{Name: "\xff"}, "/name"},
		"contact_too_long":  {vault.Entry{Name: "A", Contact: strings.Repeat("c", 4<<10+1)}, "/contact"},
		"language_unknown":  {vault.Entry{Name: "A", NameLang: "Deutsch!"}, "/nameLang"},
		"language_too_long": {vault.Entry{Name: "A", NameLang: "de-x-" + strings.Repeat("a", 60)}, "/nameLang"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := v.Put(t.Context(), uuid.New(), test.entry)
			if test.field == "" {
				require.NoError(t, err)
				return
			}
			var e *es.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, test.field, e.Field)
			requireError(t, err, es.ErrInvalid, "vault.bad_entry")
		})
	}
}
