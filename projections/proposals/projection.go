package proposals

import (
	"strings"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/proposal"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Projection keeps the proposals.
type Projection struct {
	proposals *readmodel.Table[row]
	payloads  *readmodel.Table[string]
}

// New returns the projection.
func New() Projection { return Projection{proposalTable(), payloadTable()} }

// Name implements [readmodel.Projection].
func (Projection) Name() string { return "proposals" }

// Version implements [readmodel.Projection].
func (Projection) Version() int { return 1 }

// DDL implements [readmodel.Projection].
func (p Projection) DDL() (tables, indexes string) {
	return p.proposals.DDL() + p.payloads.DDL(), `
CREATE INDEX IF NOT EXISTS proposals_proposal_phase ON proposals_proposal (phase, stream);
CREATE INDEX IF NOT EXISTS proposals_proposal_target ON proposals_proposal (target);
CREATE INDEX IF NOT EXISTS proposals_proposal_proposer ON proposals_proposal (proposer);
`
}

// row is a proposal as it stands.
type row struct {
	phase              proposal.Phase
	command, target    string
	at                 es.Revision
	id, known          string
	concerns           string // streams, separated by spaces
	proposer, why, day string
	decider, said      string
	led                string // the stream that the command led to
	ledTo              es.Revision
	events             string // ids, separated by spaces
	code, message      string
	by                 es.Revision
}

// derived is what the projection keeps in mind of a proposal: nothing, or one
// row and one payload.
type derived struct {
	rows     []row
	payloads []string
}

// changed is what an event changed.
type changed struct {
	rows     readmodel.Change[row]
	payloads readmodel.Change[string]
}

// Derive implements [readmodel.Projection].
func (Projection) Derive(before any, s readmodel.State) (after, change any) {
	state, ok := s.Of.(*proposal.State)
	if !ok {
		return nil, nil
	}
	old, _ := before.(derived)
	now := deriveFrom(state)
	return now, changed{readmodel.Diff(old.rows, now.rows), readmodel.Diff(old.payloads, now.payloads)}
}

func deriveFrom(s *proposal.State) derived {
	made, d := s.Describe(), s.Standing()
	if d.Phase == "" {
		return derived{}
	}
	events := make([]string, len(d.Events))
	for i, id := range d.Events {
		events[i] = id.String()
	}
	what := made.Proposed
	return derived{[]row{{
		phase: d.Phase, command: what.Command, target: string(what.Stream), at: what.At, id: what.ID.String(), known: what.KnownAt,
		concerns: joined(what.Concerns), proposer: made.By, why: made.Why, day: made.Occurred.String(),
		decider: d.DecidedBy, said: d.Why, led: string(d.Stream), ledTo: d.Revision, events: strings.Join(events, " "),
		code: d.Code, message: d.Message, by: d.By,
	}}, []string{what.Payload}}
}

func joined(refs []terms.Ref) string {
	var all []string
	for _, r := range refs {
		all = append(all, string(r))
	}
	return strings.Join(all, " ")
}

// Apply implements [readmodel.Projection].
func (p Projection) Apply(tx *readmodel.Tx, e readmodel.Event, change any) error {
	c, ok := change.(changed)
	if !ok {
		return nil
	}
	if err := p.payloads.Apply(tx, e.Record.Stream, c.payloads); err != nil {
		return err
	}
	return p.proposals.Apply(tx, e.Record.Stream, c.rows)
}

func proposalTable() *readmodel.Table[row] {
	return readmodel.NewTable("proposals_proposal",
		readmodel.Columns[row]{Bind: func(*readmodel.Binder, row) {}},
		readmodel.Columns[row]{
			Names: []string{
				"phase TEXT", "command TEXT", "target TEXT", "at INTEGER", "command_id TEXT", "known TEXT", "concerns TEXT",
				"proposer TEXT", "why TEXT", "day TEXT", "decider TEXT", "said TEXT",
				"led TEXT", "led_to INTEGER", "events TEXT", "code TEXT", "message TEXT", "by_revision INTEGER",
			},
			Bind: func(b *readmodel.Binder, r row) {
				texts := func(all ...string) {
					for _, text := range all {
						b.Text(text)
					}
				}
				texts(string(r.phase), r.command, r.target)
				b.Int(int64(r.at))
				texts(r.id, r.known, r.concerns, r.proposer, r.why, r.day, r.decider, r.said, r.led)
				b.Int(int64(r.ledTo))
				texts(r.events, r.code, r.message)
				b.Int(int64(r.by))
			},
		})
}

func payloadTable() *readmodel.Table[string] {
	return readmodel.NewTable("proposals_payload",
		readmodel.Columns[string]{Bind: func(*readmodel.Binder, string) {}},
		readmodel.Columns[string]{Names: []string{"payload TEXT"}, Bind: func(b *readmodel.Binder, payload string) { b.Text(payload) }})
}
