package main

import (
	"archive/zip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

// audited is a ledger with an agreement, of which the source has a file.
type audited struct {
	data, key, party, source, agreement string
}

func newAudited(t *testing.T) audited {
	t.Helper()
	data, ids := ledgerWith(t, ancona,
		`{"command":"source.register","payload":{"description":{"kind":"web_page","titles":[{"lang":"it","value":"Pagina"}]}}}`)
	r := audited{data: data, key: filepath.Join(data, "tlog", "log.vkey"), party: ids[0], source: ids[1]}
	r.agreement = r.record(t, `{"command":"memorandum.draft","knownAt":"2019-01-01T00:00:00Z","payload":{"kind":"mou","titles":[{"lang":"it","value":"Intesa"}],
		"fact":{"source":{"id":"`+r.source+`"}},"parties":[{"id":"`+r.party+`"}]}}`)
	r.record(t, `{"command":"memorandum.sign","to":"`+r.agreement+`","payload":{"party":{"id":"`+r.party+`"},"fact":{"occurred":"2018-10"}}}`)
	file := filepath.Join(t.TempDir(), "pagina.html")
	require.NoError(t, os.WriteFile(file, []byte("<p>Ancona</p>"), 0o600))
	path, err := json.Marshal(file)
	require.NoError(t, err)
	r.record(t, `{"command":"source.attach_file","to":"`+r.source+`","file":`+string(path)+`}`)
	return r
}

func (r audited) record(t *testing.T, command string) (stream string) {
	t.Helper()
	return lines(t, ok(t, "do", "--json", "--actor", "clerk", "--data", r.data, command))[0]["stream"].(string)
}

// bundle makes evidence, and returns its file.
func (r audited) bundle(t *testing.T, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "evidence.zip")
	ok(t, append([]string{"audit", "bundle", "-o", file, "--data", r.data}, args...)...)
	return file
}

// holds checks evidence where there is no ledger, and returns what was proven.
func (r audited) holds(t *testing.T, file string, args ...string) map[string]any {
	t.Helper()
	nowhere := filepath.Join(t.TempDir(), "none")
	one := lines(t, ok(t, append([]string{"audit", "check", file, "--json", "--key", r.key, "--data", nowhere}, args...)...))[0]
	require.NoDirExists(t, nowhere)
	require.Equal(t, true, one["holds"])
	require.Empty(t, one["failures"])
	return one
}

// unzipped returns the files of a zip.
func unzipped(t *testing.T, file string) map[string]string {
	t.Helper()
	z, err := zip.OpenReader(file)
	require.NoError(t, err)
	defer func() { require.NoError(t, z.Close()) }()
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(r)
		require.NoError(t, err)
		files[f.Name] = string(content)
	}
	return files
}

func TestAuditBundle(t *testing.T) {
	r := newAudited(t)
	t.Run("of_one", func(t *testing.T) {
		file := r.bundle(t, r.agreement[:20])
		one := r.holds(t, file)
		require.Equal(t, r.agreement, one["subject"])
		require.EqualValues(t, 2, one["events"])
		require.EqualValues(t, 0, one["documents"])
		require.EqualValues(t, count(t, r.data), one["size"])
		require.Equal(t, unzipped(t, file), unzipped(t, r.bundle(t, r.agreement)))
		first, err := os.ReadFile(file)
		require.NoError(t, err)
		second, err := os.ReadFile(r.bundle(t, r.agreement))
		require.NoError(t, err)
		require.Equal(t, first, second)
		require.Contains(t, ok(t, "audit", "check", file, "--key", r.key), "completeness is not shown")
	})
	t.Run("with_what_it_refers_to", func(t *testing.T) {
		file := r.bundle(t, r.agreement, "--related", "--complete")
		one := r.holds(t, file)
		require.EqualValues(t, 5, one["events"])
		require.EqualValues(t, 1, one["documents"])
		files := unzipped(t, file)
		require.Contains(t, files["index.html"], "Ancona")
		require.Contains(t, files, "prov/"+r.party+".json")
		require.JSONEq(t, ok(t, "export", "history", r.agreement, "--format", "prov", "--data", r.data), files["prov.json"])
		require.Equal(t, count(t, r.data), strings.Count(files["leaves.ndjson"], "\n"))
		require.Contains(t, ok(t, "audit", "check", file, "--key", r.key), "complete: the log had no other event of these records")
	})
	t.Run("of_all", func(t *testing.T) {
		one := r.holds(t, r.bundle(t, "--all", "--complete"))
		require.EqualValues(t, count(t, r.data), one["events"])
		require.EqualValues(t, 1, one["documents"])
	})
	t.Run("as_known", func(t *testing.T) {
		file := r.bundle(t, r.agreement, "--related", "--complete", "--as-known", "2019-06-01T00:00:00Z")
		require.EqualValues(t, 1, r.holds(t, file)["events"])
		files := unzipped(t, file)
		require.Contains(t, files["index.html"], "The log has 1 more events of these records")
		require.NotContains(t, files["index.html"], "memorandum.signed")
		none := entente(t, "", "audit", "bundle", r.agreement, "--as-known", "2018-06-01T00:00:00Z", "-o", file+"x", "--data", r.data)
		require.Equal(t, es.ErrNotFound.Exit(), none.code)
		require.NoFileExists(t, file+"x")
	})
	t.Run("since", func(t *testing.T) {
		before := filepath.Join(t.TempDir(), "before.checkpoint")
		ok(t, "checkpoint", "-o", before, "--data", r.data)
		size := count(t, r.data)
		r.record(t, `{"command":"party.add_name","to":"`+r.party+`","payload":{"name":{"text":{"lang":"en","value":"Ankon"},"use":"exonym"}}}`)
		file := r.bundle(t, r.party, "--since", before)
		require.EqualValues(t, size, r.holds(t, file, "--since", before)["since"])
		other := newAudited(t)
		theirs := filepath.Join(other.data, "tlog", "checkpoint")
		require.Equal(t, es.ErrInvalid.Exit(), entente(t, "", "audit", "bundle", r.party, "--since", theirs, "-o", file, "--data", r.data).code)
		failed := entente(t, "", "audit", "check", file, "--key", r.key, "--since", theirs)
		require.Equal(t, es.ErrCorrupt.Exit(), failed.code)
		require.Contains(t, failed.out, "audit.other_checkpoint")
	})
	t.Run("restricted", func(t *testing.T) {
		secret := r.record(t, `{"command":"memorandum.draft","payload":{"kind":"mou","titles":[{"lang":"it","value":"Riservato"}],"visibility":"restricted"}}`)
		file := filepath.Join(t.TempDir(), "evidence.zip")
		for _, args := range [][]string{{secret}, {"--all"}} {
			refused := entente(t, "", append([]string{"audit", "bundle", "-o", file, "--data", r.data}, args...)...)
			require.Equal(t, es.ErrRejected.Exit(), refused.code)
			require.Contains(t, refused.err, "audit.restricted")
			require.NoFileExists(t, file)
		}
		file = r.bundle(t, secret, "--restricted")
		r.holds(t, file)
		require.Contains(t, unzipped(t, file)["index.html"], "restricted: it is not for everybody")
		require.NotContains(t, unzipped(t, r.bundle(t, r.agreement, "--restricted"))["index.html"], "restricted: it is not for everybody")
	})
	t.Run("what_is_not_sealed_is_left_out", func(t *testing.T) {
		sealed := unzipped(t, r.bundle(t, r.party))
		published, err := os.ReadFile(filepath.Join(r.data, "tlog", "checkpoint"))
		require.NoError(t, err)
		cursor, err := os.ReadFile(filepath.Join(r.data, "tlog", ".cursor"))
		require.NoError(t, err)
		r.record(t, `{"command":"party.rename","to":"`+r.party+`","payload":{"name":{"lang":"it","value":"Ancona Nuova"}}}`)
		require.NoError(t, os.WriteFile(filepath.Join(r.data, "tlog", "checkpoint"), published, 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(r.data, "tlog", ".cursor"), cursor, 0o600))
		file := filepath.Join(t.TempDir(), "evidence.zip")
		require.Contains(t, ok(t, "audit", "bundle", r.party, "-o", file, "--data", r.data), "1 events are recorded since and not sealed")
		r.holds(t, file)
		require.Equal(t, sealed["index.html"], unzipped(t, file)["index.html"])
	})
	t.Run("wrong_use", func(t *testing.T) {
		for _, args := range [][]string{{"bundle"}, {"bundle", r.party}, {"bundle", r.party, "--all", "-o", "x"}, {"bundle", "--all", "--related", "-o", "x"}, {"check", "x"}, {"check", r.key, "--key", r.key}, {}} {
			require.Equal(t, es.ErrInvalid.Exit(), entente(t, "", append(append([]string{"audit"}, args...), "--data", r.data)...).code, args)
		}
		require.Equal(t, es.ErrNotFound.Exit(), entente(t, "", "audit", "bundle", "party-ffffffff", "-o", "x", "--data", r.data).code)
	})
}

// What was changed in a bundle is named.
func TestAuditCheckFails(t *testing.T) {
	r := newAudited(t)
	content, err := os.ReadFile(r.bundle(t, r.agreement))
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "evidence.zip")
	require.NoError(t, os.WriteFile(file, content, 0o600))
	failed := entente(t, "", "audit", "check", file, "--key", newAudited(t).key)
	require.Equal(t, es.ErrCorrupt.Exit(), failed.code)
	require.Contains(t, failed.out, "log.vkey: it is not the key that you gave")
	require.Contains(t, failed.out, "checkpoint: ")
	require.Contains(t, failed.err, "audit.not_proven")
	one := lines(t, entente(t, "", "audit", "check", file, "--json", "--key", newAudited(t).key).out)[0]
	require.Equal(t, false, one["holds"])
	require.NotEmpty(t, one["failures"])
	require.NoError(t, os.WriteFile(file, content[:len(content)/2], 0o600))
	cut := entente(t, "", "audit", "check", file, "--key", r.key)
	require.Equal(t, es.ErrInvalid.Exit(), cut.code)
	require.Contains(t, cut.err, "audit.bad_file")
}

// TestAuditAfterErasure checks that erasing a person takes nothing from evidence
// that was made, and that the name is in none.
func TestAuditAfterErasure(t *testing.T) {
	p := personRecorded(t)
	r := audited{data: p.data, key: filepath.Join(p.data, "tlog", "log.vkey")}
	before := r.bundle(t, "--all", "--complete", "--restricted")
	old := filepath.Join(t.TempDir(), "old.checkpoint")
	ok(t, "checkpoint", "-o", old, "--data", p.data)
	ok(t, "do", "--actor", "clerk", "--data", p.data, `{"command":"person.erase","to":"`+p.who+`","payload":{"reason":"request"}}`)
	r.holds(t, before)
	after := r.bundle(t, "--all", "--complete", "--restricted", "--since", old)
	r.holds(t, after, "--since", old)
	for _, file := range []string{before, after, r.bundle(t, p.who, "--related", "--restricted")} {
		for name, content := range unzipped(t, file) {
			for _, secret := range []string{nobody, nobodySurname, nobodyContact, "Anton Muster"} {
				require.NotContains(t, content, secret, name)
			}
		}
	}
}

func TestAuditReplay(t *testing.T) {
	r := newAudited(t)
	r.record(t, `{"command":"source.attribute","to":"`+r.source+`","payload":{"issuer":"`+r.party+`"}}`)
	replayed := func(args ...string) []map[string]any {
		return lines(t, ok(t, append([]string{"audit", "replay", "--json", "--data", r.data}, args...)...))
	}
	all := replayed()
	require.Len(t, all, count(t, r.data))
	// Each state begins as the one before it ended, and all together end at what is.
	t.Run("states_follow_each_other", func(t *testing.T) {
		state := map[string]map[string]any{}
		for i, e := range all {
			require.EqualValues(t, i, e["sequence"])
			stream := e["stream"].(string)
			if state[stream] == nil {
				state[stream] = map[string]any{}
			}
			for _, c := range e["changes"].([]any) {
				change := c.(map[string]any)
				field := change["field"].(string)
				require.Equal(t, state[stream][field], change["before"], "%s of %s", field, stream)
				state[stream][field] = change["after"]
			}
		}
		require.Equal(t, "open_for_signature", state[r.agreement]["phase"])
		require.Equal(t, "Intesa", state[r.agreement]["title.value"])
		require.Equal(t, "Pagina", state[r.source]["[1].description.titles[0].value"])
		require.Equal(t, r.party, state[r.source]["[3].issuer"])
	})
	t.Run("in_words", func(t *testing.T) {
		out := ok(t, "audit", "replay", "--stream", r.agreement, "--data", r.data)
		require.Contains(t, out, "memorandum.signed, revision 2 of "+r.agreement)
		require.Contains(t, out, "recorded by clerk, as recorded, occurred 2018-10")
		require.Contains(t, out, "known since 2019-01-01")
		require.Contains(t, out, "phase: - -> open_for_signature")
		require.Contains(t, out, "says: party: Ancona")
	})
	t.Run("a_correction_changes_the_fact_it_is_about", func(t *testing.T) {
		r.record(t, `{"command":"source.void","to":"`+r.source+`","payload":{"of":3,"reason":"mistake"}}`)
		last := replayed("--stream", r.source)
		for _, c := range last[len(last)-1]["changes"].([]any) {
			change := c.(map[string]any)
			if change["field"] == "[3].issuer" {
				require.Equal(t, r.party, change["before"])
				require.Nil(t, change["after"])
				return
			}
		}
		require.Fail(t, "the fact stays as it was", "%v", last[len(last)-1])
	})
	t.Run("chosen", func(t *testing.T) {
		require.Equal(t, all[:3], replayed("--until", "2"))
		require.Empty(t, replayed("--until", "2019-01-01T00:00:00Z"))
		require.Empty(t, replayed("--actor", "somebody"))
		require.Len(t, replayed("--type", "memorandum.signed", "--actor", "clerk"), 1)
		for _, e := range replayed("--stream", r.source[:15]) {
			require.Equal(t, r.source, e["stream"])
		}
		require.Len(t, replayed("--stream", r.source, "--type", "source.registered"), 1)
	})
	t.Run("no_name_of_a_person", func(t *testing.T) {
		p := personRecorded(t)
		require.NotContains(t, ok(t, "audit", "replay", "--data", p.data), nobodySurname)
		require.NotContains(t, ok(t, "audit", "replay", "--json", "--data", p.data), nobodySurname)
	})
	t.Run("wrong_use", func(t *testing.T) {
		for _, args := range [][]string{{"--type", "party.flown"}, {"--until", "soon"}, {"--as-of", "soon"}} {
			require.Equal(t, es.ErrInvalid.Exit(), entente(t, "", append([]string{"audit", "replay", "--data", r.data}, args...)...).code, args)
		}
	})
}
