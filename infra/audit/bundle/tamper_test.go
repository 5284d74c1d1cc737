package bundle_test

import (
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	"github.com/entente-ledger/entente/infra/audit/bundle"
)

// evidence is a bundle that has every kind of file.
func evidence(t *testing.T) (packed []byte, by bundle.Trusted, a *archive) {
	t.Helper()
	a = newArchive(t)
	before := a.seal(t)
	a.do(t, "party.add_name", a.party, `{"name":{"text":{"lang":"en","value":"Ankon"},"use":"exonym"}}`)
	policy, cosigned := witness(t)
	s := a.agreement(t)
	s.Since, s.Policy, s.Checkpoint, s.Complete = &before, policy, cosigned(s.Checkpoint), true
	packed = pack(t, s)
	require.Empty(t, check(t, packed, a.trusted()).Failures)
	return packed, a.trusted(), a
}

// kinds are those of the files of a bundle.
var kinds = []string{
	"index.html", "VERIFY.md", "verify.sh", "bundle.json", "checkpoint", "log.vkey", "policy", "since.checkpoint", "consistency",
	"events", "receipts", "documents", "prov.json", "prov", "leaves.ndjson",
}

func kindOf(name string) string {
	if folder := path.Dir(name); folder != "." {
		return folder
	}
	return name
}

// TestEveryByte changes a byte of every file, and takes it away; the first of each
// kind it also changes at its ends, cuts and repeats: each is named.
func TestEveryByte(t *testing.T) {
	packed, by, _ := evidence(t)
	files := unpack(t, packed)
	var met []string
	for i, f := range files {
		half, end := len(f.content)/2, len(f.content)-1
		changes := map[string]string{"middle": f.content[:half] + string(f.content[half]^1) + f.content[half+1:]}
		if !slices.Contains(met, kindOf(f.name)) {
			changes["first"] = string(f.content[0]^1) + f.content[1:]
			changes["last"] = f.content[:end] + string(f.content[end]^1)
			changes["cut"] = f.content[:end]
			changes["more"] = f.content + "\n"
			changes["empty"] = ""
		}
		met = append(met, kindOf(f.name))
		for what, content := range changes {
			changed := slices.Clone(files)
			changed[i].content = content
			requireNamed(t, check(t, repack(t, changed), by), f.name, what)
		}
		requireNamed(t, check(t, repack(t, slices.Delete(slices.Clone(files), i, i+1)), by), f.name, "removed")
		requireNamed(t, check(t, repack(t, append(slices.Clone(files), f)), by), f.name, "twice")
	}
	slices.Sort(met)
	require.ElementsMatch(t, kinds, slices.Compact(met))
}

// requireNamed checks that a failure names a file, or the one that an event and
// its receipt share a number with.
func requireNamed(t *testing.T, r bundle.Result, name, what string) {
	t.Helper()
	number := strings.TrimSuffix(strings.TrimSuffix(path.Base(name), ".tlog-proof"), ".json")
	require.True(t, slices.ContainsFunc(r.Failures, func(f bundle.Failure) bool {
		return f.File == name || path.Dir(name) != "." && strings.Contains(f.File, "/"+number+".")
	}), "%s of %s: %v", what, name, r.Failures)
}

func TestTampering(t *testing.T) {
	packed, by, a := evidence(t)
	files := unpack(t, packed)
	other := newArchive(t)
	skey, _, err := note.GenerateKey(nil, origin)
	require.NoError(t, err)
	forger, err := note.NewSigner(skey)
	require.NoError(t, err)
	at := func(name string) int { return slices.IndexFunc(files, func(f file) bool { return f.name == name }) }
	swap := func(all []file, one, two string) {
		all[at(one)].content, all[at(two)].content = all[at(two)].content, all[at(one)].content
	}
	replace := func(all []file, name, old, text string) {
		require.Contains(t, all[at(name)].content, old)
		all[at(name)].content = strings.Replace(all[at(name)].content, old, text, 1)
	}
	for name, c := range map[string]struct {
		change func(all []file) []file
		code   string
	}{
		"a_party_in_an_event": {func(all []file) []file {
			replace(all, "events/0001.json", "Intesa", "Patto")
			return all
		}, "audit.not_sealed_so"},
		"an_actor": {func(all []file) []file {
			replace(all, "events/0001.json", "clerk – 7", "clerk – 8")
			return all
		}, "audit.not_sealed_so"},
		"two_events_swapped": {func(all []file) []file {
			swap(all, "events/0002.json", "events/0003.json")
			swap(all, "receipts/0002.tlog-proof", "receipts/0003.tlog-proof")
			return all
		}, "audit.gap"},
		"receipts_swapped": {func(all []file) []file {
			swap(all, "receipts/0002.tlog-proof", "receipts/0003.tlog-proof")
			return all
		}, "audit.not_sealed_so"},
		"white_space_in_an_event": {func(all []file) []file {
			replace(all, "events/0001.json", "\n", "\n ")
			return all
		}, "audit.bad_event"},
		"the_tail_of_a_stream": {func(all []file) []file {
			replace(all, "bundle.json", `"events": 4`, `"events": 3`)
			return all
		}, "audit.incomplete"},
		"a_count_of_leaves": {func(all []file) []file {
			replace(all, "bundle.json", `"events": 4,
      "eventsInLog": 4`, `"events": 4,
      "eventsInLog": 5`)
			return all
		}, "audit.bad_manifest"},
		"what_was_known": {func(all []file) []file {
			replace(all, "bundle.json", `"asKnown": ""`, `"asKnown": "2024-05-01T09:05:00.000000Z"`)
			return all
		}, "audit.not_known"},
		"another_format": {func(all []file) []file {
			replace(all, "bundle.json", `"format": 1`, `"format": 2`)
			return all
		}, "audit.other_format"},
		"no_more_complete": {func(all []file) []file {
			replace(all, "bundle.json", `"complete": true`, `"complete": false`)
			return all
		}, "audit.unexpected_file"},
		"a_leaf_fewer": {func(all []file) []file {
			i := at("leaves.ndjson")
			all[i].content = all[i].content[strings.Index(all[i].content, "\n")+1:]
			return all
		}, "audit.bad_leaves"},
		"the_checkpoint_of_another_log": {func(all []file) []file {
			all[at("checkpoint")].content = string(other.seal(t).Note)
			return all
		}, "tlog.bad_checkpoint"},
		"an_older_checkpoint": {func(all []file) []file {
			all[at("checkpoint")].content = all[at("since.checkpoint")].content
			return all
		}, "audit.other_checkpoint"},
		"signed_with_another_key": {func(all []file) []file {
			text, _, _ := strings.Cut(all[at("checkpoint")].content, "\n\n")
			signed, err := note.Sign(&note.Note{Text: text + "\n"}, forger)
			require.NoError(t, err)
			all[at("checkpoint")].content = string(signed)
			return all
		}, "tlog.bad_checkpoint"},
		"another_key_in_it": {func(all []file) []file {
			all[at("log.vkey")].content = other.key.VKey + "\n"
			return all
		}, "audit.other_key"},
		"a_witness_taken_away": {func(all []file) []file {
			i := at("checkpoint")
			all[i].content = all[i].content[:strings.LastIndex(strings.TrimSuffix(all[i].content, "\n"), "\n")+1]
			return all
		}, "tlog.not_witnessed"},
		"a_document_of_the_right_length": {func(all []file) []file {
			all[at("documents/"+a.text)].content = strings.ToUpper(treaty)
			return all
		}, "document.corrupt"},
		"a_document_said_not_to_be_kept": {func(all []file) []file {
			replace(all, "bundle.json", `"documentsNotKept": [`, `"documentsNotKept": [
    "`+a.text+`",`)
			return slices.Delete(all, at("documents/"+a.text), at("documents/"+a.text)+1)
		}, "audit.differs"},
		"a_word_on_the_page": {func(all []file) []file {
			replace(all, "index.html", "Ancona", "Ankara")
			return all
		}, "audit.differs"},
		"a_file_more": {func(all []file) []file {
			return append(all, file{"events/note.txt", "believe me"})
		}, "audit.unexpected_file"},
	} {
		t.Run(name, func(t *testing.T) {
			r := check(t, repack(t, c.change(slices.Clone(files))), by)
			require.Contains(t, codes(r), c.code, r.Failures)
		})
	}
	for name, c := range map[string]struct {
		by   bundle.Trusted
		code string
	}{
		"another_key":    {bundle.Trusted{VKey: []byte(other.key.VKey)}, "tlog.bad_checkpoint"},
		"another_policy": {bundle.Trusted{VKey: by.VKey, Policy: []byte("quorum none\n")}, "audit.other_policy"},
		"no_policy":      {bundle.Trusted{VKey: by.VKey, Policy: []byte("?")}, "tlog.bad_policy"},
		"another_since":  {bundle.Trusted{VKey: by.VKey, Since: a.seal(t).Note}, "audit.other_checkpoint"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, codes(check(t, packed, c.by)), c.code)
		})
	}
	t.Run("failures_are_bounded", func(t *testing.T) {
		all := slices.Clone(files)
		for i := range 3 * bundle.MaxFailures {
			all = append(all, file{strings.Repeat("x", i+1), ""})
		}
		r := check(t, repack(t, all), by)
		require.Len(t, r.Failures, bundle.MaxFailures)
		require.Equal(t, 2*bundle.MaxFailures, r.More)
	})
}
