//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package projections

import (
	"errors"
	"os"
	"syscall"
)

// openShared opens an existing file and locks it together with others (flock).
// It fails with errHeld if somebody owns it.
func openShared(path string) (*os.File, error) { return openLocked(path, os.O_RDONLY, syscall.LOCK_SH) }

// openOwned opens path, made if need be, and locks it for this process alone.
// It fails with errHeld if anybody else has it locked.
func openOwned(path string) (*os.File, error) {
	return openLocked(path, os.O_CREATE|os.O_RDWR, syscall.LOCK_EX)
}

func openLocked(path string, flags, how int) (*os.File, error) {
	f, err := os.OpenFile(path, flags, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = errHeld
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// removeOwned removes the file that f owns, and gives it up.
func removeOwned(f *os.File) error { return errors.Join(os.Remove(f.Name()), unlock(f)) }

// unlock closes f and gives the lock up, even if a process that is just being
// started has the file open too.
func unlock(f *os.File) error {
	return errors.Join(syscall.Flock(int(f.Fd()), syscall.LOCK_UN), f.Close())
}
