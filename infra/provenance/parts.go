package provenance

import (
	"fmt"
	"strings"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/history"
)

// part is a member of a document.
type part struct {
	name   string
	tell   func(d *document, l history.Line)
	finish func(d *document) // nil: there is nothing to add
}

var parts = []part{
	{"entity", entities, wholeRecord},
	{"activity", activities, nil},
	{"agent", agents, nil},
	{"wasGeneratedBy", generations, nil},
	{"used", usages, nil},
	{"wasDerivedFrom", derivations, nil},
	{"wasInvalidatedBy", invalidations, nil},
	{"specializationOf", specializations, nil},
	{"wasAssociatedWith", associations, nil},
	{"actedOnBehalfOf", delegations, nil},
}

type state struct {
	Type       literal          `json:"prov:type"`
	Event      string           `json:"entente:event"`
	Revision   es.Revision      `json:"entente:revision"`
	Sequence   uint64           `json:"entente:sequence"`
	Occurred   string           `json:"entente:occurred,omitempty"`
	Effective  string           `json:"entente:effective,omitempty"`
	Status     string           `json:"entente:status"`
	KnownAt    literal          `json:"entente:knownAt"`
	Visibility terms.Visibility `json:"entente:visibility"`
}

func entities(d *document, l history.Line) {
	d.add(revision(l.Stream, l.Revision), state{
		Type: name("entente:" + l.Type), Event: l.ID.String(), Revision: l.Revision, Sequence: l.Sequence,
		Occurred: l.Occurred.String(), Effective: l.Effective.String(), Status: l.Status.String(),
		KnownAt: instant(es.FormatInstant(l.Known)), Visibility: l.Visibility,
	})
	if id := string(l.Source.ID); id != "" && id != l.Stream {
		d.once(record(id), kind(id))
	}
	if stream, at := l.Authority.Target(); at > 0 && stream != l.Stream {
		d.once(revision(stream, at), kind(stream))
	} else if stream != "" && stream != l.Stream && !acts(stream) {
		d.once(record(stream), kind(stream))
	}
}

// typed is what is only known to be of a type.
type typed struct {
	Type literal `json:"prov:type"`
}

func kind(stream string) typed {
	word, _, _ := strings.Cut(stream, "-")
	return typed{name("entente:" + word)}
}

type whole struct {
	Type     literal     `json:"prov:type"`
	Revision es.Revision `json:"entente:revision"` // the last one
	Sequence uint64      `json:"entente:asOfSequence"`
}

// wholeRecord says which record it is whose revisions are told.
func wholeRecord(d *document) {
	d.add(record(d.last.Stream), whole{kind(d.last.Stream).Type, d.last.Revision, d.sequence})
}

type activity struct {
	Start       string `json:"prov:startTime"`
	End         string `json:"prov:endTime"`
	Correlation string `json:"entente:correlation"`
}

func activities(d *document, l history.Line) {
	if d.first(l) {
		at := es.FormatInstant(l.Recorded)
		d.add(command(l), activity{at, at, l.Correlation.String()})
	}
}

// acts reports whether a stream is of somebody.
func acts(stream string) bool {
	of, _, _ := strings.Cut(stream, "-")
	return of == "party" || of == "network" || of == "person"
}

type agent struct {
	Type []literal `json:"prov:type,omitempty"`
	ID   string    `json:"entente:id"`
}

func agents(d *document, l history.Line) {
	d.once(actor(l.Actor), agent{ID: l.Actor})
	if l.ApprovedBy != "" {
		d.once(actor(l.ApprovedBy), agent{ID: l.ApprovedBy})
	}
	if stream, at := l.Authority.Target(); at == 0 && acts(stream) {
		of := name("prov:Organization")
		if strings.HasPrefix(stream, "person-") {
			of = name("prov:Person")
		}
		d.once(record(stream), agent{[]literal{of, kind(stream).Type}, stream})
	}
}

type generation struct {
	Entity   string `json:"prov:entity"`
	Activity string `json:"prov:activity"`
	Time     string `json:"prov:time"`
}

func generations(d *document, l history.Line) {
	d.add(relation("generation", l), generation{revision(l.Stream, l.Revision), command(l), es.FormatInstant(l.Recorded)})
}

// relation is the id, within a document, of what is told of an event.
func relation(what string, l history.Line) string { return fmt.Sprintf("_:%s%d", what, l.Sequence) }

type usage struct {
	Activity string  `json:"prov:activity"`
	Entity   string  `json:"prov:entity"`
	Role     literal `json:"prov:role"`
	Locator  string  `json:"entente:locator,omitempty"`
}

// usages tells what a command rests on: the revision it found, the source it
// cites, the event that it is about, the decision that is its authority.
func usages(d *document, l history.Line) {
	use := func(what, entity, locator string) {
		d.add(relation(what, l), usage{command(l), entity, name("entente:" + what), locator})
	}
	if d.first(l) && l.Revision > 1 {
		use("before", revision(l.Stream, l.Revision-1), "")
	}
	if l.Source.ID != "" {
		use("source", record(string(l.Source.ID)), l.Source.Locator)
	}
	if l.Target > 0 {
		use("about", revision(l.Stream, l.Target), "")
	}
	switch stream, at := l.Authority.Target(); {
	case at > 0:
		use("authority", revision(stream, at), "")
	case stream != "" && !acts(stream):
		use("authority", record(stream), "")
	}
}

type derivation struct {
	Generated string   `json:"prov:generatedEntity"`
	Used      string   `json:"prov:usedEntity"`
	Activity  string   `json:"prov:activity"`
	Type      *literal `json:"prov:type,omitempty"`
	Locator   string   `json:"entente:locator,omitempty"`
}

func derivations(d *document, l history.Line) {
	of := derivation{Generated: revision(l.Stream, l.Revision), Activity: command(l)}
	if l.Revision > 1 {
		of.Used = revision(l.Stream, l.Revision-1)
		d.add(relation("before", l), of)
	}
	if l.Source.ID != "" {
		from := of
		from.Used, from.Locator = record(string(l.Source.ID)), l.Source.Locator
		d.add(relation("source", l), from)
	}
	if is(l, "corrected") {
		revised := name("prov:Revision")
		of.Used, of.Type = revision(l.Stream, l.Target), &revised
		d.add(relation("corrected", l), of)
	}
}

// is reports whether an event is one of those that every aggregate has.
func is(l history.Line, word string) bool { return l.Target > 0 && strings.HasSuffix(l.Type, "."+word) }

func invalidations(d *document, l history.Line) {
	if is(l, "voided") {
		d.add(relation("voided", l), generation{revision(l.Stream, l.Target), command(l), es.FormatInstant(l.Recorded)})
	}
}

type specialization struct {
	Specific string `json:"prov:specificEntity"`
	General  string `json:"prov:generalEntity"`
}

func specializations(d *document, l history.Line) {
	d.add(relation("revision", l), specialization{revision(l.Stream, l.Revision), record(l.Stream)})
}

type association struct {
	Activity string  `json:"prov:activity"`
	Agent    string  `json:"prov:agent"`
	Role     literal `json:"prov:role"`
}

func associations(d *document, l history.Line) {
	if !d.first(l) {
		return
	}
	d.add(relation("recorder", l), association{command(l), actor(l.Actor), name("entente:recorder")})
	if l.ApprovedBy != "" {
		d.add(relation("approver", l), association{command(l), actor(l.ApprovedBy), name("entente:approver")})
	}
}

type delegation struct {
	Delegate    string `json:"prov:delegate"`
	Responsible string `json:"prov:responsible"`
	Activity    string `json:"prov:activity"`
}

func delegations(d *document, l history.Line) {
	if stream, at := l.Authority.Target(); at == 0 && acts(stream) {
		d.add(relation("authority", l), delegation{actor(l.Actor), record(stream), command(l)})
	}
}
