package statuschart_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/statuschart"
)

const pact = "memorandum-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"

var (
	lviv, graz, bonn, turku = id("lviv"), id("graz"), id("bonn"), id("turku")

	called = map[terms.PartyID]string{lviv: "lviv", graz: "graz", bonn: "bonn", turku: "turku"}
)

func id(name string) terms.PartyID {
	return terms.PartyID(es.StreamName("party", uuid.NewSHA1(uuid.Nil, []byte(name))))
}

func ref(id terms.PartyID) terms.PartyRef { return terms.PartyRef{ID: id} }

func on(date string) terms.Fact { return terms.Fact{Occurred: edtf.MustParse(date)} }

func as(status terms.Status, date string) terms.Fact {
	f := on(date)
	f.Status = status
	return f
}

// needing returns a draft that enters into force when two have consented.
func needing(by memorandum.ConsentBy, ids ...terms.PartyID) memorandum.Draft {
	d := memorandum.Draft{
		Fact: on("2010-01-01"), Kind: "agreement", Titles: []terms.Text{{Lang: "en", Value: "Clean rivers"}},
		Terms: memorandum.Terms{Consent: by, Entry: memorandum.Entry{Count: 2}},
	}
	for _, id := range ids {
		d.Parties = append(d.Parties, ref(id))
	}
	return d
}

func sign(id terms.PartyID, date string) memorandum.Sign {
	return memorandum.Sign{Fact: on(date), Party: ref(id)}
}

func consent(id terms.PartyID, means memorandum.Means, date string) memorandum.Consent {
	c := memorandum.Consent{Fact: on(date), Party: ref(id), Means: means}
	if means == "succession" {
		c.Predecessor = turku
	}
	return c
}

func withdraw(id terms.PartyID, date string) memorandum.Withdraw {
	return memorandum.Withdraw{Fact: on(date), Party: id}
}

func reserve(id terms.PartyID, key memorandum.Key, date string) memorandum.Reserve {
	return memorandum.Reserve{Fact: on(date), Party: id, Key: key, Gist: terms.Text{Lang: "en", Value: "not article 7"}}
}

func void(of es.Revision) memorandum.Void {
	return memorandum.Void{Voided: book.Voided{Of: of, Reason: "belongs elsewhere"}}
}

func dispute(of es.Revision) memorandum.Dispute {
	return memorandum.Dispute{Disputed: book.Disputed{Of: of, Grounds: "never happened"}}
}

func rule(of es.Revision, stands bool) memorandum.Rule {
	return memorandum.Rule{Ruled: book.Ruled{Of: of, Stands: stands, Reason: "heard both"}}
}

// draw returns the chart of the agreement that commands make, none of which
// may fail, a line a row.
func draw(t *testing.T, commands ...memorandum.Command) []string {
	t.Helper()
	var s memorandum.State
	for _, c := range commands {
		events, err := memorandum.Decider.Decide(c, s)
		require.NoError(t, err, "%T", c)
		for _, e := range events {
			s = memorandum.Decider.Evolve(s, s.Book().Revision()+1, e)
		}
	}
	return inWords(statuschart.Draw(pact, &s))
}

// inWords puts rows into words: who, in which round, and what is not blank,
// each date with the revision it rests on.
func inWords(rows []statuschart.Row) []string {
	lines := []string{}
	for _, r := range rows {
		cells := []string{fmt.Sprintf("%s %d", called[r.Party], r.Round)}
		act := func(what string, a statuschart.Act, after string) {
			if a.Done() || after != "" {
				cells = append(cells, fmt.Sprintf("%s %s%s @%d", what, a.On, after, a.By))
			}
		}
		count := func(what string, n int) {
			if n > 0 {
				cells = append(cells, fmt.Sprintf("%s %d", what, n))
			}
		}
		act("signed", r.Signed, "")
		act("consent", r.Consented, strings.TrimRight(" "+string(r.Letter), " "))
		certainty := ""
		if r.InForceMet == edtf.Maybe {
			certainty = " undecidable"
		}
		act("in force", r.InForce, certainty)
		act("noticed", r.Noticed, "")
		act("left", r.Left, "")
		count("reservations", r.Reservations)
		count("objections", r.Objections)
		if r.Doubt {
			cells = append(cells, "in doubt")
		}
		lines = append(lines, strings.Join(cells, ", "))
	}
	return lines
}
