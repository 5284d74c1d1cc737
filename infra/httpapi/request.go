package httpapi

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi/front"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
	"github.com/entente-ledger/entente/infra/vault"
)

// given is a command as it was asked for.
type given struct {
	who   access.Identity
	cmd   es.Command
	vault *vault.Entry // what is kept of the person that it registers
	match bool         // cmd.Expect is what If-Match says
	tags  []string     // the strong ETags of an If-Match with several
	about string       // the stream that Expect is of, if another than that of cmd
}

// fingerprint tells the requests of one key apart: SHA-256 over the digest of the
// command and what the vault is to keep.
func (g given) fingerprint() ([32]byte, error) {
	digest, err := g.cmd.Digest()
	secret := g.secret()
	return sha256.Sum256(append(digest[:], secret[:]...)), err
}

// secret is what of the vault tells two requests apart.
func (g given) secret() [32]byte {
	if g.vault == nil {
		return [32]byte{}
	}
	return sha256.Sum256(fmt.Appendf(nil, "%q%q%q", g.vault.Name, g.vault.NameLang, g.vault.Contact))
}

// read reads the request to record the command of a name.
func (a *API) read(r *http.Request, name string, opening bool) (given, error) {
	g := given{who: front.Who(r.Context())}
	key, err := idempotencyKey(r)
	if err != nil {
		return g, err
	}
	g.cmd = es.Command{ID: CommandID(g.who.ID, key), Name: name, Stream: r.PathValue("id"), Actor: g.who.ID}
	if err := readQuery(r.URL, &g.cmd); err != nil {
		return g, err
	}
	if g.cmd.Payload, err = readBody(r); err != nil {
		return g, err
	}
	if name == "person.register" {
		if err := g.takeVault(); err != nil {
			return g, err
		}
	}
	return g, g.readMatch(r, opening)
}

// commandSpace is the name space of the ids of commands that come over HTTP.
var commandSpace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("urn:entente:http-command"))

// CommandID returns the id of the command that an identity gives with an
// Idempotency-Key: version 5 of both, in the name space that is version 5 of
// urn:entente:http-command in that of URLs; the name is the length of the
// identity's id in bytes, the id and the key, with a slash between each.
func CommandID(identity, key string) uuid.UUID {
	return uuid.NewSHA1(commandSpace, fmt.Appendf(nil, "%d/%s/%s", len(identity), identity, key))
}

const minKey, maxKey = 8, 255

func idempotencyKey(r *http.Request) (string, error) {
	all := r.Header.Values("Idempotency-Key")
	if len(all) == 0 {
		return "", problem.NoKey.At("header Idempotency-Key")
	}
	key := all[0]
	visible := strings.Trim(key, " \t") == key
	for i := range len(key) {
		visible = visible && key[i] > ' ' && key[i] < 0x7f
	}
	if len(all) > 1 || !visible || len(key) < minKey || len(key) > maxKey {
		return "", problem.NoKey.Saying("the Idempotency-Key is not one of 8 to 255 visible ASCII characters").At("header Idempotency-Key")
	}
	return key, nil
}

// readQuery reads the parameters that every command takes. One that is not known
// is refused: a misspelt dry_run would record.
func readQuery(u *url.URL, cmd *es.Command) error {
	all, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return problem.BadRequest.Saying("the query cannot be read").At("query")
	}
	for name, values := range all {
		at := "query " + printable(name)
		if len(values) > 1 {
			return problem.BadRequest.Saying("a parameter is given twice").At(at)
		}
		var err error
		switch name {
		case "dry_run":
			cmd.DryRun, err = strconv.ParseBool(values[0])
		case "known_at":
			cmd.KnownAt, err = time.Parse(time.RFC3339, values[0])
		case "correlation":
			cmd.Correlation, err = uuid.Parse(values[0])
		default:
			return problem.BadRequest.Saying("there is no such parameter").At(at)
		}
		if err != nil {
			return problem.BadRequest.Saying("the value of a parameter cannot be read").At(at)
		}
	}
	return nil
}

// printable shortens what came from outside, so that it can be repeated.
func printable(s string) string {
	q := fmt.Sprintf("%.40q", s)
	return q[1 : len(q)-1]
}

// readBody reads a JSON object; nothing at all is an empty one.
func readBody(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, bodyError(err)
	}
	if len(body) == 0 {
		return []byte("{}"), nil
	}
	if err := checkMedia(r, "application/json"); err != nil {
		return nil, err
	}
	return body, checkBody(body)
}

// bodyError says why a body could not be read.
func bodyError(err error) error {
	var large *http.MaxBytesError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &large):
		return problem.TooLarge
	case errors.As(err, &timeout) && timeout.Timeout():
		return problem.Slow.With("Connection", "close")
	default:
		return problem.BadRequest.Saying("the body did not arrive whole")
	}
}

func checkMedia(r *http.Request, want string) error {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := strings.ToLower(params["charset"])
	if err != nil || media != want || charset != "" && charset != "utf-8" {
		e := *problem.BadMedia
		e.Want = "Content-Type: " + want
		return e.With("Accept", want)
	}
	if r.Header.Get("Content-Encoding") != "" {
		return problem.BadMedia.Saying("the body is encoded, which is not read here").With("Accept-Encoding", "identity")
	}
	return nil
}

// takeVault takes the member vault out of the payload: it is for the vault, and
// never for the ledger.
func (g *given) takeVault() error {
	members := map[string]jsontext.Value{}
	if err := json.Unmarshal(g.cmd.Payload, &members); err != nil {
		return badJSON(err)
	}
	text, ok := members["vault"]
	if !ok {
		return nil
	}
	var e struct {
		Name     string `json:"name"`
		NameLang string `json:"nameLang"`
		Contact  string `json:"contact"`
	}
	if err := json.Unmarshal(text, &e, json.RejectUnknownMembers(true)); err != nil {
		return problem.BadRequest.Saying("what the vault is to keep cannot be read").At("/vault")
	}
	g.vault = &vault.Entry{Name: e.Name, NameLang: e.NameLang, Contact: e.Contact}
	if _, given := members["commitment"]; given {
		return problem.BadRequest.Saying("the commitment follows from what the vault keeps").At("/commitment")
	}
	delete(members, "vault")
	var err error
	if g.cmd.Payload, err = json.Marshal(members, json.Deterministic(true)); err != nil {
		return fmt.Errorf("take the vault's part out of the payload: %w", err)
	}
	return g.vault.Validate()
}

// never is a revision that no stream reaches.
const never = es.Revision(math.MaxUint64)

// readMatch reads If-Match (RFC 9110, section 13.1.1): "7" is revision 7, * any
// that is there. Weak tags never match. What opens a record needs none.
func (g *given) readMatch(r *http.Request, opening bool) error {
	text := strings.TrimSpace(strings.Join(r.Header.Values("If-Match"), ","))
	switch {
	case text == "*":
		return nil
	case text == "" && opening:
		g.cmd.Expect = new(es.Revision)
		return nil
	case text == "":
		return problem.NoMatch.At("header If-Match")
	}
	g.match = true
	for tag := range strings.SplitSeq(text, ",") {
		if tag = strings.TrimSpace(tag); !isTag(tag) {
			return problem.BadRequest.Saying("If-Match holds something that is no entity tag").At("header If-Match")
		}
		g.tags = append(g.tags, tag)
	}
	expect := revisionOf(g.tags[0])
	g.cmd.Expect = &expect
	return nil
}

// isTag reports whether s is an entity tag (RFC 9110, section 8.8.3), as far as
// ours need it: without commas inside.
func isTag(s string) bool {
	s = strings.TrimPrefix(s, "W/")
	return len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' && !strings.Contains(s[1:len(s)-1], `"`)
}

// revisionOf returns the revision that a tag stands for, else one that is never.
func revisionOf(tag string) es.Revision {
	digits := strings.Trim(tag, `"`)
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || ETag(es.Revision(n)) != tag {
		return never
	}
	return es.Revision(n)
}

// ETag returns the strong entity tag of a record at a revision.
func ETag(at es.Revision) string { return `"` + strconv.FormatUint(uint64(at), 10) + `"` }
