package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/audit"
	"github.com/entente-ledger/entente/infra/tlog"
)

// verifySurroundings verifies what stands beside the log: the key as it is
// published, the cosignatures that are kept, and the time stamps.
func (l *opened) verifySurroundings(ctx context.Context) (found []audit.Finding, err error) {
	keys, err := l.app.keys()
	chain, ok := keys.(tlog.Chain)
	damage := func(code, format string, args ...any) {
		found = append(found, audit.Finding{Code: code, Message: fmt.Sprintf(format, args...)})
	}
	if err != nil || !ok {
		if _, err := os.Stat(l.app.keyFile()); err == nil {
			damage("audit.log_missing", "there is a key of a log, and no log that it signed: the log was removed")
		}
		return found, nil //nolint:nilerr // without keys, the checkpoints that there are are damages
	}
	text, err := l.app.logDir().PublishedKey()
	switch {
	case err != nil:
		damage("audit.key_differs", "log.vkey cannot be read: %v", err)
	case strings.TrimSpace(string(text)) != chain.VKey():
		damage("audit.key_differs", "the key in log.vkey is not the one that was stated last: it was replaced")
	}
	stored, err := tlog.StoredChain(ctx, l.Store(), chain.Logs[0].Of[0].VKey)
	if err != nil {
		damage("tlog.keys_differ", "the statements of keys in the store: %v", err)
	} else if !bytes.HasPrefix(stored.Encode(), chain.Encode()) { // a crash may leave the folder behind
		damage("tlog.keys_differ", "the keys that are published are not those that are stated in the store")
	}
	for _, err := range tlog.Cosignatures(ctx, l.Store()) {
		if err != nil {
			damage("audit.bad_cosignature", "a cosignature that is kept: %v", err)
			break
		}
	}
	for _, err := range l.successions(chain) {
		damage("audit.bad_succession", "%s", sentenceOf(err))
	}
	_, bad, err := tlog.VerifyTimestamps(l.app.logDir(), chain, nil, nil)
	for _, b := range bad {
		damage("audit.bad_timestamp", "the time stamp of the checkpoint of %d events: %v", b.Size, b.Err)
	}
	return found, err
}

// successions says what does not hold of the logs that were succeeded, and of
// those that go on after them.
func (l *opened) successions(chain tlog.Chain) (bad []error) {
	published, err := l.app.published()
	if err != nil {
		return nil // that is found by itself
	}
	var said []tlog.Statement
	for _, s := range chain.Statements {
		if s.Says == tlog.StatesSuccession {
			said = append(said, s)
		}
	}
	dir := l.app.logDir()
	for i, s := range said {
		current, size := dir, published.Tree.N
		if i+1 < len(said) {
			current, size = dir.Retired(i+2), said[i+1].Last.N
		}
		if err := tlog.VerifySuccession(s, dir.Retired(i+1), current, size); err != nil {
			bad = append(bad, err)
		}
	}
	return bad
}

// sentenceOf is an error without its code.
func sentenceOf(err error) string {
	if e, ok := errors.AsType[*es.Error](err); ok {
		return e.Message
	}
	return err.Error()
}
