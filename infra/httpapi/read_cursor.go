package httpapi

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"

	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

// readPage reads limit and cursor. A page has [usualLimit] items if nothing is
// said; what is taken away as a file has all of them.
func (a *API) readPage(q *asked) error {
	if !q.format.file {
		q.limit = usualLimit
	}
	if q.has("limit") {
		n, err := strconv.Atoi(q.text("limit"))
		if err != nil || n < 1 || n > mostLimit {
			return bad("limit", "this is no number of items", fmt.Sprintf("1 to %d", mostLimit))
		}
		q.limit = n
	}
	if !q.has("cursor") {
		return nil
	}
	after, ok := a.openCursor(q, q.text("cursor"))
	if !ok {
		return problem.BadCursor.At("query cursor")
	}
	q.after = after
	return nil
}

// macSize is how many bytes of a cursor are the MAC, which is before the place in
// the list.
const macSize = 16

// cursor returns the place after a page as it leaves the service: opaque, and bound
// to the question by a MAC.
func (a *API) cursor(q *asked, after string) string {
	if after == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(append(a.mac(q, after), after...))
}

// openCursor reads what [API.cursor] wrote for the same question.
func (a *API) openCursor(q *asked, text string) (after string, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) <= macSize {
		return "", false
	}
	after = string(raw[macSize:])
	return after, hmac.Equal(raw[:macSize], a.mac(q, after))
}

func (a *API) mac(q *asked, after string) []byte {
	h := hmac.New(sha256.New, a.cfg.CursorKey)
	fmt.Fprintf(h, "%q %q %q", q.r.URL.Path, q.filters().Encode(), after)
	return h.Sum(nil)[:macSize]
}

// filters are the parameters that say which list it is, with the date as of which
// it is answered.
func (q *asked) filters() url.Values {
	f := maps.Clone(q.given)
	if f == nil {
		f = url.Values{}
	}
	for _, name := range []string{"cursor", "limit", "format", "min_position"} {
		f.Del(name)
	}
	if slices.ContainsFunc(q.of.takes, func(p parameter) bool { return p.name == "as_of" }) {
		f.Set("as_of", q.on.String())
	}
	return f
}

// next is the reference to what follows a page (RFC 8288), with what the question
// was answered by.
func (q *asked) next(cursor string) string {
	f := q.filters()
	for _, name := range []string{"limit", "format"} {
		if q.has(name) {
			f.Set(name, q.text(name))
		}
	}
	f.Set("cursor", cursor)
	return q.r.URL.EscapedPath() + "?" + f.Encode()
}
