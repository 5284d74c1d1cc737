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
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
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
		return a.withReader(ctx, func(l *opened) error {
			id, err := l.resolveNetwork(ctx, args[0])
			if err != nil {
				return err
			}
			return l.read(ctx, func(conn *sqlite.Conn) error { return a.printRoster(conn, id, day) })
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

func (a *app) printRoster(conn *sqlite.Conn, id string, on edtf.Date) error {
	r, err := roster.Get(conn, id, a.at, on)
	if err != nil {
		return err
	}
	s := rosterSheet{printer: &printer{app: a}, names: names{conn: conn, at: a.at}, r: r, on: on}
	if a.json {
		object := s.object()
		return cmp.Or(s.err, a.printJSON(object))
	}
	s.head()
	s.bodies()
	s.members()
	s.others()
	if marks := a.explainMarks(); marks != "" {
		s.line("%s", marks)
	}
	return s.err
}

// named is a party with its name, as JSON.
type named struct {
	ID   terms.PartyID `json:"id"`
	Name string        `json:"name"`
	As   string        `json:"as"` // as the source names it, or ""
}

func (s *rosterSheet) named(p terms.PartyRef) named { return named{p.ID, s.name(p.ID), p.As} }

// object is the whole roster, as JSON.
func (s *rosterSheet) object() map[string]any {
	r := s.r
	open := objects(r.Open, func(o network.Opening) map[string]any {
		return tenureObject(o.Tenure, o.Said, o.Held(s.on), map[string]any{"to": o.To})
	})
	return map[string]any{
		"id": r.Stream, "recordedLater": s.late(r.Stream), "exists": r.Exists, "status": r.Status, "visibility": r.Visibility, "asOf": s.on,
		"title": r.Title, "titles": r.Titles, "purpose": r.Purpose, "themes": r.Themes, "priorities": r.Priorities,
		"phase": r.Phase.Certain.Phase, "since": r.Phase.Certain.From, "perhaps": objects(r.Phase.Perhaps, phaseOf),
		"asserted": r.Asserted, "classes": r.Classes, "open": open, "founders": objects(r.Founders, s.named),
		"secretariat": objects(r.Secretariat, s.stay), "bodies": objects(r.Bodies, s.body), "supporters": objects(r.Supporters, s.stay),
		"members": objects(r.Members, s.member), "ended": objects(r.Ended, s.member), "candidates": objects(r.Candidates, s.member),
		"claimed": objects(r.Claimed, func(c roster.Claim) map[string]any {
			return map[string]any{"membership": c.Membership, "party": s.named(c.Party), "status": c.Status, "visibility": c.Visibility}
		}),
		"present": objects(r.Present, func(p roster.Present) map[string]any {
			return map[string]any{"party": s.named(p.Party), "at": objects(p.At, func(at roster.Attendance) map[string]any {
				o := meetingObject(at.Meeting)
				o["role"] = at.Role
				return o
			})}
		}),
		"unnamed": objects(r.Unnamed, func(u roster.Unnamed) map[string]any {
			return map[string]any{"at": meetingObject(u.Meeting), "count": u.Count, "named": u.Named, "unnamed": u.Unnamed()}
		}),
	}
}

// objects returns what is made of each of a list; it is never null in JSON.
func objects[T, O any](all []T, object func(T) O) []O {
	list := make([]O, len(all))
	for i, one := range all {
		list[i] = object(one)
	}
	return list
}

// tenureObject adds from when until when something is so, by which event, and
// how surely.
func tenureObject(t network.Tenure, said network.Said, is edtf.Truth, o map[string]any) map[string]any {
	if !said.Moves {
		is = edtf.No
	}
	o["from"], o["until"], o["ended"] = t.From, t.Until, t.EndedBy != 0
	o["status"], o["by"], o["is"] = roster.Sure(said), said.By, is
	return o
}

func (s *rosterSheet) stay(x roster.Stay) map[string]any {
	return tenureObject(x.Tenure, x.Said, x.Is, map[string]any{"party": s.named(x.Party), "person": x.Person, "role": x.Role})
}

func (s *rosterSheet) body(b roster.Body) map[string]any {
	o := map[string]any{
		"key": b.Key, "charter": b.Charter, "seats": objects(b.Seats, s.stay), "filled": b.Filled, "perhapsFilled": b.Perhaps, "vacant": nil,
	}
	if vacant, known := b.Vacant(); known {
		o["vacant"] = vacant
	}
	return tenureObject(b.Tenure, b.Said, b.Is, o)
}

func (s *rosterSheet) member(m roster.Member) map[string]any {
	return map[string]any{
		"membership": m.Membership, "recordedLater": s.late(m.Membership), "party": s.named(m.Party), "visibility": m.Visibility, "is": m.Is, "standing": m.Certain.Standing,
		"perhaps": objects(m.Perhaps, func(p membership.Span) membership.Standing { return p.Standing }),
		"class":   m.Class, "ownClass": m.OwnClass, "since": m.Since, "authority": m.Authority,
	}
}

func meetingObject(m roster.Meeting) map[string]any {
	return map[string]any{"activity": m.Activity, "title": m.Title, "on": m.On, "held": m.Is, "visibility": m.Visibility}
}
