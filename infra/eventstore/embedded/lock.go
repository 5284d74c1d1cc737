package embedded

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/entente-ledger/entente/domain/es"
)

// holder is the content of the lock file: the process that owns the folder.
type holder struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Since time.Time `json:"since"`
}

// errHeld is the answer of the operating system that another open file holds
// the lock.
var errHeld = errors.New("lock is held")

// lockFolder makes this process the owner of dir until the file is closed,
// which the operating system does when the process ends. It fails with
// [es.ErrConflict] if dir has an owner.
func lockFolder(dir string) (*os.File, error) {
	path := filepath.Join(dir, "lock")
	f, err := openLocked(path)
	if errors.Is(err, errHeld) {
		return nil, lockedError(dir, path)
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	host, _ := os.Hostname() // an unknown host is recorded as ""
	me, err := json.Marshal(holder{PID: os.Getpid(), Host: host, Since: time.Now().UTC().Truncate(time.Second)})
	if err == nil {
		err = f.Truncate(0)
	}
	if err == nil {
		_, err = f.WriteAt(append(me, '\n'), 0)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), unlock(f))
	}
	return f, nil
}

func lockedError(dir, path string) error {
	who := "another process"
	var h holder
	if text, err := os.ReadFile(path); err == nil && json.Unmarshal(text, &h) == nil {
		who = fmt.Sprintf("process %d on %s since %s", h.PID, h.Host, h.Since.Format(time.RFC3339))
	}
	return &es.Error{
		Kind: es.ErrConflict, Code: "store.locked",
		Message: fmt.Sprintf("the data folder %s is in use by %s", dir, who),
		Want:    "one writing process at a time; others may open it read-only",
	}
}
