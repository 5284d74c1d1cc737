package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"mime"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/documents"
	"github.com/entente-ledger/entente/infra/vault"
	"github.com/entente-ledger/entente/projections/history"
)

// What belongs to a ledger but is outside of its log: the data of natural
// persons in the vault, and files in documents/.

// persons opens the vault, and has it forget whoever the log says is erased.
func (l *opened) persons(ctx context.Context) (*vault.Vault, error) {
	if l.vault != nil {
		return l.vault, nil
	}
	if err := l.catchUp(ctx); err != nil {
		return nil, err
	}
	var err error
	l.vault, err = vault.Open(ctx, filepath.Join(l.app.data, "vault.db"), l.erased(ctx), vault.Options{})
	return l.vault, err
}

// erased yields the persons that the log says are erased.
func (l *opened) erased(ctx context.Context) iter.Seq2[uuid.UUID, error] {
	return func(yield func(uuid.UUID, error) bool) {
		err := l.read(ctx, func(conn *sqlite.Conn) error {
			log := history.Log{Conn: conn, Store: l.Store()}
			for from := uint64(0); ; {
				lines, err := log.Type(ctx, "person.erased", from, 0)
				if err != nil || len(lines) == 0 {
					return err
				}
				for _, one := range lines {
					_, id, err := es.ParseStream(one.Stream)
					if err != nil || !yield(id, nil) {
						return err
					}
					from = one.Sequence + 1
				}
			}
		})
		if err != nil {
			yield(uuid.Nil, err)
		}
	}
}

// person returns the name of [opened.natural].
func (l *opened) person(ctx context.Context, id string) (string, error) {
	kept, err := l.natural(ctx, id)
	return kept.Name, err
}

// natural returns what the vault keeps of a natural person: instead of the name
// "erased" if it was erased, nothing of anything but a person.
func (l *opened) natural(ctx context.Context, id string) (natural, error) {
	kind, person, err := es.ParseStream(id)
	if err != nil || kind != "person" {
		return natural{}, err
	}
	v, err := l.persons(ctx)
	if err != nil {
		return natural{}, err
	}
	e, err := v.Get(ctx, person)
	var gone *es.Error
	if errors.As(err, &gone) && gone.Kind == es.ErrNotFound {
		if gone.Code == vault.CodeErased {
			return natural{Name: "erased"}, nil
		}
		return natural{Name: "not in the vault"}, nil
	}
	return natural(e), err
}

// commit puts a person into the vault and the commitment to it into the
// command that registers the person.
func (l *opened) commit(ctx context.Context, cmd es.Command, e vault.Entry) ([]byte, error) {
	if cmd.Name != "person.register" || cmd.Stream != "" {
		return nil, es.Invalid("cli.bad_vault", cmd.Name+" keeps nothing in the vault", "vault with person.register only").At("/vault")
	}
	v, err := l.persons(ctx)
	if err != nil {
		return nil, err
	}
	_, id, err := es.ParseStream(es.NewStream("person", cmd.ID))
	if err != nil {
		return nil, err
	}
	payload, err := merged(cmd.Payload, map[string]any{"commitment": vault.Commitment{}})
	if err != nil || cmd.DryRun {
		return payload, err
	}
	if err := l.probe(ctx, cmd, payload); err != nil {
		return nil, err
	}
	commitment, err := v.Put(ctx, id, e)
	if err != nil {
		return nil, err
	}
	return merged(cmd.Payload, map[string]any{"commitment": commitment})
}

// probe fails if the ledger would not record cmd with a payload, so that
// nothing is put anywhere for a command that fails. That the command was given
// before is no failure: it differs in what only the vault knows.
func (l *opened) probe(ctx context.Context, cmd es.Command, payload []byte) error {
	cmd.DryRun, cmd.Payload = true, payload
	if _, err := l.Do(ctx, cmd); !errors.Is(err, es.ErrReused) {
		return err
	}
	return nil
}

// attach puts a file into documents/, and what tells it from others into the
// command that is about it.
func (l *opened) attach(ctx context.Context, cmd es.Command, path string) ([]byte, error) {
	hash, size, err := hashOf(path)
	if err != nil {
		return nil, err
	}
	members, err := aboutFile(cmd.Name, path, hash, size)
	if err != nil {
		return nil, err
	}
	payload, err := merged(cmd.Payload, members)
	if err != nil || cmd.DryRun {
		return payload, err
	}
	if err := l.probe(ctx, cmd, payload); err != nil {
		return nil, err
	}
	return payload, l.keep(ctx, path, hash)
}

// aboutFile returns what a command says of the file that it is about.
func aboutFile(command, path string, hash documents.Hash, size int64) (map[string]any, error) {
	name := filepath.Base(path)
	switch command {
	case "source.attach_file":
		media := cmp.Or(mime.TypeByExtension(filepath.Ext(name)), "application/octet-stream")
		return map[string]any{"file": map[string]any{"name": name, "mediaType": media, "size": size, "hash": hash}}, nil
	case "memorandum.add_text":
		return map[string]any{"sha256": hash, "name": name}, nil
	case "memorandum.correct_text":
		return map[string]any{"sha256": hash}, nil
	}
	return nil, es.Invalid("cli.bad_file", command+" is about no file",
		"file with source.attach_file, memorandum.add_text or memorandum.correct_text only").At("/file")
}

// hashOf returns the hash and the size of a file.
func hashOf(path string) (hash documents.Hash, size int64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return hash, 0, es.Invalid("cli.bad_file", err.Error(), "the path of a file").At("/file")
	}
	h := sha256.New()
	size, err = io.Copy(h, f)
	if err := errors.Join(err, f.Close()); err != nil {
		return hash, 0, fmt.Errorf("read the file: %w", err)
	}
	return documents.Hash(h.Sum(nil)), size, nil
}

// keep puts a file with a known hash into documents/.
func (l *opened) keep(ctx context.Context, path string, hash documents.Hash) error {
	folder, err := documents.Open(filepath.Join(l.app.data, "documents"), documents.Options{})
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	kept, _, err := folder.Put(ctx, f)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if kept != hash {
		return &es.Error{Kind: es.ErrConflict, Code: "cli.file_changed", Message: path + " was changed while it was read", Want: "a file that stays as it is"}
	}
	return nil
}

// merged returns a JSON object with members set; the others stay as written.
func merged(payload []byte, members map[string]any) ([]byte, error) {
	object := map[string]jsontext.Value{}
	if err := json.Unmarshal(payload, &object); err != nil {
		return nil, es.Invalid("cli.bad_json", fmt.Sprintf("the payload is no JSON object: %v", err), "a JSON object").At("/payload")
	}
	for name, v := range members {
		text, err := json.Marshal(v, json.Deterministic(true))
		if err != nil {
			return nil, fmt.Errorf("set %s: %w", name, err)
		}
		object[name] = text
	}
	return json.Marshal(object, json.Deterministic(true))
}
