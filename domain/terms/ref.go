package terms

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/entente-ledger/entente/domain/es"
)

// Ref names an aggregate by its stream, "party-<uuid>", or one event of it,
// "network-<uuid>@7". Empty, it names nothing.
type Ref string

// Reference is what a [Ref] and its narrower kinds have in common. The ledger
// checks every reference of a command against the store.
type Reference interface {
	// Target returns the stream named and, if it is not 0, the revision in it.
	Target() (stream string, at es.Revision)
}

// Target implements [Reference].
func (r Ref) Target() (string, es.Revision) {
	stream, at, _ := strings.Cut(string(r), "@")
	n, _ := strconv.ParseUint(at, 10, 64)
	return stream, es.Revision(n)
}

// UnmarshalText accepts a stream, a stream with a revision, or nothing.
func (r *Ref) UnmarshalText(text []byte) error {
	stream, at, event := strings.Cut(string(text), "@")
	if err := checkRef(stream); err != nil {
		return err
	}
	if n, err := strconv.ParseUint(at, 10, 64); event && (err != nil || n == 0 || strconv.FormatUint(n, 10) != at || stream == "") {
		return es.Invalid("terms.bad_ref", fmt.Sprintf("%.80q does not name an event", text), "a stream, @ and a revision from 1")
	}
	*r = Ref(text)
	return nil
}

// The narrower kinds of reference: to a whole stream of one of the named kinds.
type (
	// PartyID names a party; a network is one too.
	PartyID string
	// PersonID names a natural person.
	PersonID string
	// SourceID names a source.
	SourceID string
	// AgreementID names a memorandum.
	AgreementID string
)

// Target implements [Reference].
func (id PartyID) Target() (string, es.Revision) { return string(id), 0 }

// Target implements [Reference].
func (id PersonID) Target() (string, es.Revision) { return string(id), 0 }

// Target implements [Reference].
func (id SourceID) Target() (string, es.Revision) { return string(id), 0 }

// Target implements [Reference].
func (id AgreementID) Target() (string, es.Revision) { return string(id), 0 }

// UnmarshalText accepts the stream of a party or a network, or nothing.
func (id *PartyID) UnmarshalText(text []byte) error {
	*id = PartyID(text)
	return checkRef(string(text), "party", "network")
}

// UnmarshalText accepts the stream of a person, or nothing.
func (id *PersonID) UnmarshalText(text []byte) error {
	*id = PersonID(text)
	return checkRef(string(text), "person")
}

// UnmarshalText accepts the stream of a source, or nothing.
func (id *SourceID) UnmarshalText(text []byte) error {
	*id = SourceID(text)
	return checkRef(string(text), "source")
}

// UnmarshalText accepts the stream of a memorandum, or nothing.
func (id *AgreementID) UnmarshalText(text []byte) error {
	*id = AgreementID(text)
	return checkRef(string(text), "memorandum")
}

func checkRef(stream string, kinds ...string) error {
	if stream == "" {
		return nil
	}
	kind, _, err := es.ParseStream(stream)
	if err != nil {
		return err
	}
	if len(kinds) == 0 || slices.Contains(kinds, kind) {
		return nil
	}
	return es.Invalid("terms.wrong_ref", fmt.Sprintf("a %s cannot stand here", kind), "the id of a "+strings.Join(kinds, " or a "))
}

// PartyRef is a party as a source names it.
type PartyRef struct {
	ID PartyID `json:"id"`
	// As is the name in the source, in its own script and case, where that is
	// worth keeping.
	As string `json:"as"`
}
