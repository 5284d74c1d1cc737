//go:build unix && !solaris && !aix

package documents

import (
	"errors"
	"os"
	"syscall"
)

// How a folder is locked: by many who put, or by one who cleans.
const (
	shared = syscall.LOCK_SH
	alone  = syscall.LOCK_EX | syscall.LOCK_NB
)

// lock locks a folder, or reports that somebody else has it, if how does not
// wait. The lock ends with unlock or with the process.
func lock(dir string, how int) (unlock func(), ok bool, err error) {
	d, err := os.Open(dir)
	if err != nil {
		return nil, false, err
	}
	for {
		err = syscall.Flock(int(d.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err == nil {
		return func() { _ = errors.Join(syscall.Flock(int(d.Fd()), syscall.LOCK_UN), d.Close()) }, true, nil
	}
	_ = d.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, false, nil
	}
	return nil, false, os.NewSyscallError("flock", err)
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if closeErr := d.Close(); err == nil {
		err = closeErr
	}
	return err
}
