package main

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/entente-ledger/entente/infra/client"
)

// servedStatus is how a ledger is that a service has, as JSON.
type servedStatus struct {
	Server string `json:"server"`
	Ready  bool   `json:"ready"`  // what is asked is answered, and by what is recorded
	Why    string `json:"why"`    // it is not ready, or ""
	Sealed int64  `json:"sealed"` // events, by the checkpoint that is published; 0 too for who may not see it
}

// printStatus implements [proving].
func (r *remote) printStatus(ctx context.Context) error {
	s := servedStatus{Server: r.app.server, Ready: true}
	if _, err := client.Bytes(r.client.Ask(ctx, "/readyz", nil)); err != nil {
		refused, ok := errors.AsType[*client.Refused](err)
		if !ok || refused.Status != http.StatusServiceUnavailable {
			return err
		}
		s.Ready, s.Why = false, refused.Problem.Detail
	}
	if note, err := r.witnessed(ctx); err == nil {
		s.Sealed = sizeOf(note)
	}
	if r.app.json {
		return r.app.printJSON(s)
	}
	p := &printer{app: r.app}
	p.line("service  %s", s.Server)
	if s.Ready {
		p.line("ready    yes")
	} else {
		p.line("ready    no: %s", s.Why)
	}
	p.line("sealed   %d events", s.Sealed)
	return p.err
}

// sizeOf returns the size of the tree in a checkpoint, its second line (C2SP
// tlog-checkpoint).
func sizeOf(note []byte) int64 {
	lines := strings.SplitN(string(note), "\n", 3)
	if len(lines) < 3 {
		return 0
	}
	n, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return 0
	}
	return n
}
