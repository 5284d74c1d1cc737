package bundle_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
)

// Somebody with the key, or who makes bundles, leaves something out or says
// something else.
func TestDishonestMaker(t *testing.T) {
	a := newArchive(t)
	before := a.seal(t)
	a.do(t, "party.add_name", a.party, `{"name":{"text":{"lang":"en","value":"Ankon"},"use":"exonym"}}`)
	t.Run("leaves_a_record_of_the_ledger_out", func(t *testing.T) {
		s := a.source(t)
		s.Streams = s.Streams[:len(s.Streams)-1]
		require.Equal(t, []string{"audit.incomplete"}, codes(check(t, pack(t, s), a.trusted())))
	})
	t.Run("does_not_say_that_it_is_restricted", func(t *testing.T) {
		secret := a.do(t, "memorandum.draft", "", `{"kind":"mou","titles":[{"lang":"it","value":"Riservato"}],"visibility":"restricted"}`)
		s := a.source(t)
		s.Subject, s.Streams = secret, []string{secret}
		require.Equal(t, []string{"audit.bad_manifest"}, codes(check(t, pack(t, s), a.trusted())))
		s.Restricted = true
		require.Empty(t, check(t, pack(t, s), a.trusted()).Failures)
	})
	t.Run("leaves_an_event_in_the_middle_out", func(t *testing.T) {
		s := a.source(t)
		s.Subject, s.Streams = a.subject, []string{a.subject}
		files := unpack(t, pack(t, s))
		find := func(name string) int { return slices.IndexFunc(files, func(f file) bool { return f.name == name }) }
		for _, kind := range [][2]string{{"events/000", ".json"}, {"receipts/000", ".tlog-proof"}} {
			files = slices.Delete(files, find(kind[0]+"2"+kind[1]), find(kind[0]+"2"+kind[1])+1)
			for _, n := range []string{"3", "4"} {
				i := find(kind[0] + n + kind[1])
				files[i].name = kind[0] + string(n[0]-1) + kind[1]
			}
		}
		i := find("bundle.json")
		files[i].content = strings.Replace(files[i].content, `"events": 4`, `"events": 3`, 1)
		require.Contains(t, codes(check(t, repack(t, files), a.trusted())), "audit.gap")
	})
	t.Run("signs_two_histories", func(t *testing.T) {
		s := a.agreement(t)
		s.Since = &before
		files := unpack(t, pack(t, s))
		text, _, _ := strings.Cut(string(before.Note), "\n\n")
		head := text[:strings.LastIndex(text, "\n")+1]
		forked, err := note.Sign(&note.Note{Text: head + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"}, a.key.Signer)
		require.NoError(t, err)
		i := slices.IndexFunc(files, func(f file) bool { return f.name == "since.checkpoint" })
		files[i].content = string(forked)
		require.Contains(t, codes(check(t, repack(t, files), a.trusted())), "tlog.forked")
	})
}
