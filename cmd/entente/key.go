package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/eventstore"
	"github.com/entente-ledger/entente/infra/tlog"
)

func (a *app) keyCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "key",
		Short: "Change the key of the transparency log, and prepare for its loss",
		RunE: func(*cobra.Command, []string) error {
			return usage("what is to be done with the key?", "entente key rotate|recovery|recover")
		},
	}
	c.AddCommand(a.keyRotateCommand(), a.keyRecoveryCommand(), a.keyRecoverCommand())
	return c
}

// statedKey is a statement, as JSON.
type statedKey struct {
	Says string `json:"says"`
	Log  string `json:"log"`
	Key  string `json:"key"`
	By   string `json:"by"`
	From int64  `json:"from"` // size of the first checkpoint that the key signs; 0 of a recovery key
	Note string `json:"note"` // as signed
}

func (a *app) printStatement(s tlog.Statement, format string, args ...any) error {
	if a.json {
		return a.printJSON(statedKey{s.Says, s.Log, s.Key, s.By, s.From, string(s.Note)})
	}
	return a.printf(format, args...)
}

func (a *app) keyRotateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "rotate",
		Short: "Make a new key, and state it with the present one",
		Long: "Make a new key, and state with the present one from which size of the log it signs. Whoever verifies with an\n" +
			"older key follows the statements in tlog/keys. Where several nodes seal, stop the others first, and give them\n" +
			"log.key before they go on.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withSealer(cmd.Context(), func(s *tlog.Sealer) error {
				st, err := s.Rotate(cmd.Context(), a.keyFile())
				if err != nil {
					return err
				}
				return a.printStatement(st, "from %d events on, the log %s has the key\n%s\n", st.From, st.Log, st.Key)
			})
		},
	}
}

func (a *app) keyRecoveryCommand() *cobra.Command {
	var out, with string
	c := &cobra.Command{
		Use:   "recovery --out FILE",
		Short: "Make a key with which a lost or stolen key of the log can be replaced, to be kept offline",
		Long: "Make a recovery key, and state it with the key of the log; if there is a recovery key already, with that. Keep\n" +
			"the file where the ledger is not, and nobody alone can reach it.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return usage("a file for the recovery key is needed", cmd.UseLine())
			}
			return a.withSealer(cmd.Context(), func(s *tlog.Sealer) error {
				st, err := s.StateRecovery(cmd.Context(), out, with)
				if err != nil {
					return err
				}
				return a.printStatement(st, "the recovery key of the log %s is in %s; take it off this machine\n", st.Log, out)
			})
		},
	}
	c.Flags().StringVar(&out, "out", "", "file to make")
	c.Flags().StringVar(&with, "with", "", "file with the present recovery key, if there is one")
	return c
}

func (a *app) keyRecoverCommand() *cobra.Command {
	var with string
	c := &cobra.Command{
		Use:   "recover --with FILE",
		Short: "Replace a lost or stolen key of the log, with the recovery key",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if with == "" {
				return usage("the recovery key is needed", cmd.UseLine())
			}
			return a.withLog(cmd.Context(), func(l *opened) error {
				st, err := tlog.Recover(cmd.Context(), l.Store(), a.keyFile(), with)
				if err != nil {
					return err
				}
				return a.printStatement(st, "from %d events on, the log %s has the key\n%s\n", st.From, st.Log, st.Key)
			})
		},
	}
	c.Flags().StringVar(&with, "with", "", "file with the recovery key")
	return c
}

// withSealer calls use with the transparency log of a ledger that is there, all
// that was recorded sealed.
func (a *app) withSealer(ctx context.Context, use func(*tlog.Sealer) error) error {
	return a.withLog(ctx, func(l *opened) error {
		s, err := l.sealer(ctx)
		if err != nil {
			return err
		}
		if _, err := s.Seal(ctx); err != nil {
			return err
		}
		return use(s)
	})
}

// withLog is withExisting for what is about the transparency log alone, and may
// have to be done while the views cannot follow.
func (a *app) withLog(ctx context.Context, use func(l *opened) error) error {
	if err := a.with(ctx, ledger.Opening{}, func(*opened) error { return nil }, eventstore.ReadOnly()); err != nil {
		return err
	}
	return a.with(ctx, ledger.Opening{}, a.sealed(ctx, use))
}
