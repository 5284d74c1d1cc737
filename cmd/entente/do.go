package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/vault"
)

// input is a command as a person or a program writes it.
type input struct {
	ID          uuid.UUID      `json:"id"` // left out: a new one
	Command     string         `json:"command"`
	To          string         `json:"to"` // id or its beginning; left out: opens
	Payload     jsontext.Value `json:"payload"`
	KnownAt     string         `json:"knownAt"`
	Expect      *es.Revision   `json:"expect"`
	Correlation uuid.UUID      `json:"correlation"`
	ApprovedBy  string         `json:"approvedBy"`
	// Vault is what is kept of the person that person.register registers.
	Vault *natural `json:"vault"`
	// File is the path of the file that the command is about.
	File string `json:"file"`
}

// natural is what the vault keeps of a natural person.
type natural struct {
	Name     string `json:"name"`
	NameLang string `json:"nameLang"`
	Contact  string `json:"contact"`
}

// recorded is the answer to a command, as JSON.
type recorded struct {
	Stream   string      `json:"stream"`
	Revision es.Revision `json:"revision"`
	Repeated bool        `json:"repeated"`
	DryRun   bool        `json:"dryRun"`
	Events   []event     `json:"events"`
}

type event struct {
	Revision es.Revision    `json:"revision"`
	ID       uuid.UUID      `json:"id"`
	Type     string         `json:"type"`
	Schema   int            `json:"schema"`
	Data     jsontext.Value `json:"data"`
	Meta     jsontext.Value `json:"meta"`
}

// failedLines says that some lines of many failed; each was reported.
type failedLines struct {
	kind          es.Kind // of the first
	failed, lines int
	what          string // happened to them
}

func (f *failedLines) Error() string {
	return fmt.Sprintf("%d of %d %s", f.failed, f.lines, f.what)
}

func (a *app) doCommand() *cobra.Command {
	var dry bool
	file, err := identityFile()
	if err != nil {
		file = "the configuration folder"
	}
	c := &cobra.Command{
		Use:   "do [COMMAND-AS-JSON]",
		Short: "Record a command, or many as NDJSON from standard input",
		Long: "Record a command given as a JSON object, or many from standard input, one after the other, with a\n" +
			"result for each. A failed line does not stop the others.\n\n" +
			"Members: command, payload; to, the id (or its beginning) of what the command is about, left out to\n" +
			"open a new one; id, a UUID of the caller's, so that giving it again records nothing twice; knownAt,\n" +
			"expect (the revision it must be at), correlation, approvedBy; vault (name, nameLang, contact) with\n" +
			"person.register; file, the path of a file to keep, with source.attach_file and memorandum.add_text.\n\nWho records is --actor, $ENTENTE_ACTOR, or the id in " + file + ".",
		Example: `  entente do --actor clerk-7 '{"command":"party.register","payload":{"kind":"municipality","name":{"lang":"it","value":"Comune di Ancona"}}}'` + "\n" +
			`  entente do --dry-run < commands.ndjson`,
		Args: cobra.MaximumNArgs(1),
	}
	c.Flags().BoolVar(&dry, "dry-run", false, "show the events that would be recorded, record nothing")
	c.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 && strings.HasPrefix(strings.TrimSpace(args[0]), "{") {
			a.in = strings.NewReader(args[0])
		} else if len(args) == 1 && args[0] != "-" {
			return usage(fmt.Sprintf("%.40q is not a JSON object", args[0]), `{"command": ..., "payload": ...}, or nothing to read standard input`)
		}
		return a.recording(cmd.Context(), func(l recording, actor string) error {
			return a.doAll(cmd.Context(), l, actor, dry, len(args) == 1 && args[0] != "-")
		})
	}
	return c
}

// doAll records the commands of the input, one result a line.
func (a *app) doAll(ctx context.Context, l recording, actor string, dry, single bool) error {
	dec := jsontext.NewDecoder(a.in)
	failed := failedLines{what: "commands failed"}
	for {
		var text jsontext.Value
		text, err := dec.ReadValue()
		if errors.Is(err, io.EOF) {
			break
		}
		failed.lines++
		if err != nil { // the rest of the input cannot be told apart
			return es.Invalid("cli.bad_json", fmt.Sprintf("command %d is not valid JSON: %v", failed.lines, err), "one JSON object for each command")
		}
		res, err := doOne(ctx, l, actor, dry, text)
		switch {
		case err == nil:
			err = a.report(res)
		case !single:
			if failed.failed++; failed.failed == 1 {
				failed.kind = kindOf(err)
			}
			a.complain(fmt.Errorf("command %d: %w", failed.lines, err))
			err = nil
		}
		if err != nil {
			return err
		}
	}
	if failed.lines == 0 {
		return usage("there is no command", "a JSON object as argument or on standard input")
	}
	if failed.failed > 0 {
		return &failed
	}
	return nil
}

func doOne(ctx context.Context, l recording, actor string, dry bool, text jsontext.Value) (recorded, error) {
	var in input
	if err := json.Unmarshal(text, &in, json.RejectUnknownMembers(true)); err != nil {
		return recorded{}, es.Invalid("cli.bad_command", err.Error(), "the members that `entente do --help` names")
	}
	return l.give(ctx, actor, dry, in)
}

// give gives one command to the ledger.
func (l *opened) give(ctx context.Context, actor string, dry bool, in input) (recorded, error) {
	cmd, err := l.command(ctx, actor, dry, in)
	if err != nil {
		return recorded{}, err
	}
	res, err := l.Do(ctx, cmd)
	if err != nil {
		if cmd.Stream == "" {
			return recorded{}, fmt.Errorf("%s: %w", cmd.Name, err)
		}
		return recorded{}, fmt.Errorf("%s %s: %w", cmd.Name, cmd.Stream, err)
	}
	out := recorded{Stream: res.Stream, Revision: res.Revision, Repeated: res.Repeated, DryRun: dry}
	for _, r := range res.Events {
		out.Events = append(out.Events, event{r.Revision, r.ID, r.Type, r.Schema, r.Data, r.Meta})
	}
	return out, nil
}

// command turns the input into a command of the ledger.
func (l *opened) command(ctx context.Context, actor string, dry bool, in input) (es.Command, error) {
	cmd := es.Command{
		ID: in.ID, Name: in.Command, Stream: in.To, Payload: in.Payload, Actor: actor, ApprovedBy: in.ApprovedBy,
		Correlation: in.Correlation, Expect: in.Expect, DryRun: dry,
	}
	if len(in.Payload) == 0 {
		cmd.Payload = jsontext.Value("{}")
	}
	var err error
	if cmd.ID == uuid.Nil {
		if cmd.ID, err = uuid.NewV7(); err != nil {
			return cmd, fmt.Errorf("make a command id: %w", err)
		}
	}
	if in.KnownAt != "" {
		if cmd.KnownAt, err = time.Parse(time.RFC3339, in.KnownAt); err != nil {
			return cmd, es.Invalid("cli.bad_instant", fmt.Sprintf("%.40q is not an instant", in.KnownAt), "RFC 3339, such as 2026-03-01T09:30:00Z").At("/knownAt")
		}
	}
	if in.To != "" {
		if cmd.Stream, err = l.resolve(ctx, in.To); err != nil {
			return cmd, err
		}
	}
	if in.Vault != nil {
		if cmd.Payload, err = l.commit(ctx, cmd, vault.Entry(*in.Vault)); err != nil {
			return cmd, err
		}
	}
	if in.File != "" {
		cmd.Payload, err = l.attach(ctx, cmd, in.File)
	}
	return cmd, err
}

// report prints the answer to a command.
func (a *app) report(r recorded) error {
	if a.json {
		return a.printJSON(r)
	}
	verb := "recorded"
	switch {
	case r.DryRun:
		verb = "would record"
	case r.Repeated:
		verb = "had recorded"
	case len(r.Events) == 0:
		return a.printf("%s: nothing new, at revision %d\n", r.Stream, r.Revision)
	}
	for _, e := range r.Events {
		if err := a.printf("%s %s  %s\n", verb, e.Type, e.Data); err != nil {
			return err
		}
	}
	return a.printf("%s is at revision %d\n", r.Stream, r.Revision)
}
