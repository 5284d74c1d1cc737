package register_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
	"github.com/entente-ledger/entente/projections/register"
)

// TestWorkedExample plays the example of docs/worked-example.md, and checks the
// figures of that page: by views that followed the ledger, and by views built
// afterwards.
func TestWorkedExample(t *testing.T) {
	text, err := os.ReadFile("../../docs/worked-example.md")
	require.NoError(t, err)
	page, followed, rebuilt := string(text), t.TempDir(), t.TempDir()
	require.Contains(t, page, "`"+waters.Entry.String()+"`")
	w := newWorked(t)
	catchUp(t, w.store, followed)
	w.now = time.Date(2022, 2, 1, 8, 0, -1, 0, time.UTC)
	// Revision 119 is P57's consent: the draft, the opening and 60 weights come first.
	give(w, memorandum.Commands, w.stream, instant(t, "2021-09-06T09:00:00Z"), memorandum.Command(memorandum.Correct{
		Corrected: book.Corrected[memorandum.Event]{Of: 119, As: w.ratified(decisive, "2021-03-10"), Reason: "the source has another date"},
	}))
	catchUp(t, w.store, followed)
	catchUp(t, w.store, rebuilt)
	w.requireTimes(page)
	for name, dir := range map[string]string{"followed": followed, "rebuilt": rebuilt} {
		t.Run(name, func(t *testing.T) {
			v := projections.OpenViews(dir)
			require.NoError(t, v.Read(context.Background(), func(conn *sqlite.Conn, _ projections.Checkpoint) error {
				w.requireAnswers(t, conn, page)
				w.requireParties(t, conn, page)
				return nil
			}))
			require.NoError(t, v.Close())
		})
	}
}

// requireAnswers asks, with the flags of `entente show`, how the agreement stood.
func (w *worked) requireAnswers(t *testing.T, conn *sqlite.Conn, page string) {
	for _, q := range [][2]string{
		{"--as-of 2021-03-15", "60 | open_for_signature | 2021-03-19"},
		{"--as-of 2021-03-15 --as-known 2021-02-01T00:00:00Z", "55 | open_for_signature | not met"},
		{"--as-of 2021-03-15 --as-known 2021-02-12T00:00:00Z", "56 | open_for_signature | not met"},
		{"--as-of 2021-03-15 --as-known 2021-09-01T00:00:00Z", "60 | in_force | 2021-03-12"},
		{"--as-of 2021-03-11 --as-known 2021-09-01T00:00:00Z", "60 | open_for_signature | 2021-03-12"},
		{"--as-of 2021-03-12 --as-known 2021-09-01T00:00:00Z", "60 | in_force | 2021-03-12"},
		{"--as-of 2021-03-15 --as-known 2021-10-01T00:00:00Z", "60 | open_for_signature | 2021-03-19"},
		{"--as-of 2021-03-18 --as-known 2021-10-01T00:00:00Z", "60 | open_for_signature | 2021-03-19"},
		{"--as-of 2021-03-19 --as-known 2021-10-01T00:00:00Z", "60 | in_force | 2021-03-19"},
		{"--as-of 2021-03-15 --as-recorded 2021-10-01T00:00:00Z", "no such agreement | |"},
		{"--as-of 2021-03-15 --as-recorded 2022-01-20T00:00:00Z", "60 | in_force | 2021-03-12"},
		{"--as-of 2021-03-15 --as-recorded 186", "60 | in_force | 2021-03-12"},
		{"--as-of 2021-03-15 --as-recorded 187", "60 | in_force | 2021-03-12"},
		{"--as-of 2021-03-15 --as-recorded 2022-02-02T00:00:00Z", "60 | open_for_signature | 2021-03-19"},
		{"--as-of 2021-03-15 --as-recorded 188", "60 | open_for_signature | 2021-03-19"},
		{"--as-of 2021-03-15 --as-known 2021-10-01T00:00:00Z --as-recorded 2022-01-20T00:00:00Z", "60 | in_force | 2021-03-12"},
	} {
		require.Equal(t, q[1], w.answer(t, conn, q[0]), q[0])
		require.Contains(t, page, "| `"+q[0]+"` | "+q[1]+" |\n")
	}
}

// answer gives how many parties have consented, the phase and the day of entry
// into force.
func (w *worked) answer(t *testing.T, conn *sqlite.Conn, flags string) string {
	at, on := readmodel.At{}, edtf.Date{}
	for pair := range slices.Chunk(strings.Fields(flags), 2) {
		switch sequence, err := strconv.ParseUint(pair[1], 10, 64); {
		case pair[0] == "--as-of":
			on = edtf.MustParse(pair[1])
		case pair[0] == "--as-known":
			at.Known = instant(t, pair[1])
		case err != nil:
			at.Recorded = instant(t, pair[1])
		default:
			at.Events = sequence + 1
		}
	}
	a, err := register.Get(conn, w.stream, at, on)
	if errors.Is(err, es.ErrNotFound) {
		return "no such agreement | |"
	}
	require.NoError(t, err)
	return fmt.Sprintf("%d | %s | %s", len(a.Parties), a.Phase.Certain.Phase, cmp.Or(a.Entry.From.String(), "not met"))
}

// requireParties asks for the parts as known before and after the overwriting.
func (w *worked) requireParties(t *testing.T, conn *sqlite.Conn, page string) {
	get := func(known, on string) []register.Participant {
		a, err := register.Get(conn, w.stream, readmodel.At{Known: instant(t, known)}, edtf.MustParse(on))
		require.NoError(t, err)
		return a.Parties
	}
	first, second, sum := get("2021-09-01T00:00:00Z", "2021-03-15"), get("2021-10-01T00:00:00Z", "2021-04-08"), int64(0)
	for i, p := range first {
		place := i + 1
		sum += weight(place)
		consent, again := since(p, memorandum.PartConsented), since(second[i], memorandum.PartConsented)
		before, after := since(p, memorandum.PartInForce), since(second[i], memorandum.PartInForce)
		require.Equal(t, w.parties[i], p.Party)
		require.Equal(t, consented(place, 0).Format(time.DateOnly), consent, place)
		require.Equal(t, max("2021-03-12", consented(place, 30).Format(time.DateOnly)), before, place)
		if place != decisive {
			require.Equal(t, consent, again, place)
			require.Equal(t, max("2021-03-19", consented(place, 30).Format(time.DateOnly)), after, place)
		}
		if place == 1 || place >= 55 {
			require.Contains(t, page, fmt.Sprintf("| %s | %d | %s | %d.%02d %% | %s | %s | %s |\n",
				name(place), weight(place), consent, sum/1000, sum%1000/10, before, again, after))
		}
	}
	require.EqualValues(t, 55_000, sum-weight(decisive)-weight(59)-weight(60), "with P58 and without P57")
	require.Equal(t, "2021-03-10", since(second[decisive-1], memorandum.PartConsented))
	require.Equal(t, "2021-04-09", since(second[decisive-1], memorandum.PartInForce))
	require.Equal(t, memorandum.PartInForce, first[decisive-1].Certain.Part, "on 15 March")
	require.Equal(t, memorandum.PartConsented, first[decisive].Certain.Part, "on 15 March")
	require.Equal(t, memorandum.PartConsented, second[decisive-1].Certain.Part, "on 8 April")
	require.Equal(t, memorandum.PartInForce, second[decisive].Certain.Part, "on 8 April")
}

// requireTimes looks up the two decisive events, and what followed from them.
func (w *worked) requireTimes(page string) {
	log := w.store.Records()
	for sequence, row := range map[int]string{
		179: "| `memorandum.consented` | 2021-02-13T09:00:00Z | 2022-01-17T08:02:59Z | 179 |\n",
		180: "| `memorandum.entry_determined` | 2021-02-13T09:00:00Z | 2022-01-17T08:02:59Z | 180 |\n",
		187: "| `memorandum.corrected` | 2021-09-06T09:00:00Z | 2022-02-01T08:00:00Z | 187 |\n",
		188: "| `memorandum.entry_determined` | 2021-09-06T09:00:00Z | 2022-02-01T08:00:00Z | 188 |\n",
	} {
		meta, err := es.DecodeMeta(log[sequence].Meta)
		require.NoError(w.t, err)
		require.Equal(w.t, row, fmt.Sprintf("| `%s` | %s | %s | %d |\n",
			log[sequence].Type, meta.KnownAt.Format(time.RFC3339), meta.RecordedAt.Format(time.RFC3339), sequence))
		require.Contains(w.t, page, row)
	}
}

const places, decisive = 60, 57

var waters = memorandum.Terms{Consent: "ratification", Entry: memorandum.Entry{Count: 55, Share: 5500, Total: 100_000, Delay: edtf.Period{Days: 30}}}

func weight(place int) int64 {
	return cmp.Or(map[int]int64{56: 5000, decisive: 4000, 58: 500, 59: 500, 60: 500}[place], 900)
}

func name(place int) string {
	heads := []string{"Vel", "Oru", "Tam", "Quil", "Bras", "Nyr"}
	tails := []string{"doran", "miskel", "gavara", "thenby", "pontel", "sundar", "lorvik", "zamora", "hestia", "calvo"}
	return fmt.Sprintf("P%02d %s%s", place, heads[(place-1)/10], tails[(place-1)%10])
}

// consented is some days after a party ratified, as first published.
func consented(place, after int) time.Time {
	return time.Date(2020, 1, 15+7*(place-1)+after, 9, 0, 0, 0, time.UTC)
}

func instant(t *testing.T, s string) time.Time {
	at, err := time.Parse(time.RFC3339, s)
	require.NoError(t, err)
	return at
}

func since(p register.Participant, part memorandum.Part) string {
	return p.Spans[slices.IndexFunc(p.Spans, func(s memorandum.Span) bool { return s.Part == part })].From.String()
}

func catchUp(t *testing.T, store es.Store, dir string) {
	r, err := projections.Open(projections.Config{Dir: dir, Store: store})
	require.NoError(t, err)
	require.NoError(t, r.CatchUp(context.Background()))
	require.NoError(t, r.Close())
}

// worked is the ledger of the example. Its clock gives every command a second.
type worked struct {
	t       *testing.T
	store   *projectiontest.Store
	ledger  *ledger.Ledger
	now     time.Time
	stream  string
	parties []terms.PartyID
}

// newWorked returns the ledger with everything as first published.
func newWorked(t *testing.T) *worked {
	w := &worked{t: t, store: projectiontest.NewStore(), now: time.Date(2022, 1, 17, 8, 0, -1, 0, time.UTC)}
	clock := func() time.Time { w.now = w.now.Add(time.Second); return w.now }
	var err error
	w.ledger, err = ledger.Open(context.Background(), w.store, clock, func() (n [16]byte) { return n },
		ledger.Opening{ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte("worked")), Origin: "example.org/worked", Actor: "clerk"})
	require.NoError(t, err)
	opened, known := terms.Fact{Occurred: edtf.MustParse("2019-12-02")}, instant(t, "2019-12-05T09:00:00Z")
	do := func(known time.Time, c memorandum.Command) string {
		return give(w, memorandum.Commands, w.stream, known, c)
	}
	w.stream = do(known, memorandum.Draft{Fact: opened, Kind: "treaty", Titles: []terms.Text{english("Charter of Shared Waters")}, Open: true, Terms: waters})
	do(known, memorandum.Open{Fact: opened})
	for i := range places {
		city := give(w, party.Commands, "", known, party.Command(party.Register{Kind: "municipality", Name: english(name(i + 1))}))
		w.parties = append(w.parties, terms.PartyID(city))
		do(known, memorandum.Weigh{Fact: opened, Party: w.parties[i], Weight: weight(i + 1)})
	}
	for i := range places {
		do(consented(i+1, 3), memorandum.Consent(w.ratified(i+1, consented(i+1, 0).Format(time.DateOnly))))
	}
	return w
}

// give gives a command, and returns the stream it was about.
func give[C any](w *worked, commands *es.Registry[C], stream string, known time.Time, c C) string {
	command, _, payload, err := commands.Encode(c)
	require.NoError(w.t, err)
	res, err := w.ledger.Do(context.Background(), es.Command{
		ID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(w.now.String())), Name: command, Stream: stream, Payload: payload, Actor: "clerk", KnownAt: known,
	})
	require.NoError(w.t, err)
	return res.Stream
}

func (w *worked) ratified(place int, on string) memorandum.Consented {
	return memorandum.Consented{Fact: terms.Fact{Occurred: edtf.MustParse(on)}, Party: terms.PartyRef{ID: w.parties[place-1]}, Means: "ratification"}
}

func english(s string) terms.Text { return terms.Text{Lang: "en", Value: s} }
