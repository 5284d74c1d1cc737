package review_test

import (
	"strings"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/review"
	"github.com/entente-ledger/entente/domain/terms"
)

type (
	events = []review.Event
	cases  = []estest.Case[review.Command, review.Event]
)

const (
	pact  = terms.Ref("memorandum-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55")
	event = pact + "@3"
)

var (
	undated = review.Finding{ID: uuid.NewSHA1(uuid.Nil, []byte("undated")), Code: "memorandum.undated", Stream: pact, Visibility: es.Public}
	today   = on("2026-05-01")
	basis   = review.Basis{Events: []terms.Ref{event}, Digest: strings.Repeat("0a", 32)}
	changed = review.Basis{Events: []terms.Ref{event}, Digest: strings.Repeat("0b", 32)}

	opened   = review.Opened{Fact: today, Finding: undated.ID, Code: undated.Code, Stream: pact, Visibility: es.Public}
	accepted = review.Accepted{Fact: today, Basis: basis, Reason: "the source has no date"}
	assigned = review.Assigned{Fact: today, To: "clerk-7", Due: edtf.MustParse("2026-06-01"), Reason: "ask the city"}
	reopened = review.Reopened{Fact: today, Reason: "a date was found"}
	carried  = review.CarriedOver{
		Fact: today, Finding: undated.ID, Code: undated.Code, Stream: pact,
		Standing: review.StandingAccepted, Basis: basis, Visibility: es.Public,
	}

	accept = review.Accept{Fact: today, Finding: undated, Basis: basis, Reason: accepted.Reason}
	assign = review.Assign{Fact: today, Finding: undated, To: assigned.To, Due: assigned.Due, Reason: assigned.Reason}
	reopen = review.Reopen(reopened)
)

func on(date string) terms.Fact { return terms.Fact{Occurred: edtf.MustParse(date)} }

func voided(of es.Revision) review.Voided {
	return review.Voided{Voided: book.Voided{Of: of, Reason: "misfiled"}}
}

func corrected(of es.Revision, as review.Event) review.Corrected {
	return review.Corrected{Corrected: book.Corrected[review.Event]{Of: of, As: as, Reason: "mistyped"}}
}

func code(code string) error { return &es.Error{Code: code} }
