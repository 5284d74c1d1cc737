// Package eventstore opens event stores by URL. It knows the kinds of store,
// and nothing of what is in them.
package eventstore

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/eventstore/kurrent"
	"github.com/entente-ledger/entente/infra/eventstore/memory"
)

// Option changes how [Open] opens a store.
type Option func(*options)

type options struct {
	readOnly   bool
	log        *slog.Logger
	credential string
	deadline   time.Duration
}

// ReadOnly opens a store to read it only, also if another process owns it.
func ReadOnly() Option { return func(o *options) { o.readOnly = true } }

// Credential is what a store that is served asks for: a name and a password. It is
// for stores whose URL has none.
func Credential(name, password string) Option {
	return func(o *options) { o.credential = name + ":" + password }
}

// Deadline bounds the calls of a store that is served; 0 is what its URL says, or
// 10 s. Other kinds of store have none.
func Deadline(d time.Duration) Option { return func(o *options) { o.deadline = d } }

// Logger is told what no caller waits for. Without it that is not told.
func Logger(log *slog.Logger) Option { return func(o *options) { o.log = log } }

// kinds are the kinds of store, by the scheme of their URL.
func kinds() []kind {
	return []kind{
		{[]string{"memory"}, "memory:", openMemory},
		{[]string{"file"}, "a folder or file:FOLDER", openEmbedded},
		{[]string{"esdb", "esdb+discover", "kurrentdb", "kurrentdb+discover"}, "esdb://HOST:PORT", openKurrent},
	}
}

type kind struct {
	schemes []string
	form    string // for people
	// open opens the store at a URL, of which place is what follows the scheme.
	open func(ctx context.Context, url, place string, o options) (es.Store, error)
}

// Open opens the store at url:
//
//	memory:             in memory, empty, gone when closed
//	PATH or file:PATH   the embedded store in the folder PATH
//	esdb://HOST:PORT    a server or cluster of EventStoreDB, see package kurrent; also
//	                    kurrentdb:// and either with +discover
//
// It fails with [es.ErrInvalid] if there is no such kind of store, and
// otherwise as that kind does.
func Open(ctx context.Context, url string, opts ...Option) (es.Store, error) {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	scheme, place := "file", url
	if before, after, found := strings.Cut(url, ":"); found && isScheme(before) {
		scheme, place = before, after
	}
	var forms []string
	for _, k := range kinds() {
		if slices.Contains(k.schemes, scheme) {
			return k.open(ctx, url, place, o)
		}
		forms = append(forms, k.form)
	}
	return nil, es.Invalid("store.unknown_kind",
		fmt.Sprintf("%.80q is not a kind of event store", scheme+":"), strings.Join(forms, ", or "))
}

// isScheme reports whether s can be the scheme of a URL (RFC 3986, 3.1). One
// letter is taken for the drive of a path.
func isScheme(s string) bool {
	return len(s) > 1 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789+-.") == "" && 'a' <= s[0] && s[0] <= 'z'
}

func openMemory(_ context.Context, _, place string, o options) (es.Store, error) {
	if place != "" || o.readOnly {
		return nil, es.Invalid("store.bad_url", "a store in memory has no name and cannot be read-only", "memory:")
	}
	return memory.Open(), nil
}

func openEmbedded(ctx context.Context, _, place string, o options) (es.Store, error) {
	if place = strings.TrimPrefix(place, "//"); place == "" {
		return nil, es.Invalid("store.bad_url", "the event store has no folder", "a path, such as ./entente-data")
	}
	return embedded.Open(ctx, place, embedded.Options{ReadOnly: o.readOnly, Logger: o.log})
}

func openKurrent(ctx context.Context, url, _ string, o options) (es.Store, error) {
	return kurrent.Open(ctx, url, kurrent.Options{
		ReadOnly: o.readOnly, Credential: o.credential, Deadline: o.deadline, Logger: o.log,
	})
}
