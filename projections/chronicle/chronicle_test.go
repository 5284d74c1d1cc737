package chronicle_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/network"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/chronicle"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// clerk records by hand in a world in which nothing happens by itself.
type clerk struct {
	*town
	t          *testing.T
	graz, lviv terms.PartyRef
}

func newClerk(t *testing.T) clerk {
	c := clerk{town: newTown(t, func(int) int { return 0 }), t: t}
	for _, p := range []*terms.PartyRef{&c.graz, &c.lviv} {
		p.ID = terms.PartyID(do(c, party.Commands, "", party.Command(party.Register{Kind: "municipality", Name: text("Town")})))
	}
	return c
}

// do gives a command that is not refused, and returns the stream it is about.
func do[C any](c clerk, of *es.Registry[C], stream string, cmd C) string {
	c.t.Helper()
	require.NoError(c.t, give(c.town, of, stream, cmd), "%T", cmd)
	recs := c.store.Records()
	return recs[len(recs)-1].Stream
}

// agreement gives commands on an agreement of Graz and Lviv that is in force
// once both have signed.
func (c clerk) agreement(t memorandum.Terms, commands ...memorandum.Command) (stream string) {
	stream = do(c, memorandum.Commands, "", memorandum.Command(memorandum.Draft{
		Fact: on("2015"), Kind: "twinning", Titles: []terms.Text{text("Rivers")}, Parties: []terms.PartyRef{c.graz, c.lviv}, Open: true, Terms: t,
	}))
	for _, cmd := range commands {
		do(c, memorandum.Commands, stream, cmd)
	}
	return stream
}

// told returns what is told of a span, as words.
func (c clerk) told(q readmodel.Within, headings ...chronicle.Heading) (all []string) {
	c.t.Helper()
	views(c.t, c.t.TempDir(), c.store, func(conn *sqlite.Conn) {
		found, err := chronicle.List(conn, q, headings...)
		require.NoError(c.t, err)
		for _, e := range found {
			who := map[terms.PartyID]string{c.graz.ID: " graz", c.lviv.ID: " lviv"}[e.Party]
			all = append(all, fmt.Sprintf("%s %s%s %v", e.On, e.Is, who, e.What))
		}
	})
	return all
}

func on(date string) terms.Fact { return terms.Fact{Occurred: edtf.MustParse(date)} }

func span(from, to string) readmodel.Within {
	return readmodel.Within{From: edtf.MustParse(from).Earliest(), To: edtf.MustParse(to).Latest()}
}

var all = memorandum.Terms{Entry: memorandum.Entry{All: true}}

func TestResumptionIsNoEntry(t *testing.T) {
	c := newClerk(t)
	c.agreement(all, memorandum.Sign{Fact: on("2016-02-01"), Party: c.graz}, memorandum.Sign{Fact: on("2016-03-01"), Party: c.lviv},
		memorandum.Suspend{Fact: on("2017")}, memorandum.Resume{Fact: on("")}, memorandum.Suspend{Fact: on("2018")}, memorandum.Resume{Fact: on("2018-05-05")})
	require.Equal(t, []string{"2016-02-01 yes []"}, c.told(span("2016", "2019"), chronicle.Signed), "by the first")
	require.Equal(t, []string{"2016-03-01 yes []"}, c.told(span("2016", "2019"), chronicle.InForce))
	require.Equal(t, []string{"2016-03-01 yes graz []", "2016-03-01 yes lviv []"}, c.told(span("2016", "2019"), chronicle.InForceFor))
	require.Empty(t, c.told(span("2018", "2019"), chronicle.InForce, chronicle.InForceFor, chronicle.Signed))
}

func TestReturn(t *testing.T) {
	c := newClerk(t)
	c.agreement(memorandum.Terms{Entry: memorandum.Entry{Count: 1}}, memorandum.Sign{Fact: on("2016-02-01"), Party: c.graz},
		memorandum.Sign{Fact: on("2016-02-01"), Party: c.lviv}, memorandum.Withdraw{Fact: on("2017-04"), Party: c.lviv.ID},
		memorandum.Sign{Fact: on("2018-06-01"), Party: c.lviv})
	require.Equal(t, []string{"2016-02-01 yes graz []", "2016-02-01 yes lviv []", "2018-06-01 yes lviv []", "2017-04 yes lviv []"},
		c.told(span("2016", "2019"), chronicle.Signatures, chronicle.Withdrawals))
	require.Equal(t, []string{"2017-04 undecidable lviv []"}, c.told(span("2017-04-02", "2017"), chronicle.Signatures, chronicle.Withdrawals))
}

func TestEndsOnce(t *testing.T) {
	c := newClerk(t)
	limited := all
	limited.Until = edtf.MustParse("2019-05-31")
	c.agreement(limited, memorandum.Sign{Fact: on("2016-02-01"), Party: c.graz}, memorandum.Sign{Fact: on("2016-02-01"), Party: c.lviv},
		memorandum.Terminate{Fact: on("2019")})
	require.Equal(t, []string{"[2019-01-01..2019-06-01] yes [expired terminated]"}, c.told(span("2019", "2019"), chronicle.Ended))
	require.Equal(t, []string{"[2019-01-01..2019-06-01] undecidable [expired terminated]"}, c.told(span("2019-06", "2019-12"), chronicle.Ended))
	require.Empty(t, c.told(span("2019-06-02", "2030"), chronicle.Ended), "at the latest when the term was over")
}

func TestDisputedEnd(t *testing.T) {
	c := newClerk(t)
	limited := all
	limited.Until = edtf.MustParse("2018-05-31")
	c.agreement(limited, memorandum.Sign{Fact: on("2016-02-01"), Party: c.graz}, memorandum.Sign{Fact: on("2016-02-01"), Party: c.lviv},
		memorandum.Dispute{Disputed: book.Disputed{Of: 5, Grounds: "the term was longer"}}, memorandum.Terminate{Fact: on("2019-03-01")})
	const end = "[2018-06-01..2019-03-01]"
	require.Equal(t, []string{end + " undecidable [expired terminated]"}, c.told(span("2018", "2018"), chronicle.Ended))
	require.Equal(t, []string{end + " yes [expired terminated]"}, c.told(span("2018", "2019"), chronicle.Ended), "one way or the other")
}

func TestDisputeIsUndecided(t *testing.T) {
	c := newClerk(t)
	stream := c.agreement(all, memorandum.Sign{Fact: on("2016-02-01"), Party: c.graz}, memorandum.Sign{Fact: on("2016-03-01"), Party: c.lviv})
	q := span("2016", "2016")
	require.Equal(t, []string{"2016-03-01 yes []"}, c.told(q, chronicle.InForce))
	before := uint64(len(c.store.Records()))
	do(c, memorandum.Commands, stream, memorandum.Command(memorandum.Dispute{Disputed: book.Disputed{Of: 4, Grounds: "not so"}}))
	require.Equal(t, []string{"2016-03-01 undecidable []"}, c.told(q, chronicle.InForce), "the determination is in dispute")
	do(c, memorandum.Commands, stream, memorandum.Command(memorandum.Void{Voided: book.Voided{Of: 3, Reason: "another town"}}))
	require.Equal(t, []string{"2016-02-01 yes graz []"}, c.told(q, chronicle.InForce, chronicle.Signatures))
	q.At.Events = before
	require.Equal(t, []string{"2016-02-01 yes graz []", "2016-03-01 yes lviv []", "2016-03-01 yes []"}, c.told(q, chronicle.InForce, chronicle.Signatures),
		"as it was told before")
}

func TestOnlyRecordedFactsCount(t *testing.T) {
	c := newClerk(t)
	for status := terms.Announced; status <= terms.Disputed; status++ {
		c.agreement(all, memorandum.Sign{Fact: terms.Fact{Occurred: edtf.MustParse("2016"), Status: status}, Party: c.graz})
	}
	require.Empty(t, c.told(span("0001", "9999"), chronicle.Headings()...))
}

func TestAboutANetwork(t *testing.T) {
	c := newClerk(t)
	rivers := do(c, network.Commands, "", network.Command(network.Register{Titles: []terms.Text{text("Rivers")}}))
	c.agreement(all, memorandum.Relate{Fact: on("2015"), To: terms.Ref(rivers), Relation: "founds"}, memorandum.Sign{Fact: on("2016"), Party: c.graz})
	c.agreement(all, memorandum.Sign{Fact: on("2016"), Party: c.lviv})
	q := span("2016", "2016")
	require.Len(t, c.told(q, chronicle.Signed, chronicle.Signatures), 4)
	q.About = rivers
	require.Equal(t, []string{"2016 yes []", "2016 yes graz []"}, c.told(q, chronicle.Signed, chronicle.Signatures), "of the agreement that founds it")
	q.About = string(c.lviv.ID)
	require.Equal(t, []string{"2016 yes []", "2016 yes []", "2016 yes lviv []"}, c.told(q, chronicle.Signed, chronicle.Signatures), "of both it is a party")
}
