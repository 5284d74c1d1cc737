package proposals

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/proposal"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Proposal is a command that needs, or needed, a second person.
type Proposal struct {
	Stream   string // its own, proposal-<uuid>
	Proposed proposal.Proposed
	Why      string    // it was proposed
	On       edtf.Date // when
	Standing proposal.Standing
	// Since is the place of the event that made it stand so.
	Since readmodel.Moment
}

// Filter says which proposals are wanted, all of its fields together. The zero
// Filter: all of them, decided or not.
type Filter struct {
	At     readmodel.At
	Phase  proposal.Phase // "": any
	Stream string         // that it is about, or what it led to is in; "": any
	By     string         // the opaque id of who made it; "": anybody
	Limit  int            // at most so many, as [readmodel.Limit] has it
	After  string         // a cursor from [List], with the same filter; "" for the beginning
}

const columns = `s.name, p.phase, p.command, p.target, p.at, p.command_id, p.known, p.concerns, p.proposer, p.why, p.day,
	p.decider, p.said, p.led, p.led_to, p.events, p.code, p.message, p.by_revision, `

// List returns the proposals that match f, without their payloads, in the
// order in which they were made; and the cursor to what follows, "" at the end.
func List(conn *sqlite.Conn, f Filter) (all []Proposal, next string, err error) {
	where, args, err := f.where()
	if err != nil {
		return nil, "", err
	}
	limit := readmodel.Limit(f.Limit)
	args["$limit"] = limit + 1
	err = readmodel.Query(conn, `SELECT `+columns+readmodel.Began("p")+` FROM proposals_proposal p JOIN stream s ON s.id = p.stream
		WHERE `+where+` ORDER BY p.stream LIMIT $limit`, args, func(r *readmodel.Row) error {
		if len(all) == limit {
			next = readmodel.Cursor{Stream: all[limit-1].Stream}.String()
			return nil
		}
		p, err := scan(r)
		all = append(all, p)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list proposals: %w", err)
	}
	return all, next, nil
}

// where returns the condition of a list and its arguments.
func (f Filter) where() (string, readmodel.Arguments, error) {
	after, err := readmodel.ParseCursor(f.After)
	if err == nil {
		err = f.At.Check()
	}
	if err != nil {
		return "", nil, err
	}
	args := f.At.Arguments()
	where := []string{f.At.Clause("p")}
	add := func(condition, name, value string) {
		if value != "" {
			where, args[name] = append(where, condition), value
		}
	}
	add("p.phase = $phase", "$phase", string(f.Phase))
	add("$stream IN (p.target, p.led)", "$stream", f.Stream)
	add("p.proposer = $by", "$by", f.By)
	add("p.stream > coalesce((SELECT id FROM stream WHERE name = $after), 0)", "$after", after.Stream)
	return strings.Join(where, " AND "), args, nil
}

// Get returns a proposal with its payload, or fails with [es.ErrNotFound].
func Get(conn *sqlite.Conn, stream string, at readmodel.At) (Proposal, error) {
	if err := at.Check(); err != nil {
		return Proposal{}, err
	}
	args := at.Arguments()
	args["$stream"] = stream
	var found *Proposal
	err := readmodel.Query(conn, `SELECT `+columns+readmodel.Began("p")+`, t.payload
		FROM proposals_proposal p JOIN stream s ON s.id = p.stream JOIN proposals_payload t ON t.stream = p.stream AND `+at.Clause("t")+`
		WHERE s.name = $stream AND `+at.Clause("p"), args, func(r *readmodel.Row) error {
		p, err := scan(r)
		p.Proposed.Payload = r.Text()
		found = &p
		return err
	})
	switch {
	case err != nil:
		return Proposal{}, fmt.Errorf("read %s: %w", stream, err)
	case found == nil:
		return Proposal{}, es.NotFound("proposal.unknown", "there is no such proposal")
	}
	return *found, nil
}

func scan(r *readmodel.Row) (Proposal, error) {
	p := Proposal{Stream: r.Text()}
	what, d := &p.Proposed, &p.Standing
	d.Phase = proposal.Phase(r.Text())
	what.Command, what.Stream, what.At = r.Text(), terms.Ref(r.Text()), es.Revision(r.Int())
	id := r.Text()
	what.KnownAt = r.Text()
	for ref := range strings.FieldsSeq(r.Text()) {
		what.Concerns = append(what.Concerns, terms.Ref(ref))
	}
	d.MadeBy, p.Why = r.Text(), r.Text()
	day := r.Text()
	d.DecidedBy, d.Why = r.Text(), r.Text()
	d.Stream, d.Revision = terms.Ref(r.Text()), es.Revision(r.Int())
	for event := range strings.FieldsSeq(r.Text()) {
		id, err := uuid.Parse(event)
		if err != nil {
			return p, fmt.Errorf("read the events of %s: %w", p.Stream, err)
		}
		d.Events = append(d.Events, id)
	}
	d.Code, d.Message, d.By = r.Text(), r.Text(), es.Revision(r.Int())
	p.Since = r.Moment()
	return p, terms.First(what.ID.UnmarshalText([]byte(id)), p.On.UnmarshalText([]byte(day)))
}
