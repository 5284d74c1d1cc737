package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/eventstore"
	"github.com/entente-ledger/entente/infra/vault"
)

// gate is a ledger with its identities and its access record.
type gate struct {
	*opened
	registry *access.Registry
	journal  *access.Journal
}

// withGate calls use with the identities of a ledger that is there.
func (a *app) withGate(ctx context.Context, use func(g gate) error) error {
	return a.with(ctx, ledger.Opening{}, func(l *opened) (err error) {
		g := gate{opened: l}
		if g.registry, err = access.OpenRegistry(ctx, filepath.Join(a.data, access.RegistryFile), access.Options{}); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, g.registry.Close()) }()
		if g.journal, err = access.OpenJournal(ctx, filepath.Join(a.data, access.JournalFile), access.JournalOptions{}); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, g.journal.Close()) }()
		return use(g)
	}, eventstore.ReadOnly())
}

// administer does an administrative act about an identity, and has the access
// record say so before; by is told who does it.
func (g gate) administer(ctx context.Context, command, about string, act func(by string) error) error {
	by, err := g.app.identity()
	if err != nil {
		return err
	}
	e := access.Entry{Who: by, Action: access.Administer, Outcome: access.Granted, Stream: about, Command: command, Reason: "command line"}
	if err := g.journal.Append(ctx, e); err != nil {
		return err
	}
	failed := act(by)
	if failed == nil {
		return nil
	}
	e.Outcome, e.Reason = access.Failed, problemOf(failed).Code
	return errors.Join(failed, g.journal.Append(ctx, e))
}

// account returns the account of an id, which may be shortened.
func (g gate) account(ctx context.Context, id string) (found access.Account, err error) {
	for a, err := range g.registry.Accounts(ctx) {
		switch {
		case err != nil:
			return access.Account{}, err
		case a.ID == id:
			return a, nil
		case !strings.HasPrefix(a.ID, id):
		case found.ID != "":
			return access.Account{}, es.Invalid("cli.ambiguous", fmt.Sprintf("%.60q begins the ids of several identities", id), "more of the id")
		default:
			found = a
		}
	}
	if found.ID == "" || id == "" {
		return access.Account{}, es.NotFound("access.no_identity", fmt.Sprintf("there is no identity %.60q", id))
	}
	return found, nil
}

// named returns the name that the vault has of an identity, "" if it has none.
func (g gate) named(ctx context.Context, a access.Account) (string, error) {
	id, err := a.UUID()
	if err != nil {
		return "", err
	}
	v, err := g.persons(ctx)
	if err != nil {
		return "", err
	}
	e, err := v.Get(ctx, id)
	if errors.Is(err, es.ErrNotFound) {
		return "", nil
	}
	return e.Name, err
}

// name puts the name of an identity that is about to be made into the vault.
func (g gate) name(ctx context.Context, id uuid.UUID, name string) error {
	if name == "" {
		return nil
	}
	v, err := g.persons(ctx)
	if err != nil {
		return err
	}
	_, err = v.Put(ctx, id, vault.Entry{Name: name})
	return err
}

func (a *app) accessCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "access",
		Short: "Read and verify the access record: who asked for what, and what came of it",
		Long: "Read and verify the access record. It is kept apart from the ledger, in access/journal.db, and holds who read\n" +
			"what is restricted, who exported, what was refused, and what administrators did. docs/security.md says more.",
		Example: "  entente access log --since 2026-03-01T00:00:00Z --outcome refused\n" +
			"  entente access verify --head 128:9f2c...",
		RunE: func(*cobra.Command, []string) error {
			return usage("what is to be done with the access record?", "entente access log|verify")
		},
	}
	c.AddCommand(a.accessLogCommand(), a.accessVerifyCommand())
	return c
}

// entered is an entry of the access record, as JSON.
type entered struct {
	Seq     int64          `json:"seq"`
	At      string         `json:"at"`
	Who     string         `json:"who"`
	Action  access.Action  `json:"action"`
	Outcome access.Outcome `json:"outcome"`
	Kind    string         `json:"kind"`
	Stream  string         `json:"stream"`
	Command string         `json:"command"`
	Reason  string         `json:"reason"`
	Request string         `json:"request"`
	Hash    access.Hash    `json:"hash"`
}

func enteredOf(e access.Entry) entered {
	return entered{e.Seq, es.FormatInstant(e.At), e.Who, e.Action, e.Outcome, e.Kind, e.Stream, e.Command, e.Reason, e.Request, e.Hash}
}

func (a *app) accessLogCommand() *cobra.Command {
	var f access.Filter
	var action, outcome string
	c := &cobra.Command{Use: "log", Short: "Show the access record, the oldest entry first"}
	flags := c.Flags()
	flags.Var(instantFlag{&f.Since}, "since", "only what was recorded then or later, RFC 3339")
	flags.Var(instantFlag{&f.Until}, "until", "only what was recorded before, RFC 3339")
	flags.StringVar(&f.Who, "who", "", "only of this identity (its whole id)")
	flags.StringVar(&f.Stream, "stream", "", "only about this stream or identity (its whole id)")
	flags.StringVar(&action, "action", "", "only this: "+strings.Join(access.Action("").Words(), ", "))
	flags.StringVar(&outcome, "outcome", "", "only what came of it so: "+strings.Join(access.Outcome("").Words(), ", "))
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := readWords(map[string]flagWord{"action": {action, &f.Action}, "outcome": {outcome, &f.Outcome}}); err != nil {
			return err
		}
		return a.withGate(cmd.Context(), func(g gate) error {
			for e, err := range g.journal.All(cmd.Context(), f) {
				if err != nil {
					return err
				}
				if err := a.printEntry(enteredOf(e)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return c
}

// printEntry prints an entry on a line of its own, without any table, which
// would have to be kept whole.
func (a *app) printEntry(e entered) error {
	if a.json {
		return a.printJSON(e)
	}
	return a.printf("%d  %s  %s  %s %s  %s  %s  %s\n", e.Seq, e.At, e.Who, e.Action, e.Outcome, dash(e.Stream), dash(e.Command), dash(e.Reason))
}

// flagWord is the text of a flag, and the word that it is read into.
type flagWord struct {
	text string
	into interface{ UnmarshalText(text []byte) error }
}

func readWords(flags map[string]flagWord) error {
	for name, w := range flags {
		if w.text == "" {
			continue
		}
		if err := w.into.UnmarshalText([]byte(w.text)); err != nil {
			return fmt.Errorf("--%s: %w", name, err)
		}
	}
	return nil
}

// verifiedRecord is the answer to access verify, as JSON.
type verifiedRecord struct {
	Entries int64  `json:"entries"`
	Head    string `json:"head"`
}

func (a *app) accessVerifyCommand() *cobra.Command {
	var remembered string
	c := &cobra.Command{
		Use:   "verify",
		Short: "Check that the access record has all that was recorded, unchanged",
		Long: "Check every entry of the access record against the chain of their hashes, and print its head. Keep the head\n" +
			"elsewhere, and give it with --head the next time: only so is it found that the end was cut off.",
	}
	c.Flags().StringVar(&remembered, "head", "", "a head that an earlier verification printed")
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		var from access.Head
		if remembered != "" {
			var err error
			if from, err = access.ParseHead(remembered); err != nil {
				return fmt.Errorf("--head: %w", err)
			}
		}
		return a.withGate(cmd.Context(), func(g gate) error {
			head, err := g.journal.Verify(cmd.Context(), from)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(verifiedRecord{head.Seq, head.String()})
			}
			return a.printf("%d entries are as they were recorded\nhead %s\n", head.Seq, head)
		})
	}
	return c
}

// when puts an instant into words, "-" if there is none.
func when(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return instant(t)
}
