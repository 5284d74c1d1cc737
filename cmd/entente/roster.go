package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/parties"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/roster"
)

func (a *app) rosterCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "roster NETWORK",
		Short: "Show a network: who runs it, its bodies and seats, its members, and who was present without being one",
		Long: "roster shows a network as of a date. NETWORK is its id, the beginning of that, or one of its titles.\n" +
			"Who was admitted nobody knows when is perhaps a member, as of any date. What is only announced or\n" +
			"claimed is marked as that, whatever the date.",
		Example: "  entente roster network-5a --as-of 2019\n  entente roster 'Strong Cities Network' --json",
		Args:    cobra.ExactArgs(1),
	}
	on := asOf(c, "it is shown")
	a.axes(c)
	c.RunE = func(cmd *cobra.Command, args []string) error {
		day, err := on()
		if err != nil {
			return err
		}
		ctx := cmd.Context()
		return a.reading(ctx, func(l reading) error {
			id, err := l.resolveNetwork(ctx, args[0])
			if err != nil {
				return err
			}
			return l.ask(ctx, func(d answering) error { return a.printRoster(d, id, day) })
		})
	}
	return c
}

// resolveNetwork returns the id of a network for one that may be shortened, or
// for a title. What begins the id of something else may still be a title.
func (l *opened) resolveNetwork(ctx context.Context, text string) (string, error) {
	id, notAnID := l.resolve(ctx, text)
	if notAnID == nil && kindOfStream(id) == "network" {
		return id, nil
	}
	if notAnID != nil && !errors.Is(notAnID, es.ErrInvalid) && !errors.Is(notAnID, es.ErrNotFound) {
		return "", notAnID
	}
	err := l.read(ctx, func(conn *sqlite.Conn) error {
		named, err := parties.ByName(conn, text, readmodel.At{})
		if err != nil {
			return err
		}
		named = slices.DeleteFunc(named, func(p parties.Party) bool { return kindOfStream(p.Stream) != "network" })
		switch {
		case len(named) == 1:
			id = named[0].Stream
			return nil
		case len(named) == 0 && errors.Is(notAnID, es.ErrInvalid): // the beginning of several ids
			return notAnID
		}
		return unclear(conn, text, named)
	})
	return id, err
}

// unclear says that a text is not the title of one network, and which there are.
func unclear(conn *sqlite.Conn, text string, named []parties.Party) error {
	const shown = 5
	var choice []string
	for _, p := range named {
		choice = append(choice, p.Title.Value+" ("+p.Stream+")")
	}
	if len(named) > 0 {
		return es.Invalid("cli.ambiguous_network", fmt.Sprintf("%.80q is a title of several networks", text), "the id: "+strings.Join(choice, ", "))
	}
	all, next, err := roster.List(conn, roster.Filter{Limit: shown})
	if err != nil {
		return err
	}
	for _, n := range all {
		choice = append(choice, n.Title.Value+" ("+short(n.Stream)+")")
	}
	if next != "" {
		choice = append(choice, "others")
	}
	return &es.Error{
		Kind: es.ErrNotFound, Code: "network.unknown", Message: fmt.Sprintf("no network has the id or the title %.80q", text),
		Want: cmp.Or(strings.Join(choice, ", "), "one that is registered; there is none yet"),
	}
}

func (a *app) printRoster(d answering, id string, on edtf.Date) error {
	r, err := d.Roster(id, on)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(r)
	}
	s := rosterSheet{&printer{app: a}, r}
	s.head()
	s.bodies()
	s.members()
	s.others()
	if marks := a.explainMarks(); marks != "" {
		s.line("%s", marks)
	}
	return s.err
}

// objects returns what is made of each of a list; it is never null in JSON.
func objects[T, O any](all []T, object func(T) O) []O {
	list := make([]O, len(all))
	for i, one := range all {
		list[i] = object(one)
	}
	return list
}
