package memorandum_test

import (
	"testing"

	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

func TestUndertakings(t *testing.T) {
	pact := drafted(agreed{}, lviv, graz)
	report := memorandum.Undertaken{
		Fact: on("2018"), Key: "report", By: ref(lviv), To: ref(graz), What: text("a yearly report"),
		Due: day("2019-03-31"), Every: period("P1Y"), Amount: &terms.Money{Minor: 500_00, Currency: "EUR"},
	}
	again, dearer := report, report
	again.Fact, again.Amount = from(archive, "2018"), &terms.Money{Minor: 500_00, Currency: "EUR"}
	dearer.Amount = &terms.Money{Minor: 900_00, Currency: "EUR"}
	met := memorandum.Met{Fact: on("2019-03-01"), Undertaking: "report", Due: day("2019-03-31")}
	next := met
	next.Due = day("2020-03-31")
	waived := memorandum.Waived{Fact: on("2020"), Undertaking: "report", Reason: "flood"}
	extended := memorandum.Extended{Fact: on("2020"), Undertaking: "report", Due: day("2021")}
	estest.Run(t, memorandum.Decider, cases{{
		Name: "undertaken", Given: events{pact}, When: memorandum.Undertake(report), Then: events{report},
	}, {
		Name: "same_again", Given: events{pact, report}, When: memorandum.Undertake(report),
	}, {
		Name: "in_another_source", Given: events{pact, report}, When: memorandum.Undertake(again), Then: events{again},
	}, {
		Name: "another_with_the_key", Given: events{pact, report}, When: memorandum.Undertake(dearer), Err: memorandum.ErrKeyTaken,
	}, {
		Name: "amount_corrected", Given: events{pact, report}, When: memorandum.Correct(corrected(2, dearer)), Then: events{corrected(2, dearer)},
	}, {
		Name: "met", Given: events{pact, report}, When: memorandum.Meet(met), Then: events{met},
	}, {
		Name: "met_again_when_due_again", Given: events{pact, report, met}, When: memorandum.Meet(next), Then: events{next},
	}, {
		Name: "met_the_same_again", Given: events{pact, report, met}, When: memorandum.Meet(met),
	}, {
		Name: "nothing_to_meet", Given: events{pact}, When: memorandum.Meet(met), Err: memorandum.ErrNoUndertaking,
	}, {
		Name: "waived", Given: events{pact, report}, When: memorandum.Waive(waived), Then: events{waived},
	}, {
		Name: "nothing_to_waive", Given: events{pact, report, voided(2)}, When: memorandum.Waive(waived), Err: memorandum.ErrNoUndertaking,
	}, {
		Name: "extended", Given: events{pact, report}, When: memorandum.Extend(extended), Then: events{extended},
	}, {
		Name: "nothing_to_extend", Given: events{pact}, When: memorandum.Extend(extended), Err: memorandum.ErrNoUndertaking,
	}, {
		Name: "notice_of_an_event_that_is_not_there", Given: events{pact},
		When: memorandum.Notify{Fact: on("2020"), Matter: "reminder", Concerning: 2}, Err: code("book.no_such_event"),
	}})
}
