package kurrent

import (
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"github.com/entente-ledger/entente/domain/es"
)

const (
	defaultPort     = 2113
	defaultDeadline = 10 * time.Second
	form            = "esdb://HOST:PORT, kurrentdb://HOST:PORT?tls=false, or esdb+discover://HOST:PORT"
)

// target is what a URL and options say of a server.
type target struct {
	conf     esdb.Configuration
	header   string // authorization that is sent by us, if not empty
	deadline time.Duration
	hosts    []string // without ports
}

func badURL(format string, args ...any) error {
	return es.Invalid("esdb.bad_url", fmt.Sprintf(format, args...), form)
}

// parse reads a URL by itself rather than with the client, which passes over
// unknown settings, takes a bad defaultDeadline for none, and ports modulo
// 65536. No error holds what may be a password.
func parse(text string, o Options) (*target, error) {
	t := &target{conf: esdb.Configuration{
		NodePreference:      esdb.NodePreferenceLeader,
		MaxDiscoverAttempts: 1, // more are made by us, see link
		DiscoveryInterval:   100,
		GossipTimeout:       5,
		KeepAliveInterval:   10 * time.Second,
		KeepAliveTimeout:    10 * time.Second,
	}, deadline: defaultDeadline}
	scheme, rest, _ := strings.Cut(text, ":")
	name, discover, _ := strings.Cut(scheme, "+")
	if (name != "esdb" && name != "kurrentdb") || (discover != "" && discover != "discover") || strings.HasSuffix(scheme, "+") {
		return nil, badURL("the URL does not begin with a scheme of EventStoreDB")
	}
	authority, isAuthority := strings.CutPrefix(rest, "//")
	authority, query, _ := strings.Cut(authority, "?")
	authority = strings.TrimSuffix(authority, "/")
	if !isAuthority || strings.ContainsAny(authority, "/#") {
		return nil, badURL("the URL is not of the form of one of EventStoreDB: it has no host, or has a path")
	}
	credential := ""
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		credential, authority = authority[:i], authority[i+1:]
	}
	if err := t.addHosts(authority, discover != ""); err != nil {
		return nil, err
	}
	if err := t.set(query); err != nil {
		return nil, err
	}
	if o.Deadline < 0 {
		return nil, es.Invalid("esdb.bad_deadline", fmt.Sprintf("the deadline is %s", o.Deadline), "a duration above 0")
	}
	if o.Deadline > 0 {
		t.deadline = o.Deadline
	}
	t.conf.DefaultDeadline = &t.deadline
	return t, t.authenticate(credential, o.Credential)
}

// addHosts takes host[:port],... Several are seeds of gossip, as the
// client has it; with discover it looks up one only.
func (t *target) addHosts(text string, discover bool) error {
	for part := range strings.SplitSeq(text, ",") {
		host, digits, hasPort := strings.Cut(part, ":")
		port := uint64(defaultPort)
		if hasPort {
			var err error
			if port, err = strconv.ParseUint(digits, 10, 16); err != nil || port == 0 {
				return badURL("%.80q is not a host and a port; addresses of IPv6 are not possible", part)
			}
		}
		if host == "" || strings.ContainsAny(host, "[] \t%&=") {
			return badURL("%.80q is not a host", part)
		}
		t.hosts = append(t.hosts, host)
		t.conf.GossipSeeds = append(t.conf.GossipSeeds, &esdb.EndPoint{Host: host, Port: uint16(port)})
	}
	if len(t.hosts) == 1 {
		t.conf.Address = t.conf.GossipSeeds[0].String()
		t.conf.GossipSeeds = nil
		t.conf.DnsDiscover = discover
	}
	return nil
}

// setting takes the value of a setting, or fails with what would be right.
type setting func(t *target, value string) (want string, ok bool)

// settings are those of the client's URLs, in lower case.
func settings() map[string]setting {
	return map[string]setting{
		"tls": flag(func(t *target, on bool) { t.conf.DisableTLS = !on }),
		"tlsverifycert": flag(func(t *target, on bool) {
			t.conf.SkipCertificateVerification = !on
		}),
		"tlscafile":           caFile,
		"usercertfile":        file(func(t *target, path string) { t.conf.UserCertFile = path }),
		"userkeyfile":         file(func(t *target, path string) { t.conf.UserKeyFile = path }),
		"maxdiscoverattempts": number(1, 1000, func(t *target, n int) { t.conf.MaxDiscoverAttempts = n }),
		"discoveryinterval":   number(0, 60_000, func(t *target, n int) { t.conf.DiscoveryInterval = n }),
		"gossiptimeout":       number(1, 600, func(t *target, n int) { t.conf.GossipTimeout = n }),
		"keepaliveinterval":   number(-1, 1<<30, func(t *target, n int) { t.conf.KeepAliveInterval = keepAlive(n) }),
		"keepalivetimeout":    number(1, 1<<30, func(t *target, n int) { t.conf.KeepAliveTimeout = keepAlive(n) }),
		"defaultdeadline": number(1, 1<<30, func(t *target, n int) {
			t.deadline = time.Duration(n) * time.Millisecond
		}),
		"nodepreference": func(_ *target, value string) (string, bool) {
			return "leader, at which a ledger is read and written", strings.EqualFold(value, "leader")
		},
	}
}

// set takes the settings of a query. Names have no case.
func (t *target) set(query string) error {
	values, err := url.ParseQuery(query)
	if err != nil {
		return badURL("the settings of the URL cannot be read: they are name=value, with & between them")
	}
	known := settings()
	for name, given := range values {
		take, ok := known[strings.ToLower(name)]
		switch {
		case !ok:
			return es.Invalid("esdb.unknown_setting", fmt.Sprintf("the URL has the unknown setting %.80q", name),
				strings.Join(slices.Sorted(keys(known)), ", "))
		case len(given) != 1:
			return es.Invalid("esdb.bad_setting", fmt.Sprintf("the URL has %s more than once", name), "")
		}
		if want, ok := take(t, given[0]); !ok {
			return es.Invalid("esdb.bad_setting", fmt.Sprintf("the URL has %s=%.80q", name, given[0]), want)
		}
	}
	if (t.conf.UserCertFile == "") != (t.conf.UserKeyFile == "") {
		return es.Invalid("esdb.bad_setting", "the URL has one of userCertFile and userKeyFile", "both or neither")
	}
	return nil
}

func keys(m map[string]setting) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func flag(put func(t *target, on bool)) setting {
	return func(t *target, value string) (string, bool) {
		value = strings.ToLower(value)
		put(t, value == "true")
		return "true or false", value == "true" || value == "false"
	}
}

func number(least, most int, put func(t *target, n int)) setting {
	return func(t *target, value string) (string, bool) {
		n, err := strconv.Atoi(value)
		put(t, n)
		return fmt.Sprintf("a number from %d to %d", least, most), err == nil && least <= n && n <= most
	}
}

func file(put func(t *target, path string)) setting {
	return func(t *target, value string) (string, bool) {
		put(t, value)
		_, err := os.Stat(value)
		return "the path of a file", err == nil
	}
}

func caFile(t *target, value string) (string, bool) {
	pem, err := os.ReadFile(value)
	t.conf.RootCAs = x509.NewCertPool()
	return "the path of a file of certificates (PEM)", err == nil && t.conf.RootCAs.AppendCertsFromPEM(pem)
}

// keepAlive is a number of milliseconds; -1 is none, as the client has it.
func keepAlive(ms int) time.Duration {
	if ms < 0 {
		return -1
	}
	return time.Duration(ms) * time.Millisecond
}

// authenticate takes the credential of the URL or the one that was given
// beside it. The client drops either without a word where there is no TLS.
func (t *target) authenticate(inURL, given string) error {
	if inURL != "" && given != "" {
		return es.Invalid("esdb.two_credentials", "there is a credential in the URL, and another beside it", "one")
	}
	user, password, ok := strings.Cut(inURL+given, ":")
	if inURL != "" {
		var errs [2]error
		user, errs[0] = url.PathUnescape(user)
		password, errs[1] = url.PathUnescape(password)
		ok = ok && errs == [2]error{}
	}
	switch {
	case inURL == "" && given == "":
		return nil
	case !ok || user == "" || password == "":
		return es.Invalid("esdb.bad_credential", "the credential is not of the form user:password", "user:password")
	case t.conf.DisableTLS && inURL != "":
		return es.Invalid("esdb.credentials_without_tls", "the URL has a credential, and tls=false: it would be sent for all to read",
			"TLS; or, for a server on this machine, a credential from a file")
	case t.conf.DisableTLS && slices.ContainsFunc(t.hosts, isRemote):
		return es.Invalid("esdb.credentials_without_tls", "there is a credential, tls=false, and a host that is not this machine: it would be sent for all to read", "TLS")
	case t.conf.DisableTLS:
		t.header = "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
	default:
		t.conf.Username, t.conf.Password = user, password
	}
	return nil
}

// isRemote reports whether a host is, or may be, another machine.
func isRemote(host string) bool {
	ip := net.ParseIP(host)
	return host != "localhost" && (ip == nil || !ip.IsLoopback())
}
