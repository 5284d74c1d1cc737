package projections

import (
	"errors"
	"os"
	"syscall"
)

// openShared opens an existing file so that nobody can own it. It fails with
// errHeld if somebody does.
func openShared(path string) (*os.File, error) {
	return openLocked(path, syscall.GENERIC_READ, syscall.FILE_SHARE_READ, syscall.OPEN_EXISTING)
}

// openOwned opens path, made if need be, so that nobody else can open it. It
// fails with errHeld if anybody has it open.
func openOwned(path string) (*os.File, error) {
	return openLocked(path, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, syscall.OPEN_ALWAYS)
}

func openLocked(path string, access, sharing, creation uint32) (*os.File, error) {
	const sharingViolation = syscall.Errno(32)
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	h, err := syscall.CreateFile(name, access, sharing, nil, creation, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, sharingViolation) {
		return nil, errHeld
	}
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: path, Err: err}
	}
	return os.NewFile(uintptr(h), path), nil
}

// removeOwned gives up the file that f owns, and removes it. Who opens it in
// between finds no views beside it.
func removeOwned(f *os.File) error { return errors.Join(f.Close(), os.Remove(f.Name())) }

// unlock closes f and gives the lock up.
func unlock(f *os.File) error { return f.Close() }
