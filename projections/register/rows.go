package register

import (
	"math"

	"github.com/go-json-experiment/json"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/namekey"
)

// kept is all rows of one agreement.
type kept struct {
	agreements []agreement // one
	themes     []string
	phases     []phase
	parts      []part
}

type (
	agreement struct {
		exists                       bool // its opening was not voided
		kind, title, lang, sort      string
		titles, themes, texts, links string // JSON
		reference, visibility        string
		open                         bool
		unnamed                      int
		met                          edtf.Truth
		entry                        string // EDTF
		entryLo, entryHi             edtf.Day
		entryBy                      es.Revision
		cause, end                   string // EDTF
		endLo, endHi                 edtf.Day
		endBy                        es.Revision
	}
	// span is what phases and parts have in common. As of a day, the last one
	// that has begun holds, in the order of round, rank, lo and n.
	span struct {
		rank   int
		lo, hi edtf.Day
		n      int // among those with the same round, rank and lo
		from   string
		doubt  bool
		by     es.Revision
	}
	phase struct {
		span
		phase string
	}
	part struct {
		span
		party string
		place int // of the party, by first mention
		round int
		part  string
	}
)

// notInForce is the earliest day of an entry that is not met, so that those
// agreements are last in the order of entry.
const notInForce edtf.Day = math.MaxInt32

// rowsOf returns the rows of an agreement in state s.
func rowsOf(s *memorandum.State, visibility terms.Visibility) (kept, error) {
	d := s.Describe()
	entry, entryBy := s.Entry()
	end, endBy := s.End()
	a := agreement{
		exists: s.Exists(), kind: string(d.Kind), reference: d.Reference, visibility: string(visibility), open: d.Open,
		unnamed: s.Unnamed(), met: entry.Met, entryLo: notInForce, entryHi: notInForce, entryBy: entryBy,
		cause: string(end.Cause), end: end.On.String(), endLo: end.On.Earliest(), endHi: end.On.Latest(), endBy: endBy,
	}
	if entry.Met != edtf.No {
		a.entry, a.entryLo, a.entryHi = entry.From.String(), entry.From.Earliest(), entry.From.Latest()
	}
	if len(d.Titles) > 0 {
		a.title, a.lang, a.sort = d.Titles[0].Value, string(d.Titles[0].Lang), namekey.Of(d.Titles[0].Value)
	}
	if err := a.encode(d); err != nil {
		return kept{}, err
	}
	k := kept{agreements: []agreement{a}, themes: distinct(d.Themes)}
	k.phases = phasesOf(s.Phases())
	k.parts = partsOf(s.Parts())
	return k, nil
}

// Text is a language version of an agreement.
type Text struct {
	Lang     terms.Lang              `json:"lang"`
	Standing memorandum.TextStanding `json:"standing"`
	Name     string                  `json:"name"`
	SHA256   memorandum.Hash         `json:"sha256"`
}

// Link is how an agreement stands to something else.
type Link struct {
	Relation memorandum.Relation `json:"relation"`
	To       terms.Ref           `json:"to"`
}

// encode fills the columns that hold JSON.
func (a *agreement) encode(d memorandum.Description) error {
	texts := make([]Text, len(d.Texts))
	for i, t := range d.Texts {
		texts[i] = Text{t.Lang, t.Standing, t.Name, t.SHA256}
	}
	links := make([]Link, len(d.Relations))
	for i, r := range d.Relations {
		links[i] = Link{r.Relation, r.To}
	}
	for _, column := range []struct {
		into *string
		of   any
	}{{&a.titles, d.Titles}, {&a.themes, d.Themes}, {&a.texts, texts}, {&a.links, links}} {
		text, err := json.Marshal(column.of)
		if err != nil {
			return err
		}
		*column.into = string(text)
	}
	return nil
}

func distinct(themes []terms.Theme) []string {
	var all []string
	seen := map[terms.Theme]bool{}
	for _, t := range themes {
		if !seen[t] {
			all = append(all, string(t))
		}
		seen[t] = true
	}
	return all
}

func phasesOf(spans []memorandum.Span) []phase {
	rows := make([]phase, len(spans))
	for i, s := range spans {
		rows[i] = phase{span: spanOf(s), phase: string(s.Phase)}
		if i > 0 && rows[i-1].sameOrder(rows[i].span) {
			rows[i].n = rows[i-1].n + 1
		}
	}
	return rows
}

func partsOf(spans []memorandum.Span) []part {
	rows := make([]part, len(spans))
	places := map[terms.PartyID]int{}
	for i, s := range spans {
		if _, ok := places[s.Party]; !ok {
			places[s.Party] = len(places)
		}
		rows[i] = part{span: spanOf(s), party: string(s.Party), place: places[s.Party], round: s.Round, part: string(s.Part)}
		if i > 0 && rows[i-1].party == rows[i].party && rows[i-1].round == rows[i].round && rows[i-1].sameOrder(rows[i].span) {
			rows[i].n = rows[i-1].n + 1
		}
	}
	return rows
}

func spanOf(s memorandum.Span) span {
	return span{rank: s.Rank, lo: s.From.Earliest(), hi: s.From.Latest(), by: s.By, from: s.From.String(), doubt: s.Doubt}
}

func (s span) sameOrder(t span) bool { return s.rank == t.rank && s.lo == t.lo }
