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

// TestReadmeOverHTTP asks the service of the demo what the README asks it, and
// compares the answers with those that are printed there.
func TestReadmeOverHTTP(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	require.NoError(t, err)
	s := startServing(t, "demo", "--serve", "--json", "--listen", "127.0.0.1:0", "--data", filepath.Join(t.TempDir(), "data"))
	ran := 0
	for _, one := range regexp.MustCompile("(?m)^\\$ curl (.*)\n((?:[^$`\n].*\n)+)").FindAllStringSubmatch(string(text), -1) {
		method, path, body, header := curled(t, one[1])
		_, answer := s.ask(method, path, body, header...)
		require.Equal(t, one[2], strings.TrimSuffix(answer, "\n")+"\n", one[1])
		ran++
	}
	require.GreaterOrEqual(t, ran, 4)
	s.stop()
}

// curled reads the arguments of curl, as far as the README needs them: quotes, -H
// and -d.
func curled(t *testing.T, line string) (method, path, body string, header []string) {
	t.Helper()
	var words []string
	for _, m := range regexp.MustCompile(`'([^']*)'|(\S+)`).FindAllStringSubmatch(line, -1) {
		words = append(words, m[1]+m[2])
	}
	method = "GET"
	for i := 0; i < len(words); i++ {
		switch word := words[i]; word {
		case "-H":
			i++
			name, value, _ := strings.Cut(words[i], ": ")
			header = append(header, name, value)
		case "-d":
			i++
			method, body = "POST", words[i]
		default:
			var here bool
			path, here = strings.CutPrefix(word, "http://127.0.0.1:8080")
			require.True(t, here, "%s is where the demo is served", word)
		}
	}
	return method, path, body, header
}
