package memorandum_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

// lively is an agreement of which all there is can be said: in force since
// 2012, at times provisional and suspended, with a notice and keys.
func lively(t testing.TB) *history {
	h := begin(t, memorandum.Draft(drafted(agreed{Entry: entryBy{Count: 3}}, lviv, graz, bonn, turku))).do(
		sign(lviv, "2012-01-01"), sign(graz, "2012-01-01"), sign(bonn, "2012-01-01"),
		memorandum.ApplyProvisionally{Fact: on("2011-01-01")},
		memorandum.Suspend{Fact: on("2013-01-01")},
		memorandum.GiveNotice{Fact: on("2014-01-01"), Party: bonn},
		memorandum.Reserve{Fact: on("2012-01-01"), Party: lviv, Key: "r1", Gist: text("not the lakes")},
		memorandum.AdoptAmendment{Fact: on("2013-01-01"), Key: "a1", Titles: []terms.Text{text("Lakes too")}},
		memorandum.Undertake{Fact: on("2012-01-01"), Key: "u1", By: ref(lviv), What: text("report")},
		memorandum.AddTitle{Fact: on("2012-01-01"), Title: text("Pure rivers")},
	)
	return h.dispute(h.at())
}

// factual has, for each command that states a fact of a date and status, an
// example that lively accepts.
func factual(f terms.Fact) commands {
	return commands{
		memorandum.CarryOverPart{Fact: f, CarriedParty: carried(oulu, memorandum.PartInForce, "2012")},
		memorandum.AddTitle{Fact: f, Title: text("Rivers")},
		memorandum.Relate{Fact: f, To: terms.Ref(other), Relation: "renews"},
		memorandum.SetThemes{Fact: f, Themes: []terms.Theme{"water"}},
		memorandum.NameUnit{Fact: f, Party: lviv, Unit: ref(id("office")), Role: "lead"},
		memorandum.SetTerms{Fact: f, Terms: agreed{Notice: period("P6M")}},
		memorandum.AddText{Fact: f, Lang: "en", Standing: "authentic"},
		memorandum.CorrectText{Fact: f, Lang: "en", Gist: text("a comma")},
		memorandum.Adopt{Fact: f},
		memorandum.Invite{Fact: f, Party: ref(oulu)},
		memorandum.Open{Fact: f},
		memorandum.Close{Fact: f},
		memorandum.Sign{Fact: f, Party: ref(turku)},
		memorandum.Count{Fact: f, Signatories: 7},
		memorandum.Consent{Fact: f, Party: ref(turku), Means: "acceptance"},
		memorandum.Weigh{Fact: f, Party: lviv, Weight: 3},
		memorandum.ApplyProvisionally{Fact: f, Parties: parties{lviv}},
		memorandum.EndProvisional{Fact: f},
		memorandum.Reserve{Fact: f, Party: lviv, Key: "r2", Gist: text("not the ponds")},
		memorandum.Object{Fact: f, Party: graz, Reservation: "r1"},
		memorandum.Unreserve{Fact: f, Reservation: "r1"},
		memorandum.AdoptAmendment{Fact: f, Key: "a2", Titles: []terms.Text{text("Ponds too")}},
		memorandum.AcceptAmendment{Fact: f, Amendment: "a1", Party: lviv},
		memorandum.Renew{Fact: f, Until: day("2030")},
		memorandum.DeclineRenewal{Fact: f, Party: lviv},
		memorandum.Suspend{Fact: f, Parties: parties{lviv}},
		memorandum.Resume{Fact: f},
		memorandum.GiveNotice{Fact: f, Party: lviv},
		memorandum.RevokeNotice{Fact: f, Party: bonn},
		memorandum.Withdraw{Fact: f, Party: lviv},
		memorandum.Terminate{Fact: f},
		memorandum.Supersede{Fact: f, By: other},
		memorandum.Abandon{Fact: f},
		memorandum.RecordAxis{Fact: f, Number: 1, Title: text("Water")},
		memorandum.Undertake{Fact: f, Key: "u2", By: ref(lviv), What: text("host"), Amount: &terms.Money{Minor: 1, Currency: "EUR"}},
		memorandum.Meet{Fact: f, Undertaking: "u1"},
		memorandum.Waive{Fact: f, Undertaking: "u1", Reason: "flood"},
		memorandum.Extend{Fact: f, Undertaking: "u1", Due: day("2015")},
		memorandum.Notify{Fact: f, Matter: "reminder", To: parties{lviv}, Concerning: 2, Due: day("2014")},
	}
}

// amending are the examples of the other commands but the opening ones.
func amending(dispute es.Revision) commands {
	return commands{
		memorandum.CarryOver{Fact: on("2014"), Kind: "mou", Titles: []terms.Text{text("Rivers")}, Phase: memorandum.PhaseInForce},
		memorandum.Correct(corrected(2, signed(lviv, "2012-02-02"))),
		memorandum.Void(voided(2)),
		memorandum.Dispute(disputed(2)),
		memorandum.Rule(ruled(dispute, true)),
		memorandum.Reclassify{Reclassified: book.Reclassified{Visibility: es.Restricted, Reason: "asked"}},
	}
}

// leadsTo has the event of each command.
var leadsTo = map[string]string{
	"CarryOver": "CarriedOver", "CarryOverPart": "PartCarriedOver", "AddTitle": "Titled", "Relate": "Related", "SetThemes": "ThemesSet",
	"NameUnit": "UnitNamed", "SetTerms": "TermsSet", "AddText": "TextAdded", "CorrectText": "TextCorrected",
	"Adopt": "Adopted", "Invite": "Invited", "Open": "Opened", "Close": "Closed", "Sign": "Signed", "Count": "Counted",
	"Consent": "Consented", "Weigh": "Weighed", "ApplyProvisionally": "Provisional",
	"EndProvisional": "ProvisionalEnded", "Reserve": "Reserved", "Object": "Objected", "Unreserve": "Unreserved",
	"AdoptAmendment": "AmendmentAdopted", "AcceptAmendment": "AmendmentAccepted", "Renew": "Renewed",
	"DeclineRenewal": "RenewalDeclined", "Suspend": "Suspended", "Resume": "Resumed", "GiveNotice": "NoticeGiven",
	"RevokeNotice": "NoticeRevoked", "Withdraw": "Withdrawn", "Terminate": "Terminated", "Supersede": "Superseded",
	"Abandon": "Abandoned", "RecordAxis": "AxisRecorded", "Undertake": "Undertaken", "Meet": "Met", "Waive": "Waived",
	"Extend": "Extended", "Notify": "Notified", "Correct": "Corrected", "Void": "Voided", "Dispute": "Disputed",
	"Rule": "Ruled", "Reclassify": "Reclassified", "MarkDue": "FellDue",
}

// recordedAs is the event that a command leads to.
func recordedAs(c memorandum.Command) memorandum.Event {
	for _, d := range memorandum.Events.Definitions() {
		if d.Type.Name() == leadsTo[reflect.TypeOf(c).Name()] {
			return reflect.ValueOf(c).Convert(d.Type).Interface().(memorandum.Event)
		}
	}
	return nil
}

func TestEveryCommand(t *testing.T) {
	// Early enough that nothing stands against abandoning.
	lived := lively(t)
	all := append(factual(on("2011-06-01")), amending(lived.at())...)
	all = append(all, memorandum.MarkDue(fell(lived.state.Dues()[0])))
	covered := map[reflect.Type]bool{reflect.TypeFor[memorandum.Draft](): true}
	for _, c := range all {
		covered[reflect.TypeOf(c)] = true
		name := reflect.TypeOf(c).Name()
		t.Run(name+"/is_recorded_once", func(t *testing.T) {
			h := lively(t)
			before := h.at()
			h.do(c)
			require.Equal(t, recordedAs(c), h.events[before])
			for _, e := range h.events[before+1:] {
				require.Implements(t, (*book.Derived)(nil), e, "only what is derived follows")
			}
			after := h.at()
			require.Equal(t, after, h.do(c).at(), "the same again changes nothing")
		})
		t.Run(name+"/not_without_an_agreement", func(t *testing.T) {
			if _, opens := c.(memorandum.CarryOver); opens {
				t.Skip("it opens the record")
			}
			got, err := memorandum.Decider.Decide(c, memorandum.State{})
			require.ErrorIs(t, err, code("memorandum.unknown"))
			require.ErrorIs(t, err, es.ErrNotFound)
			require.Empty(t, got)
		})
		t.Run(name+"/not_after_the_opening_was_voided", func(t *testing.T) {
			_, err := memorandum.Decider.Decide(c, lively(t).void(1).state)
			require.ErrorIs(t, err, code("memorandum.void"))
		})
	}
	for _, d := range memorandum.Commands.Definitions() {
		require.True(t, covered[d.Type], "no example of %v", d.Type)
	}
}

// Only recorded facts move state or satisfy guards (rule 5 of the ledger).
func TestOtherThanRecordedFactsMoveNothing(t *testing.T) {
	for _, status := range []terms.Status{terms.Announced, terms.Claimed, terms.Inferred, terms.Disputed} {
		for _, c := range factual(as(status, "2011-06-01")) {
			t.Run(status.String()+"/"+reflect.TypeOf(c).Name(), func(t *testing.T) {
				before, after := lively(t), lively(t).do(c)
				require.Equal(t, append(before.events, recordedAs(c)), after.events, "nothing follows")
				require.Equal(t, before.state.Phases(), after.state.Phases())
				require.Equal(t, before.state.Parts(), after.state.Parts())
				require.Equal(t, before.state.Describe(), after.state.Describe())
				require.Equal(t, before.state.Unnamed(), after.state.Unnamed())
				require.Contains(t, after.findings(), status.String())
			})
		}
	}
}

// What is said of earlier events is recorded or not said at all.
func TestAmendmentsAreRecordedOrNotMade(t *testing.T) {
	h := lively(t)
	announced := as(terms.Announced, "2014")
	all := commands{
		memorandum.Correct{Corrected: book.Corrected[memorandum.Event]{Fact: announced, Of: 2, As: signed(lviv, "2011"), Reason: "misread"}},
		memorandum.Void{Voided: book.Voided{Fact: announced, Of: 2, Reason: "elsewhere"}},
		memorandum.Dispute{Disputed: book.Disputed{Fact: announced, Of: 2, Grounds: "never"}},
		memorandum.Rule{Ruled: book.Ruled{Fact: announced, Of: h.at(), Reason: "heard"}},
		memorandum.Reclassify{Reclassified: book.Reclassified{Fact: announced, Visibility: es.Public, Reason: "asked"}},
	}
	for _, c := range all {
		_, err := memorandum.Decider.Decide(c, h.state)
		require.ErrorIs(t, err, code("book.not_recorded"), "%T", c)
	}
}

func TestStateBeforeAnything(t *testing.T) {
	var s memorandum.State
	require.False(t, s.Exists())
	require.Empty(t, s.Phases())
	require.Empty(t, s.Parts())
	require.Empty(t, s.Findings())
	require.Zero(t, s.Unnamed())
	require.Zero(t, s.Describe())
	e, at := s.Entry()
	require.Zero(t, at)
	require.Equal(t, edtf.No, e.Met)
}
