package findings_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/projections/findings"
)

// samePlace returns the first names, of the surest kind and in the order of
// their keys, by which two parties are probably one: a naive reader, who knows
// of the world's names which are one in another script.
func samePlace(a, b *known) (mine, theirs string, ok bool) {
	kindA, countryA, okA := a.Opened()
	kindB, countryB, okB := b.Opened()
	if !okA || !okB || kindA != kindB || countryA != "" && countryB != "" && countryA != countryB {
		return "", "", false
	}
	if to := a.LinkedTo(); string(to) == b.stream || string(b.LinkedTo()) == a.stream || to != "" && to == b.LinkedTo() {
		return "", "", false
	}
	for _, pair := range [][2]*known{{a, b}, {b, a}} {
		for _, end := range pair[0].Ends() {
			for _, heir := range end.Heirs {
				if string(heir) == pair[1].stream {
					return "", "", false
				}
			}
		}
	}
	same := func(x, y string) bool { return x == y }
	punctuated := func(x, y string) bool { return strings.ReplaceAll(x, "-", "") == strings.ReplaceAll(y, "-", "") }
	written := func(x, y string) bool {
		return countryA != "" && countryA == countryB && (x == "ιωαννινα" && y == "ioannina" || x == "ioannina" && y == "ιωαννινα")
	}
	var found [][2]string
	for _, like := range []func(x, y string) bool{same, punctuated, written} {
		for x := range a.names {
			for y := range b.names {
				if like(x, y) {
					found = append(found, [2]string{x, y})
				}
			}
		}
		if len(found) > 0 {
			first := slices.MinFunc(found, func(p, q [2]string) int { return slices.Compare(p[:], q[:]) })
			return first[0], first[1], true
		}
	}
	return "", "", false
}

// recorded is a party as it is registered.
type recorded struct{ kind, country, name, also string }

func (d *desk) register(p recorded) string {
	d.Helper()
	stream := d.do("party.register", "", fmt.Sprintf(`{"kind":%q,"country":%q,"name":{"lang":"und","value":%q}}`, p.kind, p.country, p.name)).Stream
	if p.also != "" {
		d.do("party.add_name", stream, fmt.Sprintf(`{"name":{"text":{"lang":"und","value":%q},"use":"exonym"}}`, p.also))
	}
	return stream
}

func city(country, name string) recorded { return recorded{"municipality", country, name, ""} }

func TestDuplicates(t *testing.T) {
	const punctuation, script, same = "with other punctuation", "in another script", "is also the name of"
	for name, c := range map[string]struct {
		a, b recorded
		says string // "": not found
	}{
		"punctuation":                {city("GB", "St. Albans"), city("GB", "St Albans"), punctuation},
		"hyphen":                     {city("", "St-Albans"), city("GB", "St Albans"), punctuation},
		"numbers_apart":              {city("GB", "District 1-2"), city("GB", "District 12"), ""},
		"in_brackets":                {city("DE", "Frankfurt (Main)"), city("DE", "Frankfurt (Oder)"), ""},
		"greek":                      {city("GR", "Θεσσαλονίκη"), city("GR", "Thessaloniki"), script},
		"greek_of_several_words":     {city("GR", "Δήμος Ιωαννιτών"), city("GR", "Dimos Ioanniton"), script},
		"ukrainian":                  {city("UA", "Kyiv"), city("UA", "Київ"), script},
		"russian_of_it":              {city("UA", "Киев"), city("UA", "Kiev"), script},
		"greek_in_cyrillic":          {city("BG", "София"), city("BG", "Σόφια"), script},
		"latin_by_sound":             {city("DE", "Köln"), city("DE", "Coln"), ""},
		"cyrillic_by_sound":          {city("UA", "Київ"), city("UA", "Киев"), ""},
		"too_short":                  {city("GR", "Ρω"), city("GR", "Ro"), ""},
		"short":                      {city("GR", "Κως"), city("GR", "Kos"), script},
		"another_island":             {city("GR", "Κως"), city("GR", "Chios"), ""},
		"another_city":               {city("GR", "Σέρρες"), city("GR", "Syros"), ""},
		"another_language":           {city("GR", "Αθήνα"), city("GR", "Athens"), ""},
		"another_country":            {city("GR", "Θεσσαλονίκη"), city("CY", "Thessaloniki"), ""},
		"country_of_one_unknown":     {city("GR", "Θεσσαλονίκη"), city("", "Thessaloniki"), ""},
		"no_country_known":           {city("", "Θεσσαλονίκη"), city("", "Thessaloniki"), ""},
		"another_kind":               {city("GR", "Θεσσαλονίκη"), recorded{"region", "GR", "Thessaloniki", ""}, ""},
		"exonym_listed_by_the_first": {recorded{"municipality", "IT", "Torino", "Turin"}, city("IT", "Turin"), same},
		"exonym_listed_by_the_other": {city("", "Turin"), recorded{"municipality", "IT", "Torino", "TURIN"}, same},
		"exonym_not_listed":          {city("IT", "Turin"), city("IT", "Torino"), ""},
		"transliteration_listed":     {recorded{"municipality", "GR", "Αθήνα", "Athína"}, city("GR", "Athina"), same},
		"the_surest_is_said":         {recorded{"municipality", "GB", "St Albans", "St. Albans"}, city("GB", "St. Albans"), same},
	} {
		t.Run(name, func(t *testing.T) {
			for _, pair := range [][2]recorded{{c.a, c.b}, {c.b, c.a}} {
				d := newDesk(t)
				older, younger := d.register(pair[0]), d.register(pair[1])
				found := d.list(findings.Filter{Code: findings.Duplicate})
				if c.says == "" {
					require.Empty(t, found)
					continue
				}
				require.Len(t, found, 1)
				require.Equal(t, younger, found[0].Stream)
				require.Equal(t, older, found[0].Other)
				require.Contains(t, found[0].Detail, c.says)
			}
		})
	}
}

// TestDuplicatesFollow checks that the finding goes and comes with what it rests on.
func TestDuplicatesFollow(t *testing.T) {
	d := newDesk(t)
	greek, latin := d.register(city("GR", "Θεσσαλονίκη")), d.register(city("", "Thessaloniki"))
	found := func() []findings.Finding { return d.list(findings.Filter{Code: findings.Duplicate}) }
	require.Empty(t, found())
	located := d.do("party.locate", latin, `{"country":"GR"}`)
	first := found()
	require.Len(t, first, 1, "the country became known")
	require.Equal(t, `"Thessaloniki" is probably "Θεσσαλονίκη" in another script`, first[0].Detail)
	d.do("party.link", latin, fmt.Sprintf(`{"to":%q,"reason":"one city"}`, greek))
	require.Empty(t, found(), "linked")
	d.do("party.unlink", latin, fmt.Sprintf(`{"from":%q,"reason":"two after all"}`, greek))
	require.Len(t, found(), 1, "unlinked")
	d.do("party.add_name", greek, `{"name":{"text":{"lang":"en","value":"Thessaloniki"},"use":"exonym"}}`)
	surer := found()
	require.Len(t, surer, 1)
	require.Equal(t, first[0].ID, surer[0].ID, "one finding, whatever it rests on")
	require.Contains(t, surer[0].Detail, "is also the name of")
	d.do("party.void", greek, `{"of":2,"reason":"misread"}`)
	d.do("party.void", latin, fmt.Sprintf(`{"of":%d,"reason":"misread"}`, located.Revision))
	require.Empty(t, found(), "the country is unknown again")
}

// TestOneScript checks that the finding goes when the name in another script does.
func TestOneScript(t *testing.T) {
	d := newDesk(t)
	first := d.register(recorded{"municipality", "GR", "Tessaloniki", "Θεσσαλονίκη"})
	d.register(city("GR", "Thessaloniki"))
	require.Len(t, d.list(findings.Filter{Code: findings.Duplicate}), 1)
	d.do("party.void", first, `{"of":2,"reason":"misread"}`)
	require.Empty(t, d.list(findings.Filter{Code: findings.Duplicate}))
}

// TestSymmetric checks that which parties are probably one does not depend on
// the order in which they were registered.
func TestSymmetric(t *testing.T) {
	names := []string{"Κως", "Kos", "Χίος", "Chios", "Киев", "Kiev", "Ki-ev", "Σόφια", "София", "Sofia", "St. Albans", "St Albans"}
	rapid.Check(t, func(rt *rapid.T) {
		var all []recorded
		for range rapid.IntRange(2, 8).Draw(rt, "parties") {
			all = append(all, recorded{
				rapid.SampledFrom([]string{"municipality", "region"}).Draw(rt, "kind"), rapid.SampledFrom([]string{"", "GR", "UA"}).Draw(rt, "country"),
				rapid.SampledFrom(names).Draw(rt, "name"), rapid.SampledFrom(append(names, "", "", "")).Draw(rt, "also"),
			})
		}
		order := make([]int, len(all))
		for i := range order {
			order[i] = i
		}
		pairs := func(order []int) (found []string) {
			d := newDesk(t)
			number := map[string]int{}
			for _, i := range order {
				number[d.register(all[i])] = i
			}
			for _, f := range d.list(findings.Filter{Code: findings.Duplicate}) {
				a, b := number[f.Stream], number[f.Other]
				found = append(found, fmt.Sprint(min(a, b), max(a, b)))
			}
			return found
		}
		require.ElementsMatch(rt, pairs(order), pairs(rapid.Permutation(order).Draw(rt, "order")))
	})
}
