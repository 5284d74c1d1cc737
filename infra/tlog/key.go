package tlog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/entente-ledger/entente/domain/es"
)

// Key is the key of a log: what signs its checkpoints, and what verifies them.
type Key struct {
	Signer note.Signer
	Keys   Keys
	// VKey is the text of the public key (C2SP signed-note).
	VKey string
	// Chain is all that is stated of the logs of the ledger; nothing, but for
	// [OpenKey].
	Chain Chain
}

// LoadKey reads the key in a file, which it makes, for your eyes only (mode
// 0600), if there is none: Ed25519, named as the log.
func LoadKey(path, origin string) (Key, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		made, err := makeKey(origin)
		if err != nil {
			return Key{}, err
		}
		if err := writeKey(path, made); err != nil {
			return Key{}, err
		}
		text = []byte(made)
	} else if err != nil {
		return Key{}, fmt.Errorf("read the key of the log: %w", err)
	}
	return parseKey(string(text), origin)
}

func parseKey(text, origin string) (k Key, err error) {
	bad := es.Invalid("tlog.bad_key", "the key of the log cannot be used", "two lines, a private key and a public one, as they were made, of the name "+origin)
	lines := strings.Fields(text)
	if len(lines) != 2 {
		return Key{}, bad
	}
	k.VKey = lines[1]
	var errs [2]error
	k.Signer, errs[0] = note.NewSigner(lines[0])
	k.Keys, errs[1] = ParseKeys(lines[1])
	if errs != [2]error{} || k.Signer.Name() != origin || k.Keys.Origin != origin || k.Signer.KeyHash() != k.Keys.Of[0].verifier.KeyHash() {
		return Key{}, bad
	}
	return k, nil
}

// publishKey shows the key, and what is stated of it, to whoever reads the folder.
func (s *Sealer) publishKey() error {
	path := filepath.Join(string(s.cfg.Dir), keyFile)
	if have, err := os.ReadFile(path); err == nil && string(have) == s.cfg.Key.VKey+"\n" {
		return s.publishChain()
	}
	if err := s.cfg.Dir.replace(path, []byte(s.cfg.Key.VKey+"\n")); err != nil {
		return fmt.Errorf("publish the key of the log: %w", err)
	}
	return s.publishChain()
}
