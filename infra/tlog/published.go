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

// Published returns the checkpoint in the folder, signatures and all. It fails with
// [fs.ErrNotExist] if there is none.
func (d Dir) Published() ([]byte, error) { return d.file(checkpointFile) }

// PublishedKey returns the public key in the folder, as Published does.
func (d Dir) PublishedKey() ([]byte, error) { return d.file(keyFile) }

// PublishedChain returns the keys that the log has had, see [ParseChain], as
// Published does.
func (d Dir) PublishedChain() ([]byte, error) { return d.file(chainFile) }

func (d Dir) file(name string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(string(d), name))
	if err != nil {
		return nil, fmt.Errorf("read the %s of the log: %w", name, err)
	}
	return text, nil
}

// published returns what the published checkpoint says, without verifying it:
// size 0 if there is none.
func (d Dir) published() (formats.Checkpoint, error) {
	text, err := d.Published()
	if errors.Is(err, fs.ErrNotExist) {
		return formats.Checkpoint{}, nil
	}
	if err != nil {
		return formats.Checkpoint{}, err
	}
	var c formats.Checkpoint
	body, _, _ := bytes.Cut(text, []byte("\n\n"))
	if _, err := c.Unmarshal(append(bytes.Clone(body), '\n')); err != nil {
		return formats.Checkpoint{}, alarm("tlog.bad_published", "the checkpoint in the folder of the log: "+err.Error())
	}
	return c, nil
}
