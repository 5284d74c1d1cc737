package tlog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
)

// CheckpointStream is the system stream of the checkpoints of a ledger, in the
// order in which they were signed. What is appended there at its expected
// revision is the log; there is no other agreement between nodes.
const CheckpointStream = es.SystemPrefix + "checkpoint"

const (
	checkpointType   = "entente.checkpoint"
	checkpointSchema = 1
)

// kept is a checkpoint as it is stored.
type kept struct {
	Note string `json:"note"`
}

// record returns a checkpoint as it is stored. Its id follows from it.
func record(c Checkpoint) es.Record {
	data, err := json.Marshal(kept{string(c.Note)})
	if err != nil {
		panic(err) // a note is valid text
	}
	return es.Record{
		ID: uuid.NewSHA1(uuid.NameSpaceURL, c.Note), Type: checkpointType, Schema: checkpointSchema, Data: data, Meta: []byte("{}"),
	}
}

// KeptCheckpoint reads a checkpoint as it is kept in [CheckpointStream]. It fails
// with [es.ErrCorrupt] if it is none of that log.
func KeptCheckpoint(r es.Record, keys Verifier) (Checkpoint, error) {
	var k kept
	if r.Type != checkpointType || r.Schema != checkpointSchema {
		return Checkpoint{}, alarm("tlog.bad_kept", fmt.Sprintf("record %d of %s is a %s of schema %d", r.Revision, CheckpointStream, r.Type, r.Schema))
	}
	err := json.Unmarshal(r.Data, &k, json.RejectUnknownMembers(true))
	if err == nil {
		var c Checkpoint
		if c, err = keys.Checkpoint([]byte(k.Note)); err == nil {
			return c, nil
		}
	}
	return Checkpoint{}, alarm("tlog.bad_kept", fmt.Sprintf("checkpoint %d in the store: %v", r.Revision, err))
}

// cursor is where the log is in the store: of use to begin fast, and checked
// against the store, so that nothing rests on it.
type cursor struct {
	Size     int64       `json:"size"`
	Revision es.Revision `json:"revision"` // of the stream of checkpoints
	Bundle   es.Position `json:"bundle"`   // after which the first event of the last bundle is
}

const cursorFile = ".cursor"

// cursor reads the cursor, the zero one if there is none or it is damaged.
func (d Dir) cursor() (cursor, error) {
	text, err := os.ReadFile(filepath.Join(string(d), cursorFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cursor{}, fmt.Errorf("read the cursor of the log: %w", err)
	}
	var c cursor
	if err != nil || json.Unmarshal(text, &c) != nil {
		return cursor{}, nil
	}
	return c, nil
}

// HasTiles reports whether there is anything of a log in the folder.
func (d Dir) HasTiles() bool {
	_, err := os.Stat(filepath.Join(string(d), "tile"))
	return err == nil
}

// entries returns the entries of a bundle.
func (d Dir) entries(t tile) ([][]byte, error) {
	data, err := d.read(t)
	if err != nil {
		return nil, err
	}
	return splitBundle(data, t.width)
}

// publish shows the last checkpoint to whoever reads the folder.
func (s *Sealer) publish() error {
	if err := s.publishKey(); err != nil {
		return err
	}
	if err := s.cfg.Dir.replace(filepath.Join(string(s.cfg.Dir), checkpointFile), s.sealed.Note); err != nil {
		return fmt.Errorf("publish the checkpoint: %w", err)
	}
	text, err := json.Marshal(cursor{s.sealed.Tree.N, s.revision, s.bundle})
	if err == nil {
		err = s.cfg.Dir.replace(filepath.Join(string(s.cfg.Dir), cursorFile), text)
	}
	if err != nil {
		return fmt.Errorf("keep the cursor of the log: %w", err)
	}
	s.shown = s.sealed.Tree.N
	return nil
}
