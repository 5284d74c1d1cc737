package answers_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections/projectiontest"
)

// small is a ledger with a few of everything. Its ids and instants are always the
// same.
type small struct {
	store                                                          *projectiontest.Store
	world                                                          *projectiontest.World
	page, graz, lviv, mayor, net, member, pact, plan, visit, draft string
	given                                                          int
}

// do gives a command, and returns the stream that it is about.
func (s *small) do(t require.TestingT, command, to, payload string) string {
	s.given++
	res, err := s.world.Ledger.Do(context.Background(), es.Command{
		ID: uuid.NewSHA1(uuid.Nil, fmt.Append(nil, s.given)), Name: command, Stream: to, Payload: []byte(payload), Actor: "clerk",
	})
	require.NoError(t, err, command)
	return res.Stream
}

// fact is a fact of an occurrence, by the page.
func (s *small) fact(occurred string) string {
	return `"fact":{"occurred":"` + occurred + `","source":{"id":"` + s.page + `","locator":"paragraph 1"}}`
}

func newSmall(t require.TestingT) *small {
	s := &small{store: projectiontest.NewStore()}
	var err error
	s.world, err = projectiontest.NewWorld(s.store, func(int) int { return 0 })
	require.NoError(t, err)
	s.page = s.do(t, "source.register", "", `{"description":{"kind":"web_page","titles":[{"lang":"en","value":"Two cities agree"}]}}`)
	city := func(name, country string) string {
		return s.do(t, "party.register", "", `{`+s.fact("2015")+`,"kind":"municipality","country":"`+country+`","name":{"lang":"de","value":"`+name+`"}}`)
	}
	s.graz, s.lviv = city("Graz", "AT"), city("Lemberg", "UA")
	s.do(t, "party.rename", s.lviv, `{`+s.fact("2016")+`,"name":{"lang":"uk","value":"Львів"}}`)
	s.do(t, "party.locate", s.graz, `{`+s.fact("2016")+`,"country":"AT","latitude":47070714,"longitude":15439504}`)
	s.do(t, "party.relate", s.graz, `{`+s.fact("2016")+`,"relation":"hosted_by","to":"`+s.lviv+`"}`)
	s.mayor = s.do(t, "person.register", "", `{"commitment":"`+strings.Repeat("ab", 32)+`"}`)
	s.do(t, "person.hold_function", s.mayor, `{`+s.fact("2016")+`,"function":{"lang":"en","value":"mayor"},"at":"`+s.graz+`"}`)
	s.agreements(t)
	s.network(t)
	s.plan = s.do(t, "actionplan.draft", "", `{`+s.fact("2019")+`,"titles":[{"lang":"en","value":"Two rivers"}],"parties":[{"id":"`+s.graz+`"}],"under":"`+s.pact+`"}`)
	return s
}

func (s *small) agreements(t require.TestingT) {
	parties := `"parties":[{"id":"` + s.graz + `"},{"id":"` + s.lviv + `"}]`
	s.pact = s.do(t, "memorandum.draft", "", `{`+s.fact("2018-01")+`,"kind":"agreement","titles":[{"lang":"en","value":"Rivers"}],`+parties+`}`)
	s.do(t, "memorandum.sign", s.pact, `{`+s.fact("2018-05-01")+`,"party":{"id":"`+s.graz+`"}}`)
	s.do(t, "memorandum.sign", s.pact, `{`+s.fact("2018-05")+`,"party":{"id":"`+s.lviv+`"}}`)
	s.do(t, "memorandum.record_undertaking", s.pact, `{`+s.fact("2018-05")+`,"key":"report","by":{"id":"`+s.graz+
		`"},"to":{"id":"`+s.lviv+`"},"what":{"lang":"en","value":"A report"},"due":"2019-03-31"}`)
	s.do(t, "memorandum.correct", s.pact, `{"of":2,"reason":"misread","as":{"type":"memorandum.signed","schema":1,"data":{`+
		s.fact("2018-04-30")+`,"party":{"id":"`+s.graz+`"}}}}`)
	s.draft = s.do(t, "memorandum.draft", "", `{`+s.fact("2020")+`,"kind":"mou","titles":[{"lang":"en","value":"Hills"}],`+parties+`}`)
}

func (s *small) network(t require.TestingT) {
	s.net = s.do(t, "network.register", "", `{`+s.fact("2017")+`,"titles":[{"lang":"en","value":"Cities on Rivers"}]}`)
	s.do(t, "network.establish_body", s.net, `{`+s.fact("2017")+`,"key":"steering","charter":{"kind":"steering","title":{"lang":"en","value":"Committee"},"capacity":{"number":3,"kind":"exact"}}}`)
	s.do(t, "network.designate_secretariat", s.net, `{`+s.fact("2017")+`,"party":{"id":"`+s.graz+`"},"office":"host"}`)
	s.member = s.do(t, "membership.register", "", `{`+s.fact("2017")+`,"network":"`+s.net+`","party":{"id":"`+s.graz+`"}}`)
	s.do(t, "membership.admit", s.member, `{`+s.fact("2018")+`,"class":"founder"}`)
	s.visit = s.do(t, "activity.register", "", `{`+s.fact("2018")+`,"description":{"kind":"meeting","titles":[{"lang":"en","value":"Autumn meeting"}]}}`)
	s.do(t, "activity.relate", s.visit, `{`+s.fact("2018")+`,"to":"`+s.net+`","relation":"under"}`)
	s.do(t, "activity.record_participant", s.visit, `{`+s.fact("2018-09")+`,"participation":{"party":{"id":"`+s.lviv+`"},"role":"participant","presence":"present"}}`)
	s.do(t, "activity.hold", s.visit, `{`+s.fact("2018-09")+`}`)
}

// ask calls use with a desk of the ledger, which answers by the latest knowledge.
func (s *small) ask(t *testing.T, use func(d *answers.Desk)) {
	t.Helper()
	projectiontest.Read(t, t.TempDir(), s.store, func(conn *sqlite.Conn) {
		use(&answers.Desk{Conn: conn, Store: s.store, Persons: named})
	})
}

// named is a vault in which everybody is called after the beginning of their id.
func named(_ context.Context, person terms.PersonID) (answers.Natural, error) {
	return answers.Natural{Name: "N. " + answers.Short(string(person)), Contact: "n@example.org"}, nil
}
