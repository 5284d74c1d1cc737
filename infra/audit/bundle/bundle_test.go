package bundle_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/audit/bundle"
)

func TestBundle(t *testing.T) {
	a := newArchive(t)
	before := a.seal(t)
	a.do(t, "party.add_name", a.party, `{"name":{"text":{"lang":"en","value":"Ankon"},"use":"exonym"}}`)
	policy, cosigned := witness(t)
	for name, change := range map[string]func(s *bundle.Source){
		"plain":    func(*bundle.Source) {},
		"alone":    func(s *bundle.Source) { s.Streams, s.Related = s.Streams[:1], false },
		"complete": func(s *bundle.Source) { s.Complete = true },
		"since":    func(s *bundle.Source) { s.Since = &before },
		"as_known": func(s *bundle.Source) {
			a.asKnown(t, s, instant.Add(6*time.Minute))
			s.Complete = true
		},
		"restricted": func(s *bundle.Source) {
			s.Restricted = true
		},
		"witnessed": func(s *bundle.Source) { s.Policy, s.Checkpoint = policy, cosigned(s.Checkpoint) },
		"all": func(s *bundle.Source) {
			*s, s.Complete = a.source(t), true
		},
		"everything": func(s *bundle.Source) {
			s.Since, s.Policy, s.Checkpoint, s.Complete = &before, policy, cosigned(s.Checkpoint), true
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := a.agreement(t)
			change(&s)
			packed := pack(t, s)
			require.Equal(t, packed, pack(t, s), "the same state, other bytes")
			by := a.trusted()
			if s.Policy != nil {
				by.Policy = policy
			}
			if s.Since != nil {
				by.Since = before.Note
			}
			r := check(t, packed, by)
			require.Empty(t, r.Failures)
			require.Equal(t, s.Policy != nil, r.Witnessed)
			require.Equal(t, strings.Count(fmt.Sprint(unpack(t, packed)), "{events/"), r.Events)
			require.NotZero(t, r.Events)
		})
	}
}

func TestPage(t *testing.T) {
	a := newArchive(t)
	s := a.agreement(t)
	s.Restricted = true
	page := content(t, pack(t, s), "index.html")
	for _, part := range []string{
		"Intesa &lt;script&gt;", "生駒市", "&lt;b&gt;Pagina &amp; altro&lt;/b&gt;", "memorandum.signed", "2018-10", "clerk – 7", "Completeness is not shown",
		"restricted: it is not for everybody", bundle.Fingerprint(s.VKey), "receipts/0001.tlog-proof", hashOf("lost"), "open_for_signature",
	} {
		require.Contains(t, page, part)
	}
	for _, part := range []string{"<script", "http://", "https://", "src=", "onclick", "The log had no other"} {
		require.NotContains(t, page, part)
	}
	s.Complete, s.Restricted = true, false
	page = content(t, pack(t, s), "index.html")
	require.Contains(t, page, "The log had no other event of these records")
	require.NotContains(t, page, "Completeness is not shown")
	require.NotContains(t, page, "restricted: it is not for everybody")
}

func TestNothing(t *testing.T) {
	a := newArchive(t)
	s := a.agreement(t)
	a.asKnown(t, &s, instant.Add(-time.Hour))
	require.ErrorIs(t, bundle.Make(t.Context(), &bytes.Buffer{}, s), es.ErrNotFound)
	s = a.agreement(t)
	a.asKnown(t, &s, instant.Add(3*time.Minute)) // of the parties, and not of the agreement
	require.ErrorIs(t, bundle.Make(t.Context(), &bytes.Buffer{}, s), es.ErrNotFound)
}

// A policy that the witnesses have not signed for yet is left out, and asked for
// in vain.
func TestNotWitnessedYet(t *testing.T) {
	a := newArchive(t)
	policy, _ := witness(t)
	s := a.agreement(t)
	s.Policy = policy
	packed := pack(t, s)
	require.False(t, slices.ContainsFunc(unpack(t, packed), func(f file) bool { return f.name == "policy" }))
	require.Empty(t, check(t, packed, a.trusted()).Failures)
	by := a.trusted()
	by.Policy = policy
	require.Equal(t, []string{"tlog.not_witnessed"}, codes(check(t, packed, by)))
}

var update = flag.Bool("update", false, "write the bundle that is to check for ever; only for a new format")

// A bundle that an earlier version made is checked for ever.
func TestKept(t *testing.T) {
	if *update {
		a := newArchive(t)
		s := a.agreement(t)
		s.Complete = true
		require.NoError(t, os.WriteFile(filepath.Join("testdata", "format-1.zip"), pack(t, s), 0o644))
		require.NoError(t, os.WriteFile(filepath.Join("testdata", "log.vkey"), s.VKey, 0o644))
	}
	packed, err := os.ReadFile(filepath.Join("testdata", "format-1.zip"))
	require.NoError(t, err)
	key, err := os.ReadFile(filepath.Join("testdata", "log.vkey"))
	require.NoError(t, err)
	r := check(t, packed, bundle.Trusted{VKey: key})
	require.Empty(t, r.Failures)
	require.Equal(t, 7, r.Events)
	require.Equal(t, 1, r.Documents)
}

func content(t *testing.T, packed []byte, name string) string {
	t.Helper()
	for _, f := range unpack(t, packed) {
		if f.name == name {
			return f.content
		}
	}
	require.Fail(t, "there is no "+name)
	return ""
}

func codes(r bundle.Result) (all []string) {
	for _, f := range r.Failures {
		all = append(all, f.Code)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
