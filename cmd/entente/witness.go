package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/tlog"
)

// policyFile is where the witnesses of the log are named.
func (a *app) policyFile() string { return filepath.Join(a.data, "policy") }

// keyFile is the private key of the log.
func (a *app) keyFile() string { return filepath.Join(a.data, "log.key") }

// sealer opens the transparency log.
func (l *opened) sealer(ctx context.Context) (*tlog.Sealer, error) {
	dir := l.app.logDir()
	key, err := tlog.OpenKey(ctx, l.Store(), l.app.keyFile(), l.Origin, dir)
	if err != nil {
		return nil, err
	}
	policy, err := tlog.LoadPolicy(l.app.policyFile())
	if err != nil {
		return nil, err
	}
	return tlog.Open(ctx, tlog.Config{
		Store: l.Store(), Ledger: l.ID, Origin: l.Origin, Key: key, Dir: dir, Witnessing: tlog.Witnessing{Policy: policy},
	})
}

// witnessed seals, offers the checkpoint to the witnesses, has it stamped if
// that is due, and returns it with the cosignatures. That somebody else did not
// answer is a warning.
func (l *opened) witnessed(ctx context.Context) ([]byte, error) {
	s, err := l.sealer(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.Hear(ctx); err != nil {
		return nil, err
	}
	c, err := s.Seal(ctx)
	if err != nil {
		return nil, err
	}
	if c.Tree.N == 0 {
		return c.Note, nil
	}
	answers, err := s.Offer(ctx)
	if err != nil {
		return nil, err
	}
	for _, w := range answers {
		if w.Err != nil {
			_, _ = fmt.Fprintf(l.app.errs, "entente: warning: %v\n", w.Err)
		}
	}
	if tsa, err := l.app.authority(""); err != nil {
		return nil, err
	} else if tsa.URL != "" {
		if _, err := l.app.stamp(ctx, tsa); err != nil {
			_, _ = fmt.Fprintf(l.app.errs, "entente: warning: the checkpoint has no time stamp: %v\n", err)
		}
	}
	return l.app.logDir().Published()
}

func (a *app) witnessCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "witness",
		Short: "Say who watches that the transparency log only grows, and offer it to them",
		RunE: func(*cobra.Command, []string) error {
			return usage("what is to be done with the witnesses?", "entente witness add|list|remove|quorum|offer|resume")
		},
	}
	c.AddCommand(a.witnessAddCommand(), a.witnessListCommand(), a.witnessRemoveCommand(), a.witnessQuorumCommand(),
		a.witnessOfferCommand(), a.witnessResumeCommand())
	return c
}

// changePolicy changes the policy of witnesses in the folder.
func (a *app) changePolicy(change func(tlog.Policy) (tlog.Policy, error)) error {
	if _, err := os.Stat(a.data); err != nil {
		return noLedger(es.NotFound("cli.no_data", err.Error()), a.place())
	}
	p, err := tlog.LoadPolicy(a.policyFile())
	if err != nil {
		return err
	}
	if p, err = change(p); err != nil {
		return err
	}
	if err := p.Save(a.policyFile()); err != nil {
		return err
	}
	return a.printPolicy(p)
}

func (a *app) witnessAddCommand() *cobra.Command {
	var quorum int
	c := &cobra.Command{
		Use:   "add NAME VKEY URL",
		Short: "Have checkpoints offered to a witness (C2SP tlog-witness)",
		Long: "Have checkpoints offered to a witness: NAME is of your choice, VKEY the public key of its cosignatures, as it\n" +
			"publishes it, URL where it is reached (without /add-checkpoint). The witness must know the log: give it tlog/log.vkey.",
		Args: cobra.ExactArgs(3),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.changePolicy(func(p tlog.Policy) (tlog.Policy, error) {
				return p.With(tlog.Witness{Name: args[0], VKey: args[1], URL: args[2]}, quorum)
			})
		},
	}
	c.Flags().IntVar(&quorum, "quorum", 0, "how many of all witnesses must cosign a checkpoint (default: more than half)")
	return c
}

func (a *app) witnessRemoveCommand() *cobra.Command {
	var quorum int
	c := &cobra.Command{
		Use:   "remove NAME",
		Short: "Offer a witness no more checkpoints",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.changePolicy(func(p tlog.Policy) (tlog.Policy, error) { return p.Without(args[0], quorum) })
		},
	}
	c.Flags().IntVar(&quorum, "quorum", 0, "how many of those left must cosign a checkpoint (default: more than half)")
	return c
}

func (a *app) witnessQuorumCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "quorum N",
		Short: "Say how many witnesses must cosign a checkpoint",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			n, err := strconv.Atoi(args[0])
			if err != nil || n < 1 {
				return usage(fmt.Sprintf("%.40q is no number of witnesses", args[0]), "1 or more")
			}
			return a.changePolicy(func(p tlog.Policy) (tlog.Policy, error) { return p.WithQuorum(n) })
		},
	}
}

func (a *app) witnessListCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "Show the witnesses, and how many of them must cosign a checkpoint",
		RunE: func(*cobra.Command, []string) error {
			p, err := tlog.LoadPolicy(a.policyFile())
			if err != nil {
				return err
			}
			return a.printPolicy(p)
		},
	}
}

// watching is a witness, as JSON.
type watching struct {
	Name string `json:"name"`
	Key  string `json:"key"`
	URL  string `json:"url"`
}

func (a *app) printPolicy(p tlog.Policy) error {
	t := table{head: []string{"WITNESS", "KEY", "URL"}}
	for _, w := range p.Witnesses {
		if a.json {
			if err := a.printJSON(watching{w.Name, w.VKey, w.URL}); err != nil {
				return err
			}
			continue
		}
		t.add(w.Name, w.VKey, w.URL)
	}
	if a.json {
		return nil
	}
	if len(p.Witnesses) == 0 {
		return a.printf("there are no witnesses\n")
	}
	if err := a.printTable(t); err != nil {
		return err
	}
	return a.printf("%d must cosign a checkpoint\n", p.Quorum())
}

// answered is what a witness said, as JSON.
type answered struct {
	Witness  string   `json:"witness"`
	Size     int64    `json:"size"` // of the checkpoint
	Cosigned bool     `json:"cosigned"`
	Error    *problem `json:"error"` // why not
}

func (a *app) witnessOfferCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "offer",
		Short: "Offer the last checkpoint to every witness, and show what they answer",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withLog(cmd.Context(), func(l *opened) error {
				s, err := l.sealer(cmd.Context())
				if err != nil {
					return err
				}
				answers, err := s.Offer(cmd.Context())
				if err != nil {
					return err
				}
				return a.printAnswers(answers)
			})
		},
	}
}

func (a *app) printAnswers(answers []tlog.Answer) error {
	t := table{head: []string{"WITNESS", "EVENTS", "ANSWER"}}
	for _, w := range answers {
		out, text := answered{w.Witness, w.Size, w.Err == nil, nil}, "cosigned"
		if w.Err != nil {
			p := problemOf(w.Err)
			out.Error, text = &p, w.Err.Error()
		}
		t.add(w.Witness, strconv.FormatInt(w.Size, 10), text)
		if a.json {
			if err := a.printJSON(out); err != nil {
				return err
			}
		}
	}
	if a.json {
		return nil
	}
	return a.printTable(t)
}

func (a *app) witnessResumeCommand() *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use:   "resume NAME --reason TEXT",
		Short: "Offer checkpoints again to a witness that refused one, after you have looked into it",
		Long: "Offer checkpoints again to a witness that refused one, or saw more of the log than there is. Either this log was\n" +
			"changed, or the witness is wrong: find out which. Who resumed, and why, stays in the store.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			actor, err := a.identity()
			if err != nil {
				return err
			}
			return a.withLog(cmd.Context(), func(l *opened) error {
				if err := tlog.Acknowledge(cmd.Context(), l.Store(), args[0], actor, reason, time.Now()); err != nil {
					return err
				}
				return a.printf("checkpoints are offered to %s again\n", args[0])
			})
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "what was found, for auditors")
	return c
}
