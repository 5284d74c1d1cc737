package proposal

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Phase is a state of a proposal.
type Phase string

// The phases.
const (
	PhaseOpen       Phase = "open"
	PhaseApproved   Phase = "approved"
	PhaseCarriedOut Phase = "carried_out"
	PhaseFailed     Phase = "failed"
	PhaseRefused    Phase = "refused"
	PhaseWithdrawn  Phase = "withdrawn"
)

// Words returns the phases.
func (Phase) Words() []string {
	return []string{
		string(PhaseOpen), string(PhaseApproved), string(PhaseCarriedOut),
		string(PhaseFailed), string(PhaseRefused), string(PhaseWithdrawn),
	}
}

// UnmarshalText accepts one of the phases.
func (p *Phase) UnmarshalText(text []byte) error { return terms.ReadWord(p, text) }

// Proposed is a command that waits for a second person.
type Proposed struct {
	// ID is the id that the command will be given with.
	ID uuid.UUID `json:"id"`
	// Command is its name, such as memorandum.sign.
	Command string `json:"command"`
	// Stream is what it is about, or empty if it opens something.
	Stream terms.Ref `json:"stream"`
	// At is the revision of the stream when the command was proposed, so that
	// whoever decides can see what was recorded since; 0 if there was none.
	At es.Revision `json:"at"`
	// Payload is its JSON as it was given, as a text.
	Payload string `json:"payload"`
	// KnownAt is from when the registrar vouches for it, RFC 3339 in UTC with
	// microseconds; empty: when it is recorded.
	KnownAt string `json:"knownAt"`
	// Concerns are the parties and networks that it concerns, by which it is
	// found out who may decide about it.
	Concerns []terms.Ref `json:"concerns"`
}

var commandSyntax = regexp.MustCompile(`^[a-z]+\.[a-z]+(_[a-z]+)*$`)

func (p Proposed) check() error {
	if p.ID == uuid.Nil {
		return es.Invalid("terms.missing", "the id of the command is missing", "a UUID that no other command has").At("/id")
	}
	if !commandSyntax.MatchString(p.Command) || strings.HasPrefix(p.Command, "proposal.") || strings.HasPrefix(p.Command, "ledger.") {
		return es.Invalid("proposal.bad_command", fmt.Sprintf("%.80q cannot be proposed", p.Command),
			"one of the commands that `entente commands` lists, but for those on proposals").At("/command")
	}
	for i, ref := range append([]terms.Ref{p.Stream}, p.Concerns...) {
		if _, at := ref.Target(); at != 0 || ref == "" && i > 0 {
			field := "/stream"
			if i > 0 {
				field = fmt.Sprintf("/concerns/%d", i-1)
			}
			return es.Invalid("proposal.bad_stream", fmt.Sprintf("%q is not the id of a stream", ref), "the id of a whole stream, without a revision").At(field)
		}
	}
	if !strings.HasPrefix(strings.TrimLeft(p.Payload, " \t\r\n"), "{") || !json.Valid([]byte(p.Payload)) {
		return es.Invalid("proposal.bad_payload", "the payload of the command is not a JSON object", "the JSON of the command, as a text").At("/payload")
	}
	if known, err := es.ParseInstant(p.KnownAt); err != nil || es.FormatInstant(known) != p.KnownAt {
		return es.Invalid("proposal.bad_known", fmt.Sprintf("%.40q is not an instant as the ledger writes it", p.KnownAt),
			"such as 2026-03-01T09:30:00.000000Z, or nothing").At("/knownAt")
	}
	return nil
}
