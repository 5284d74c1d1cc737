package roster

import (
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/entente-ledger/entente/domain/activity"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/namekey"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// kept is all rows of one stream: of a network, a membership or an activity.
type kept struct {
	networks []head // one
	phases   []phase
	bodies   []body
	stays    []stay

	memberships []pair // one, none if it was voided
	standings   []standing

	activities []meeting // one for each network, or one of none
	presences  []presence
}

type (
	// head is what a network is called and for.
	head struct {
		exists            bool // its opening was not voided
		status            terms.Status
		title, lang, sort string
		visibility        terms.Visibility
		about             string // JSON of [About]
	}
	phase struct {
		n int // among those of the network, in their order
		network.Span
	}
	body struct {
		n       int // among those of the network, in their order
		key     network.Key
		charter string // JSON
		network.Tenure
		network.Said
	}
	// stay is somebody's time in something: in the office of the secretariat, in
	// a seat, or as a supporter.
	stay struct {
		what   string
		n      int // among those of the network
		body   network.Key
		party  terms.PartyRef
		person terms.PersonID
		role   string
		network.Tenure
		network.Said
	}
	// pair is a membership.
	pair struct {
		network    terms.PartyID
		party      terms.PartyRef
		status     terms.Status
		visibility terms.Visibility
	}
	standing struct {
		membership.Span
		authority terms.Ref // of the fact it rests on
	}
	// meeting is an activity, under a network or none.
	meeting struct {
		network    terms.PartyID
		title      terms.Text
		held       bool
		on         edtf.Date   // when it was held
		by         es.Revision // the event that says so
		visibility terms.Visibility
		counts     string // JSON of []activity.Counted
	}
	presence struct {
		n        int // among those of the activity
		party    terms.PartyRef
		role     activity.Role
		presence activity.Presence
		moves    bool
	}
)

// What a stay is in.
const (
	secretariat = "secretariat"
	seat        = "seat"
	supporter   = "supporter"
)

// rowsOf returns the rows of a stream, and whether it can have any.
func rowsOf(s readmodel.State) (k kept, known bool, err error) {
	switch state := s.Of.(type) {
	case *network.State:
		k, err = ofNetwork(state, s.Meta.Visibility)
	case *membership.State:
		k = ofMembership(state, s.Meta.Visibility)
	case *activity.State:
		k, err = ofActivity(state, s.Meta.Visibility)
	default:
		return kept{}, false, nil
	}
	return k, true, err
}

func ofNetwork(s *network.State, visibility terms.Visibility) (kept, error) {
	title := s.Title()
	about, err := json.Marshal(aboutOf(s))
	k := kept{networks: []head{{
		exists: s.Exists(), status: statusOf(s), title: title.Value, lang: string(title.Lang), sort: namekey.Of(title.Value),
		visibility: visibility, about: string(about),
	}}}
	for i, span := range s.Phases() {
		k.phases = append(k.phases, phase{i, span})
	}
	for i, b := range s.Bodies() {
		charter, jsonErr := json.Marshal(b.Charter)
		err = terms.First(err, jsonErr)
		k.bodies = append(k.bodies, body{i, b.Key, string(charter), b.Tenure, b.Said})
	}
	for i, o := range s.Secretariats() {
		k.stays = append(k.stays, stay{what: secretariat, n: i, party: o.Party, role: string(o.Office), Tenure: o.Tenure, Said: o.Said})
	}
	for i, x := range s.Seats() {
		k.stays = append(k.stays, stay{seat, i, x.Body, x.Party, x.Person, string(x.Role), x.Tenure, x.Said})
	}
	for i, x := range s.Supporters() {
		k.stays = append(k.stays, stay{what: supporter, n: i, party: x.Party, role: string(x.Kind), Tenure: x.Tenure, Said: x.Said})
	}
	return k, err
}

// About is what a network is for, who founded it, and who may join it.
type About struct {
	Titles     []terms.Text     `json:"titles"` // the main one first
	Purpose    terms.Text       `json:"purpose"`
	Themes     []terms.Theme    `json:"themes"`
	Priorities []terms.Text     `json:"priorities"`
	Founders   []terms.PartyRef `json:"founders"`
	Classes    []network.Class  `json:"classes"` // of members, besides those that all networks have
	// Open is when and to whom it is open to join, in order of recording.
	Open []network.Opening `json:"open"`
	// Asserted are the phases that are only announced, claimed or in dispute.
	Asserted []Assertion `json:"asserted"`
}

// Assertion is that a network is, was or will be in a phase, by a fact that
// moves nothing: an announced launch is not a launch.
type Assertion struct {
	Phase  network.Phase `json:"phase"`
	From   edtf.Date     `json:"from"`
	Status terms.Status  `json:"status"`
}

func aboutOf(s *network.State) About {
	d := s.Describe()
	return About{d.Titles, d.Purpose, d.Themes, d.Priorities, s.Founders(), s.Classes(), s.Open(), asserted(s)}
}

func asserted(s *network.State) (all []Assertion) {
	for h := range s.Book().Held() {
		if h.Moves() || h.SetAside != 0 {
			continue
		}
		a := Assertion{From: h.Fact.From(), Status: cast(h.Fact.Status, false)}
		switch h.Event.(type) {
		case network.Founded:
			a.Phase = network.PhaseFounded
		case network.Launched:
			a.Phase = network.PhaseLaunched
		case network.Dissolved:
			a.Phase = network.PhaseDissolved
		default: // begins no phase
			continue
		}
		all = append(all, a)
	}
	return all
}

// cast returns how surely a fact says something: one that is recorded and moves
// nothing is in dispute.
func cast(status terms.Status, moves bool) terms.Status {
	if status == terms.Recorded && !moves {
		return terms.Disputed
	}
	return status
}

// statusOf is that of the opening of a network, disputed if that was voided.
func statusOf(s *network.State) terms.Status {
	h, ok := s.Book().Opening()
	return cast(h.Fact.Status, ok && h.Moves())
}

func ofMembership(s *membership.State, visibility terms.Visibility) kept {
	if !s.Exists() {
		return kept{}
	}
	of, party := s.Pair()
	k := kept{memberships: []pair{{of, party, s.Status(), visibility}}}
	for _, span := range s.Spans() {
		h, _ := s.Book().At(span.By)
		k.standings = append(k.standings, standing{span, h.Fact.Authority})
	}
	return k
}

// ofActivity returns the rows of an activity; one that is under no network has
// one all the same, of none.
func ofActivity(s *activity.State, visibility terms.Visibility) (kept, error) {
	networks := above(s)
	if len(networks) == 0 {
		networks = append(networks, "")
	}
	counts, err := json.Marshal(countsOf(s))
	m := meeting{title: s.Title(), visibility: visibility, counts: string(counts)}
	if end, ok := s.Outcome(); ok && end.Phase == activity.PhaseHeld {
		m.held, m.on, m.by = true, end.From, end.By
	}
	var k kept
	for _, m.network = range networks {
		k.activities = append(k.activities, m)
	}
	for i, p := range s.Participants() {
		if p.What.Party.ID != "" && !p.What.Class {
			k.presences = append(k.presences, presence{i, p.What.Party, p.What.Role, p.What.Presence, p.Moves})
		}
	}
	return k, err
}

// above returns the networks that an activity is under, or that hold it again
// and again.
func above(s *activity.State) []terms.PartyID {
	var all []terms.PartyID
	add := func(stream string) {
		if kind, _, err := es.ParseStream(stream); err == nil && kind == "network" && !slices.Contains(all, terms.PartyID(stream)) {
			all = append(all, terms.PartyID(stream))
		}
	}
	add(string(s.Describe().Series))
	for _, r := range s.Relations() {
		if stream, _ := r.What.To.Target(); r.Moves && r.What.Relation == "under" {
			add(stream)
		}
	}
	return all
}

// countsOf returns how many parties are said to have been present, of those
// that count the same only the first: that stands until it is corrected.
func countsOf(s *activity.State) []activity.Counted {
	all := []activity.Counted{}
	for _, c := range s.Counts() {
		same := func(o activity.Counted) bool { return o.Among == c.What.Among }
		if c.Moves && c.What.Of == "parties" && c.What.Presence == present && !slices.ContainsFunc(all, same) {
			all = append(all, c.What)
		}
	}
	return all
}

const present activity.Presence = "present"
