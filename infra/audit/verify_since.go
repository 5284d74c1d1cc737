package audit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/tlog"
)

// memory is what is remembered of a full verification that found no damage.
type memory struct {
	// Checkpoint is the last one that was verified, as it was signed.
	Checkpoint string `json:"checkpoint"`
	// After is the position after which the first event of its last bundle is,
	// in the store that was read.
	After es.Position `json:"after"`
}

// start is where the verification of events begins.
type start struct {
	sequence int64 // of the first event, a multiple of [tlog.Width]
	after    es.Position
	recount  *tlog.Recount
}

// anchor is where the last bundle begins in the store, and with it the next
// verification.
type anchor struct {
	sequence int64
	after    es.Position
}

// begin finds where the verification of events begins.
func (v *verifier) begin(ctx context.Context) error {
	if !v.Full && len(v.Earlier) == 0 && v.Memory != "" {
		found, err := v.recall(ctx)
		if err != nil || found {
			return err
		}
	}
	r, err := v.Log.Recount(0, v.size)
	v.start = start{recount: r}
	return err
}

// recall begins after what was verified last. It reports false if nothing was,
// or if the store or the log are no longer what they were then.
func (v *verifier) recall(ctx context.Context) (bool, error) {
	text, err := os.ReadFile(v.Memory)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	var m memory
	if err != nil || json.Unmarshal(text, &m, json.RejectUnknownMembers(true)) != nil {
		return false, nil
	}
	c, err := v.Checkpoint([]byte(m.Checkpoint))
	if err != nil || c.Tree.N == 0 || c.Tree.N > v.size {
		return false, nil
	}
	s := start{sequence: (c.Tree.N - 1) &^ (tlog.Width - 1), after: m.After}
	if s.recount, err = v.Log.Recount(s.sequence, v.size); tlog.IsDamage(err) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	there, err := v.isAt(ctx, s)
	if err != nil || !there {
		return false, err
	}
	v.start, v.report.From = s, s.sequence
	v.other = append([]expected{{c.Tree, 0, "audit.root_differs", "the checkpoint that was verified last"}}, v.other...)
	return true, nil
}

// isAt reports whether the event after a position is the one that was sealed there.
func (v *verifier) isAt(ctx context.Context, s start) (bool, error) {
	leaves, err := v.Log.Bundle(s.sequence, v.size)
	if err != nil {
		if tlog.IsDamage(err) {
			err = nil
		}
		return false, err
	}
	for r, err := range ledger.Own(v.Store.ReadAll(ctx, s.after)) {
		if errors.Is(err, es.ErrCorrupt) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		leaf, err := tlog.LeafOf(v.Ledger, r)
		if err != nil {
			return false, nil
		}
		text, err := leaf.Encode()
		return err == nil && string(text) == string(leaves[0]), nil
	}
	return false, nil
}

// remember keeps up to where everything was found whole, if everything was looked at.
func (v *verifier) remember(context.Context) error {
	if v.Memory == "" || v.report.From > 0 || v.report.Damaged > 0 || v.report.Sealed == 0 {
		return nil
	}
	data, err := json.Marshal(memory{string(v.last.Note), v.after.after})
	if err != nil {
		return fmt.Errorf("remember what was verified: %w", err)
	}
	draft := filepath.Join(filepath.Dir(v.Memory), "."+filepath.Base(v.Memory)+".new")
	if err := os.WriteFile(draft, append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("remember what was verified: %w", err)
	}
	if err := os.Rename(draft, v.Memory); err != nil {
		return fmt.Errorf("remember what was verified: %w", err)
	}
	return nil
}
