package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"golang.org/x/term"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/person"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections/history"
)

// loggedPerson is a natural person as the log has it.
type loggedPerson struct {
	*person.State
	id    string
	lines []history.Line
}

// shownPerson is a natural person, as JSON.
type shownPerson struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"` // as the vault has it, or why there is none
	Erased    bool            `json:"erased"`
	Recorded  bool            `json:"recorded"` // and not in error
	Functions []function      `json:"functions"`
	Events    []answers.Event `json:"events"`
}

type function struct {
	person.Function
	Revision es.Revision `json:"revision"`
}

func (a *app) personCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "person",
		Short: "Show a natural person, or erase their data for ever",
		Long: "Show what the ledger has of a natural person, or erase their data. The name is in the vault and nowhere\n" +
			"else; the log has an id and the functions held, and they stay.",
		Example: "  entente person show person-3d\n" +
			"  entente person erase person-3d --authority party-5a --reason request",
	}
	show := &cobra.Command{Use: "show ID", Short: "Show a person's name, functions and events"}
	show.RunE = func(cmd *cobra.Command, args []string) error {
		return a.withReader(cmd.Context(), func(l *opened) error { return l.showPerson(cmd.Context(), args[0]) })
	}
	erase := &cobra.Command{
		Use:   "erase ID",
		Short: "Destroy what the vault keeps of a person, for ever",
		Long: "Record that a person is erased, and destroy name, contact and salt in the vault at once. Nothing brings them\n" +
			"back: the vault erases them again whenever it is opened after an old copy of it was restored. Other copies,\n" +
			"such as backups, stay as they are.",
	}
	var authority, reason string
	var yes bool
	erase.Flags().StringVar(&authority, "authority", "", "on whose decision: the id of a party, a person, or an event as ID@REVISION")
	erase.Flags().StringVar(&reason, "reason", "", "why: "+strings.Join(person.Ground("").Words(), ", "))
	erase.Flags().BoolVar(&yes, "yes", false, "do not ask")
	erase.RunE = func(cmd *cobra.Command, args []string) error {
		e := person.Erase{Fact: terms.Fact{Occurred: today(), Authority: terms.Ref(authority)}}
		if authority == "" {
			return es.Invalid("cli.no_authority", "it is not said on whose decision the person is erased", "--authority with the id of a party, a person or an event")
		}
		if err := e.Reason.UnmarshalText([]byte(reason)); err != nil {
			return fmt.Errorf("--reason: %w", err)
		}
		return a.erasePerson(cmd, args[0], e, yes)
	}
	for _, verb := range []*cobra.Command{show, erase} {
		verb.Args = sentence(cobra.ExactArgs(1))
		c.AddCommand(verb)
	}
	return c
}

// logged returns the person with an id, which may be shortened.
func (l *opened) logged(ctx context.Context, id string) (loggedPerson, error) {
	id, err := l.resolve(ctx, id)
	if err != nil {
		return loggedPerson{}, err
	}
	if kind := kindOfStream(id); kind != "person" {
		return loggedPerson{}, es.Invalid("cli.no_person", id+" is not a natural person", "the id of a person")
	}
	p := loggedPerson{id: id}
	fold := ledger.Fold("person")
	err = l.read(ctx, func(conn *sqlite.Conn) error {
		for one, err := range (history.Log{Conn: conn, Store: l.Store()}).Whole(ctx, id) {
			if err != nil {
				return err
			}
			fold.Add(one.Revision, one.Event)
			p.lines = append(p.lines, one)
		}
		return nil
	})
	if err == nil && len(p.lines) == 0 {
		err = es.NotFound("history.no_stream", "there is nothing called "+id)
	}
	p.State = fold.State().(*person.State)
	return p, err
}

func (l *opened) showPerson(ctx context.Context, given string) error {
	logged, err := l.logged(ctx, given)
	if err != nil {
		return err
	}
	name, err := l.person(ctx, logged.id)
	if err != nil {
		return err
	}
	if l.app.json {
		shown := shownPerson{ID: logged.id, Name: name, Erased: logged.Erased(), Recorded: logged.Book().Exists()}
		for _, f := range logged.Functions() {
			shown.Functions = append(shown.Functions, function{f.Function, f.Revision})
		}
		for _, one := range logged.lines {
			shown.Events = append(shown.Events, answers.EventOf(one))
		}
		return l.app.printJSON(shown)
	}
	p := &printer{app: l.app}
	p.line("%s", name)
	p.line("%s", logged.id)
	if !logged.Book().Exists() {
		p.line("recorded in error")
	}
	p.line("")
	if err := l.printFunctions(ctx, p, logged.Functions()); err != nil || p.err != nil {
		return errors.Join(err, p.err)
	}
	return l.app.printHistory(ctx, l, logged.id)
}

func (l *opened) printFunctions(ctx context.Context, p *printer, held []person.Held) error {
	if len(held) == 0 {
		return nil
	}
	t := table{head: []string{"FUNCTION", "AT", "FROM", "UNTIL", "BY EVENT"}}
	err := l.read(ctx, func(conn *sqlite.Conn) error {
		d := l.desk(conn)
		for _, f := range held {
			at := ""
			if f.At != "" {
				var err error
				if at, err = d.Name(string(f.At)); err != nil {
					return err
				}
			}
			t.add(f.Title.Value, dash(at), dash(f.From.String()), dash(f.Until.String()), fmt.Sprint(f.Revision))
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.table(t)
	p.line("")
	return nil
}

// erasePerson has a person erased, once that is confirmed. The question is put
// while the ledger is closed, so that others can record meanwhile.
func (a *app) erasePerson(c *cobra.Command, given string, e person.Erase, yes bool) error {
	ctx := c.Context()
	actor, err := a.identity()
	if err != nil {
		return err
	}
	var who, name string
	err = a.withReader(ctx, func(l *opened) error {
		p, err := l.logged(ctx, given)
		if err != nil {
			return err
		}
		who, yes = p.id, yes || p.Erased()
		if e.Authority, err = l.authority(ctx, string(e.Authority)); err != nil || yes {
			return err
		}
		name, err = l.person(ctx, who)
		return err
	})
	if err == nil && !yes {
		err = a.confirm(fmt.Sprintf("Erase %s (%s) for ever?", who, name))
	}
	if err != nil {
		return err
	}
	return a.withExisting(ctx, func(l *opened) error { return l.erase(c, actor, who, e) })
}

// authority returns the reference to whoever decides, or to the event that
// holds the decision; the id may be shortened.
func (l *opened) authority(ctx context.Context, given string) (ref terms.Ref, err error) {
	stream, at, isEvent := strings.Cut(given, "@")
	if stream, err = l.resolve(ctx, stream); err != nil {
		return "", fmt.Errorf("--authority: %w", err)
	}
	switch kind := kindOfStream(stream); {
	case isEvent:
		stream += "@" + at
	case kind != "party" && kind != "network" && kind != "person":
		return "", es.Invalid("cli.bad_authority", stream+" decides nothing", "the id of a party, a network or a person, or an event as ID@REVISION")
	}
	if err := ref.UnmarshalText([]byte(stream)); err != nil {
		return "", fmt.Errorf("--authority: %w", err)
	}
	return ref, nil
}

// confirm asks a question on the terminal, and fails unless the answer is yes.
func (a *app) confirm(question string) error {
	file, ok := a.in.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return notConfirmed("there is no terminal to ask on whether it is meant", "--yes")
	}
	if _, err := fmt.Fprintf(a.errs, "%s Type yes: ", question); err != nil {
		return fmt.Errorf("ask: %w", err)
	}
	answer := bufio.NewScanner(file)
	answer.Scan()
	if err := answer.Err(); err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if strings.TrimSpace(answer.Text()) != "yes" {
		return notConfirmed("the answer was not yes, and nothing was done", "yes, or --yes")
	}
	return nil
}

func notConfirmed(message, want string) error {
	return es.Invalid("cli.not_confirmed", message, want)
}

// erase records that a person is erased, and destroys what the vault keeps. The
// event comes first: what happens in between, the vault makes good when it is
// next opened.
func (l *opened) erase(c *cobra.Command, actor, id string, e person.Erase) error {
	p, err := l.logged(c.Context(), id)
	if err != nil {
		return err
	}
	res := recorded{Stream: id, Revision: es.Revision(len(p.lines))}
	if !p.Erased() {
		payload, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("write the command: %w", err)
		}
		if res, err = l.give(c.Context(), actor, false, input{Command: "person.erase", To: id, Payload: payload}); err != nil {
			return err
		}
	}
	failed := l.destroy(c.Context(), id)
	err = l.app.report(res)
	if !l.app.json && err == nil && failed == nil {
		said := "name, contact and salt are destroyed; copies of the vault made before, such as backups, are not"
		if p.Erased() {
			said = "it was erased before, and nothing is changed"
		}
		err = l.app.printf("%s\n", said)
	}
	return errors.Join(failed, err)
}

// destroy destroys what the vault keeps of a person whom the log says is erased.
func (l *opened) destroy(ctx context.Context, id string) error {
	_, who, err := es.ParseStream(id)
	if err != nil {
		return err
	}
	if err = l.forget(ctx, who); err == nil {
		return nil
	}
	return &es.Error{
		Kind: kindOf(err), Code: "cli.not_destroyed",
		Message: fmt.Sprintf("it is recorded that %s is erased, but the vault may still keep the data: %v", id, err),
		Want:    "the vault to be opened again, as by `entente person show`, which erases them",
	}
}

func (l *opened) forget(ctx context.Context, id uuid.UUID) error {
	v, err := l.persons(ctx)
	if err != nil {
		return err
	}
	return v.Erase(ctx, id)
}
