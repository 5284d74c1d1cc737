package main

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
)

func TestExport(t *testing.T) {
	data := demo(t)
	t.Run("ndjson_can_be_checked_and_continued", func(t *testing.T) {
		for _, list := range [][]string{{"list"}, {"list", "parties"}, {"findings"}, {"log"}, {"history", "memorandum-f6"}, {"plan"}, {"roster", "Strong Cities Network"}} {
			out := ok(t, append([]string{"export", "--data", data}, list...)...)
			body, last, _ := strings.Cut(out[:len(out)-1], "\n{\"count\":")
			body += "\n"
			require.Equal(t, ok(t, append(list, "--json", "--data", data)...), body, list)
			sum := sha256.Sum256([]byte(body))
			require.Equal(t, fmt.Sprintf(`%d,"sha256":%q,"sequence":%d}`, strings.Count(body, "\n"), hex.EncodeToString(sum[:]), count(t, data)-1), last)
		}
		require.Empty(t, ok(t, "log", "--after", fmt.Sprint(count(t, data)-1), "--json", "--data", data), "nothing is between")
	})
	t.Run("what_is_recorded_meanwhile_is_left_out", func(t *testing.T) {
		before := ok(t, "export", "--data", data, "list", "--as-recorded", "30")
		require.Len(t, lines(t, before), 2, "one agreement, and the last line")
		require.Contains(t, before, "Ikoma_Ancona_Agreement")
		require.EqualValues(t, 30, lines(t, before)[1]["sequence"])
	})
	t.Run("json", func(t *testing.T) {
		var all []map[string]any
		require.NoError(t, json.Unmarshal([]byte(ok(t, "export", "--format", "json", "--data", data, "list")), &all))
		require.Len(t, all, 4)
		require.Equal(t, "[]\n", ok(t, "export", "--format", "json", "--data", data, "list", "--kind", "treaty"))
	})
	t.Run("csv_in_a_file", func(t *testing.T) {
		city := func(name string) {
			ok(t, "do", "--actor", "clerk", "--data", data, fmt.Sprintf(`{"command":"party.register","payload":{"kind":"municipality","name":{"lang":"en","value":%q}}}`, name))
		}
		city(`=HYPERLINK("http://x","y")`)
		city("-1+1")
		city("comma, \"quote\" and\nline")
		file := filepath.Join(t.TempDir(), "parties.csv")
		require.Empty(t, ok(t, "export", "--format", "csv", "-o", file, "--data", data, "list", "parties"))
		f, err := os.Open(file)
		require.NoError(t, err)
		records, err := csv.NewReader(f).ReadAll()
		require.NoError(t, err)
		require.NoError(t, f.Close())
		require.Equal(t, []string{"country", "id", "kind", "name", "visibility"}, records[0])
		require.Len(t, records, 1+len(lines(t, ok(t, "list", "parties", "--json", "--data", data))))
		var names []string
		for _, r := range records[1:] {
			names = append(names, r[3])
		}
		require.Contains(t, names, "生駒市")
		require.Contains(t, names, `'=HYPERLINK("http://x","y")`)
		require.Contains(t, names, "'-1+1")
		require.Contains(t, names, "comma, \"quote\" and\nline")
	})
	t.Run("calendar", func(t *testing.T) {
		s, _ := dated(t)
		s.do("memorandum.record_undertaking", lines(t, ok(t, "list", "--json", "--data", s.data))[0]["id"].(string),
			`{"key":"vague","by":{"id":"`+lines(t, ok(t, "list", "parties", "--json", "--data", s.data))[0]["id"].(string)+`"},"what":{"lang":"en","value":"Some day"},"due":"2019/2022"}`)
		r := entente(t, "", "export", "--format", "ics", "--data", s.data, "due", "--as-of", "2018-01-01", "--within", "3y")
		require.Zero(t, r.code, r.err)
		require.Contains(t, r.err, "1 left out")
		require.Equal(t, len(lines(t, ok(t, "due", "--as-of", "2018-01-01", "--within", "3y", "--json", "--data", s.data)))-1, strings.Count(r.out, "BEGIN:VEVENT"))
		require.Contains(t, r.out, "DTSTART;VALUE=DATE:20190331")
		require.Contains(t, r.out, "SUMMARY:undertaking: A report (Rivers)")
		again := entente(t, "", "export", "--format", "ics", "--data", s.data, "due", "--as-of", "2018-01-01", "--within", "3y")
		require.Equal(t, r.out, again.out, "the same feed")
		require.Contains(t, ok(t, "export", "--format", "ics", "--data", data, "due", "--within", "1d"), "END:VCALENDAR")
	})
	t.Run("wrong_input", func(t *testing.T) {
		dir := t.TempDir()
		file := filepath.Join(dir, "x.csv")
		for _, args := range [][]string{
			{},
			{"demo"},
			{"do", "{}"},
			{"--format", "xml", "list"},
			{"--format", "ics", "list"},
			{"--format", "geojson", "list"},
			{"--format", "geojson", "due"},
			{"--format", "prov", "log"},
			{"list", "--format"},
			{"list", "--phase", "asleep"},
			{"-o", file, "list", "--nonsense"},
			{"-o", filepath.Join(file, "none"), "list"},
		} {
			r := entente(t, "", append([]string{"export", "--data", data}, args...)...)
			require.Equal(t, es.ErrInvalid.Exit(), r.code, args)
		}
		left, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Empty(t, left, "no file is left half written")
	})
}
