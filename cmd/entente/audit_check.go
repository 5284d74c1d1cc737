package main

import (
	"archive/zip"
	"cmp"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/audit/bundle"
)

func (a *app) auditCheckCommand() *cobra.Command {
	var key, policy, since string
	c := &cobra.Command{
		Use:   "check FILE.zip --key log.vkey",
		Short: "Check evidence, with nothing but the public key of the log",
		Long: "Check all that is in a file that `entente audit bundle` made. It needs no ledger and no network; the key, and the policy\n" +
			"of the witnesses, have to come from somebody else than the file.",
		Args: cobra.ExactArgs(1),
	}
	c.Flags().StringVar(&key, "key", "", "file with the public key of the log")
	c.Flags().StringVar(&policy, "policy", "", "file with the policy that the cosignatures of witnesses have to satisfy")
	c.Flags().StringVar(&since, "since", "", "file with the previous checkpoint that the evidence has to continue")
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if key == "" {
			return usage("the key is needed", cmd.UseLine())
		}
		var by bundle.Trusted
		for _, f := range []struct {
			path, what string
			into       *[]byte
		}{{key, "the key", &by.VKey}, {policy, "the policy", &by.Policy}, {since, "the checkpoint", &by.Since}} {
			if f.path == "" {
				continue
			}
			var err error
			if *f.into, err = readNamed(f.path, f.what); err != nil {
				return err
			}
		}
		z, err := zip.OpenReader(args[0])
		if err != nil {
			return es.Invalid("audit.bad_file", "the evidence cannot be read: "+err.Error(), "a file that `entente audit bundle` wrote")
		}
		r, err := bundle.Check(cmd.Context(), &z.Reader, by)
		if err = errors.Join(err, z.Close()); err != nil {
			return err
		}
		return a.printChecked(r)
	}
	return c
}

func (a *app) printChecked(r bundle.Result) error {
	var err error
	if a.json {
		err = a.printJSON(map[string]any{
			"holds": len(r.Failures) == 0, "log": r.Manifest.Origin, "subject": r.Manifest.Subject, "size": r.Checkpoint.Tree.N, "since": r.Since,
			"events": r.Events, "documents": r.Documents, "complete": r.Manifest.Complete, "witnessed": r.Witnessed, "failures": append([]bundle.Failure{}, r.Failures...),
		})
	} else {
		p := &printer{app: a}
		for _, f := range r.Failures {
			p.line("%s: %s (%s)", f.File, f.Message, f.Code)
		}
		p.line("%s", shown(r))
		err = p.err
	}
	if n := len(r.Failures) + r.More; err == nil && n > 0 {
		err = &es.Error{Kind: es.ErrCorrupt, Code: "audit.not_proven", Message: fmt.Sprintf("the evidence does not hold: %d checks failed", n), Want: "the file as it was made, and the key of its log"}
	}
	return err
}

// shown puts what was proven into words.
func shown(r bundle.Result) string {
	m := r.Manifest
	text := fmt.Sprintf("%s: %d events and %d documents are as they were sealed in the log %s of %d events", cmp.Or(m.Subject, "the whole ledger"), r.Events, r.Documents, m.Origin, r.Checkpoint.Tree.N)
	if len(r.Failures) > 0 {
		return text + ", and the rest is not proven"
	}
	switch {
	case m.Complete && m.Known != "":
		text += "\ncomplete as far as it was known at " + m.Known + ", by the word of the ledger; all leaves are here"
	case m.Complete:
		text += "\ncomplete: the log had no other event of these records"
	default:
		text += "\ncompleteness is not shown"
	}
	if r.Since > 0 {
		text += fmt.Sprintf("\nthe log still has all that it had at the previous checkpoint of %d events", r.Since)
	}
	if r.Witnessed {
		return text + "\nwitnessed as the policy asks"
	}
	return text + "\nwitnesses were not asked for"
}
