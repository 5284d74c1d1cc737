package tlog

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	formats "github.com/transparency-dev/formats/log"
)

// published returns what the published checkpoint says, without verifying it:
// size 0 if there is none.
func (d Dir) published() (formats.Checkpoint, error) {
	text, err := os.ReadFile(filepath.Join(string(d), checkpointFile))
	if errors.Is(err, fs.ErrNotExist) {
		return formats.Checkpoint{}, nil
	}
	if err != nil {
		return formats.Checkpoint{}, fmt.Errorf("read the published checkpoint: %w", err)
	}
	var c formats.Checkpoint
	body, _, _ := bytes.Cut(text, []byte("\n\n"))
	if _, err := c.Unmarshal(append(bytes.Clone(body), '\n')); err != nil {
		return formats.Checkpoint{}, alarm("tlog.bad_published", "the checkpoint in the folder of the log: "+err.Error())
	}
	return c, nil
}
