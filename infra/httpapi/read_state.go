package httpapi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
	"github.com/entente-ledger/entente/projections"
)

const (
	usualWait = 5 * time.Second
	mostWait  = 30 * time.Second
)

// await waits until the views have what min_position asks for, as long as Prefer:
// wait says (RFC 7240, section 4.3).
func (a *API) await(w http.ResponseWriter, q *asked) error {
	if !q.has("min_position") {
		return nil
	}
	at, err := ParseToken(a.cfg.Ledger, q.text("min_position"))
	if err != nil {
		return problem.BadPosition.At("query min_position")
	}
	wait := usualWait
	if given, ok := preferredWait(q.r.Header.Values("Prefer")); ok {
		wait = given
		w.Header().Set("Preference-Applied", "wait="+strconv.Itoa(int(wait/time.Second)))
	}
	ctx, cancel := context.WithTimeout(q.r.Context(), max(wait, 10*time.Millisecond)) // to look at least once
	defer cancel()
	err = a.cfg.Views.WaitFor(ctx, at)
	if e, ok := errors.AsType[*es.Error](err); ok && e.Code == "views.lagging" {
		return (&problem.Error{Status: e.Kind.Status(), Code: e.Code, Message: e.Message, Want: e.Want, Field: "query min_position"}).With("Retry-After", "1")
	}
	return err
}

// preferredWait reads how long a client prefers to wait, at most [mostWait].
func preferredWait(headers []string) (time.Duration, bool) {
	for part := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if !strings.EqualFold(name, "wait") {
			continue
		}
		if n, err := strconv.ParseUint(strings.Trim(value, `" `), 10, 31); err == nil {
			return min(time.Duration(n)*time.Second, mostWait), true
		}
	}
	return 0, false
}

// weakTag is the entity tag of an answer: another if the ledger has other events,
// on another day, if something else is asked, or by somebody else.
func (a *API) weakTag(q *asked, c projections.Checkpoint) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %q %q %q %q %q %d %q %q %q", c.Events, a.cfg.Version, q.on.String(), q.r.URL.Path, q.filters().Encode(), q.format.name,
		q.limit, q.after, q.who, q.at.Sees))
	return `W/"` + hex.EncodeToString(sum[:12]) + `"`
}

// matches reports whether a tag is among those of a header, compared weakly, as
// If-None-Match is (RFC 9110, section 13.1.2).
func matches(headers []string, tag string) bool {
	opaque := strings.TrimPrefix(tag, "W/")
	for one := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == opaque {
			return true
		}
	}
	return false
}

// upToDate waits a moment for the views to have what the store has. If they have it
// not by then, the answer is by what they have.
func (a *API) upToDate(ctx context.Context) error {
	head, err := a.cfg.Store.Head(ctx)
	if err != nil {
		return fmt.Errorf("look at the head of the store: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if err := a.cfg.Views.WaitFor(ctx, head); err != nil && !errors.Is(err, es.ErrConflict) {
		return err
	}
	return nil
}
