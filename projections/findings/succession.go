package findings

import (
	"fmt"
	"slices"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// part is a part that a party takes in an agreement, a network or a plan, and
// that somebody would have to take over (rule 9 of the ledger).
type part struct {
	party string
	key   string      // tells it from others of the party in the stream, or ""
	by    es.Revision // the event that it rests on
}

// partsOf returns the parts that parties take by the state of a stream, each
// once, whatever the date.
func partsOf(of any) []part {
	switch s := of.(type) {
	case *memorandum.State:
		return signatories(s)
	case *membership.State:
		spans := s.Spans()
		if len(spans) == 0 || !spans[len(spans)-1].Standing.Member() {
			return nil
		}
		_, party := s.Pair()
		return []part{{party: string(party.ID), by: spans[len(spans)-1].By}}
	case *network.State:
		return seats(s)
	case *actionplan.State:
		return planners(s)
	default:
		return nil
	}
}

// signatories are who signed or consented, has not left, and was not succeeded.
func signatories(s *memorandum.State) []part {
	succeeded := map[terms.PartyID]bool{}
	for h := range s.Book().Moving() {
		if e, ok := h.Event.(memorandum.Consented); ok && e.Means == "succession" {
			succeeded[e.Predecessor] = true
		}
	}
	var all []part
	spans := s.Parts()
	for i, span := range spans {
		last := i+1 == len(spans) || spans[i+1].Party != span.Party
		switch span.Part {
		case memorandum.PartInvited, memorandum.PartWithdrawn, memorandum.PartEnded:
			continue
		default:
		}
		if last && !succeeded[span.Party] {
			all = append(all, part{party: string(span.Party), by: span.By})
		}
	}
	return all
}

// seats are the seats of bodies, and the secretariat, of which no end is known.
func seats(s *network.State) []part {
	var all []part
	add := func(p part, said network.Said, t network.Tenure) {
		same := func(o part) bool { return o.party == p.party && o.key == p.key }
		if said.Moves && t.Until.IsUnknown() && t.EndedBy == 0 && !slices.ContainsFunc(all, same) {
			all = append(all, p)
		}
	}
	for _, seat := range s.Seats() {
		add(part{string(seat.Party.ID), string(seat.Body), seat.By}, seat.Said, seat.Tenure)
	}
	for _, office := range s.Secretariats() {
		add(part{string(office.Party.ID), "secretariat", office.By}, office.Said, office.Tenure)
	}
	return all
}

// planners are those whose plan it is, until it was carried out or given up.
func planners(s *actionplan.State) []part {
	phases := s.Phases()
	if len(phases) == 0 {
		return nil
	}
	switch phases[len(phases)-1].Phase {
	case actionplan.PhaseCompleted, actionplan.PhaseAbandoned:
		return nil
	default:
	}
	opening, _ := s.Book().Opening()
	var all []part
	for _, p := range s.Describe().Parties {
		if one := (part{party: string(p.ID), by: opening.Revision}); !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	return all
}

// undecided is the finding that nobody knows who takes a part over, of a party
// that ended by the event at a revision of its own stream.
func undecided(stream string, p part, ended es.Revision) finding {
	return finding{
		about: p.party, code: SuccessionOpen, subject: stream + ":" + p.key, events: written(ended),
		detail: "the party has ended, and it is not decided who takes its part over",
		other:  stream, otherEvents: written(p.by),
	}
}

// applyParts keeps the parts that parties take in a stream, and finds those of
// parties that have ended.
func (p Projection) applyParts(tx *readmodel.Tx, stream string, c readmodel.Change[part]) error {
	for _, one := range c.Closed {
		if err := keepPart(tx, "DELETE FROM findings_part WHERE party = ? AND stream = ? AND key = ? AND revision = ?", stream, one); err != nil {
			return err
		}
		if err := p.succeed(tx, stream, one, func(f []finding) readmodel.Change[finding] { return readmodel.Change[finding]{Closed: f} }); err != nil {
			return err
		}
	}
	for _, one := range c.Opened {
		if err := keepPart(tx, "INSERT INTO findings_part (party, stream, key, revision) VALUES (?, ?, ?, ?)", stream, one); err != nil {
			return err
		}
		if err := p.succeed(tx, stream, one, func(f []finding) readmodel.Change[finding] { return readmodel.Change[finding]{Opened: f} }); err != nil {
			return err
		}
	}
	return nil
}

func keepPart(tx *readmodel.Tx, query, stream string, p part) error {
	b := tx.Prepare(query)
	b.Stream(p.party)
	b.Stream(stream)
	b.Text(p.key)
	b.Int(int64(p.by))
	_, err := b.Exec()
	return err
}

// succeed applies the change of the finding about a part, if its party ended.
func (p Projection) succeed(tx *readmodel.Tx, stream string, one part, change func([]finding) readmodel.Change[finding]) error {
	ended := es.Revision(0)
	b := tx.Prepare("SELECT ended FROM findings_party WHERE stream = ?")
	b.Stream(one.party)
	if err := b.Each(func(row *sqlite.Stmt) { ended = es.Revision(row.ColumnInt64(0)) }); err != nil || ended == 0 {
		return err
	}
	return p.rows.Apply(tx, one.party, change([]finding{undecided(stream, one, ended)}))
}

// applyEnd finds the parts that a party took which has ended now, and finds
// nothing any more about those of one that has not after all.
func (p Projection) applyEnd(tx *readmodel.Tx, party string, before, after es.Revision) error {
	if before == after {
		return nil
	}
	type taken struct {
		stream string
		part
	}
	var all []taken
	b := tx.Prepare(`SELECT s.name, p.key, p.revision FROM findings_part p JOIN stream s ON s.id = p.stream
		WHERE p.party = ? ORDER BY p.stream, p.key`)
	b.Stream(party)
	err := b.Each(func(row *sqlite.Stmt) {
		all = append(all, taken{row.ColumnText(0), part{party, row.ColumnText(1), es.Revision(row.ColumnInt64(2))}})
	})
	for _, t := range all {
		var c readmodel.Change[finding]
		if before > 0 {
			c.Closed = []finding{undecided(t.stream, t.part, before)}
		}
		if after > 0 {
			c.Opened = []finding{undecided(t.stream, t.part, after)}
		}
		if err == nil {
			err = p.rows.Apply(tx, party, c)
		}
	}
	if err != nil {
		return fmt.Errorf("find open successions: %w", err)
	}
	return nil
}
