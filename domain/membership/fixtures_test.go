package membership_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/terms"
)

type (
	events   = []membership.Event
	cases    = []estest.Case[membership.Command, membership.Event]
	commands = []membership.Command
)

var (
	network             = terms.PartyID(stream("network", "cities"))
	essen, graz, regio  = id("essen"), id("graz"), id("regio")
	page, paper         = source("page"), source("paper")
	founded             = terms.Ref(string(network) + "@2")
	anotherDecision     = terms.Ref(string(network) + "@7")
	charter, signatory  = terms.AgreementID(stream("memorandum", "charter")), terms.PersonID(stream("person", "mayor"))
	day                 = edtf.MustParse
	everyStandingMember = []membership.Standing{
		membership.StandingAdmitted, membership.StandingSigned, membership.StandingActive, membership.StandingOnHold, membership.StandingSuspended,
	}
)

func stream(kind, name string) string {
	return es.StreamName(kind, uuid.NewSHA1(uuid.Nil, []byte(name)))
}

func id(name string) terms.PartyID { return terms.PartyID(stream("party", name)) }

func source(name string) terms.SourceID { return terms.SourceID(stream("source", name)) }

func ref(id terms.PartyID) terms.PartyRef { return terms.PartyRef{ID: id} }

func text(value string) terms.Text { return terms.Text{Lang: "en", Value: value} }

func on(date string) terms.Fact {
	return terms.Fact{Occurred: day(date), Source: terms.Citation{ID: page}}
}

func as(s terms.Status, date string) terms.Fact {
	f := on(date)
	f.Status = s
	return f
}

// by is a fact of another source.
func by(source terms.SourceID, date string) terms.Fact {
	f := on(date)
	f.Source.ID = source
	return f
}

func decided(authority terms.Ref, date string) terms.Fact {
	f := on(date)
	f.Authority = authority
	return f
}

func code(c string) error { return &es.Error{Code: c} }

func corrected(of es.Revision, e membership.Event) membership.Corrected {
	return membership.Corrected{book.Corrected[membership.Event]{Fact: on("2024"), Of: of, As: e, Reason: "misread"}}
}

func voided(of es.Revision) membership.Voided {
	return membership.Voided{book.Voided{Fact: on("2024"), Of: of, Reason: "of another party"}}
}

func disputed(of es.Revision) membership.Disputed {
	return membership.Disputed{book.Disputed{Fact: on("2024"), Of: of, By: essen, Grounds: "the board never met"}}
}

func ruled(of es.Revision, stands bool) membership.Ruled {
	return membership.Ruled{book.Ruled{Fact: on("2025"), Of: of, Stands: stands, Reason: "the minutes were found"}}
}

func reclassified(v terms.Visibility) membership.Reclassified {
	return membership.Reclassified{book.Reclassified{Fact: on("2025"), Visibility: v, Reason: "in print"}}
}

func fell(rule string, of es.Revision, key, date string) membership.FellDue {
	return membership.FellDue{book.FellDue{Fact: terms.Fact{Occurred: day(date)}, Rule: rule, Of: of, Key: key, On: day(date)}}
}

var (
	registered  = membership.Registered{Fact: on("2016"), Network: network, Party: terms.PartyRef{ID: essen, As: "ESSEN"}, Visibility: es.Internal}
	carriedOver = membership.CarriedOver{
		Fact: on("2020"), Network: network, Party: ref(essen), Class: "full", Standing: membership.StandingActive, Since: day("2018"),
		Visibility: es.Internal,
	}
	invited   = membership.Invited{Fact: on("2017-01-01"), By: ref(graz)}
	applied   = membership.Applied{Fact: on("2017-02-01"), Class: "observer"}
	reviewed  = membership.ReviewBegun{Fact: on("2017-03-01")}
	rejected  = membership.Rejected{Fact: on("2017-04-01"), Reason: "too far away"}
	admitted  = membership.Admitted{Fact: decided(founded, "2018-01-01"), Class: "full", OwnClass: "city"}
	signed    = membership.Signed{Fact: on("2018-02-01"), Instrument: charter, By: signatory}
	activated = membership.Activated{Fact: on("2018-03-01")}
	changed   = membership.ClassChanged{Fact: on("2018-06-01"), Class: "associate"}
	held      = membership.PutOnHold{Fact: on("2019-01-01"), Reason: "elections", Until: day("2019-03-01")}
	warned    = membership.SuspensionNoticed{Fact: on("2019-04-01"), From: day("2019-05-01"), Reason: "fees"}
	suspended = membership.Suspended{Fact: on("2019-05-01"), Reason: "fees"}
	resumed   = membership.Resumed{Fact: on("2019-06-01")}
	notice    = membership.NoticeGiven{Fact: on("2019-07-01"), Period: edtf.Period{Months: 6}}
	revoked   = membership.NoticeRevoked{Fact: on("2019-08-01")}
	withdrawn = membership.Withdrawn{Fact: on("2020-01-01"), Reason: "costs"}
	expelled  = membership.Expelled{Fact: on("2020-01-01"), Reason: "conduct"}
	lapsed    = membership.Lapsed{Fact: on("2020-01-01")}
	succeeded = membership.Succeeded{Fact: on("2020-01-01"), By: ref(regio)}
	dutySet   = membership.DutySet{
		Fact: on("2018-01-01"), Key: "report", Kind: "report", What: text("yearly report"), Due: day("2019-03-31"),
		Every: edtf.Period{Years: 1}, Consequence: membership.ConsequenceHold, Grace: edtf.Period{Days: 30},
	}
	met      = membership.DutyMet{Fact: on("2019-03-01"), Duty: "report", Due: day("2019-03-31")}
	waived   = membership.DutyWaived{Fact: on("2019-03-01"), Duty: "report", Due: day("2019-03-31"), Reason: "elections"}
	extended = membership.DutyExtended{Fact: on("2019-03-01"), Duty: "report", Due: day("2019-03-31"), To: day("2019-06-30")}
	fallen   = fell(membership.DueDuty, 3, "report", "2019-03-31")
)

// once is a duty that is due on 31 March 2019 with a consequence and no grace.
func once(c membership.Consequence) membership.DutySet {
	d := dutySet
	d.Every, d.Grace, d.Consequence = edtf.Period{}, edtf.Period{}, c
	return d
}

// misread is the admission as it should have been recorded.
var misread = membership.Admitted{Fact: on("2018-01-02")}

// facts is every fact that can follow the opening, an admission and a duty, with
// its command.
var facts = []struct {
	name    string
	command membership.Command
	event   membership.Event
}{
	{"invited", membership.Invite(invited), invited},
	{"applied", membership.Apply(applied), applied},
	{"review_begun", membership.BeginReview(reviewed), reviewed},
	{"rejected", membership.Reject(rejected), rejected},
	{"signed", membership.Sign(signed), signed},
	{"activated", membership.Activate(activated), activated},
	{"class_changed", membership.ChangeClass(changed), changed},
	{"put_on_hold", membership.Hold(held), held},
	{"suspension_noticed", membership.NoticeSuspension(warned), warned},
	{"suspended", membership.Suspend(suspended), suspended},
	{"resumed", membership.Resume(resumed), resumed},
	{"notice_given", membership.GiveNotice(notice), notice},
	{"withdrawn", membership.Withdraw(withdrawn), withdrawn},
	{"expelled", membership.Expel(expelled), expelled},
	{"lapsed", membership.Lapse(lapsed), lapsed},
	{"succeeded", membership.Succeed(succeeded), succeeded},
	{"duty_met", membership.MeetDuty(met), met},
	{"duty_waived", membership.WaiveDuty(waived), waived},
	{"duty_extended", membership.ExtendDuty(extended), extended},
	{"fell_due", membership.MarkDue(fallen), fallen},
	{"corrected", membership.Correct(corrected(2, misread)), corrected(2, misread)},
	{"voided", membership.Void(voided(2)), voided(2)},
	{"disputed", membership.Dispute(disputed(2)), disputed(2)},
	{"reclassified", membership.Reclassify(reclassified(es.Public)), reclassified(es.Public)},
}

// others are the commands that cannot follow those three as they are.
var others = commands{
	membership.Register(registered), membership.CarryOver(carriedOver), membership.Admit(admitted),
	membership.RevokeNotice(revoked), membership.SetDuty(dutySet), membership.Rule(ruled(3, true)),
}

// history is a stream and its state.
type history struct {
	events events
	state  membership.State
}

func after(events ...membership.Event) *history {
	return &history{slices.Clone(events), membership.Decider.Fold(events...)}
}

func (h *history) at() es.Revision { return es.Revision(len(h.events)) }

// do decides commands, each of which must record.
func (h *history) do(t *testing.T, all ...membership.Command) *history {
	t.Helper()
	for _, c := range all {
		at := h.at()
		got, err := membership.Decider.Decide(c, h.state)
		require.NoError(t, err, "%T", c)
		for _, e := range got {
			h.events = append(h.events, e)
			h.state = membership.Decider.Evolve(h.state, h.at(), e)
		}
		require.Greater(t, h.at(), at, "%T records nothing", c)
	}
	return h
}

// standing is the standing as of a date, then those that perhaps hold instead.
func (h *history) standing(date string) string {
	certain, perhaps := membership.AsOf(h.state.Spans(), day(date))
	answer := []string{string(certain.Standing)}
	for _, span := range perhaps {
		answer = append(answer, string(span.Standing)+"?")
	}
	return strings.TrimSpace(strings.Join(answer, " "))
}

// class is likewise as what the party is a member.
func (h *history) class(date string) string {
	certain, perhaps := h.state.ClassOn(day(date))
	answer := []string{string(certain)}
	for _, c := range perhaps {
		answer = append(answer, string(c)+"?")
	}
	return strings.TrimSpace(strings.Join(answer, " "))
}

// findings are the codes, each once and without the aggregate's name.
func (h *history) findings() []string {
	codes := []string{}
	for _, f := range h.state.Findings() {
		if c := strings.TrimPrefix(f.Code, "membership."); !slices.Contains(codes, c) {
			codes = append(codes, c)
		}
	}
	return codes
}

// dues are the rules and days, with a tick if they are settled.
func (h *history) dues(rule string) []string {
	var all []string
	for _, d := range h.state.Dues() {
		if d.Rule == rule {
			line := d.On.String()
			if d.Settled != 0 {
				line += " settled"
			}
			all = append(all, line)
		}
	}
	return all
}
