package progress_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/actionplan"
	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/progress"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// TestMain makes fewer random worlds than usual, each of which is compared in
// many ways; -rapid.checks asks for more.
func TestMain(m *testing.M) {
	if err := projectiontest.Checks(20); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// views calls use with the plans of a log.
func views(t require.TestingT, dir string, store es.Store, use func(conn *sqlite.Conn)) {
	projectiontest.Read(t, dir, store, use, progress.New())
}

// clerk records by hand.
type clerk struct {
	*projectiontest.World
	store  *projectiontest.Store
	given  int
	ancona terms.PartyID
	ikoma  terms.PartyID
}

func newClerk(t require.TestingT, choose projectiontest.Choose) *clerk {
	c := &clerk{store: projectiontest.NewStore()}
	var err error
	c.World, err = projectiontest.NewWorld(c.store, choose)
	require.NoError(t, err)
	register := func(name string) terms.PartyID {
		res, err := try(c, party.Commands, "", party.Command(party.Register{Kind: "municipality", Name: text(name)}))
		require.NoError(t, err)
		return terms.PartyID(res.Stream)
	}
	c.ancona, c.ikoma = register("Ancona"), register("Ikoma")
	return c
}

// byHand chooses nothing.
func byHand(int) int { return 0 }

// try gives a command.
func try[C any](c *clerk, of *es.Registry[C], stream string, cmd C) (es.Result, error) {
	name, _, payload, err := of.Encode(cmd)
	if err != nil {
		return es.Result{}, err
	}
	c.given++
	return c.Ledger.Do(context.Background(), es.Command{
		ID: uuid.NewSHA1(uuid.Nil, fmt.Append(nil, c.given)), Name: name, Stream: stream, Payload: payload, Actor: "clerk", KnownAt: c.KnownAt(),
	})
}

// plan gives commands on one plan, of which the first opens it.
func (c *clerk) plan(t require.TestingT, commands ...actionplan.Command) (stream string) {
	for _, cmd := range commands {
		stream = c.record(t, stream, cmd)
	}
	return stream
}

func (c *clerk) record(t require.TestingT, stream string, cmd actionplan.Command) string {
	res, err := try(c, actionplan.Commands, stream, cmd)
	require.NoError(t, err, "%T", cmd)
	return res.Stream
}

// shown returns what is held now of a plan as of a date.
func (c *clerk) shown(t *testing.T, stream, date string) (p progress.Plan) {
	t.Helper()
	views(t, t.TempDir(), c.store, func(conn *sqlite.Conn) {
		var err error
		p, err = progress.Get(conn, stream, readmodel.At{}, day(date))
		require.NoError(t, err)
	})
	return p
}

func text(value string) terms.Text { return terms.Text{Lang: "en", Value: value} }

func ref(id terms.PartyID) terms.PartyRef { return terms.PartyRef{ID: id} }

func day(date string) edtf.Date { return edtf.MustParse(date) }

func on(date string) terms.Fact { return terms.Fact{Occurred: day(date)} }

func euros(minor int64) terms.Money { return terms.Money{Minor: minor, Currency: "EUR"} }

func draft(title string, parties ...terms.PartyID) actionplan.Draft {
	d := actionplan.Draft{Fact: on("2018-06-01"), Titles: []terms.Text{text(title)}, Until: day("2022-12-31")}
	for _, id := range parties {
		d.Parties = append(d.Parties, ref(id))
	}
	return d
}

func trees(owner terms.PartyID) actionplan.AddAction {
	return actionplan.AddAction{Fact: on("2018-09-01"), Action: actionplan.Action{
		Key: "trees", Title: text("Plant trees"), Owner: terms.PartyRef{ID: owner, As: "Comune"}, Unit: terms.PartyRef{As: "Verde"},
		Themes: []terms.Theme{"sdg:11"}, Start: day("2019"), End: day("2021-12-31"),
	}}
}

func status(s actionplan.ActionStatus, date string) actionplan.SetActionStatus {
	return actionplan.SetActionStatus{Fact: on(date), Action: "trees", Status: s, Note: text("as reported")}
}

func stock(baseline, target actionplan.Quantity) actionplan.SetIndicator {
	return actionplan.SetIndicator{Fact: on("2018-09-01"), Indicator: actionplan.Indicator{
		Key: "stock", Title: text("Trees in town"), Unit: "trees", Baseline: baseline, Target: target, By: day("2021-12-31"),
		Direction: actionplan.Increase,
	}}
}

func measure(value actionplan.Quantity, date string) actionplan.TakeReading {
	return actionplan.TakeReading{Fact: on(date), Indicator: "stock", Value: value}
}

func owe(every edtf.Period) actionplan.SetReportDue {
	return actionplan.SetReportDue{Fact: on("2018-09-01"), Report: actionplan.Report{Key: "annual", Due: day("2019-12-31"), Every: every}}
}

func void(of es.Revision) actionplan.Void {
	return actionplan.Void{Voided: book.Voided{Of: of, Reason: "belongs elsewhere"}}
}
