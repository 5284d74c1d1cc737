package main

import (
	"context"
	"net/url"
	"os"
	"strings"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore"
)

// credentialVariable names a file with the ledger's own credential for a store
// that is served, as name:password.
const credentialVariable = "ENTENTE_STORE_CREDENTIAL" //nolint:gosec // a name

// storeURL is where the ledger is.
func (a *app) storeURL() string {
	if a.store != "" {
		return a.store
	}
	return "file:" + a.data
}

// place is where the ledger is, for people: without a password.
func (a *app) place() string {
	if a.store == "" {
		return a.data
	}
	return withoutPassword(a.store)
}

// withoutPassword returns the URL of a store as it can be shown.
func withoutPassword(store string) string {
	if u, err := url.Parse(store); err == nil {
		return u.Redacted()
	}
	before, after, found := strings.Cut(store, "@")
	if scheme, _, ok := strings.Cut(before, "://"); ok && found {
		return scheme + "://xxxxx@" + after
	}
	return store
}

// openStore opens the event store at a URL.
func (a *app) openStore(ctx context.Context, store string, opts ...eventstore.Option) (es.Store, error) {
	if file := os.Getenv(credentialVariable); file != "" && !strings.HasPrefix(store, "file:") {
		name, password, err := readCredential(file)
		if err != nil {
			return nil, err
		}
		opts = append(opts, eventstore.Credential(name, password))
	}
	return eventstore.Open(ctx, store, opts...)
}

// readCredential reads a file of name:password.
func readCredential(file string) (name, password string, err error) {
	text, err := os.ReadFile(file) //nolint:gosec // the operator names it
	if err != nil {
		return "", "", es.Invalid("cli.bad_credential", "the credential cannot be read: "+err.Error(),
			"$"+credentialVariable+" with the path of a file that you may read")
	}
	name, password, found := strings.Cut(strings.TrimSpace(string(text)), ":")
	if !found || name == "" || password == "" {
		return "", "", es.Invalid("cli.bad_credential", file+" holds no credential", "one line, name:password, such as `entente store serve` writes")
	}
	return name, password, nil
}
