package projectiontest

import (
	"flag"
	"strconv"
)

// Checks says on how many random worlds a property is checked, unless the
// command line does: n, and many times more in a long test. It is for TestMain.
func Checks(n int) error {
	if err := flag.Set("rapid.checks", strconv.Itoa(n*times)); err != nil {
		return err
	}
	flag.Parse() // the command line has the last word
	return nil
}
