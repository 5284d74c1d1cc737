package findings_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/findings"
	"github.com/entente-ledger/entente/projections/namekey"
	"github.com/entente-ledger/entente/projections/projectiontest"
	"github.com/entente-ledger/entente/projections/readmodel"
)

func TestMain(m *testing.M) {
	if err := projectiontest.Checks(20); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// TestOracle checks the findings, as recorded at any sequence and at any instant,
// against what a naive reader finds in that prefix of the log, comparing everybody
// with everybody; and as known at any instant, where findings across streams are
// not exact, those of each stream.
func TestOracle(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, store := projectiontest.Random(rt, 10, 80, nil)
		log := store.Records()
		dir, err := os.MkdirTemp(t.TempDir(), "")
		require.NoError(rt, err)
		r, err := projections.Open(projections.Config{Dir: dir, Store: store, Batch: rapid.IntRange(1, 50).Draw(rt, "batch")})
		require.NoError(rt, err)
		require.NoError(rt, r.CatchUp(context.Background()))
		require.NoError(rt, r.Close())
		v := projections.OpenViews(dir)
		require.NoError(rt, v.Read(context.Background(), func(conn *sqlite.Conn, _ projections.Checkpoint) error {
			require.ElementsMatch(rt, naive(rt, log), listed(rt, conn, readmodel.At{}))
			for range 5 {
				at := w.At(len(log))
				seen := visible(rt, log, at)
				want, got := naive(rt, seen), listed(rt, conn, at)
				if !at.Known.IsZero() {
					want, got = slices.DeleteFunc(want, across), slices.DeleteFunc(got, across)
				}
				require.ElementsMatch(rt, want, got, "%+v", at)
			}
			return nil
		}))
		require.NoError(rt, v.Close())
	})
}

// across reports whether a finding rests on several streams.
func across(finding string) bool {
	code, _, _ := strings.Cut(finding, " ")
	return slices.Contains([]string{findings.UnrecordedName, findings.SuccessionOpen, findings.Duplicate}, code)
}

// visible returns the records of a log that are within what at asks for.
func visible(t *rapid.T, log []es.Record, at readmodel.At) []es.Record {
	within := map[uuid.UUID]bool{}
	for _, r := range log {
		recs, err := projectiontest.Prefix(log, r.Stream, at)
		require.NoError(t, err)
		for _, seen := range recs {
			within[seen.ID] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(log), func(r es.Record) bool { return !within[r.ID] })
}

func listed(t *rapid.T, conn *sqlite.Conn, at readmodel.At) []string {
	var all []string
	f := findings.Filter{At: at, Limit: 7}
	for {
		page, next, err := findings.List(conn, f)
		require.NoError(t, err)
		for _, one := range page {
			var events []string
			for _, e := range one.Events {
				events = append(events, short(e.Stream, e.Revision))
			}
			all = append(all, fmt.Sprintf("%s %s %v", one.Code, one.Stream, events))
		}
		if next == "" {
			return all
		}
		f.After = next
	}
}

func short(stream string, at es.Revision) string { return fmt.Sprintf("%s@%d", stream, at) }

// known is a party as the naive reader knows it.
type known struct {
	party.State
	stream string
	names  map[string]es.Revision // by key, the first that gave it
}

func know(stream string, s party.State) *known {
	k := &known{s, stream, map[string]es.Revision{}}
	if _, _, ok := s.Opened(); ok {
		for _, n := range s.Names() {
			key := namekey.Of(n.Text.Value)
			if was, ok := k.names[key]; !ok || n.Revision < was {
				k.names[key] = n.Revision
			}
		}
	}
	return k
}

// naive returns what is to be found in a log.
func naive(t *rapid.T, log []es.Record) []string {
	var all []string
	add := func(code, stream string, events ...string) {
		all = append(all, fmt.Sprintf("%s %s %v", code, stream, events))
	}
	byStream := map[string][]es.Record{}
	var order []string
	for _, r := range log {
		if byStream[r.Stream] == nil {
			order = append(order, r.Stream)
		}
		byStream[r.Stream] = append(byStream[r.Stream], r)
		m, err := es.DecodeMeta(r.Meta)
		require.NoError(t, err)
		if !m.KnownRequested.IsZero() {
			add(findings.KnownRaised, r.Stream, short(r.Stream, r.Revision))
		}
	}
	own := func(stream string, found []terms.Finding) {
		for _, f := range found {
			var events []string
			for _, r := range f.Events {
				events = append(events, short(stream, r))
			}
			add(f.Code, stream, events...)
		}
	}
	parties := map[string]*known{}
	var inOrder []*known
	agreements := map[string]*memorandum.State{}
	for _, stream := range order {
		switch {
		case strings.HasPrefix(stream, "party-"):
			s, err := projectiontest.Fold(party.Decider, byStream[stream])
			require.NoError(t, err)
			own(stream, s.Findings())
			parties[stream] = know(stream, s)
			inOrder = append(inOrder, parties[stream])
		case strings.HasPrefix(stream, "memorandum-"):
			s, err := projectiontest.Fold(memorandum.Decider, byStream[stream])
			require.NoError(t, err)
			own(stream, s.Findings())
			agreements[stream] = &s
		default:
			own(stream, otherFindings(t, stream, byStream[stream]))
		}
	}
	for stream, s := range agreements {
		for _, m := range mentioned(s) {
			if k := parties[string(m.ID)]; k != nil && k.names[namekey.Of(m.As)] == 0 {
				add(findings.UnrecordedName, stream, short(stream, m.at))
			}
		}
	}
	for stream, s := range agreements {
		for id, at := range taking(s) {
			if k := parties[id]; k != nil && len(k.Ends()) > 0 {
				ended := slices.MaxFunc(k.Ends(), func(a, b party.End) int { return cmp.Compare(a.Revision, b.Revision) })
				add(findings.SuccessionOpen, id, short(id, ended.Revision), short(stream, at))
			}
		}
	}
	for i, younger := range inOrder {
		for _, older := range inOrder[:i] {
			if mine, theirs, ok := samePlace(younger, older); ok {
				add(findings.Duplicate, younger.stream, short(younger.stream, younger.names[mine]), short(older.stream, older.names[theirs]))
			}
		}
	}
	return all
}

// taking returns the parties that take part in an agreement, whatever the date,
// with the event that their last part rests on.
func taking(s *memorandum.State) map[string]es.Revision {
	all := map[string]es.Revision{}
	for _, span := range s.Parts() {
		delete(all, string(span.Party))
		if span.Part != memorandum.PartInvited && span.Part != memorandum.PartWithdrawn && span.Part != memorandum.PartEnded {
			all[string(span.Party)] = span.By
		}
	}
	return all
}

type mention struct {
	terms.PartyRef
	at es.Revision
}

// mentioned returns the names that the facts of an agreement use, each once in
// an event.
func mentioned(s *memorandum.State) []mention {
	var all []mention
	for h := range s.Book().Held() {
		var refs []terms.PartyRef
		switch e := h.Event.(type) {
		case memorandum.Drafted:
			refs = e.Parties
		case memorandum.CarriedOver:
			for _, p := range e.Parties {
				refs = append(refs, p.Party)
			}
		case memorandum.PartCarriedOver:
			refs = append(refs, e.Party)
		case memorandum.Invited:
			refs = append(refs, e.Party)
		case memorandum.Signed:
			refs = append(refs, e.Party)
		case memorandum.Consented:
			refs = append(refs, e.Party)
		case memorandum.Undertaken:
			refs = append(refs, e.By, e.To)
		}
		seen := map[terms.PartyRef]bool{}
		for _, r := range refs {
			key := terms.PartyRef{ID: r.ID, As: namekey.Of(r.As)}
			if r.As != "" && !seen[key] {
				all = append(all, mention{r, h.Revision})
			}
			seen[key] = true
		}
	}
	return all
}
