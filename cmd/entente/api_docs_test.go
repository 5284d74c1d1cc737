package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAPIPageQuestions asks what docs/api.md asks, of the demo's ledger.
func TestAPIPageQuestions(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "api.md"))
	require.NoError(t, err)
	s := serveLedger(t, demo(t))
	line := regexp.MustCompile(`(?m)^    \$ curl (?:-H '([^:]+): ([^']+)' |-o \S+ )?'?http://127\.0\.0\.1:8080(/v1/[^'\s]+)'?$`)
	asked := 0
	for _, m := range line.FindAllStringSubmatch(string(text), -1) {
		var h []string
		if m[1] != "" {
			h = []string{m[1], m[2]}
		}
		res, body := s.ask("GET", m[3], "", h...)
		require.Equal(t, 200, res.StatusCode, "%s: %s", m[3], body)
		require.Greater(t, len(body), 40, m[3])
		require.False(t, strings.HasPrefix(body, `{"items":[],`), "%s finds something", m[3])
		asked++
	}
	require.GreaterOrEqual(t, asked, 9)
	s.stop()
}
