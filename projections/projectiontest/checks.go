package projectiontest

import "flag"

// Checks says how many random worlds a property is checked on, unless the
// command line does. It is for TestMain.
func Checks(n string) error {
	if err := flag.Set("rapid.checks", n); err != nil {
		return err
	}
	flag.Parse() // the command line has the last word
	return nil
}
