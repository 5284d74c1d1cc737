//go:build !unix || solaris || aix

package documents

const (
	shared = iota
	alone
)

// lock does nothing where folders cannot be locked: if one process opens the
// folder while another receives a document, one of the two fails, and what was
// put before is safe.
func lock(string, int) (unlock func(), ok bool, err error) { return func() {}, true, nil }

// syncDir does nothing where folders cannot be synced.
func syncDir(string) error { return nil }
