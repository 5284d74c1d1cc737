package tlog_test

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/tlog"
)

// pair is a key of somebody who may lie.
type pair struct {
	note.Signer
	vkey string
}

func newPair(t *testing.T, name string) pair {
	t.Helper()
	skey, vkey, err := note.GenerateKey(rand.Reader, name)
	require.NoError(t, err)
	s, err := note.NewSigner(skey)
	require.NoError(t, err)
	return pair{s, vkey}
}

// says returns a statement about a log, signed.
func says(t *testing.T, what, log string, key, by pair, rest string, signers ...note.Signer) string {
	t.Helper()
	if signers == nil {
		signers = []note.Signer{by, key}
	}
	text := fmt.Sprintf("entente log statement v1\nsays %s\nlog %s\nkey %s\nby %s\n%s", what, log, key.vkey, by.vkey, rest)
	signed, err := note.Sign(&note.Note{Text: text}, signers...)
	require.NoError(t, err)
	return string(signed)
}

// TestChain states what the keys of a log may say, and what nobody may.
func TestChain(t *testing.T) {
	first, second, third := newPair(t, origin), newPair(t, origin), newPair(t, origin)
	offline, thiefs := newPair(t, origin+"/recovery"), newPair(t, origin+"/recovery")
	successor, stranger := newPair(t, origin+"/2"), newPair(t, "stranger.example")
	root := strings.Repeat("A", 43) + "="
	succeeds := func(after string, last, kept int) string {
		return fmt.Sprintf("after %s\nlast %d %s\nkept %d %s\ncheckpoints 7\nreason restored\n", after, last, root, kept, root)
	}
	rotated := says(t, "key", origin, second, first, "from 10\n")
	recovery := says(t, "recovery", origin, offline, first, "")
	for name, c := range map[string]struct {
		statements []string
		good       bool
	}{
		"nothing":                           {nil, true},
		"another_key":                       {[]string{rotated}, true},
		"two_keys":                          {[]string{rotated, says(t, "key", origin, third, second, "from 10\n")}, true},
		"a_key_by_the_recovery_key":         {[]string{recovery, says(t, "key", origin, third, offline, "from 10\n")}, true},
		"another_recovery_key_by_the_first": {[]string{recovery, says(t, "recovery", origin, thiefs, offline, "")}, true},
		"a_successor":                       {[]string{says(t, "succession", origin+"/2", successor, first, succeeds(origin, 9, 4))}, true},
		"a_successor_after_a_rotation":      {[]string{rotated, says(t, "succession", origin+"/2", successor, second, succeeds(origin, 9, 4))}, true},

		"signed_by_the_old_key_alone":         {[]string{says(t, "key", origin, second, first, "from 10\n", first)}, false},
		"signed_by_the_new_key_alone":         {[]string{says(t, "key", origin, second, first, "from 10\n", second)}, false},
		"by_a_key_that_is_out_of_force":       {[]string{rotated, says(t, "key", origin, third, first, "from 20\n")}, false},
		"by_a_key_that_was_never_in_force":    {[]string{says(t, "key", origin, second, third, "from 10\n")}, false},
		"by_a_recovery_key_that_is_not_there": {[]string{says(t, "key", origin, second, offline, "from 10\n")}, false},
		"another_recovery_key_by_the_logs":    {[]string{recovery, says(t, "recovery", origin, thiefs, first, "")}, false},
		"from_before_the_key_before_it":       {[]string{rotated, says(t, "key", origin, third, second, "from 9\n")}, false},
		"from_less_than_nothing":              {[]string{says(t, "key", origin, second, first, "from -1\n")}, false},
		"of_another_name":                     {[]string{says(t, "key", origin, stranger, first, "from 10\n")}, false},
		"of_another_log":                      {[]string{says(t, "key", "stranger.example", stranger, first, "from 10\n")}, false},
		"a_successor_of_another_log":          {[]string{says(t, "succession", origin+"/2", successor, first, succeeds("stranger.example", 9, 4))}, false},
		"a_successor_of_the_same_name":        {[]string{says(t, "succession", origin, second, first, succeeds(origin, 9, 4))}, false},
		"a_successor_that_keeps_too_much":     {[]string{says(t, "succession", origin+"/2", successor, first, succeeds(origin, 4, 9))}, false},
		"a_line_too_many":                     {[]string{says(t, "key", origin, second, first, "from 10\nfrom 11\n")}, false},
		"a_line_that_is_unknown":              {[]string{says(t, "key", origin, second, first, "from 10\nuntil 11\n")}, false},
		"something_else":                      {[]string{says(t, "hello", origin, second, first, "")}, false},
		"twice":                               {[]string{rotated, rotated}, false},
	} {
		t.Run(name, func(t *testing.T) {
			text := first.vkey + "\n"
			if len(c.statements) > 0 {
				text += "\n" + strings.Join(c.statements, "\n")
			}
			chain, err := tlog.ParseChain([]byte(text))
			if !c.good {
				require.ErrorIs(t, err, es.ErrInvalid)
				return
			}
			require.NoError(t, err)
			require.Equal(t, text, string(chain.Encode()))
			_, err = tlog.ParseVerifier([]byte(text))
			require.NoError(t, err)
			_, err = tlog.ParseChain([]byte(text + "\n"))
			require.Error(t, err)
		})
	}
}

func FuzzParseChain(f *testing.F) {
	f.Add([]byte("a+b+c\n"))
	f.Add([]byte("a+b+c\n\nentente log statement v1\nsays key\n\n— a AAAA\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if c, err := tlog.ParseChain(text); err == nil {
			require.Equal(t, text, c.Encode())
		}
	})
}
