package tlog

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/entente-ledger/entente/domain/es"
)

// Rotate has another key sign the log from the next checkpoint on: it makes one
// and states it with the present key, whose file, at path, it then takes. See
// [OpenKey] for the order of writing. No other node may seal meanwhile: each must
// have the new file first.
func (s *Sealer) Rotate(ctx context.Context, path string) (Statement, error) {
	next, err := nextKey(path, s.cfg.Key.Keys.Origin)
	if err != nil {
		return Statement{}, err
	}
	st, err := Statement{
		Says: StatesKey, Log: s.cfg.Key.Keys.Origin, Key: next.VKey, By: s.cfg.Key.VKey, From: s.sealed.Tree.N + 1,
	}.signed(s.cfg.Key.Signer, next.Signer)
	if err != nil {
		return Statement{}, err
	}
	c, err := s.state(ctx, st)
	if err != nil {
		return Statement{}, err
	}
	if s.cfg.Key, err = settle(path, c); err != nil {
		return Statement{}, err
	}
	return st, s.publishKey()
}

// state keeps a statement in the store.
func (s *Sealer) state(ctx context.Context, st Statement) (Chain, error) {
	c, err := s.cfg.Key.Chain.with(st)
	if err != nil {
		return Chain{}, err
	}
	return c, keepStatements(ctx, s.cfg.Store, len(s.cfg.Key.Chain.Statements), st)
}

// keepStatements appends statements after the first n.
func keepStatements(ctx context.Context, store es.Store, n int, statements ...Statement) error {
	var recs []es.Record
	for _, st := range statements {
		recs = append(recs, statementRecord(st))
	}
	if _, err := store.Append(ctx, KeyStream, es.Revision(n), recs...); err != nil {
		return fmt.Errorf("keep a statement: %w", err)
	}
	return nil
}

// StateRecovery makes a recovery key in a file, for your eyes only, and states
// it with the key of the log; if there is a recovery key, with that, whose file
// is old. It is to be kept where the key of the log is not. It fails with
// [es.ErrInvalid] if there is something at path.
func (s *Sealer) StateRecovery(ctx context.Context, path, old string) (Statement, error) {
	signer, by := s.cfg.Key.Signer, s.cfg.Key.VKey
	if had := s.cfg.Key.Chain.Recovery; had != "" {
		var err error
		if signer, err = recoverySigner(old, had); err != nil {
			return Statement{}, err
		}
		by = had
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return Statement{}, es.Invalid("tlog.key_exists", path+" is there already", "a file to make")
	}
	name := s.cfg.Key.Keys.Origin + recoverySuffix
	text, err := makeKey(name)
	if err != nil {
		return Statement{}, err
	}
	if err := writeKey(path, text); err != nil {
		return Statement{}, err
	}
	made, err := parseKey(text, name)
	if err != nil {
		return Statement{}, err
	}
	st, err := Statement{Says: StatesRecovery, Log: s.cfg.Key.Keys.Origin, Key: made.VKey, By: by}.signed(signer, made.Signer)
	if err != nil {
		return Statement{}, err
	}
	if s.cfg.Key.Chain, err = s.state(ctx, st); err != nil {
		return Statement{}, err
	}
	return st, s.publishKey()
}

// recoverySigner reads a recovery key that must be the one that is stated.
func recoverySigner(path, vkey string) (note.Signer, error) {
	if vkey == "" {
		return nil, es.Rejected("tlog.no_recovery", "no recovery key of this log is stated", "one that `entente key recovery` made while the key of the log was there")
	}
	bad := es.Invalid("tlog.bad_key", "the recovery key cannot be used", "the file of the recovery key that is stated, "+vkey)
	if path == "" {
		return nil, bad
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, es.Invalid("tlog.bad_key", "the recovery key cannot be read: "+err.Error(), bad.Want)
	}
	name, _, _ := strings.Cut(vkey, "+")
	k, err := parseKey(string(text), name)
	if err != nil || k.VKey != vkey {
		return nil, bad
	}
	return k.Signer, nil
}

// Recover states a new key with the recovery key in a file, where the key of
// the log is lost or in wrong hands, and puts it at path. It holds from the next
// checkpoint on: what the store holds by then stays signed as it is.
func Recover(ctx context.Context, store es.Store, path, recovery string) (Statement, error) {
	c, err := stated(ctx, store)
	if err != nil {
		return Statement{}, err
	}
	signer, err := recoverySigner(recovery, c.Recovery)
	if err != nil {
		return Statement{}, err
	}
	last, err := lastRecord(ctx, store, CheckpointStream, 0)
	if err != nil {
		return Statement{}, err
	}
	from := int64(1)
	if last.Revision > c.Current().After {
		sealed, err := c.Stored(last)
		if err != nil {
			return Statement{}, err
		}
		from = sealed.Tree.N + 1
	}
	if err := discardNext(path, c); err != nil {
		return Statement{}, err
	}
	next, err := nextKey(path, c.Current().Origin)
	if err != nil {
		return Statement{}, err
	}
	st, err := Statement{Says: StatesKey, Log: c.Current().Origin, Key: next.VKey, By: c.Recovery, From: from}.signed(signer, next.Signer)
	if err != nil {
		return Statement{}, err
	}
	n := len(c.Statements)
	if c, err = c.with(st); err != nil {
		return Statement{}, err
	}
	if err := keepStatements(ctx, store, n, st); err != nil {
		return Statement{}, err
	}
	_, err = settle(path, c)
	return st, err
}

// discardNext removes a pair that was made and not stated: whoever has the key
// of the log may have it too.
func discardNext(path string, c Chain) error {
	if _, err := settle(path, c); err != nil && !errors.Is(err, es.ErrCorrupt) {
		return err
	}
	if err := os.Remove(path + nextSuffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove a key that was not stated: %w", err)
	}
	return nil
}
