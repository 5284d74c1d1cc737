package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReadme runs the commands of the README on the demo's ledger.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	require.NoError(t, err)
	data := demo(t)
	t.Chdir(filepath.Join("..", "..")) // where a reader is
	ran := 0
	for _, command := range regexp.MustCompile(`(?m)^\$ \./entente ([^'\n]*(?:'[^']*')?)`).FindAllStringSubmatch(string(text), -1) {
		line, _, _ := strings.Cut(command[1], "  #")
		if strings.Contains(line, "--follow") || strings.Contains(line, "many-commands.ndjson") {
			continue // these wait for somebody, or for a file of one's own
		}
		t.Run(line[:min(40, len(line))], func(t *testing.T) {
			plain, quoted, _ := strings.Cut(line, "'")
			args := strings.Fields(plain)
			if quoted != "" {
				args = append(args, strings.TrimSuffix(strings.TrimSpace(quoted), "'"))
			}
			require.NotEmpty(t, ok(t, append(args, "--data", data)...))
		})
		ran++
	}
	require.GreaterOrEqual(t, ran, 7)
}
