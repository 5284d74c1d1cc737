package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/tlog"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// logDir is the folder of the transparency log.
func (a *app) logDir() tlog.Dir { return tlog.Dir(filepath.Join(a.data, "tlog")) }

// seal adds what was recorded to the transparency log, and returns the
// checkpoint.
func (l *opened) seal(ctx context.Context) (tlog.Checkpoint, error) {
	s, err := l.sealer(ctx)
	if err != nil {
		return tlog.Checkpoint{}, err
	}
	if err := s.Hear(ctx); err != nil {
		return tlog.Checkpoint{}, err
	}
	return s.Seal(ctx)
}

// sealed has what use recorded sealed. That it could not be does not undo what
// was recorded, so it is a warning.
func (a *app) sealed(ctx context.Context, use func(l *opened) error) func(l *opened) error {
	return func(l *opened) error {
		err := use(l)
		if _, failed := l.seal(ctx); failed != nil && ctx.Err() == nil {
			_, _ = fmt.Fprintf(a.errs, "entente: warning: what is recorded is not in the transparency log: %v\n", failed)
		}
		return err
	}
}

func (a *app) checkpointCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "checkpoint",
		Short: "Seal what is recorded, and print the signed checkpoint of the transparency log",
		Long: "Seal what is recorded, and print the checkpoint of the transparency log: its size and root, signed. Whoever keeps\n" +
			"a checkpoint can later check that the ledger still holds everything that it held then: `entente consistency`. It is\n" +
			"offered to the witnesses, and has the cosignatures of those that answer in time; once a day it is time-stamped, if\n" +
			"there is an authority: `entente timestamp`.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			open := func(ctx context.Context, use func(l *opened) error) error { return a.with(ctx, ledger.Opening{}, use) }
			return a.proving(cmd.Context(), open, func(p proving) error {
				note, err := p.witnessed(cmd.Context())
				if err != nil {
					return err
				}
				return a.output(out, note)
			})
		},
	}
	c.Flags().StringVarP(&out, "output", "o", "", "file to write to")
	return c
}

// output writes to a file, or prints.
func (a *app) output(path string, text []byte) error {
	if path == "" {
		return a.printf("%s", text)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil { //nolint:gosec // it is for others to read
		return es.Invalid("cli.bad_file", err.Error(), "a file that can be written")
	}
	return nil
}

// readNamed reads a file that was named.
func readNamed(path, what string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, es.Invalid("cli.bad_file", what+" cannot be read: "+err.Error(), "the path of a file that you may read")
	}
	return text, nil
}

func (a *app) receiptCommand() *cobra.Command {
	var out, event string
	c := &cobra.Command{
		Use:   "receipt EVENT-ID",
		Short: "Prove that an event is in the transparency log",
		Long: "Write the receipt of an event: its leaf, an inclusion proof and a signed checkpoint (C2SP tlog-proof). It verifies\n" +
			"for ever without the ledger, with the public key in tlog/log.vkey: `entente receipt verify`.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := uuid.Parse(args[0])
			if err != nil {
				return usage(fmt.Sprintf("%.60q is not the id of an event", args[0]), "an id such as `entente history --json` shows")
			}
			return a.proving(cmd.Context(), a.withReader, func(p proving) error {
				receipt, stored, err := p.receipt(cmd.Context(), id)
				if err != nil {
					return err
				}
				if event != "" {
					if err := a.output(event, stored); err != nil {
						return err
					}
				}
				return a.output(out, receipt)
			})
		},
	}
	c.Flags().StringVarP(&out, "output", "o", "", "file to write to")
	c.Flags().StringVar(&event, "event-out", "", "file to write the event to, as it is stored")
	c.AddCommand(a.receiptVerifyCommand())
	return c
}

// receipt returns the receipt of an event and the event as stored.
func (l *opened) receipt(ctx context.Context, id uuid.UUID) (receipt, event []byte, err error) {
	published, err := l.app.published()
	if err != nil {
		return nil, nil, err
	}
	return receipt, event, l.read(ctx, func(conn *sqlite.Conn) error {
		place, err := history.Find(conn, id, readmodel.At{})
		if err != nil {
			return err
		}
		r, err := l.app.logDir().Receipt(int64(place.Sequence), published)
		if err != nil {
			return err
		}
		receipt = r.Encode()
		for rec, err := range l.Store().ReadStream(ctx, place.Stream, place.Revision-1) {
			if err != nil {
				return err
			}
			event, err = tlog.EventOf(l.ID, rec).Encode()
			return err
		}
		return es.NotFound("history.no_event", "there is no event "+id.String())
	})
}

// keys returns the public keys of the transparency log in the folder, with those
// that it had.
func (a *app) keys() (tlog.Verifier, error) {
	text, err := a.logDir().PublishedChain()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, es.NotFound("tlog.none", "there is no transparency log in "+string(a.logDir()))
	}
	if err != nil {
		return nil, err
	}
	return tlog.ParseChain(text)
}

// published returns the checkpoint that is published.
func (a *app) published() (tlog.Checkpoint, error) {
	keys, err := a.keys()
	if err != nil {
		return tlog.Checkpoint{}, err
	}
	text, err := a.logDir().Published()
	if errors.Is(err, fs.ErrNotExist) {
		return tlog.Checkpoint{}, es.NotFound("tlog.none", "nothing is sealed yet in "+string(a.logDir()))
	}
	if err != nil {
		return tlog.Checkpoint{}, err
	}
	return keys.Checkpoint(text)
}

func (a *app) receiptVerifyCommand() *cobra.Command {
	var key, event, policy string
	c := &cobra.Command{
		Use:   "verify RECEIPT --key log.vkey --event event.json [--policy policy]",
		Short: "Verify a receipt, with nothing but the public key of the log",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if key == "" || event == "" {
				return usage("the key and the event are needed", cmd.UseLine())
			}
			v, err := verifyReceipt(args[0], key, event, policy)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(v)
			}
			witnessed := ""
			if v.Witnessed {
				witnessed = ", which the witnesses cosigned"
			}
			return a.printf("event %d of the log %s is %s at revision %d (%s)\nit was sealed in the checkpoint of %d events%s\n",
				v.Sequence, v.Log, v.Stream, v.Revision, v.Type, v.Size, witnessed)
		},
	}
	c.Flags().StringVar(&key, "key", "", "file with the public key of the log, or with all that it had (tlog/keys)")
	c.Flags().StringVar(&event, "event", "", "file with the event as stored")
	c.Flags().StringVar(&policy, "policy", "", "file that says which witnesses must have cosigned the checkpoint (C2SP tlog-policy)")
	return c
}

// verified is what a receipt proved, as JSON.
type verified struct {
	Log      string      `json:"log"`
	Size     int64       `json:"size"` // of the checkpoint
	Sequence int64       `json:"sequence"`
	Stream   string      `json:"stream"`
	Revision es.Revision `json:"revision"`
	Type     string      `json:"type"`
	ID       uuid.UUID   `json:"id"`
	// Witnessed reports whether the witnesses of a policy cosigned the checkpoint;
	// false also if none was given.
	Witnessed bool `json:"witnessed"`
}

func verifyReceipt(receiptFile, keyFile, eventFile, policyFile string) (verified, error) {
	text, err := readNamed(keyFile, "the key")
	if err != nil {
		return verified{}, err
	}
	keys, err := tlog.ParseVerifier(text)
	if err != nil {
		return verified{}, err
	}
	if text, err = readNamed(eventFile, "the event"); err != nil {
		return verified{}, err
	}
	e, err := tlog.ParseEvent(text)
	if err != nil {
		return verified{}, err
	}
	leaf, err := e.Leaf()
	if err != nil {
		return verified{}, err
	}
	if text, err = readNamed(receiptFile, "the receipt"); err != nil {
		return verified{}, err
	}
	r, err := tlog.ParseReceipt(text)
	if err != nil {
		return verified{}, err
	}
	c, err := r.Verify(leaf, keys)
	if err != nil {
		return verified{}, err
	}
	if policyFile != "" {
		if text, err = readNamed(policyFile, "the policy"); err == nil {
			err = tlog.CheckWitnessed(text, r.Checkpoint)
		}
	}
	return verified{c.Origin, c.Tree.N, r.Index, e.Stream, e.Revision, e.Type, e.ID, policyFile != ""}, err
}

func (a *app) consistencyCommand() *cobra.Command {
	var from, to, key, out string
	c := &cobra.Command{
		Use:   "consistency --from OLD.checkpoint [--to NEW.checkpoint]",
		Short: "Prove that the log still holds everything that it held at an older checkpoint",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if from == "" {
				return usage("the older checkpoint is needed", cmd.UseLine())
			}
			older, newer, proof, err := a.consistency(from, to, key)
			if err != nil {
				return err
			}
			if out != "" {
				return a.output(out, proof)
			}
			return a.printf("the log of %d events is the beginning of the log of %d events\n%s", older.Tree.N, newer.Tree.N,
				strings.TrimSuffix(string(proof), string(newer.Note)))
		},
	}
	c.Flags().StringVar(&from, "from", "", "file with the older checkpoint")
	c.Flags().StringVar(&to, "to", "", "file with the newer one (default: the one that is published)")
	c.Flags().StringVar(&key, "key", "", "file with the public key of the log (default: the one in the folder)")
	c.Flags().StringVarP(&out, "output", "o", "", "file to write the proof to, as it is offered to witnesses")
	return c
}

// consistency returns two checkpoints and the proof that the older is the
// beginning of the newer.
func (a *app) consistency(from, to, key string) (older, newer tlog.Checkpoint, proof []byte, err error) {
	keys, err := a.keys()
	if key != "" {
		var text []byte
		if text, err = readNamed(key, "the key"); err == nil {
			keys, err = tlog.ParseVerifier(text)
		}
	}
	if err != nil {
		return older, newer, nil, err
	}
	read := func(path string) (tlog.Checkpoint, error) {
		text, err := readNamed(path, "the checkpoint")
		if err != nil {
			return tlog.Checkpoint{}, err
		}
		return keys.Checkpoint(text)
	}
	if older, err = read(from); err != nil {
		return older, newer, nil, err
	}
	if to == "" {
		to = filepath.Join(string(a.logDir()), "checkpoint")
	}
	if newer, err = read(to); err != nil {
		return older, newer, nil, err
	}
	if older.Origin != newer.Origin {
		return older, newer, nil, es.Invalid("tlog.other_log", fmt.Sprintf("the older checkpoint is of the log %s, and the newer one of %s, which goes on after it", older.Origin, newer.Origin),
			"checkpoints of one log; what of the one before was kept, tlog/keys says")
	}
	hashes, err := a.logDir().Consistency(older.Tree, newer.Tree)
	if err != nil {
		return older, newer, nil, err
	}
	return older, newer, tlog.EncodeConsistency(older.Tree.N, hashes, newer), nil
}
