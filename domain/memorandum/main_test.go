package memorandum_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain tries the laws more often than rapid does by itself.
func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "300")
	flag.Parse()
	os.Exit(m.Run())
}
