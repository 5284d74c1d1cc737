package memorandum_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

// explained is an explanation in short: the answer, the revisions used, and of
// those ignored the beginning of why and the event because of which.
func explained(t testing.TB, field memorandum.Field, h *history) (answer string, used reasons, ignored map[es.Revision]string) {
	t.Helper()
	x := memorandum.Explain(field, h.events...)
	for _, e := range x.Used {
		require.Empty(t, e.Why)
		used = append(used, e.Revision)
	}
	ignored = map[es.Revision]string{}
	for _, e := range x.Ignored {
		why, _, _ := strings.Cut(e.Why, ":")
		ignored[e.Revision] = strings.TrimSuffix(fmt.Sprintf("%s by %d", why, e.By), " by 0")
	}
	return x.Answer, used, ignored
}

func TestExplain(t *testing.T) {
	two := func() *history { return begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz))) }
	both := func() *history { return two().do(sign(lviv, "2018-01-01"), sign(graz, "2018-05-01")) } // determined at 4
	another := func(f terms.Fact) memorandum.Sign { return memorandum.Sign{Fact: f, Party: ref(graz)} }
	for name, c := range map[string]struct {
		field   memorandum.Field
		given   *history
		answer  string
		used    reasons
		ignored map[es.Revision]string
	}{
		"entry_by_all":   {"inForceFrom", both(), "2018-05-01", reasons{1, 2, 3}, nil},
		"entry_not_yet":  {"inForceFrom", two().do(sign(lviv, "2018")), "not in force", reasons{1, 2}, nil},
		"entry_undated":  {"inForceFrom", two().do(sign(lviv, ""), sign(graz, "")), "on a day that is not known", reasons{1, 2, 3}, nil},
		"announced":      {"inForceFrom", two().do(another(as(terms.Announced, "2018"))), "not in force", reasons{1}, map[es.Revision]string{2: "announced"}},
		"claimed":        {"ends", both().do(memorandum.Renew{Fact: as(terms.Claimed, "2019")}), "no end", reasons{1, 2, 3}, map[es.Revision]string{5: "claimed"}},
		"inferred":       {"phase", two().do(memorandum.Adopt{Fact: as(terms.Inferred, "2018")}), "", reasons{1}, map[es.Revision]string{2: "inferred"}},
		"disputed":       {"inForceFrom", both().dispute(3), "not in force", reasons{1, 2}, map[es.Revision]string{3: "disputed, without a ruling by 5"}},
		"upheld":         {"inForceFrom", both().dispute(3).rule(5, true), "2018-05-01", reasons{1, 2, 3}, nil},
		"set_aside":      {"inForceFrom", both().dispute(3).rule(5, false), "not in force", reasons{1, 2}, map[es.Revision]string{3: "set aside by a ruling by 7"}},
		"entry_disputed": {"inForceFrom", both().dispute(4), "perhaps 2018-05-01", reasons{1, 2, 3}, map[es.Revision]string{4: "disputed, without a ruling by 5"}},
		"entry_set_aside": {
			"inForceFrom", both().dispute(4).rule(5, false), "not in force", reasons{1, 2, 3}, map[es.Revision]string{4: "set aside by a ruling by 6"},
		},
		"voided": {"inForceFrom", both().void(3), "not in force", reasons{1, 2}, map[es.Revision]string{3: "voided"}},
		"corrected": {
			"inForceFrom", both().correct(3, signed(graz, "2018-06-01")), "2018-06-01", reasons{1, 2, 5}, map[es.Revision]string{3: "superseded by a correction by 5"},
		},
		"corrected_twice": {
			"inForceFrom", both().correct(3, signed(graz, "2018-06-01")).correct(3, signed(graz, "2018-07-01")), "2018-07-01",
			reasons{1, 2, 7},
			map[es.Revision]string{3: "superseded by a correction by 7", 5: "superseded by a correction by 7"},
		},
		"correction_voided": {
			"inForceFrom", both().correct(3, signed(graz, "2018-06-01")).void(5), "2018-05-01", reasons{1, 2, 3}, map[es.Revision]string{5: "voided"},
		},
		"corrected_and_voided": {
			"inForceFrom", both().correct(3, signed(graz, "2018-06-01")).void(3), "not in force", reasons{1, 2}, map[es.Revision]string{3: "voided", 5: "voided"},
		},
		"opening_voided": {"inForceFrom", two().do(sign(lviv, "2018")).void(1), "not in force", nil, map[es.Revision]string{
			1: "voided", 2: "the agreement was opened in error",
		}},
		"opening_announced": {
			"inForceFrom", begin(t, memorandum.Draft(announced())), "not in force", reasons{1}, nil,
		},
		"competing": {"inForceFrom", both().do(another(from(archive, "2018-05-02"))), "2018-05-01", reasons{1, 2, 3}, map[es.Revision]string{5: "competing by 3"}},
		"not_binding": {
			"inForceFrom", begin(t, memorandum.Draft(drafted(agreed{Consent: "ratification"}, lviv, graz))).do(
				sign(lviv, "2018"), consent(lviv, "ratification", "2019"), consent(graz, "ratification", "2019-02-01"),
			),
			"[2019-02-01..2019-12-31]",
			reasons{1, 3, 4},
			map[es.Revision]string{2: "not binding"},
		},
		"other_round": {
			"inForceFrom", both().do(memorandum.Withdraw(withdrawn(graz, "2020-01-01")), another(on("2021-01-01"))),
			"2018-05-01",
			reasons{1, 2, 3},
			map[es.Revision]string{5: "the answer does not rest on it", 7: "of another round of participation by 3"},
		},
		"left_before": {
			"inForceFrom", two().do(sign(lviv, "2015-01-01"), memorandum.Withdraw(withdrawn(lviv, "2017-01-01")), sign(graz, "2018-01-01")),
			"not in force",
			reasons{1, 2, 3, 4},
			nil,
		},
		"late_party": {
			"inForceFrom", begin(t, memorandum.Draft(drafted(agreed{Entry: entryBy{Count: 2}}, lviv, graz, bonn))).do(
				sign(lviv, "2018-01-01"), sign(graz, "2018-05-01"), sign(bonn, "2019"),
			),
			"2018-05-01",
			reasons{1, 2, 3},
			map[es.Revision]string{5: "the answer does not rest on it"},
		},
		"invitation": {
			"inForceFrom", two().do(memorandum.Invite{Fact: on("2011"), Party: ref(bonn)}, sign(lviv, "2018"), sign(graz, "2018")), "not in force", reasons{1, 2, 3, 4}, nil,
		},
		"terms_and_weights_anew": {
			"inForceFrom", two().do(
				memorandum.SetTerms{Fact: on("2011"), Terms: agreed{Notice: period("P6M")}},
				memorandum.SetTerms{Fact: on("2011"), Terms: agreed{Entry: entryBy{Share: 5000, Total: 10}}},
				memorandum.Weigh{Fact: on("2011"), Party: lviv, Weight: 1}, memorandum.Weigh{Fact: on("2011"), Party: lviv, Weight: 5},
			),
			"not in force",
			reasons{1, 3, 5},
			map[es.Revision]string{2: "stated anew later by 3", 4: "stated anew later by 5"},
		},
		"carried_over": {
			"inForceFrom", olderRegister(t).do(sign(lviv, "2011")),
			"2012",
			reasons{1},
			map[es.Revision]string{3: "the answer does not rest on it"},
		},
		"expiry": {
			"ends", begin(t, memorandum.Draft(drafted(agreed{Duration: period("P1Y")}, lviv, graz))).do(sign(lviv, "2018-01-01"), sign(graz, "2018-05-01")),
			"expired 2019-05-01",
			reasons{1, 2, 3},
			nil,
		},
		"expiry_disputed": {
			"ends", begin(t, memorandum.Draft(drafted(agreed{Duration: period("P1Y")}, lviv, graz))).do(sign(lviv, "2018-01-01"), sign(graz, "2018-05-01")).dispute(5),
			"perhaps expired 2019-05-01",
			reasons{1, 2, 3},
			map[es.Revision]string{5: "disputed, without a ruling by 6"},
		},
		"renewed": {"ends", both().do(memorandum.Renew{Fact: on("2018-06-01"), Until: day("2020-12-31")}), "expired 2021-01-01", reasons{1, 2, 3, 5}, nil},
		"renewed_for_ever": {
			"ends", begin(t, memorandum.Draft(drafted(agreed{Duration: period("P5Y")}, lviv, graz))).do(
				sign(lviv, "2018-01-01"), sign(graz, "2018-05-01"), memorandum.Renew{Fact: on("2018-06-01")},
			),
			"no end",
			reasons{1, 2, 3, 6},
			nil,
		},
		"terminated": {
			"ends", both().do(memorandum.Terminate{Fact: on("2020-01-01")}, memorandum.Terminate{Fact: from(archive, "2019-12-01")}),
			"terminated 2020-01-01",
			reasons{5},
			map[es.Revision]string{1: "the answer does not rest on it", 6: "competing by 5"},
		},
		"minimum": {
			"ends", begin(t, memorandum.Draft(drafted(agreed{Minimum: 2}, lviv, graz))).do(
				sign(lviv, "2018-01-01"), sign(graz, "2018-05-01"), memorandum.Withdraw(withdrawn(graz, "2020-01-01")),
			),
			"terminated 2020-01-01",
			reasons{1, 2, 3, 5},
			nil,
		},
		"phase_of_expired": {
			"phase", both().do(memorandum.Renew{Fact: on("2018-06-01"), Until: day("2020-12-31")}, memorandum.Suspend{Fact: on("2019")}, memorandum.Adopt{Fact: on("2017")}),
			"",
			reasons{1, 2, 3, 5, 7, 8},
			nil,
		},
		"nothing_to_suspend": {
			"phase", two().do(memorandum.Suspend{Fact: on("2012")}), "", reasons{1}, map[es.Revision]string{2: "the answer does not rest on it"},
		},
		"part": {
			"part", both().do(memorandum.Withdraw(withdrawn(graz, "2020-01-01")), another(on("2021-01-01")), memorandum.GiveNotice{Fact: as(terms.Announced, "2022"), Party: lviv}),
			"",
			reasons{1, 2, 3, 5, 7},
			map[es.Revision]string{9: "announced"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			answer, used, ignored := explained(t, c.field, c.given)
			if c.ignored == nil {
				c.ignored = map[es.Revision]string{}
			}
			require.Equal(t, c.answer, answer)
			require.Equal(t, c.used, used)
			require.Equal(t, c.ignored, ignored)
		})
	}
}

func TestExplainTells(t *testing.T) {
	h := begin(t, memorandum.Draft(drafted(agreed{}, lviv, graz))).do(sign(lviv, "2018-01-01"), sign(graz, "2018-05-01")).dispute(4)
	h.do(memorandum.DeclineRenewal{Fact: as(terms.Claimed, "2019"), Party: graz})
	x := memorandum.Explain("part", h.events...)
	require.Equal(t, h.state.Parts(), x.Spans)
	require.Equal(t, memorandum.Evidence{
		Revision: 2, Type: "memorandum.signed", Party: lviv, Date: day("2018-01-01"), Source: terms.Citation{ID: press},
	}, x.Used[1])
	require.Equal(t, graz, x.Ignored[1].Party)
	x = memorandum.Explain("phase", h.events...)
	require.Equal(t, h.state.Phases(), x.Spans)
	var field memorandum.Field
	require.ErrorIs(t, field.UnmarshalText([]byte("title")), code("terms.bad_word"))
}

func TestExplainRule(t *testing.T) {
	of := func(by agreed) *history {
		return begin(t, memorandum.Draft(drafted(by, lviv, graz))).do(sign(lviv, "2018-01-01"), sign(graz, "2018-05-01"))
	}
	tacit := agreed{Duration: period("P1Y"), Renewal: memorandum.Renewal{Tacit: true, Every: period("P1Y")}}
	for name, c := range map[string]struct {
		field memorandum.Field
		given *history
		rule  string
	}{
		"silent":      {"inForceFrom", of(agreed{}), "all parties: the terms are silent, so all who negotiated must consent (VCLT art. 24(2))"},
		"stated":      {"inForceFrom", of(agreed{Entry: entryBy{Count: 2}}), "2 parties, by the terms"},
		"carried":     {"inForceFrom", olderRegister(t), "as the older register has it"},
		"open":        {"inForceFrom", begin(t, memorandum.Draft(open(agreed{}))), "none: anybody may join, and the terms are silent"},
		"expiry":      {"ends", of(agreed{Duration: period("P1Y")}), "P1Y from entry into force, by the terms"},
		"tacit":       {"ends", of(tacit), "renewed tacitly by the terms until a party declines"},
		"unlimited":   {"ends", of(agreed{}), "the terms set no end"},
		"for_ever":    {"ends", of(tacit).do(memorandum.Renew{Fact: on("2018-06-01")}), "renewed without an end"},
		"not_yet":     {"ends", begin(t, memorandum.Draft(open(agreed{}))), "what is not in force does not end by its terms; in force by: none: anybody may join, and the terms are silent"},
		"end_by_act":  {"ends", of(agreed{}).do(memorandum.Terminate{Fact: on("2020")}), "what ended it, not its terms (VCLT art. 54, 59)"},
		"phase":       {"phase", of(agreed{Entry: entryBy{Count: 2}}), "the last phase that has begun, in the order of an agreement's life; in force by: 2 parties, by the terms"},
		"older_entry": {"part", of(agreed{}).do(memorandum.SetTerms{Fact: on("2018"), Terms: agreed{Entry: entryBy{Count: 2}}}), "the last part that has begun, of a party's last participation; in force by: 2 parties, by the terms"},
	} {
		t.Run(name, func(t *testing.T) {
			x := memorandum.Explain(c.field, c.given.events...)
			require.Equal(t, c.rule, x.Rule)
		})
	}
}

// Whatever happened, each event is named at most once and in order, and only
// what moves state is used, or has opened it.
func TestLaw_explanations_name_each_event_once(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := anyHistory(t, 25)
		for _, field := range []memorandum.Field{"inForceFrom", "ends", "phase", "part"} {
			x := memorandum.Explain(field, h.events...)
			seen := map[es.Revision]bool{}
			for _, all := range [][]memorandum.Evidence{x.Used, x.Ignored} {
				for i, e := range all {
					require.False(t, seen[e.Revision], "%s: %d", field, e.Revision)
					require.True(t, i == 0 || all[i-1].Revision < e.Revision)
					seen[e.Revision] = true
				}
			}
			moving := map[es.Revision]bool{}
			for m := range h.state.Book().Describing() {
				moving[m.By] = true
			}
			for _, e := range x.Used {
				require.True(t, moving[e.Revision], "%s uses %d", field, e.Revision)
			}
			for _, e := range x.Ignored {
				require.NotEmpty(t, e.Why)
			}
		}
	})
}

// olderRegister is an agreement that another register has in force since 2012.
func olderRegister(t *testing.T) *history {
	return begin(t, memorandum.CarryOver{
		Fact: on("2020"), Kind: "mou", Titles: []terms.Text{text("Clean rivers")}, Phase: memorandum.PhaseInForce, Since: day("2012"), Visibility: es.Public,
		Parties: []memorandum.CarriedParty{{Party: ref(lviv), State: memorandum.PartInForce}, {Party: ref(graz), State: memorandum.PartInForce}},
	})
}

func announced() memorandum.Drafted {
	d := drafted(agreed{}, lviv, graz)
	d.Status = terms.Announced
	return d
}
