package proposal_test

import (
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/proposal"
	"github.com/entente-ledger/entente/domain/terms"
)

type (
	events = []proposal.Event
	cases  = []estest.Case[proposal.Command, proposal.Event]
)

const (
	pact   = terms.Ref("memorandum-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55")
	ancona = terms.Ref("party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e56")

	ada, ben, cai = "clerk-ada", "approver-ben", "approver-cai"
)

var (
	today = terms.Fact{Occurred: edtf.MustParse("2026-05-01")}
	later = terms.Fact{Occurred: edtf.MustParse("2026-05-02")}

	terminate = proposal.Proposed{
		ID: uuid.NewSHA1(uuid.Nil, []byte("terminate")), Command: "memorandum.terminate", Stream: pact, At: 7,
		Payload: `{"fact":{"occurred":"2026-04-30"}}`, KnownAt: "2026-04-30T12:00:00.000000Z", Concerns: []terms.Ref{ancona},
	}
	made       = proposal.Made{Fact: today, Proposed: terminate, By: ada, Why: "the cities agreed to end it", Visibility: es.Internal}
	approved   = proposal.Approved{Fact: today, By: ben}
	refused    = proposal.Refused{Fact: today, By: ben, Why: "the letter is not signed"}
	withdrawn  = proposal.Withdrawn{Fact: today, By: ada}
	carriedOut = proposal.CarriedOut{Fact: today, Stream: pact, Revision: 8, Events: []uuid.UUID{uuid.NewSHA1(uuid.Nil, []byte("event"))}}
	failed     = proposal.Failed{Fact: today, Code: "memorandum.ended", Message: "the agreement has ended already"}
)

func voided(of es.Revision) proposal.Voided {
	return proposal.Voided{Voided: book.Voided{Of: of, Reason: "misfiled"}}
}

func disputed(of es.Revision) proposal.Disputed {
	return proposal.Disputed{Disputed: book.Disputed{Of: of, Grounds: "it was not heard"}}
}

func corrected(of es.Revision, as proposal.Event) proposal.Corrected {
	return proposal.Corrected{Corrected: book.Corrected[proposal.Event]{Of: of, As: as, Reason: "mistyped"}}
}

func code(code string) error { return &es.Error{Code: code} }

var reclassified = proposal.Reclassified{Reclassified: book.Reclassified{Visibility: es.Restricted, Reason: "it names a person"}}
