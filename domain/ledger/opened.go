package ledger

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Format is the version of the ledger as a whole that this code writes. It is
// raised when an older version could not read the result.
const Format = 1

// stream is where every ledger begins. Its name is the same in all ledgers, so
// that two processes cannot both open one.
var stream = es.StreamName("ledger", uuid.Nil)

// Event is a fact about the ledger itself; the set is closed.
//
//sumtype:decl
type Event interface{ ledger() }

// Opened is the first record of every ledger.
type Opened struct {
	// ID is the identity of the ledger, chosen at random.
	ID uuid.UUID `json:"id"`
	// Origin is the name the ledger goes by outside: a host name and a path,
	// without a scheme (C2SP checkpoint origin).
	Origin string `json:"origin"`
	// Format is the version of the ledger as a whole.
	Format int `json:"format"`
	// Visibility is that of this record.
	Visibility terms.Visibility `json:"visibility"`
}

// Classifies implements [es.Classifier].
func (e Opened) Classifies() es.Visibility { return e.Visibility }

func (Opened) ledger() {}

// Command asks for a change of the ledger itself; the set is closed.
//
//sumtype:decl
type Command interface{ command() }

// OpenLedger opens the ledger.
type OpenLedger Opened

func (OpenLedger) command() {}

// Events ties the events to their stored names, which are permanent.
var Events = es.NewRegistry[Event](es.Def[Opened]("ledger.opened"))

// Commands ties the commands to their names.
var Commands = es.NewCommands[Command](Events, es.Def[OpenLedger]("ledger.open"))

// State is what is known of the ledger itself. The zero State is of none.
type State struct{ opened Opened }

// unfit reports what the name of a log cannot hold (C2SP signed-note).
func unfit(r rune) bool { return r == '+' || unicode.IsSpace(r) || !unicode.IsPrint(r) }

// Decider decides commands on the ledger itself.
var Decider = es.Decider[Command, State, Event]{
	Decide: func(c Command, s State) ([]Event, error) {
		switch c := c.(type) {
		case OpenLedger:
			if s.opened.ID != uuid.Nil {
				return nil, es.Rejected("ledger.exists", "the ledger is open already", "the ledger that is there")
			}
			if c.ID == uuid.Nil || c.Origin == "" || c.Format != Format {
				return nil, es.Invalid("ledger.bad_opening", "an opening lacks the identity, origin or format", "all three")
			}
			if strings.ContainsFunc(c.Origin, unfit) {
				return nil, es.Invalid("ledger.bad_origin", fmt.Sprintf("%.80q cannot be the name of a ledger", c.Origin), "a host name and a path, such as ledger.example.org/agreements")
			}
			return []Event{Opened(c)}, nil
		}
		panic(fmt.Sprintf("decide: unknown command %T", c))
	},
	Evolve: func(_ State, _ es.Revision, e Event) State {
		switch e := e.(type) {
		case Opened:
			return State{e}
		}
		panic(fmt.Sprintf("evolve: unknown event %T", e))
	},
}
