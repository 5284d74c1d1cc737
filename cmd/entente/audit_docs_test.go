package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAuditPage runs the commands of docs/audit.md, in their order, on the
// demo's ledger.
func TestAuditPage(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "audit.md"))
	require.NoError(t, err)
	data := demo(t)
	key, err := os.ReadFile(filepath.Join(data, "tlog", "log.vkey"))
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("log.vkey", key, 0o600))
	ran := 0
	for _, command := range regexp.MustCompile(`(?m)^    \$ entente (.*)$`).FindAllStringSubmatch(string(text), -1) {
		args := strings.Fields(command[1])
		if args[1] != "check" { // which needs no ledger
			args = append(args, "--data", data)
		}
		r := entente(t, "", args...)
		require.Zero(t, r.code, "%s: %s", command[1], r.err)
		ran++
	}
	require.GreaterOrEqual(t, ran, 7)
}

// TestAuditPageNamesFailures checks that what an auditor may be told is explained.
func TestAuditPageNamesFailures(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "audit.md"))
	require.NoError(t, err)
	met := 0
	for pattern, code := range map[string]*regexp.Regexp{
		"audit/*.go":        regexp.MustCompile(`"(audit\.[a-z_]+)"`),
		"audit/bundle/*.go": regexp.MustCompile(`"((?:audit|tlog|document)\.[a-z_]+)"`),
		"tlog/*.go":         regexp.MustCompile(`alarm\("(tlog\.[a-z_]+)"`),
	} {
		files, err := filepath.Glob(filepath.Join("..", "..", "infra", pattern))
		require.NoError(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			content, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, match := range code.FindAllStringSubmatch(string(content), -1) {
				require.Contains(t, string(text), "`"+match[1]+"`", file)
				met++
			}
		}
	}
	require.Greater(t, met, 30)
}

// Evidence is made of a ledger that is there, and makes none.
func TestAuditOfNothing(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	for _, args := range [][]string{{"bundle", "x", "-o", "x"}, {"bundle", "--all", "-o", "x"}, {"replay"}} {
		r := entente(t, "", append(append([]string{"audit"}, args...), "--data", data)...)
		require.Contains(t, r.err, "there is no ledger in "+data)
		require.NoDirExists(t, data)
	}
}
