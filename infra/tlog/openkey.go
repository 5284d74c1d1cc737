package tlog

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/entente-ledger/entente/domain/es"
)

// nextSuffix ends the name of the file of a key that is about to be stated, or
// was just now.
const nextSuffix = ".next"

// OpenKey reads the key of a ledger's log, with all that is stated of it. Origin
// is the name of the first log; path is the file of the private key, which it
// makes, as [LoadKey] does, if nothing is stated and there is none.
//
// It fails with [es.ErrCorrupt] if the key was changed without a statement
// (tlog.key_unstated), or if the folder shows statements that the store lacks
// (tlog.store_behind) or contradicts (tlog.keys_differ).
//
// A key is changed in this order: the new pair is written beside the old one,
// in log.key.next; the statement is appended in the store, which is what changes
// the key; log.key.next becomes log.key; the folder of a log that is succeeded is
// renamed; the statement is shown in the folder. Cut short before the statement,
// nothing has changed, and the next change takes the pair that is there. Cut
// short after it, OpenKey does the rest but for the last, which [Open] does.
func OpenKey(ctx context.Context, store es.Store, path, origin string, dir Dir) (Key, error) {
	c, err := stated(ctx, store)
	if err != nil {
		return Key{}, err
	}
	if len(c.Logs) == 0 {
		if text, err := dir.publishedChain(); err != nil || bytes.Contains(text, []byte("\n\n")) {
			return Key{}, cmp.Or(err, behind("statements of keys were published, and the store has none"))
		}
		k, err := LoadKey(path, origin)
		if err != nil {
			return Key{}, err
		}
		k.Chain = Chain{Logs: []Log{{Keys: k.Keys}}}
		return k, dir.compareChain(k.Chain)
	}
	if c.Logs[0].Origin != origin {
		return Key{}, alarm("tlog.keys_differ", fmt.Sprintf("the statements in the store are of the log %s, not of %s", c.Logs[0].Origin, origin))
	}
	if err := dir.compareChain(c); err != nil {
		return Key{}, err
	}
	k, err := settle(path, c)
	if err != nil {
		return Key{}, err
	}
	return k, dir.retire(c)
}

// compareChain compares what the folder shows of a chain, which may be less, by
// a crash, but not more.
func (d Dir) compareChain(c Chain) error {
	text, err := d.publishedChain()
	if err != nil || text == nil {
		return err
	}
	have := c.Encode()
	switch {
	case bytes.HasPrefix(have, text):
		return nil
	case bytes.HasPrefix(text, have):
		return behind("statements of keys were published that the store does not have")
	default:
		return alarm("tlog.keys_differ", "the keys that were published are not those that are stated in the store")
	}
}

// publishedChain returns the file keys, nil if there is none.
func (d Dir) publishedChain() ([]byte, error) {
	text, err := d.PublishedChain()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}

const storeBehind = "tlog.store_behind"

// behind says that the store is older than what was published.
func behind(message string) error {
	return &es.Error{
		Kind: es.ErrCorrupt, Code: storeBehind, Message: message + ": the store was restored from an older copy",
		Want: "the newer store; or, if it is lost, a log that goes on, which `entente log succeed` opens: nothing is sealed meanwhile",
	}
}

// settle reads the key that a chain says is in force, from its file or from that
// of the next one, which then takes its place.
func settle(path string, c Chain) (Key, error) {
	for _, file := range []string{path, path + nextSuffix} {
		text, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return Key{}, fmt.Errorf("read the key of the log: %w", err)
		}
		k, err := parseKey(string(text), c.Current().Origin)
		if err != nil || k.VKey != c.VKey() {
			continue
		}
		k.Keys, k.Chain = c.Current().Keys, c
		if file == path {
			return k, nil
		}
		return k, moveFile(file, path)
	}
	return Key{}, &es.Error{
		Kind: es.ErrCorrupt, Code: "tlog.key_unstated",
		Message: fmt.Sprintf("the key in %s is not the one that is stated, %s", filepath.Base(path), c.VKey()),
		Want:    "the file of that key; or, if it is lost, `entente key recover`: nothing is sealed meanwhile",
	}
}

// moveFile renames a file or a folder so that it is on disk.
func moveFile(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return fmt.Errorf("put %s in its place: %w", filepath.Base(to), err)
	}
	return syncFolder(filepath.Dir(to))
}

// nextKey returns the pair beside the file of a key, which it makes unless one
// of that name is there.
func nextKey(path, origin string) (Key, error) {
	text, err := os.ReadFile(path + nextSuffix)
	if err == nil {
		if k, err := parseKey(string(text), origin); err == nil {
			return k, nil
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return Key{}, fmt.Errorf("read the next key of the log: %w", err)
	}
	made, err := makeKey(origin)
	if err != nil {
		return Key{}, err
	}
	if err := writeKey(path+nextSuffix, made); err != nil {
		return Key{}, err
	}
	return parseKey(made, origin)
}

// makeKey returns the text of a new pair.
func makeKey(name string) (string, error) {
	skey, vkey, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return "", fmt.Errorf("make a key: %w", err)
	}
	return skey + "\n" + vkey + "\n", nil
}

// writeKey writes a pair for your eyes only.
func writeKey(path, text string) error {
	if err := replaceFile(path, filepath.Dir(path), []byte(text), 0o600); err != nil {
		return fmt.Errorf("keep a key: %w", err)
	}
	return syncFolder(filepath.Dir(path))
}

// retire renames the folder if what it shows is a log that was succeeded: the
// first to tlog-1, the second to tlog-2.
func (d Dir) retire(c Chain) error {
	text, err := d.Published()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	origin, _, _ := strings.Cut(string(text), "\n")
	for i, l := range c.Logs[:len(c.Logs)-1] {
		if l.Origin == origin {
			return moveFile(string(d), string(d.Retired(i+1)))
		}
	}
	return nil
}

// Retired returns the folder of the n-th log, from 1, once it was succeeded.
func (d Dir) Retired(n int) Dir { return Dir(fmt.Sprintf("%s-%d", d, n)) }

// publishChain shows the statements to whoever reads the folder.
func (s *Sealer) publishChain() error {
	path := filepath.Join(string(s.cfg.Dir), chainFile)
	text := s.cfg.Key.Chain.Encode()
	if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, text) {
		return nil
	}
	if err := s.cfg.Dir.replace(path, text); err != nil {
		return fmt.Errorf("publish the keys of the log: %w", err)
	}
	return nil
}

// checkKey fails with [es.ErrConflict] if the key was changed by somebody else.
func (s *Sealer) checkKey(ctx context.Context) error {
	for _, err := range s.cfg.Store.ReadStream(ctx, KeyStream, es.Revision(len(s.cfg.Key.Chain.Statements))) {
		if err != nil {
			return fmt.Errorf("read the statements of the log: %w", err)
		}
		return &es.Error{Kind: es.ErrConflict, Code: "tlog.key_changed", Message: "the key of the log was changed meanwhile", Want: "the log opened again, with the new key"}
	}
	return nil
}
