package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/cmd/entente/cases"
)

func TestDemo(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	first := ok(t, "demo", "--data", data)
	log := ok(t, "log", "--json", "--data", data)

	t.Run("readable_account", func(t *testing.T) {
		for _, part := range []string{
			"The register", "Ikoma_Ancona_Agreement", "Μνημόνιο Συνεργασίας", "生駒市",
			"The history of one agreement", "[..2019-11]", "claimed",
			"15 facts in", "perhaps 21 signed, of whom 14 are not named", "21 parties are counted as present, of whom 4 are not named",
			"The Strong Cities Network, as it was announced", "16 facts in", "number 25, kind approximate", "membership.only_claimed",
			"The Cities Summit of the Americas", "8 facts in", "activity.conflicting_announcements", "activity.uncertain_year",
			"A session of the World Urban Forum", "7 facts in", "source.defect",
		} {
			require.Contains(t, first, part)
		}
	})
	t.Run("again_records_nothing", func(t *testing.T) {
		second := ok(t, "demo", "--data", data)
		require.Contains(t, second, "0 new events")
		same(t, log, ok(t, "log", "--json", "--data", data), "after the second run")
		_, account, _ := strings.Cut(first, "\n")
		require.Contains(t, second, account)
	})
	t.Run("every_fact_is_an_event", func(t *testing.T) {
		facts := map[string]map[float64]bool{}
		for _, one := range lines(t, ok(t, "demo", "--json", "--data", data)) {
			source, isFact := one["case"].(string)
			if !isFact {
				continue
			}
			if facts[source] == nil {
				facts[source] = map[float64]bool{}
			}
			facts[source][one["fact"].(float64)] = true
			require.NotEmpty(t, one["type"])
		}
		total := 0
		for _, of := range facts {
			total += len(of)
		}
		require.Equal(t, 61, total)
		require.Len(t, facts, 5)
	})
	t.Run("one_party_by_two_names", func(t *testing.T) {
		list := ok(t, "list", "parties", "--json", "--data", data)
		require.Equal(t, 1, strings.Count(list, "Ιωαννιτών"))
		for _, p := range lines(t, list) {
			if p["name"].(map[string]any)["value"] == "Δήμος Ιωαννιτών" {
				shown := ok(t, "show", p["id"].(string), "--data", data)
				require.Contains(t, shown, "Ioánnina")
				require.Contains(t, shown, "Ιωαννιτών")
			}
		}
	})
	t.Run("findings_point_at_their_events", func(t *testing.T) {
		all := lines(t, ok(t, "findings", "--json", "--data", data))
		require.Greater(t, len(all), 20)
		events := lines(t, log)
		for _, f := range all {
			require.NotEmpty(t, f["events"], f)
			for _, e := range f["events"].([]any) {
				place := e.(map[string]any)
				require.Equal(t, events[int(place["sequence"].(float64))]["id"], place["id"])
			}
		}
	})
	t.Run("no_name_of_a_person_outside_the_vault", func(t *testing.T) {
		seed, err := cases.Seed()
		require.NoError(t, err)
		require.NotEmpty(t, seed)
		require.NoError(t, filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			require.NoError(t, err)
			for _, p := range seed {
				found := bytes.Contains(content, []byte(p.Name))
				require.Equal(t, d.Name() == "vault.db", found, "%s in %s", p.Name, path)
			}
			return nil
		}))
	})
	t.Run("shown_from_the_vault", func(t *testing.T) {
		seed, err := cases.Seed()
		require.NoError(t, err)
		var all strings.Builder
		for _, e := range lines(t, log) {
			if e["type"] == "person.registered" {
				all.WriteString(ok(t, "show", e["stream"].(string), "--data", data))
			}
		}
		for _, p := range seed {
			require.Contains(t, all.String(), p.Name)
		}
	})
}

// readersTold is what readers are told, without the times of recording.
func readersTold(t *testing.T, data string) string {
	t.Helper()
	var all strings.Builder
	for _, args := range [][]string{{"list"}, {"list", "parties"}, {"findings"}} {
		all.WriteString(ok(t, append(args, "--json", "--data", data)...))
	}
	for _, e := range lines(t, ok(t, "log", "--json", "--data", data))[1:] { // a ledger's own id is random
		all.WriteString(e["stream"].(string) + " " + e["type"].(string) + " " + e["id"].(string) + "\n")
	}
	return all.String()
}

// same fails with the first line in which two answers differ.
func same(t *testing.T, want, got, when string) {
	t.Helper()
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		require.Equal(t, w[i], g[i], when)
	}
	require.Len(t, g, len(w), when)
}

// A demo that is killed at any moment and run again ends as one that was not.
func TestDemoKilled(t *testing.T) {
	undisturbed := readersTold(t, demo(t))
	began := time.Now()
	require.NoError(t, program(t, "demo", "--data", filepath.Join(t.TempDir(), "data")).Run())
	whole := time.Since(began)
	for range 3 {
		data := filepath.Join(t.TempDir(), "data")
		killed := 0
		for range 50 {
			cmd := program(t, "demo", "--data", data)
			require.NoError(t, cmd.Start())
			timer := time.AfterFunc(time.Duration(rand.Int64N(int64(whole))), func() { _ = cmd.Process.Kill() })
			err := cmd.Wait()
			timer.Stop()
			if err == nil {
				break
			}
			killed++
		}
		ok(t, "demo", "--data", data)
		same(t, undisturbed, readersTold(t, data), fmt.Sprintf("after %d kills", killed))
	}
}

func TestRebuild(t *testing.T) {
	data := demo(t)
	read := func() string {
		var all strings.Builder
		all.WriteString(readersTold(t, data))
		for _, a := range lines(t, ok(t, "list", "--json", "--data", data)) {
			for _, c := range []string{"show", "history"} {
				all.WriteString(ok(t, c, a["id"].(string), "--data", data) + ok(t, c, a["id"].(string), "--json", "--data", data))
			}
		}
		return all.String()
	}
	before := read()
	require.Contains(t, ok(t, "rebuild", "--data", data), "made anew")
	same(t, before, read(), "after rebuild")
	require.NoError(t, os.RemoveAll(filepath.Join(data, "views")))
	same(t, before, read(), "after the views were deleted")
}
