package register

import (
	"github.com/go-json-experiment/json"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Agreement is what the register has of an agreement.
type Agreement struct {
	Stream     string
	Exists     bool // its opening was not voided
	Kind       memorandum.Kind
	Title      terms.Text // the main one
	Titles     []terms.Text
	Themes     []terms.Theme
	Texts      []Text
	Links      []Link
	Reference  string
	Visibility terms.Visibility
	Open       bool // anybody may sign or accede
	Unnamed    int  // signatories that are counted and not named
	Entry      Entry
	End        End
	// Since is the place of the event that gave it this description.
	Since readmodel.Moment

	Phase   Standing
	Parties []Participant // in the order of first mention
}

// Entry is the entry into force by the agreement's own terms, as determined.
type Entry struct {
	Met  edtf.Truth
	From edtf.Date
	By   es.Revision // of the determination, 0 if there was none
}

// End is the end by the agreement's own terms, as determined.
type End struct {
	Cause memorandum.EndCause // "" if none follows
	On    edtf.Date
	By    es.Revision // of the determination, 0 if there was none
}

// Standing is how something stands as of a date.
type Standing struct {
	// Certain is the span that certainly holds, zero if none does.
	Certain memorandum.Span
	// Perhaps are those that perhaps hold instead.
	Perhaps []memorandum.Span
	// Spans are all, in their order.
	Spans []memorandum.Span
}

// Participant is a party with its part.
type Participant struct {
	Party terms.PartyID
	Standing
}

const agreements = `SELECT s.name, a.live, a.kind, a.title, a.lang, a.titles, a.themes, a.texts, a.links, a.reference, a.visibility,
	a.open, a.unnamed, a.entry_met, a.entry, a.entry_by, a.end_cause, a.end_on, a.end_by,
	a.rev_from, a.seq_from, a.known_from, a.recorded_from, a.sort, a.entry_earliest
	FROM register_agreement a JOIN stream s ON s.id = a.stream`

func scan(r *readmodel.Row) (Agreement, readmodel.Cursor, error) {
	a := Agreement{Stream: r.Text(), Exists: r.Bool(), Kind: memorandum.Kind(r.Text())}
	a.Title = terms.Text{Value: r.Text(), Lang: terms.Lang(r.Text())}
	var failed error
	keep := func(err error) {
		if failed == nil {
			failed = err
		}
	}
	for _, into := range []any{&a.Titles, &a.Themes, &a.Texts, &a.Links} {
		keep(json.Unmarshal([]byte(r.Text()), into))
	}
	a.Reference, a.Visibility, a.Open, a.Unnamed = r.Text(), terms.Visibility(r.Text()), r.Bool(), int(r.Int())
	a.Entry.Met = edtf.Truth(r.Int())
	keep(a.Entry.From.UnmarshalText([]byte(r.Text())))
	a.Entry.By = es.Revision(r.Int())
	a.End.Cause = memorandum.EndCause(r.Text())
	keep(a.End.On.UnmarshalText([]byte(r.Text())))
	a.End.By = es.Revision(r.Int())
	a.Since = r.Moment()
	return a, readmodel.Cursor{Sort: r.Text(), Day: r.Int(), Stream: a.Stream}, failed
}

// stand reads the phases and parts of agreements, and how they stand as of on.
func stand(conn *sqlite.Conn, all []Agreement, at readmodel.At, on edtf.Date) error {
	of := make(map[string]*Agreement, len(all))
	names := make([]string, len(all))
	for i := range all {
		names[i] = all[i].Stream
		of[names[i]] = &all[i]
	}
	args := at.Arguments()
	args["$streams"] = readmodel.List(names)
	const ofStreams = ".stream IN (SELECT id FROM stream WHERE name IN (SELECT value FROM json_each($streams))) AND "
	err := readmodel.Query(conn, "SELECT a.name, p.rank, p.since, p.doubt, p.by_revision, p.phase FROM register_phase p JOIN stream a ON a.id = p.stream WHERE p"+
		ofStreams+at.Clause("p")+" ORDER BY p.stream, p.rank, p.earliest, p.n", args, func(r *readmodel.Row) error {
		a := of[r.Text()]
		s, err := scanSpan(r)
		s.Phase = memorandum.Phase(r.Text())
		a.Phase.Spans = append(a.Phase.Spans, s)
		return err
	})
	if err != nil {
		return err
	}
	err = readmodel.Query(conn, "SELECT a.name, p.rank, p.since, p.doubt, p.by_revision, p.part, p.round, s.name FROM register_part p JOIN stream a ON a.id = p.stream "+
		"JOIN stream s ON s.id = p.party WHERE p"+ofStreams+at.Clause("p")+" ORDER BY p.stream, p.place, p.round, p.rank, p.earliest, p.n", args, func(r *readmodel.Row) error {
		a := of[r.Text()]
		s, err := scanSpan(r)
		s.Part, s.Round, s.Party = memorandum.Part(r.Text()), int(r.Int()), terms.PartyID(r.Text())
		if n := len(a.Parties); n == 0 || a.Parties[n-1].Party != s.Party {
			a.Parties = append(a.Parties, Participant{Party: s.Party})
		}
		p := &a.Parties[len(a.Parties)-1]
		p.Spans = append(p.Spans, s)
		return err
	})
	for i := range all {
		all[i].standAt(on)
	}
	return err
}

// standAt finds how an agreement and its parties stand as of on.
func (a *Agreement) standAt(on edtf.Date) {
	day := edtf.Between(on.Earliest(), on.Latest())
	a.Phase.Certain, a.Phase.Perhaps = memorandum.AsOf(a.Phase.Spans, day)
	for i := range a.Parties {
		p := &a.Parties[i]
		p.Certain, p.Perhaps = memorandum.AsOf(p.Spans, day)
	}
}

func scanSpan(r *readmodel.Row) (memorandum.Span, error) {
	s := memorandum.Span{Rank: int(r.Int())}
	err := s.From.UnmarshalText([]byte(r.Text()))
	s.Doubt, s.By = r.Bool(), es.Revision(r.Int())
	return s, err
}
