package register

import (
	"fmt"
	"slices"
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Happened is a step in the life of an agreement, or of a party in it.
type Happened struct {
	Agreement string        // its stream
	Party     terms.PartyID // "": the agreement as a whole
	// On is when; of several such steps, when the first of them was.
	On edtf.Date
	// Doubt says that it is undecidable whether it happened at all.
	Doubt bool
	// Phases are those it may have led to, by name; of an end only.
	Phases []memorandum.Phase
	By     es.Revision // the last event it rests on
}

// Signed returns the agreements of which the first signature certainly or
// perhaps was within a span, by stream.
func Signed(conn *sqlite.Conn, w readmodel.Within) ([]Happened, error) {
	return happened(conn, w, "register_part x", false, "x.part = 'signatory'")
}

// Signatures returns who certainly or perhaps signed within a span, a row for
// each round of participation, by agreement and party.
func Signatures(conn *sqlite.Conn, w readmodel.Within) ([]Happened, error) {
	return happened(conn, w, "register_part x", true, "x.part = 'signatory'")
}

// Entered returns the agreements that certainly or perhaps entered into force
// within a span, by stream. What resumes does not enter into force, nor does
// what had certainly ended before.
func Entered(conn *sqlite.Conn, w readmodel.Within) ([]Happened, error) {
	return happened(conn, w, "register_phase x", false, "x.phase = 'in_force' AND "+notResumed+" AND "+notEnded(w.At))
}

// EnteredFor returns the parties for which an agreement certainly or perhaps
// entered into force within a span, as [Entered] does, by agreement and party.
func EnteredFor(conn *sqlite.Conn, w readmodel.Within) ([]Happened, error) {
	return happened(conn, w, "register_part x", true, "x.part = 'in_force' AND "+notResumed+" AND "+notEnded(w.At))
}

// Ended returns the agreements that certainly or perhaps ended as a whole within
// a span, by stream.
func Ended(conn *sqlite.Conn, w readmodel.Within) ([]Happened, error) {
	return happened(conn, w, "register_phase x", false, "x.phase IN "+ends)
}

// Withdrawn returns the parties that certainly or perhaps withdrew within a
// span, by agreement and party.
func Withdrawn(conn *sqlite.Conn, w readmodel.Within) ([]Happened, error) {
	return happened(conn, w, "register_part x", true, "x.part = 'withdrawn'")
}

const (
	ends = "('terminated', 'expired', 'superseded', 'abandoned')"
	// notResumed is the condition that a row rests on no resumption.
	notResumed = `NOT EXISTS (SELECT 1 FROM history h JOIN word t ON t.id = h.type
		WHERE h.stream = x.stream AND h.revision = x.by_revision AND t.text = 'memorandum.resumed')`
)

// notEnded is the condition that the agreement had not certainly ended before.
func notEnded(at readmodel.At) string {
	return "NOT EXISTS (SELECT 1 FROM register_phase e WHERE e.stream = x.stream AND e.phase IN " + ends +
		" AND NOT e.doubt AND e.latest < x.earliest AND " + at.Clause("e") + ")"
}

// linked is the condition that an agreement stands in a relation to what is asked
// for: that it founds a network, say.
func linked(at readmodel.At) string {
	return "x.stream IN (SELECT g.stream FROM register_agreement g, json_each(g.links) j WHERE " + at.Clause("g") +
		" AND (json_extract(j.value, '$.to') = $about OR json_extract(j.value, '$.to') LIKE $about || '@%'))"
}

// happened returns the first of the rows of a table that meet a condition, for
// each agreement, or for each round of each party.
//
// The first of several was not after any that is not in doubt. About a party or
// network are what happened to it, in the agreements in which it has or had a
// part what happened to these as a whole, and all that happened in agreements
// that stand in a relation to it.
func happened(conn *sqlite.Conn, w readmodel.Within, table string, byParty bool, condition string) ([]Happened, error) {
	if err := w.Check(); err != nil {
		return nil, err
	}
	phase, party, group, about := "x.phase", "''", "x.stream", "x.stream"
	if table == "register_part x" {
		phase = "''"
	}
	if byParty {
		party, group, about = "(SELECT name FROM stream WHERE id = x.party)", "x.stream, x.party, x.round", "x.party"
	}
	of := w.Of(about)
	if w.About != "" {
		if !byParty {
			of = "x.stream IN (SELECT m.stream FROM register_part m WHERE " + w.Of("m.party") + " AND " + w.At.Clause("m") + ")"
		}
		of = "(" + of + " OR " + linked(w.At) + ")"
	}
	const latest = "coalesce(min(x.latest) FILTER (WHERE NOT x.doubt), max(x.latest))"
	var all []Happened
	err := readmodel.Query(conn, "SELECT s.name, "+party+", min(x.earliest), "+latest+", min(x.since), max(x.since), min(x.doubt), group_concat(DISTINCT "+phase+
		"), max(x.by_revision) FROM "+table+" JOIN stream s ON s.id = x.stream WHERE "+condition+" AND "+of+" AND "+w.At.Clause("x")+
		" GROUP BY "+group+" HAVING "+w.Overlaps("min(x.earliest)", latest)+" ORDER BY "+group, w.Arguments(), func(r *readmodel.Row) error {
		one, err := scanHappened(r)
		all = append(all, one)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list what happened to agreements: %w", err)
	}
	return all, nil
}

func scanHappened(r *readmodel.Row) (Happened, error) {
	h := Happened{Agreement: r.Text(), Party: terms.PartyID(r.Text())}
	lo, hi := edtf.Day(r.Int()), edtf.Day(r.Int())
	since, other := r.Text(), r.Text()
	h.Doubt = r.Bool()
	if phases := r.Text(); phases != "" {
		for phase := range strings.SplitSeq(phases, ",") {
			h.Phases = append(h.Phases, memorandum.Phase(phase))
		}
		slices.Sort(h.Phases)
	}
	h.By = es.Revision(r.Int())
	if since != other {
		h.On = edtf.Between(lo, hi)
		return h, nil
	}
	return h, h.On.UnmarshalText([]byte(since))
}
