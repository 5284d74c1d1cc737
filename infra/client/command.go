package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Says is what a command says: one of the generated types with the name of a
// command, such as [MemorandumSign], or [Raw].
type Says interface {
	// Command returns the name of the command: memorandum.sign.
	Command() string
}

// Raw is what a command says as JSON, an object.
type Raw struct {
	Name string // of the command
	JSON json.RawMessage
}

// Command implements [Says].
func (r Raw) Command() string { return r.Name }

// MarshalJSON implements [json.Marshaler].
func (r Raw) MarshalJSON() ([]byte, error) {
	if len(r.JSON) == 0 {
		return []byte("{}"), nil
	}
	return r.JSON, nil
}

// Command is a command that is given to a service.
type Command struct {
	Says Says
	// Stream is the record that it is about; "": it opens one.
	Stream string
	// On is the revision that the record must be at, 0 for any. Of a command that
	// opens a record it is 0, unless the record can be there already.
	On int
	// Key is the same when a command is given again, and new for each: 8 to 255
	// visible ASCII characters; "": a new UUID, version 7.
	Key         string
	KnownAt     time.Time // from when the registrar vouches for it; zero: when it is recorded
	Correlation uuid.UUID // of the act that it is part of, if there is one
	DryRun      bool      // answer what would be recorded, and record nothing
}

var errNothing = errors.New("give a command: it says nothing")

// Do gives a command to the service, and again under the same key while no answer
// comes. When it returns without an error, what it returns is durable. It fails
// with a [*Refused].
func (c *Client) Do(ctx context.Context, cmd Command) (Recorded, error) {
	r, err := c.request(ctx, cmd)
	if err != nil {
		return Recorded{}, err
	}
	return As[Recorded](c.send(ctx, r))
}

// send sends a request as those of the generated methods are.
func (c *Client) send(ctx context.Context, r *http.Request) (*http.Response, error) {
	if err := c.applyEditors(ctx, r, nil); err != nil {
		return nil, err
	}
	return c.Client.Do(r)
}

func (c *Client) request(ctx context.Context, cmd Command) (*http.Request, error) {
	if cmd.Says == nil {
		return nil, errNothing
	}
	body, err := json.Marshal(cmd.Says)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", cmd.Says.Command(), err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Server+strings.TrimPrefix(cmd.path(), "/"), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("give %s: %w", cmd.Says.Command(), err)
	}
	key, err := newKey(cmd.Key)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", key)
	switch {
	case cmd.On > 0:
		r.Header.Set("If-Match", fmt.Sprintf("%q", fmt.Sprint(cmd.On)))
	case cmd.Stream != "":
		r.Header.Set("If-Match", "*")
	}
	return r, nil
}

// newKey returns a key, or a new one for none.
func newKey(given string) (string, error) {
	if given != "" {
		return given, nil
	}
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("make a key: %w", err)
	}
	return id.String(), nil
}

// path returns the path and query of a command.
func (cmd Command) path() string {
	kind, verb, _ := strings.Cut(cmd.Says.Command(), ".")
	path := "/v1/" + url.PathEscape(kind) + "/"
	if cmd.Stream != "" {
		path += url.PathEscape(cmd.Stream) + "/"
	}
	q := url.Values{}
	if cmd.DryRun {
		q.Set("dry_run", "true")
	}
	if !cmd.KnownAt.IsZero() {
		q.Set("known_at", cmd.KnownAt.UTC().Format(time.RFC3339Nano))
	}
	if cmd.Correlation != uuid.Nil {
		q.Set("correlation", cmd.Correlation.String())
	}
	path += url.PathEscape(verb)
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

// Keep keeps a file as a document, durably, under the SHA-256 of its bytes, in
// hexadecimal digits. Keeping it again changes nothing. The caller closes the file.
func (c *Client) Keep(ctx context.Context, hash string, file io.Reader) error {
	_, err := Bytes(c.DocumentsPutWithBody(ctx, hash, "application/octet-stream", io.NopCloser(file)))
	return err
}

// Ask asks a question by its path, such as /v1/register, for what is put together
// when it runs; else there is a method for each.
func (c *Client) Ask(ctx context.Context, path string, query url.Values) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Server+strings.TrimPrefix(path, "/"), nil)
	if err != nil {
		return nil, fmt.Errorf("ask: %w", err)
	}
	r.URL.RawQuery = query.Encode()
	return c.send(ctx, r)
}
