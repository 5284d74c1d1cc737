package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/audit/bundle"
	"github.com/entente-ledger/entente/infra/documents"
	"github.com/entente-ledger/entente/infra/tlog"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
)

func (a *app) auditCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "audit",
		Short: "Evidence for auditors: make it, check it, and step through the history",
		RunE: func(*cobra.Command, []string) error {
			return usage("what is to be audited?", "entente audit bundle, check or replay")
		},
	}
	c.AddCommand(a.auditBundleCommand(), a.auditCheckCommand(), a.auditReplayCommand())
	return c
}

// wanted is the evidence that is asked for.
type wanted struct {
	id                                 string // "" for all
	out, since                         string
	known                              time.Time
	all, related, complete, restricted bool
}

func (a *app) auditBundleCommand() *cobra.Command {
	var w wanted
	c := &cobra.Command{
		Use:   "bundle ID|--all -o FILE.zip",
		Short: "Make evidence that stands alone: events, receipts, documents, and how to check them",
		Long: "Write a zip file with the events of a record, or of all, as they are stored, a receipt for each, the signed checkpoint of\n" +
			"the log, the documents that the events name, a page for people, and how to check it with entente and without.\n" +
			"It is of what is sealed. The names of natural persons are not in it.",
		Example: "  entente audit bundle memorandum-f6 --related --complete -o evidence.zip\n" +
			"  entente audit bundle --all --since last-year.checkpoint -o evidence.zip",
		Args: cobra.MaximumNArgs(1),
	}
	flags := c.Flags()
	flags.StringVarP(&w.out, "output", "o", "", "file to write")
	flags.Var(instantFlag{&w.known}, "as-known", "only what the registrar vouched for at this instant, RFC 3339")
	flags.StringVar(&w.since, "since", "", "file with a previous checkpoint, of which the log is proven to be the continuation")
	flags.BoolVar(&w.all, "all", false, "the events of the whole ledger")
	flags.BoolVar(&w.related, "related", false, "with what the record refers to: parties, sources, other records")
	flags.BoolVar(&w.complete, "complete", false, "with every leaf of the log, so that it can be checked that there are no other events")
	flags.BoolVar(&w.restricted, "restricted", false, "even if some of it is restricted, which the page says")
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if w.all == (len(args) == 1) || w.all && w.related {
			return usage("a bundle is of one record, perhaps with what it refers to, or of all", "an id, or --all")
		}
		if w.out == "" {
			return usage("it is not said where to write", "-o FILE.zip")
		}
		if len(args) > 0 {
			w.id = args[0]
		}
		return a.withReader(cmd.Context(), func(l *opened) error { return l.bundle(cmd.Context(), w) })
	}
	return c
}

func (l *opened) bundle(ctx context.Context, w wanted) error {
	s := bundle.Source{
		Ledger: l.ID, Log: l.app.logDir(), Known: w.known, Related: w.related, Complete: w.complete,
		Document: func(hash string) (io.ReadCloser, error) { return l.app.document(hash) },
	}
	var err error
	if s.Checkpoint, err = l.app.published(); err != nil {
		return err
	}
	if s.Since, err = l.app.previous(w.since); err != nil {
		return err
	}
	keys, err := s.Log.PublishedChain()
	if err != nil {
		return err
	}
	chain, err := tlog.ParseChain(keys)
	if err != nil {
		return err
	}
	s.VKey = []byte(chain.Signer(s.Checkpoint) + "\n")
	if len(chain.Statements) > 0 {
		s.Keys = keys
	}
	if s.Policy, err = os.ReadFile(l.app.policyFile()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the policy: %w", err)
	}
	if w.id != "" {
		if s.Subject, err = l.resolve(ctx, w.id); err != nil {
			return err
		}
	}
	return l.views.Read(ctx, func(conn *sqlite.Conn, held checkpoint) error {
		v := sealedEvents{history.Log{Conn: conn, Store: l.Store()}, readmodel.At{Known: w.known, Events: uint64(s.Checkpoint.Tree.N)}}
		s.Lines = func(stream string) iter.Seq2[history.Line, error] { return v.lines(ctx, stream) }
		if err := v.choose(ctx, &s, w); err != nil {
			return err
		}
		if err := whole(w.out, func(f io.Writer) error { return bundle.Make(ctx, f, s) }); err != nil {
			return err
		}
		return l.app.printBundle(w.out, s, held.Events)
	})
}

func (a *app) printBundle(file string, s bundle.Source, held uint64) error {
	n := uint64(s.Checkpoint.Tree.N)
	if a.json {
		return a.printJSON(map[string]any{
			"file": file, "subject": s.Subject, "size": n, "notSealed": held - min(held, n), "restricted": s.Restricted, "fingerprint": bundle.Fingerprint(s.VKey),
		})
	}
	err := a.printf("wrote %s, as sealed by the checkpoint of %d events\nfingerprint of the key: %s\n", file, n, bundle.Fingerprint(s.VKey))
	if held > n {
		err = errors.Join(err, a.printf("%d events are recorded since and not sealed: see `entente checkpoint`\n", held-n))
	}
	return err
}

// sealedEvents reads what is sealed, by a state of knowledge.
type sealedEvents struct {
	log history.Log
	at  readmodel.At
}

// lines yields the events of a stream; as known and as sealed are prefixes of it.
func (v sealedEvents) lines(ctx context.Context, stream string) iter.Seq2[history.Line, error] {
	return func(yield func(history.Line, error) bool) {
		for l, err := range v.log.Whole(ctx, stream) {
			if err == nil && !l.Within(v.at) || !yield(l, err) {
				return
			}
		}
	}
}

// choose finds the streams, and whether any is restricted now, which has to be
// said.
func (v sealedEvents) choose(ctx context.Context, s *bundle.Source, w wanted) (err error) {
	s.Streams = []string{s.Subject}
	switch {
	case w.all:
		s.Streams, err = history.Between(v.log.Conn, readmodel.At{Recorded: time.Unix(0, 0)}, v.at)
	case w.related:
		named := map[string]bool{}
		for l, err := range v.lines(ctx, s.Subject) {
			if err != nil {
				return err
			}
			bundle.References(l.Event, func(stream string) { named[stream] = stream != s.Subject })
		}
		delete(named, s.Subject)
		s.Streams = append(s.Streams, slices.Sorted(maps.Keys(named))...)
	}
	if err != nil {
		return err
	}
	for _, stream := range s.Streams {
		var now es.Visibility
		for l, err := range v.log.Whole(ctx, stream) {
			if err != nil {
				return err
			}
			now = l.Visibility
		}
		if now == es.Restricted && !w.restricted {
			return es.Rejected("audit.restricted", stream+" is restricted: not everybody may see it", "--restricted, if whoever gets the file may")
		}
		s.Restricted = s.Restricted || now == es.Restricted
	}
	return nil
}

// document opens a document by its hash. It makes no folder.
func (a *app) document(hash string) (io.ReadCloser, error) {
	h, err := documents.ParseHash(hash)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(filepath.Join(a.data, "documents", h.String()[:2], h.String()))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, es.NotFound("document.unknown", "there is no such document")
	}
	return f, err
}

// previous reads a checkpoint of an auditor, nil if none was named.
func (a *app) previous(path string) (*tlog.Checkpoint, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // nil is none
	}
	text, err := readNamed(path, "the checkpoint")
	if err != nil {
		return nil, err
	}
	keys, err := a.keys()
	if err != nil {
		return nil, err
	}
	c, err := keys.Checkpoint(text)
	return &c, err
}

// whole writes a file so that it is there whole or not at all.
func whole(path string, write func(w io.Writer) error) error {
	f, err := os.CreateTemp(dirOf(path), ".entente-*")
	if err != nil {
		return es.Invalid("cli.bad_file", "the file cannot be written: "+err.Error(), "-o with the path of a file in a folder that is there")
	}
	if err = errors.Join(write(f), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
