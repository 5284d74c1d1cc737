package provenance_test

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/provenance"
	"github.com/entente-ledger/entente/infra/provenance/provenancetest"
	"github.com/entente-ledger/entente/projections/history"
)

const (
	pact   = "memorandum-0192d1c4-7a3e-7cc0-8000-000000000001"
	source = "source-0192d1c4-7a3e-7cc0-8000-000000000002"
	city   = "party-0192d1c4-7a3e-7cc0-8000-000000000003"
	person = "person-0192d1c4-7a3e-7cc0-8000-000000000004"
	forum  = "network-0192d1c4-7a3e-7cc0-8000-000000000005"
)

var ledger = uuid.MustParse("0192d1c4-7a3e-7cc0-8000-00000000000f")

// event is the n-th event of the pact, of a command of its own.
func event(n int, typ string, change func(l *history.Line)) history.Line {
	at := time.Date(2026, 5, 1, 12, n, 0, 0, time.UTC)
	l := history.Line{
		Sequence: uint64(10 * n), Stream: pact, Revision: es.Revision(n), ID: uuid.NewSHA1(uuid.Nil, []byte{byte(n)}), Type: "memorandum." + typ,
		Known: at, Recorded: at, Actor: "clerk-7", Cause: uuid.NewSHA1(ledger, []byte{byte(n)}), Visibility: es.Public,
	}
	if change != nil {
		change(&l)
	}
	return l
}

func each(lines ...history.Line) iter.Seq2[history.Line, error] {
	return func(yield func(history.Line, error) bool) {
		for _, l := range lines {
			if !yield(l, nil) {
				return
			}
		}
	}
}

// told returns a history as a document that keeps the rules of the format.
func told(t require.TestingT, lines ...history.Line) provenancetest.Document {
	var b bytes.Buffer
	require.NoError(t, provenance.Write(&b, ledger, 99, each(lines...)))
	d, err := provenancetest.Read(b.Bytes())
	require.NoError(t, err, b.String())
	return d
}

func revision(n int) string { return fmt.Sprintf("entente:%s@%d", pact, n) }

func command(n int) string {
	return "entente:command-" + uuid.NewSHA1(ledger, []byte{byte(n)}).String()
}

// object is JSON as a test wants it.
func object(t *testing.T, text string) (o map[string]any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), &o))
	return o
}

func TestWrite(t *testing.T) {
	d := told(
		t,
		event(1, "drafted", func(l *history.Line) {
			l.Occurred = edtf.MustParse("2018-05~")
			l.Source = terms.Citation{ID: source, Locator: "p. 3"}
		}),
		event(2, "signed", func(l *history.Line) {
			l.ApprovedBy, l.Authority = "mayor \"é\"", city
			l.Known = l.Known.Add(-time.Hour)
		}),
		event(3, "entry_determined", func(l *history.Line) {
			l.Cause = uuid.NewSHA1(ledger, []byte{2})
			l.Recorded = l.Recorded.Add(-time.Minute)
		}),
		event(4, "corrected", func(l *history.Line) { l.Target, l.Authority = 2, terms.Ref(forum+"@7") }),
		event(5, "voided", func(l *history.Line) { l.Target, l.Authority = 1, person }),
		event(6, "concluded", func(l *history.Line) { l.Authority = forum }),
	)
	t.Run("each_revision_is_an_entity_that_a_command_generated", func(t *testing.T) {
		require.Equal(t, object(t, `{"prov:type": {"$": "entente:memorandum.drafted", "type": "xsd:QName"}, "entente:event": "`+uuid.NewSHA1(uuid.Nil, []byte{1}).String()+`",
			"entente:revision": 1, "entente:sequence": 10, "entente:occurred": "2018-05~", "entente:status": "recorded", "entente:visibility": "public",
			"entente:knownAt": {"$": "2026-05-01T12:01:00.000000Z", "type": "xsd:dateTime"}}`), d.Members["entity"][revision(1)])
		require.Equal(t, map[string]any{"prov:entity": revision(2), "prov:activity": command(2), "prov:time": "2026-05-01T12:02:00.000000Z"},
			d.Members["wasGeneratedBy"]["_:generation20"])
		require.Len(t, d.Members["wasGeneratedBy"], 6)
		require.Len(t, d.Members["activity"], 5, "one command led to two events")
		require.Equal(t, object(t, `{"prov:type": {"$": "entente:memorandum", "type": "xsd:QName"}, "entente:revision": 6, "entente:asOfSequence": 99}`),
			d.Members["entity"]["entente:"+pact])
		require.Len(t, d.Members["specializationOf"], 6)
	})
	t.Run("what_it_rests_on", func(t *testing.T) {
		require.Equal(t, map[string]any{
			"prov:activity": command(1), "prov:entity": "entente:" + source, "entente:locator": "p. 3",
			"prov:role": object(t, `{"$": "entente:source", "type": "xsd:QName"}`),
		}, d.Members["used"]["_:source10"])
		require.Equal(t, map[string]any{
			"prov:generatedEntity": revision(1), "prov:usedEntity": "entente:" + source, "prov:activity": command(1), "entente:locator": "p. 3",
		}, d.Members["wasDerivedFrom"]["_:source10"])
		require.Equal(t, revision(1), d.Members["used"]["_:before20"]["prov:entity"])
		require.NotContains(t, d.Members["used"], "_:before30", "the command found revision 1")
		require.Equal(t, revision(2), d.Members["wasDerivedFrom"]["_:before30"]["prov:usedEntity"])
	})
	t.Run("who_did_it", func(t *testing.T) {
		require.Equal(t, "urn:entente:ledger:"+ledger.String()+":actor:", d.Prefix["actor"])
		require.Equal(t, map[string]any{"entente:id": "mayor \"é\""}, d.Members["agent"]["actor:mayor%20%22%C3%A9%22"])
		require.Equal(t, "actor:clerk-7", d.Members["wasAssociatedWith"]["_:recorder20"]["prov:agent"])
		require.Equal(t, "actor:mayor%20%22%C3%A9%22", d.Members["wasAssociatedWith"]["_:approver20"]["prov:agent"])
		require.Len(t, d.Members["wasAssociatedWith"], 6)
		require.Equal(t, map[string]any{"prov:delegate": "actor:clerk-7", "prov:responsible": "entente:" + city, "prov:activity": command(2)},
			d.Members["actedOnBehalfOf"]["_:authority20"])
		require.Equal(t, "entente:"+person, d.Members["actedOnBehalfOf"]["_:authority50"]["prov:responsible"])
		require.Equal(t, object(t, `{"entente:id": "`+person+`", "prov:type": [{"$": "prov:Person", "type": "xsd:QName"}, {"$": "entente:person", "type": "xsd:QName"}]}`),
			d.Members["agent"]["entente:"+person])
		require.Equal(t, "prov:Organization", d.Members["agent"]["entente:"+forum]["prov:type"].([]any)[0].(map[string]any)["$"])
		require.Equal(t, "entente:"+forum+"@7", d.Members["used"]["_:authority40"]["prov:entity"])
	})
	t.Run("what_became_of_earlier_events", func(t *testing.T) {
		require.Equal(t, map[string]any{
			"prov:generatedEntity": revision(4), "prov:usedEntity": revision(2), "prov:activity": command(4),
			"prov:type": object(t, `{"$": "prov:Revision", "type": "xsd:QName"}`),
		}, d.Members["wasDerivedFrom"]["_:corrected40"])
		require.Equal(t, map[string]map[string]any{
			"_:voided50": {"prov:entity": revision(1), "prov:activity": command(5), "prov:time": "2026-05-01T12:05:00.000000Z"},
		}, d.Members["wasInvalidatedBy"])
		require.Equal(t, revision(2), d.Members["used"]["_:about40"]["prov:entity"])
	})
}

func TestWrite_nothing(t *testing.T) {
	require.Empty(t, told(t).Members)
	var b bytes.Buffer
	broken := errors.New("broken")
	err := provenance.Write(&b, ledger, 0, func(yield func(history.Line, error) bool) { yield(history.Line{}, broken) })
	require.ErrorIs(t, err, broken)
}

// TestLaw checks that a document keeps the rules of the format whatever the
// history, and tells every event once.
func TestLaw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines []history.Line
		for n := 1; n <= rapid.IntRange(0, 12).Draw(t, "events"); n++ {
			typ := rapid.SampledFrom([]string{"signed", "corrected", "voided", "disputed", "fell_due"}).Draw(t, "type")
			lines = append(lines, event(n, typ, func(l *history.Line) {
				if typ != "signed" && n > 1 {
					l.Target = es.Revision(rapid.IntRange(1, n-1).Draw(t, "target"))
				}
				if n > 1 && rapid.Bool().Draw(t, "same command") {
					l.Cause = lines[n-2].Cause
				}
				l.Actor = rapid.StringN(1, 5, -1).Draw(t, "actor")
				l.ApprovedBy = rapid.SampledFrom([]string{"", "clerk-7", "a:b@c/d"}).Draw(t, "approver")
				l.Source.ID = rapid.SampledFrom([]terms.SourceID{"", source, pact}).Draw(t, "source")
				l.Authority = rapid.SampledFrom([]terms.Ref{"", city, person, source, pact, forum + "@7", pact + "@1", source + "@2"}).Draw(t, "authority")
			}))
		}
		d := told(t, lines...)
		for _, l := range lines {
			require.Contains(t, d.Members["entity"], revision(int(l.Revision)))
		}
		require.Len(t, d.Members["wasGeneratedBy"], len(lines))
	})
}

func TestRead(t *testing.T) {
	good := `{"prefix": {"a": "urn:a:"}, "entity": {"a:e": {}}, "activity": {"a:c": {}}, "wasGeneratedBy": {"_:g": {"prov:entity": "a:e", "prov:activity": "a:c"}}}`
	_, err := provenancetest.Read([]byte(good))
	require.NoError(t, err)
	for name, change := range map[string][2]string{
		"no_such_end":        {`"prov:entity": "a:e"`, `"prov:entity": "a:x"`},
		"an_end_of_a_kind":   {`"prov:entity": "a:e"`, `"prov:entity": "a:c"`},
		"an_end_is_missing":  {`"prov:entity": "a:e", `, ``},
		"prefix_of_an_end":   {`"a:e": {}`, `"b:e": {}`},
		"prefix_of_a_type":   {`"a:e": {}`, `"a:e": {"prov:type": {"$": "b:x", "type": "xsd:QName"}}`},
		"prefix_of_a_member": {`"a:e": {}`, `"a:e": {"b:x": 1}`},
		"said_twice":         {`"a:e": {}`, `"a:e": {}, "a:e": {}`},
		"unknown_part":       {`"activity"`, `"activities"`},
		"not_an_instant":     {`"a:c": {}`, `"a:c": {"prov:startTime": "yesterday"}`},
	} {
		t.Run(name, func(t *testing.T) {
			bad := strings.Replace(good, change[0], change[1], 1)
			require.NotEqual(t, good, bad)
			_, err := provenancetest.Read([]byte(bad))
			require.Error(t, err)
		})
	}
}
