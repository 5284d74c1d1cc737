package oidc

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// Login says how people log in with a browser (OpenID Connect Core 1.0, section 3.1).
type Login struct {
	ClientID string `json:"clientId"` // of this service at the provider; must be among aud of an ID token
	// SecretFile has the secret of the client, if it has one, on its first line. The
	// path is relative to the folder of the configuration.
	SecretFile string `json:"secretFile"`
	// URL is where browsers reach this service, without a path: https unless it is
	// on this machine. The provider sends them back to URL/auth/callback.
	URL    string   `json:"url"`
	Scopes []string `json:"scopes"` // asked for besides openid, such as the one that has the provider state roles

	Secret string `json:"-"` // what SecretFile has; set by [Load]
}

func (l *Login) readSecret(dir string) error {
	name := l.SecretFile
	if !filepath.IsAbs(name) {
		name = filepath.Join(dir, name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return badConfig("/login/secretFile", "the secret of the client cannot be read: "+err.Error(), "a file that the service may read")
	}
	l.Secret, _, _ = strings.Cut(string(text), "\n")
	if l.Secret = strings.TrimSpace(l.Secret); l.Secret == "" {
		return badConfig("/login/secretFile", "the file of the secret is empty", "the secret on the first line")
	}
	return nil
}

// validate returns what is wrong with l, nil if nothing is.
func (l *Login) validate() error {
	if l == nil {
		return nil
	}
	at, err := url.Parse(l.URL)
	switch {
	case l.ClientID == "":
		return badConfig("/login/clientId", "it is not said as whom this service is known to the provider", "the id of the client")
	case err != nil || !believable(at) || at.Path != "" || at.RawQuery != "" || at.User != nil:
		return badConfig("/login/url", fmt.Sprintf("%.200q is not where a browser could log in", l.URL), "a URL that begins with https://, without a path")
	}
	return nil
}
