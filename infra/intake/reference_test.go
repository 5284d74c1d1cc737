package intake_test

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/infra/intake"
)

// page returns docs/import.md, and its sections by their headings.
func page(t *testing.T) (text string, sections map[string]string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "docs", "import.md"))
	require.NoError(t, err)
	sections = map[string]string{}
	for _, part := range regexp.MustCompile(`(?m)^#+ `).Split(string(data), -1) {
		heading, body, _ := strings.Cut(part, "\n")
		sections[heading] = body
	}
	return string(data), sections
}

// members are the names that a struct has in YAML, those of embedded ones left
// out, and the structs of this package that it leads to.
func members(s reflect.Type) (names []string, next []reflect.Type) {
	for f := range s.Fields() {
		tag := f.Tag.Get("yaml")
		if tag != ",inline" && tag != "" {
			names = append(names, tag)
		}
		in := f.Type
		for in.Kind() == reflect.Slice || in.Kind() == reflect.Pointer || in.Kind() == reflect.Map {
			in = in.Elem()
		}
		if in.Kind() == reflect.Struct && in.PkgPath() == s.PkgPath() {
			next = append(next, in)
		}
	}
	return names, next
}

// The reference of the mapping has every member, and no other.
func TestPageHasEveryMember(t *testing.T) {
	_, sections := page(t)
	seen := map[reflect.Type]bool{}
	all := []reflect.Type{reflect.TypeFor[intake.Mapping]()}
	for len(all) > 0 {
		one := all[0]
		all = all[1:]
		if seen[one] {
			continue
		}
		seen[one] = true
		names, next := members(one)
		all = append(all, next...)
		heading := one.Name()
		if heading == "Dates" {
			heading = "Dates members" // beside the section on what is read as a date
		}
		t.Run(one.Name(), func(t *testing.T) {
			require.Contains(t, sections, heading)
			var listed []string
			for _, m := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\|").FindAllStringSubmatch(sections[heading], -1) {
				listed = append(listed, m[1])
			}
			require.Equal(t, names, listed)
		})
	}
	require.Len(t, seen, 16)
}

// The reference has every word of the ledger that a mapping can need.
func TestPageHasEveryWord(t *testing.T) {
	_, sections := page(t)
	for heading, words := range map[string][]string{
		"Agreement":  slices.Concat(memorandum.Kind("").Words(), memorandum.Phase("").Words()),
		"Part":       memorandum.Part("").Words(),
		"Act":        memorandum.Means("").Words(),
		"Membership": slices.Concat(membership.Standing("").Words(), membership.Class("").Words()),
		"Party":      party.Scheme("").Words(),
		"Name":       party.Use("").Words(),
	} {
		for _, word := range words {
			require.Contains(t, sections[heading], word, heading)
		}
	}
}

// Every code of an import is on the page, with what to do.
func TestPageHasEveryCode(t *testing.T) {
	text, _ := page(t)
	codes := map[string]bool{}
	for _, folder := range []string{".", filepath.Join("..", "..", "cmd", "entente")} {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		require.NoError(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, m := range regexp.MustCompile(`"(import\.[a-z_]+)"`).FindAllStringSubmatch(string(data), -1) {
				codes[m[1]] = true
			}
		}
	}
	listed := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^\| (import\.[a-z_]+) \| .`).FindAllStringSubmatch(text, -1) {
		listed[m[1]] = true
	}
	require.Equal(t, slices.Sorted(maps.Keys(codes)), slices.Sorted(maps.Keys(listed)))
	require.Greater(t, len(codes), 20)
}
