package roster

import (
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Meeting is an activity of a network that was held.
type Meeting struct {
	Activity   string // its stream
	Title      terms.Text
	Visibility terms.Visibility
	On         edtf.Date // when it was held; unknown: nobody knows when
	// Is says whether it had been held.
	Is edtf.Truth
	By es.Revision // the event that says so
}

// Present is a party that was present and is no member.
type Present struct {
	Party terms.PartyRef
	At    []Attendance
}

// Attendance is where and as what a party was present.
type Attendance struct {
	Meeting
	Role activity.Role
}

// Unnamed is a count of those who were present, of whom not all are named. The
// unnamed places belong to no party (rule 8 of the ledger).
type Unnamed struct {
	Meeting
	activity.Counted
}

// present adds who was present at the activities of the network that were
// certainly or perhaps held by then.
func (q asked) present(into *Roster) error {
	inside := into.belonging()
	places := map[terms.PartyID]int{} // among those present, from 1
	var last Meeting
	return q.each(`SELECT s.name, a.title, a.lang, a.visibility, a.held_on, a.held_by, a.counts, p.name, x.named, x.role
		FROM roster_activity a JOIN stream s ON s.id = a.stream
		LEFT JOIN roster_presence x ON x.stream = a.stream AND x.presence = 'present' AND x.moves AND `+q.at.Clause("x")+`
		LEFT JOIN stream p ON p.id = x.party
		WHERE a.network = `+theNetwork+" AND a.held AND "+q.at.Clause("a")+" ORDER BY a.stream, x.n", func(r *readmodel.Row) error {
		m := Meeting{Activity: r.Text(), Title: terms.Text{Value: r.Text(), Lang: terms.Lang(r.Text())}, Visibility: terms.Visibility(r.Text())}
		err := m.On.UnmarshalText([]byte(r.Text()))
		m.By, m.Is = es.Revision(r.Int()), m.On.HeldBy(q.on)
		counts, who, role := r.Text(), party(r), activity.Role(r.Text())
		if err != nil || m.Is == edtf.No {
			return err
		}
		if m != last {
			err, last = into.unnamed(m, counts), m
		}
		if who.ID == "" || inside[who.ID] {
			return err
		}
		if places[who.ID] == 0 {
			into.Present = append(into.Present, Present{Party: who})
			places[who.ID] = len(into.Present)
		}
		p, as := &into.Present[places[who.ID]-1], Attendance{m, role}
		if !slices.Contains(p.At, as) {
			p.At = append(p.At, as)
		}
		return err
	})
}

// belonging returns the network itself and who certainly or perhaps is a member
// of it, its secretariat or a supporter.
func (r *Roster) belonging() map[terms.PartyID]bool {
	inside := map[terms.PartyID]bool{terms.PartyID(r.Stream): true}
	for _, m := range r.Members {
		inside[m.Party.ID] = true
	}
	for _, s := range slices.Concat(r.Secretariat, r.Supporters) {
		inside[s.Party.ID] = inside[s.Party.ID] || s.Is != edtf.No
	}
	return inside
}

// unnamed adds the counts of an activity that name not all.
func (r *Roster) unnamed(m Meeting, counts string) error {
	var all []activity.Counted
	if err := json.Unmarshal([]byte(counts), &all); err != nil {
		return err
	}
	for _, c := range all {
		if c.Unnamed() > 0 {
			r.Unnamed = append(r.Unnamed, Unnamed{m, c})
		}
	}
	return nil
}
