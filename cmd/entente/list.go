package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/parties"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/register"
	"github.com/entente-ledger/entente/projections/roster"
	"github.com/entente-ledger/entente/projections/search"
)

// agreement is a line of the register, as JSON.
type agreement struct {
	ID          string             `json:"id"`
	Kind        memorandum.Kind    `json:"kind"`
	Title       terms.Text         `json:"title"`
	AsOf        edtf.Date          `json:"asOf"`
	Phase       memorandum.Phase   `json:"phase"` // that certainly holds, or ""
	Perhaps     []memorandum.Phase `json:"perhaps"`
	InForceFrom edtf.Date          `json:"inForceFrom"`
	InForce     edtf.Truth         `json:"inForceEver"` // whether the conditions are met at all
	Ends        edtf.Date          `json:"ends"`
	EndCause    string             `json:"endCause"`
	Parties     []participant      `json:"parties"`
	Unnamed     int                `json:"unnamed"`
	Themes      []terms.Theme      `json:"themes"`
	Reference   string             `json:"reference"`
	Visibility  terms.Visibility   `json:"visibility"`
	Recorded    bool               `json:"exists"` // false: recorded in error
	// Late are the events on which the answer rests although they were recorded
	// after the instant as known at which is answered.
	Late late `json:"recordedLater"`
}

type participant struct {
	ID      terms.PartyID     `json:"id"`
	Name    string            `json:"name"`
	Part    memorandum.Part   `json:"part"` // that certainly holds, or ""
	Perhaps []memorandum.Part `json:"perhaps"`
}

func (a *app) listCommand() *cobra.Command {
	var f register.Filter
	var phase, kind, member, theme, sort string
	var limit int
	c := &cobra.Command{
		Use:   "list",
		Short: "List the register of agreements; `list parties` lists parties",
		Example: "  entente list --phase in_force --as-of 2019-11\n" +
			"  entente list --party party-5a --sort entry",
	}
	flags := c.PersistentFlags()
	flags.IntVar(&limit, "limit", 0, "at most so many; 0: all")
	own := c.Flags()
	on := asOf(c, "phases are given")
	own.StringVar(&phase, "phase", "", "only those in this phase: "+strings.Join(memorandum.Phase("").Words(), ", "))
	own.StringVar(&kind, "kind", "", "only those of this kind: "+strings.Join(memorandum.Kind("").Words(), ", "))
	own.StringVar(&member, "party", "", "only those of this party (its id or the beginning of it)")
	own.StringVar(&theme, "theme", "", "only those with this theme")
	own.StringVar(&sort, "sort", "title", "title or entry (into force)")
	a.axes(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		var err error
		if f.On, err = on(); err != nil {
			return err
		}
		if err := terms.First(readFlag("--phase", phase, &f.Phase),
			readFlag("--kind", kind, &f.Kind), readFlag("--theme", theme, &f.Theme)); err != nil {
			return err
		}
		switch sort {
		case "title":
		case "entry":
			f.Sort = register.ByEntry
		default:
			return usage(fmt.Sprintf("--sort %q is not an order", sort), "title or entry")
		}
		f.At = a.at
		return a.withReader(cmd.Context(), func(l *opened) error {
			if member != "" {
				full, err := l.resolve(cmd.Context(), member)
				if err != nil {
					return err
				}
				f.Party = terms.PartyID(full)
			}
			return l.read(cmd.Context(), func(conn *sqlite.Conn) error { return l.app.printRegister(conn, f, limit) })
		})
	}
	c.AddCommand(a.listPartiesCommand(&limit))
	return c
}

// asOf adds the flag --as-of, as of which something is done, and returns what reads it.
func asOf(c *cobra.Command, what string) (read func() (edtf.Date, error)) {
	text := c.Flags().String("as-of", "", "date as of which "+what+", EDTF (default: today)")
	return func() (day edtf.Date, err error) {
		err = readDate(*text, &day)
		return day, err
	}
}

// readDate reads a date from a flag; none is today.
func readDate(text string, into *edtf.Date) error {
	if text == "" {
		*into = today()
		return nil
	}
	d, err := edtf.Parse(text)
	if err != nil {
		return es.Invalid("cli.bad_date", err.Error(), "an EDTF date such as 2019-11 or 2019-11-30")
	}
	*into = d
	return nil
}

// readFlag reads a value of a closed vocabulary from a flag; none is none.
func readFlag(flag, text string, into interface{ UnmarshalText([]byte) error }) error {
	if text == "" {
		return nil
	}
	if err := into.UnmarshalText([]byte(text)); err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	return nil
}

// pages calls page with a cursor until there are limit results, or no more.
func pages(limit int, page func(limit int, after string) (n int, next string, err error)) error {
	after, left := "", limit
	for {
		n, next, err := page(left, after)
		if err != nil || next == "" || limit > 0 && n >= left {
			return err
		}
		after = next
		if limit > 0 {
			left -= n
		}
	}
}

func (a *app) printRegister(conn *sqlite.Conn, f register.Filter, limit int) error {
	t := table{head: []string{"ID", "KIND", "TITLE", "PHASE", "IN FORCE FROM", "PARTIES"}}
	names := names{conn: conn, at: a.at}
	err := pages(limit, func(limit int, after string) (int, string, error) {
		f.Limit, f.After = limit, after
		found, next, err := register.List(conn, f)
		for _, one := range found {
			line, jsonErr := names.agreement(one, f.On)
			var lateErr error
			line.Late, lateErr = a.late(conn, one.Stream)
			if err = cmp.Or(err, jsonErr, lateErr); err != nil {
				break
			}
			if a.json {
				err = a.printJSON(line)
				continue
			}
			t.add(short(line.ID)+line.Late.mark(), string(line.Kind), line.Title.Value, line.phase(), line.inForce(), line.parties())
		}
		return len(found), next, err
	})
	if err != nil || a.json {
		return err
	}
	if len(t.rows) == 0 {
		return a.printf("no agreements\n")
	}
	return a.printMarked(t)
}

// names finds what parties, agreements and the like are called. What has no
// name is called by the beginning of its id.
type names struct {
	conn  *sqlite.Conn
	at    readmodel.At // by which knowledge they are called so
	known map[string]string
}

func (n *names) of(id string) (string, error) {
	if name, ok := n.known[id]; ok {
		return name, nil
	}
	name, err := n.read(id)
	if err != nil {
		return "", err
	}
	if n.known == nil {
		n.known = map[string]string{}
	}
	n.known[id] = cmp.Or(name, short(id))
	return n.known[id], nil
}

// read reads a name, which a membership has from its party and network.
func (n *names) read(id string) (string, error) {
	if kindOfStream(id) != "membership" {
		title, err := search.Title(n.conn, id, n.at)
		return title.Value, err
	}
	network, party, err := roster.Pair(n.conn, id, n.at)
	if err != nil || party == "" {
		return "", err
	}
	of, err := n.of(string(party))
	if err != nil {
		return "", err
	}
	in, err := n.of(string(network))
	return of + " in " + in, err
}

func (n *names) agreement(r register.Agreement, on edtf.Date) (agreement, error) {
	a := agreement{
		ID: r.Stream, Kind: r.Kind, Title: r.Title, AsOf: on, Phase: r.Phase.Certain.Phase, InForce: r.Entry.Met, InForceFrom: r.Entry.From,
		Ends: r.End.On, EndCause: string(r.End.Cause), Unnamed: r.Unnamed, Themes: r.Themes, Reference: r.Reference,
		Visibility: r.Visibility, Recorded: r.Exists, Perhaps: []memorandum.Phase{}, Parties: []participant{},
	}
	for _, s := range r.Phase.Perhaps {
		a.Perhaps = append(a.Perhaps, s.Phase)
	}
	for _, p := range r.Parties {
		name, err := n.of(string(p.Party))
		if err != nil {
			return a, err
		}
		one := participant{ID: p.Party, Name: name, Part: p.Certain.Part, Perhaps: []memorandum.Part{}}
		for _, s := range p.Perhaps {
			one.Perhaps = append(one.Perhaps, s.Part)
		}
		a.Parties = append(a.Parties, one)
	}
	return a, nil
}

func (a agreement) phase() string { return certainty(a.Phase, a.Perhaps) }

// certainty puts what certainly holds and what perhaps holds into words.
func certainty[S ~string](certain S, perhaps []S) string {
	words := []string{}
	for _, p := range slices.Compact(slices.Clone(perhaps)) {
		if p != certain {
			words = append(words, string(p))
		}
	}
	switch {
	case len(words) == 0:
		return cmp.Or(string(certain), "-")
	case certain == "":
		return "perhaps " + strings.Join(words, " or ")
	default:
		return string(certain) + ", perhaps " + strings.Join(words, " or ")
	}
}

func (a agreement) inForce() string {
	switch a.InForce {
	case edtf.No:
		return "-"
	case edtf.Maybe:
		return "undecidable"
	case edtf.Yes:
	}
	return cmp.Or(a.InForceFrom.String(), "unknown date")
}

func (a agreement) parties() string {
	const shown = 3
	var all []string
	for _, p := range a.Parties[:min(shown, len(a.Parties))] {
		all = append(all, p.Name)
	}
	if more := len(a.Parties) - shown; more > 0 {
		all = append(all, fmt.Sprintf("and %d more", more))
	}
	if a.Unnamed > 0 {
		all = append(all, fmt.Sprintf("%d not named", a.Unnamed))
	}
	return strings.Join(all, ", ")
}

func (a *app) listPartiesCommand(limit *int) *cobra.Command {
	var kind, country string
	c := &cobra.Command{
		Use:   "parties",
		Short: "List the parties",
	}
	c.Flags().StringVar(&kind, "kind", "", "only those of this kind: "+strings.Join(party.Kind("").Words(), ", "))
	c.Flags().StringVar(&country, "country", "", "only those of this country, an ISO 3166-1 code such as GR")
	c.Args = sentence(cobra.NoArgs)
	a.axes(c)
	c.RunE = func(cmd *cobra.Command, _ []string) error {
		var f parties.Filter
		if err := terms.First(readFlag("--kind", kind, &f.Kind), readFlag("--country", country, &f.Country)); err != nil {
			return err
		}
		f.At, f.Whole = a.at, a.format == "geojson"
		return a.withReader(cmd.Context(), func(l *opened) error {
			return l.read(cmd.Context(), func(conn *sqlite.Conn) error { return a.printParties(conn, f, *limit) })
		})
	}
	return c
}

func (a *app) printParties(conn *sqlite.Conn, f parties.Filter, limit int) error {
	t := table{head: []string{"ID", "KIND", "COUNTRY", "NAME"}}
	err := pages(limit, func(limit int, after string) (int, string, error) {
		f.Limit, f.After = limit, after
		found, next, err := parties.List(conn, f)
		for _, p := range found {
			if a.json {
				line := map[string]any{
					"id": p.Stream, "kind": p.Kind, "country": p.Country, "name": p.Title, "visibility": p.Visibility,
				}
				if f.Whole {
					line = partyOf(p)
				}
				err = cmp.Or(err, a.printJSON(line))
			}
			t.add(short(p.Stream), string(p.Kind), string(p.Country), p.Title.Value)
		}
		return len(found), next, err
	})
	if err != nil || a.json {
		return err
	}
	return a.printTable(t)
}
