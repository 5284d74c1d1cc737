// Package oidc says who somebody is by the word of a provider of identities:
// it verifies the JWTs that the provider signs (OpenID Connect Core 1.0, RFC
// 9068) and finds, or makes, the identity in the registry of package access.
// What an identity may do is not decided here. Login with a browser, with its
// cookies and redirects, is in package login.
package oidc

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
)

// File is the name of the configuration in the folder of the data.
const File = "oidc.json"

// Config says which provider is believed, and what. Its JSON has the members
// that have a name here.
type Config struct {
	Issuer   string `json:"issuer"`   // URL, https unless it is on this machine; must be iss of a token
	Audience string `json:"audience"` // must be among aud of a token
	// RolesClaim is where a token says the roles: the name of a claim, or names
	// joined by dots for one within others, such as realm_access.roles. What
	// stands there is a string or an array of strings.
	RolesClaim string `json:"rolesClaim"`
	// Roles says which role each of those strings is; others are passed over.
	Roles map[string]access.Role `json:"roles"`

	// Login is how people log in with a browser; nil: they do not.
	Login *Login `json:"login"`

	Client *http.Client     `json:"-"` // asks the provider; nil means one that waits 10 s
	Now    func() time.Time `json:"-"` // nil means [time.Now]
	// Name is told the name claim of a token, "" if it has none, before an
	// identity is made of it, to put it into the vault. nil puts none.
	Name func(ctx context.Context, id uuid.UUID, name string) error `json:"-"`
}

// Load returns the configuration of a file, or found false if there is none. It
// fails with [es.ErrInvalid] and code oidc.bad_config if the file is not one.
func Load(path string) (c Config, found bool, err error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Config{}, false, nil
	}
	if err != nil {
		return Config{}, false, fmt.Errorf("read the configuration of logins: %w", err)
	}
	if err := json.Unmarshal(text, &c, json.RejectUnknownMembers(true)); err != nil {
		return Config{}, true, badConfig("", path+" cannot be read: "+err.Error(), "issuer, audience, rolesClaim and roles")
	}
	if err := c.Validate(); err != nil {
		return c, true, err
	}
	if c.Login != nil && c.Login.SecretFile != "" {
		err = c.Login.readSecret(filepath.Dir(path))
	}
	return c, true, err
}

// Validate returns an error of kind [es.ErrInvalid] and code oidc.bad_config if
// c names no issuer, audience or claim, an issuer that could be impersonated on
// the way, or a role that is none.
func (c Config) Validate() error {
	at, err := url.Parse(c.Issuer)
	switch {
	case err != nil || !believable(at):
		return badConfig("/issuer", fmt.Sprintf("%.200q is no issuer that can be believed", c.Issuer), "a URL that begins with https://")
	case c.Audience == "":
		return badConfig("/audience", "it is not said for whom tokens must be", "the audience that the provider puts into tokens for this service")
	case c.RolesClaim == "":
		return badConfig("/rolesClaim", "it is not said which claim has the roles", "its name, such as roles or realm_access.roles")
	case len(c.Roles) == 0:
		return badConfig("/roles", "no role is mapped, so that nobody could do anything", `such as {"staff": "reader"}`)
	}
	for name, role := range c.Roles {
		if role == access.RoleAnonymous || !slices.Contains(role.Words(), string(role)) {
			return badConfig("/roles", fmt.Sprintf("%.60q is mapped to %.60q, which is no role that can be given", name, role), "a role")
		}
	}
	return c.Login.validate()
}

// believable reports whether what comes from a URL cannot be changed on the way.
func believable(at *url.URL) bool {
	return at.Host != "" && (at.Scheme == "https" || at.Scheme == "http" && onThisMachine(at.Hostname()))
}

func onThisMachine(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func badConfig(field, message, want string) error {
	return es.Invalid("oidc.bad_config", message, want).At(field)
}
