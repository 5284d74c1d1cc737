package main

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/client"
	"github.com/entente-ledger/entente/infra/documents"
)

// give implements [recording]. The id of the command is its Idempotency-Key, under
// which it is given again while no answer comes. Who records is who asks.
func (r *remote) give(ctx context.Context, _ string, dry bool, in input) (recorded, error) {
	cmd, err := r.command(ctx, dry, in)
	if err != nil {
		return recorded{}, err
	}
	done, err := r.client.Do(ctx, cmd)
	if err != nil {
		return recorded{}, fmt.Errorf("%s: %w", strings.TrimSpace(in.Command+" "+cmd.Stream), err)
	}
	text, err := json.Marshal(done)
	if err != nil {
		return recorded{}, fmt.Errorf("read the answer of the service: %w", err)
	}
	var out recorded
	if err := json.Unmarshal(text, &out); err != nil {
		return recorded{}, fmt.Errorf("read the answer of the service: %w", err)
	}
	return out, nil
}

// command turns the input into a command for the service.
func (r *remote) command(ctx context.Context, dry bool, in input) (cmd client.Command, err error) {
	if in.ApprovedBy != "" {
		return cmd, notServed("an approval by hand", "a proposal, which another person approves").At("/approvedBy")
	}
	if in.ID == uuid.Nil {
		if in.ID, err = uuid.NewV7(); err != nil {
			return cmd, fmt.Errorf("make a command id: %w", err)
		}
	}
	cmd.Key, cmd.Correlation, cmd.DryRun = in.ID.String(), in.Correlation, dry
	if in.Expect != nil {
		cmd.On = int(*in.Expect)
	}
	if in.KnownAt != "" {
		if cmd.KnownAt, err = time.Parse(time.RFC3339, in.KnownAt); err != nil {
			return cmd, es.Invalid("cli.bad_instant", fmt.Sprintf("%.40q is not an instant", in.KnownAt), "RFC 3339, such as 2026-03-01T09:30:00Z").At("/knownAt")
		}
	}
	if cmd.Stream, err = r.subject(ctx, in); err != nil {
		return cmd, err
	}
	payload := jsontext.Value(cmp.Or(string(in.Payload), "{}"))
	if in.Vault != nil {
		if payload, err = merged(payload, map[string]any{"vault": in.Vault}); err != nil {
			return cmd, err
		}
	}
	if in.File != "" {
		if payload, err = r.attach(ctx, dry, in, payload); err != nil {
			return cmd, err
		}
	}
	cmd.Says = client.Raw{Name: in.Command, JSON: []byte(payload)}
	return cmd, nil
}

// subject returns the record that a command is about, "" if it opens one: also of
// what follows from what it says, as that of a membership, if it is there.
func (r *remote) subject(ctx context.Context, in input) (string, error) {
	if in.To != "" {
		return r.resolve(ctx, in.To)
	}
	payload := []byte(cmp.Or(string(in.Payload), "{}"))
	stream, err := ledger.StreamOf(es.Command{ID: in.ID, Name: in.Command, Payload: payload})
	if err != nil || stream == es.NewStream(strings.Split(in.Command, ".")[0], in.ID) {
		return "", nil //nolint:nilerr // the service says what is wrong
	}
	d := &remoteDesk{&remote{&app{}, r.client}, ctx, nil}
	_, err = fetched[struct{}](d, "/v1/"+kindOfStream(stream)+"/"+stream, asking{})
	if errors.Is(err, es.ErrNotFound) {
		return "", nil
	}
	return stream, err
}

// attach has the service keep a file, unless it is dry, and puts what tells it from others into the
// command that is about it.
func (r *remote) attach(ctx context.Context, dry bool, in input, payload jsontext.Value) (jsontext.Value, error) {
	hash, size, err := hashOf(in.File)
	if err != nil {
		return nil, err
	}
	members, err := aboutFile(in.Command, in.File, hash, size)
	if err == nil && !dry {
		err = r.keep(ctx, in.File, hash)
	}
	if err != nil {
		return nil, err
	}
	return merged(payload, members)
}

// keep has the service keep a file with a known hash.
func (r *remote) keep(ctx context.Context, path string, hash documents.Hash) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read the file: %w", err)
	}
	return errors.Join(r.client.Keep(ctx, hex.EncodeToString(hash[:]), f), f.Close())
}
