package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/intake"
)

var examples = filepath.Join("..", "..", "examples")

// importExample imports a table of the examples by its mapping.
func importExample(t *testing.T, name, data string, more ...string) map[string]any {
	t.Helper()
	args := []string{"import", filepath.Join(examples, name+".csv"), "--mapping", filepath.Join(examples, name+".yaml"), "--json", "--actor", "clerk", "--data", data}
	return lines(t, ok(t, append(args, more...)...))[0]
}

// TestImportExamples imports what a newcomer tries first, and looks at what the
// ledger shows of it.
func TestImportExamples(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	t.Run("twinnings", func(t *testing.T) {
		out := importExample(t, "twinning", data)
		require.InDelta(t, 24, out["recorded"], 0)
		list := ok(t, "list", "--as-of", "2026-11-22", "--data", data)
		require.Equal(t, 25, strings.Count(list, "\n"))
		for _, row := range []string{
			`Monteluna and Brennfurt +in_force +1965-05-17 +Monteluna, Brennfurt`,
			`Monteluna and Nowy Zdrojek +in_force +1981~`,
			`Monteluna and Lindeholm +expired +1996-11-11`,
			`Monteluna and Velenograd +suspended +1991`,
			`Monteluna and Νέα Καλλιρόη +in_force +1984-06-03`,
			`Monteluna and مدينة النخيل الجديدة +in_force +1994-07-14`,
		} {
			require.Regexp(t, row, list)
		}
		require.Regexp(t, `and Lindeholm +in_force`, ok(t, "list", "--as-of", "2016-12-31", "--data", data))
		require.Regexp(t, `and Cerro Azul +expired`, ok(t, "list", "--as-of", "2030-01-01", "--data", data), "what was agreed ends by itself")
		require.Regexp(t, `and Brennfurt +in_force`, ok(t, "list", "--as-of", "2500", "--data", data), "no end was agreed")
	})
	t.Run("members", func(t *testing.T) {
		out := importExample(t, "members", data)
		require.InDelta(t, 22, out["recorded"], 0)
		roster := ok(t, "roster", "Rete delle Città del Sale", "--as-of", "2026-11-22", "--data", data)
		require.Contains(t, roster, "19 members\n")
		require.Regexp(t, `Salina Grande +fondatore +active +2004-03-12`, roster)
		require.Regexp(t, `Turda Veche +ordinario +suspended +2018-05-14`, roster)
		require.Contains(t, roster, "no longer members: Bad Hallstein (withdrawn, 2013-12-31)")
		require.Regexp(t, `not members yet: .*Droitwater \(applied`, roster)
		require.Contains(t, ok(t, "search", "new alyki", "--data", data), "Νέα Αλυκή", "by its other name")
	})
	t.Run("nothing_to_look_at_but_the_registers", func(t *testing.T) {
		for _, finding := range lines(t, ok(t, "findings", "--json", "--data", data)) {
			require.Contains(t, []any{"source.undated", "source.no_issuer"}, finding["code"])
		}
	})
	t.Run("again_records_nothing", func(t *testing.T) {
		events := count(t, data)
		for _, name := range []string{"twinning", "members"} {
			require.InDelta(t, 0, importExample(t, name, data)["recorded"], 0)
		}
		require.Equal(t, events, count(t, data))
	})
	t.Run("every_mapping_is_read", func(t *testing.T) {
		all, err := filepath.Glob(filepath.Join(examples, "*.yaml"))
		require.NoError(t, err)
		require.Len(t, all, 3)
		for _, path := range all {
			_, err := intake.ReadMapping(path)
			require.NoError(t, err, path)
		}
	})
}

// participations is a table of a kind of which the examples have only the
// mapping.
const participations = `Contracting Party;Treaty;Signature Date;Instrument Type;Instrument Date;Entry Into Force Date
Atlantis;Seafaring;1990-05-17;Ratification;1991-01-01;1991-04-01
Utopia;Seafaring;1990-05-17;;;
Utopia;Islands;;Accession;2001;2001
Ruritania;Islands;2000-02-29;Ratification;2000-12-31;2001
`

func TestImportPropose(t *testing.T) {
	dir := t.TempDir()
	third := filepath.Join(dir, "participations.csv")
	require.NoError(t, os.WriteFile(third, []byte(participations), 0o600))
	for _, one := range []struct {
		path string
		rows int
	}{
		{filepath.Join(examples, "twinning.csv"), 24},
		{filepath.Join(examples, "members.csv"), 22},
		{third, 4},
	} {
		t.Run(filepath.Base(one.path)+"_imports_as_drafted", func(t *testing.T) {
			data := filepath.Join(t.TempDir(), "data")
			draft := ok(t, "import", "--propose", one.path, "--data", data)
			require.NoDirExists(t, data, "it needs no ledger")
			mapping := filepath.Join(t.TempDir(), "draft.yaml")
			require.NoError(t, os.WriteFile(mapping, []byte(draft), 0o600))
			out := lines(t, ok(t, "import", one.path, "--mapping", mapping, "--dry-run", "--json", "--actor", "clerk", "--data", data))[0]
			require.InDelta(t, one.rows, out["recorded"], 0)
		})
	}
	t.Run("in_another_encoding", func(t *testing.T) {
		path := filepath.Join(dir, "greek.csv")
		require.NoError(t, os.WriteFile(path, []byte("\xd0\xfc\xeb\xe7;\xd7\xfe\xf1\xe1\n\xd0\xdc\xf4\xf1\xe1;GR\n"), 0o600)) // Πόλη;Χώρα, Πάτρα;GR
		out := ok(t, "import", "--propose", path, "--encoding", "windows-1253")
		require.Contains(t, out, "file: {encoding: windows-1253}")
		require.Contains(t, out, "country: {column: Χώρα}")
		r := entente(t, "", "import", "--propose", path)
		require.Equal(t, es.ErrInvalid.Exit(), r.code)
		require.Contains(t, r.err, "the encoding in which the file was saved")
	})
	for name, one := range map[string]struct {
		args []string
		exit int
		says string
	}{
		"no_such_file":        {[]string{"--propose", filepath.Join(dir, "none.csv")}, es.ErrNotFound.Exit(), "tabular.unknown_file"},
		"a_folder":            {[]string{"--propose", dir, "--encoding", "utf-8"}, es.ErrInvalid.Exit(), "tabular.unknown_format"},
		"no_file":             {[]string{"--propose"}, es.ErrInvalid.Exit(), "cli.usage"},
		"with_a_mapping":      {[]string{"--propose", third, "--mapping", "m.yaml"}, es.ErrInvalid.Exit(), "does not go with --mapping"},
		"with_a_dry_run":      {[]string{"--propose", third, "--dry-run"}, es.ErrInvalid.Exit(), "does not go with --dry-run"},
		"as_json":             {[]string{"--propose", third, "--json"}, es.ErrInvalid.Exit(), "does not go with --json"},
		"unknown_encoding":    {[]string{"--propose", third, "--encoding", "klingon"}, es.ErrInvalid.Exit(), "tabular.bad_encoding"},
		"encoding_of_imports": {[]string{third, "--mapping", "m.yaml", "--encoding", "utf-8"}, es.ErrInvalid.Exit(), "--encoding goes with --propose"},
		"neither":             {[]string{third}, es.ErrInvalid.Exit(), "entente import --propose FILE"},
	} {
		t.Run(name, func(t *testing.T) {
			r := entente(t, "", append([]string{"import"}, one.args...)...)
			require.Equal(t, one.exit, r.code, r.err)
			require.Contains(t, r.err, one.says)
			require.Empty(t, r.out)
		})
	}
}

// A row that cannot be read is still a row: what it is about is not gone.
func TestImportRefusedIsNotGone(t *testing.T) {
	data, dir := filepath.Join(t.TempDir(), "data"), t.TempDir()
	importExample(t, "members", data, "--snapshot", "2026-03-31")
	members, err := os.ReadFile(filepath.Join(examples, "members.csv"))
	require.NoError(t, err)
	without := strings.Replace(string(members), "RCS-012;Solanka;;PL;attivo;2009;ordinario\n", "", 1)
	later := func(name, table string) map[string]any {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(table), 0o600))
		return lines(t, entente(t, "", "import", path, "--mapping", filepath.Join(examples, "members.yaml"), "--snapshot", "2026-06-30",
			"--json", "--actor", "clerk", "--data", data).out)[0]
	}
	out := later("refused.csv", strings.Replace(without, "Droitwater;;GB;candidato", "Droitwater;;GB;boh", 1))
	require.InDelta(t, 1, out["refused"], 0)
	require.InDelta(t, 0, out["entriesRemoved"], 0)
	out = later("corrected.csv", without)
	require.InDelta(t, 0, out["refused"], 0)
	require.InDelta(t, 1, out["entriesRemoved"], 0, "of Solanka")
}

// A party of no kind cannot be recorded: its row is refused, the others are not.
func TestImportNoKind(t *testing.T) {
	dir := t.TempDir()
	table, mapping := filepath.Join(dir, "t.csv"), filepath.Join(dir, "m.yaml")
	require.NoError(t, os.WriteFile(table, []byte("City;Kind\nJesi;municipality\nGraz;\n"), 0o600))
	require.NoError(t, os.WriteFile(mapping, []byte(
		"register: {key: a, titles: [{lang: en, value: A}]}\ntables: [{row: party, party: {name: {column: City}, kind: {column: Kind}}}]\n",
	), 0o600))
	r := entente(t, "", "import", table, "--mapping", mapping, "--actor", "clerk", "--data", filepath.Join(dir, "data"))
	require.Equal(t, es.ErrInvalid.Exit(), r.code)
	require.Contains(t, r.out, "row 3, Kind: import.no_kind")
	require.Contains(t, r.out, "1 recorded")
}
