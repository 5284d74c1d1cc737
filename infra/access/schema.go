package access

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
)

// none stands in policies for a kind or command that is not there.
const none = "none"

// layout is the schema of policies; the values of the closed sets are put in
// by [Schema].
const layout = `// What a policy may speak of. Generated: it changes with entente.

// The closed sets.
entity Role enum [%s];
entity Visibility enum [%s];
entity Kind enum [%s];
entity Verb enum [%s];
entity Command enum [%s];

// Who asks; principal in Role::"clerk" says what they hold.
entity Identity in [Role] {
    for: Set<String>,   // streams of the parties and networks a clerk acts for
    reads: Set<String>, // kinds, types of events and streams granted to an integrator
};

// What it is about: Record::"memorandum-<uuid>", or Record::"" for a list or what is opened.
entity Record {
    kind: Kind,
    visibility: Visibility,
    concerns: Set<String>, // streams of the parties and networks that it concerns
    names: Set<String>,    // its kind, its stream, and the type of the event that is followed
};

action %s appliesTo {
    principal: Identity,
    resource: Record,
    context: {
        command: Command,
        verb: Verb,         // the command without its kind
        vouched: Bool,      // a knownAt is given
        alone: Bool,        // nobody has approved it
        proposer: Identity, // of the proposal that is to be approved, else Identity::""
    },
};
`

// Schema returns what a policy may speak of, in the schema language of Cedar:
// the closed sets hold the kinds and commands of this version of entente.
func Schema() string {
	kinds, verbs, commands := []string{none}, map[string]bool{}, []string{none}
	for _, a := range ledger.Aggregates() {
		kinds = append(kinds, a.Kind)
		for _, c := range a.Commands {
			_, verb, _ := strings.Cut(c.Name, ".")
			verbs[verb] = true
			commands = append(commands, c.Name)
		}
	}
	return fmt.Sprintf(layout, quoted(Role("").Words()), quoted(es.Visibility("").Words()), quoted(kinds),
		quoted(append([]string{none}, slices.Sorted(maps.Keys(verbs))...)), quoted(commands), quoted(Action("").Words()))
}

func quoted(words []string) string {
	q := make([]string, len(words))
	for i, w := range words {
		q[i] = strconv.Quote(w)
	}
	return strings.Join(q, ", ")
}
