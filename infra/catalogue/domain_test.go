package catalogue_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/catalogue"
)

// drawn are the types whose words a diagram has to have.
var drawn = []string{"Phase", "Part", "State"}

// TestDiagramsAreTrue holds what the package comments draw against the words
// that the aggregates have for states: each machine has the words of one type,
// and each Phase, Part and State is drawn.
func TestDiagramsAreTrue(t *testing.T) {
	pkgs := packages(t)
	machines := 0
	for _, a := range ledger.Aggregates() {
		p := pkgs[module+"domain/"+a.Kind]
		_, ms, err := catalogue.ReadDoc(a.Kind, p.doc)
		require.NoError(t, err)
		words := p.vocabularies()
		var matched []string
		for _, m := range ms {
			name := vocabularyOf(m, words)
			require.NotEmpty(t, name, "%s: the states %q of machine %q are not the words of one type: %v", a.Kind, m.States(), m.Of, words)
			require.NotContains(t, matched, name, "%s: drawn twice", a.Kind)
			matched = append(matched, name)
			machines++
		}
		for _, name := range drawn {
			if _, ok := words[name]; ok {
				require.Contains(t, matched, name, "%s: doc.go draws no states of %s", a.Kind, name)
			}
		}
	}
	require.GreaterOrEqual(t, machines, 8)
}

// vocabularyOf returns the type whose words are the states of m, "" if none
// has exactly those.
func vocabularyOf(m catalogue.Machine, words map[string][]string) string {
	for _, name := range slices.Sorted(maps.Keys(words)) {
		if slices.Equal(alike(m.States()), alike(words[name])) {
			return name
		}
	}
	return ""
}

// alike returns words sorted, without case and underscores.
func alike(words []string) []string {
	var all []string
	for _, w := range words {
		all = append(all, strings.ToLower(strings.ReplaceAll(w, "_", "")))
	}
	slices.Sort(all)
	return all
}

func TestReadDoc(t *testing.T) {
	prose, machines, err := catalogue.ReadDoc("grant", "Package grant keeps it.\n\n\tOpen -> Closed\n\taward: Awarded -> Paid\n\nSums:\n\n\tawards <= envelope\n")
	require.NoError(t, err)
	require.Equal(t, []string{": Open>Closed", "award: Awarded>Paid"}, steps(machines))
	require.Equal(t, "Package grant keeps it.\n\nSums:\n\n\tawards <= envelope\n", prose)

	_, _, err = catalogue.ReadDoc("grant", "Package grant keeps it.\n\n\tOpen -> closed\n")
	require.ErrorContains(t, err, `package grant: read "Open -> closed": "closed" is no state`)
}

func TestDomainPage(t *testing.T) {
	c, err := catalogue.New()
	require.NoError(t, err)
	all := sources(t, packages(t))
	page, err := c.DomainPage(all)
	require.NoError(t, err)
	for _, d := range c.Commands {
		require.Contains(t, page, "`"+d.Name+"`")
	}
	for _, d := range c.Events {
		kind, verb, _ := strings.Cut(d.Name, ".")
		if kind != "ledger" && !strings.Contains(page, "[`"+d.Name+"`](events.md#"+kind+verb+")") {
			require.Contains(t, page, "| `"+verb+"` |", d.Name)
		}
	}
	require.Contains(t, page, "`memorandum.sign` | [`memorandum.signed`](events.md#memorandumsigned) | records a signature for a party. |\n")
	require.Contains(t, page, "| `void` | `voided` | says that an event, or a correction, dispute or ruling, was recorded in error")
	require.Contains(t, page, "| `activity.bad_class` | a class of parties is a party, and no person | a party alone |\n")
	require.Equal(t, 1, strings.Count(page, "| `terms.bad_lang` |"), "what is common stands once")
	require.Equal(t, 1, strings.Count(page, "| `es.bad_stream` |"), "what two packages have in common stands once")
	require.Contains(t, page, "Money is kept by [grant](#grant).")
	require.Less(t, strings.Index(page, "| `memorandum.sign` |"), strings.Index(page, "| `memorandum.consent` |"), "in the order of the source")
	require.Contains(t, page, "\n\nWhat follows from these is recorded with them:\n\n| event | meaning |\n|---|---|\n| [`memorandum.amendment_determined`]")
	require.NotContains(t, page, "\n| [`memorandum.signed`]", "it does not follow: it was asked for")

	t.Run("drawing_that_cannot_be_read", func(t *testing.T) {
		bad := maps.Clone(all)
		s := bad["resource"]
		s.Doc += "\n\tPlanned => Retired -> Planned\n"
		bad["resource"] = s
		_, err := c.DomainPage(bad)
		require.ErrorContains(t, err, "package resource")
	})
	t.Run("command_without_event", func(t *testing.T) {
		bad := maps.Clone(all)
		s := bad["resource"]
		s.Commands = s.Commands[1:]
		bad["resource"] = s
		_, err := c.DomainPage(bad)
		require.ErrorContains(t, err, "resource.register: the source does not say")
	})
	t.Run("new_common_error", func(t *testing.T) {
		more := maps.Clone(all)
		s := more["book"]
		s.Refusals = append(slices.Clone(s.Refusals), all["grant"].Refusals...)
		more["book"] = s
		page, err := c.DomainPage(more)
		require.NoError(t, err)
		require.Equal(t, 1, strings.Count(page, "| `grant.no_call` |"))
		require.Greater(t, strings.Index(page, "| `grant.no_call` |"), strings.Index(page, "## Errors that every command can meet"))
	})
}

// TestRemedies checks that what is said of an error is of one that there is and
// that does not say it itself, and names commands that there are.
func TestRemedies(t *testing.T) {
	c, err := catalogue.New()
	require.NoError(t, err)
	silent := map[string]bool{}
	for _, s := range sources(t, packages(t)) {
		for _, r := range s.Refusals {
			if r.Want == "" {
				_, suffix, _ := strings.Cut(r.Code, ".")
				silent[r.Code], silent["."+suffix] = true, true
			}
		}
	}
	command := regexp.MustCompile("`([^`]*)`")
	for code, says := range catalogue.Remedies {
		require.Contains(t, silent, code, "there is no such error, or it says itself what would be right")
		for _, name := range command.FindAllStringSubmatch(says, -1) {
			_, err := c.Command(name[1])
			require.NoError(t, err, code)
		}
	}
	require.Equal(t, catalogue.Remedies[".void"], catalogue.Remedy("grant.void"))
	require.Equal(t, catalogue.Remedies["book.voided"], catalogue.Remedy("book.voided"))
	require.Empty(t, catalogue.Remedy("grant.void_of_sense"))
}
