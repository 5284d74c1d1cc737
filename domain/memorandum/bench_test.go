package memorandum_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
)

// busy is the stream of a busy agreement: n events, among them forty parties
// that sign, ratify, leave and come back, corrections and findings.
func busy(b *testing.B, n int) *history {
	h := begin(b, memorandum.Draft(open(agreed{Entry: entryBy{Count: 20, Delay: period("P30D")}, Consent: "ratification"})))
	for i := 0; len(h.events) < n; i++ {
		city, date := id(fmt.Sprint("city", i%40)), fmt.Sprintf("%04d-%02d-%02d", 1990+i/40, 1+i%12, 1+i%28)
		switch i / 40 % 5 {
		case 0:
			h.do(sign(city, date))
		case 1:
			h.do(consent(city, "ratification", date))
		case 2:
			h.do(memorandum.AddTitle{Fact: on(date), Title: text(fmt.Sprint("title ", i))})
		case 3:
			h.correct(es.Revision(2+i%40), signed(city, date))
		case 4:
			if i%4 == 0 {
				h.do(memorandum.Withdraw(withdrawn(city, date)))
			}
		}
	}
	h.events = h.events[:n]
	h.state = memorandum.Decider.Fold(h.events...)
	return h
}

// BenchmarkFold folds the events of a stream.
func BenchmarkFold(b *testing.B) {
	h := busy(b, 1000)
	b.ReportAllocs()
	for b.Loop() {
		memorandum.Decider.Fold(h.events...)
	}
	b.ReportMetric(float64(len(h.events))*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkDecide decides one command on a stream of 1,000 events.
func BenchmarkDecide(b *testing.B) {
	h := busy(b, 1000)
	for name, c := range map[string]memorandum.Command{
		"sign":  sign(id("newcomer"), "2001-05-01"),
		"title": memorandum.AddTitle{Fact: on("2001"), Title: text("one more")},
		"void":  memorandum.Void(voided(50)),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := memorandum.Decider.Decide(c, h.state); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkDecideAndEvolve is what a command on a stream of 1,000 events costs
// in all: the fold, the decision, and the fold of what was decided.
func BenchmarkDecideAndEvolve(b *testing.B) {
	h := busy(b, 1000)
	c := sign(id("newcomer"), "2001-05-01")
	b.ReportAllocs()
	for b.Loop() {
		s := memorandum.Decider.Fold(h.events...)
		got, err := memorandum.Decider.Decide(c, s)
		if err != nil {
			b.Fatal(err)
		}
		for i, e := range got {
			s = memorandum.Decider.Evolve(s, es.Revision(len(h.events)+i+1), e)
		}
	}
}

// BenchmarkAnswers asks everything that a projection asks.
func BenchmarkAnswers(b *testing.B) {
	h := busy(b, 1000)
	b.ReportAllocs()
	for b.Loop() {
		h.state.Phases()
		h.state.Parts()
		h.state.Entry()
		h.state.End()
		h.state.Describe()
		h.state.Findings()
	}
}

// BenchmarkDecode reads the payload of a signature.
func BenchmarkDecode(b *testing.B) {
	e := signed(lviv, "2018-05-17")
	e.Source.Locator, e.Party.As, e.Place = "paragraph 7", "Львів", "Lviv"
	name, schema, data, err := memorandum.Events.Encode(e)
	require.NoError(b, err)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := memorandum.Events.Decode(name, schema, data); err != nil {
			b.Fatal(err)
		}
	}
}
