package namekey_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/projections/namekey"
)

func TestSameLetters(t *testing.T) {
	for _, names := range [][]string{
		{"St. Albans", "St Albans", "ST-ALBANS", "St.Albans"},
		{"L’Aquila", "L'Aquila", "LAquila", "l aquila"},
		{"New York", "Newyork"},
		{"Graz (Stadt)", "Graz, Stadt"},
		{"District 1-2", "District 1/2", "District 1, 2"},
		{"«Δήμος» Κω", "ΔΗΜΟΣ ΚΩ"},
	} {
		for _, n := range names {
			require.Equal(t, namekey.Letters(names[0]), namekey.Letters(n), n)
		}
	}
}

func TestDifferentLetters(t *testing.T) {
	for _, pair := range [][2]string{
		{"District 1-2", "District 12"},
		{"Halle (Saale)", "Halle (Westfalen)"},
		{"Graz (Stadt)", "Graz"},
		{"?", "!"},
		{"कि", "का"},
	} {
		require.NotEqual(t, namekey.Letters(pair[0]), namekey.Letters(pair[1]), pair)
	}
}

func TestSameSound(t *testing.T) {
	for _, names := range [][]string{
		{"Θεσσαλονίκη", "Thessaloniki", "Thessalonike", "Tessaloniki"},
		{"Ιωάννινα", "Ioannina", "Ioánnina"},
		{"Χανιά", "Chania", "Khania", "Haniá"},
		{"Βόλος", "Volos"},
		{"Ναύπλιο", "Nafplio"},
		{"Πειραιάς", "Peiraias", "Pireas"},
		{"Ευρυτανία", "Evrytania", "Evritania"},
		{"Ξάνθη", "Xanthi", "Ksanthi"},
		{"Ρόδος", "Rodos", "Rhodos"},
		{"Київ", "Kyiv", "Kiev", "Киев"},
		{"Харків", "Kharkiv", "Charkiw", "Harkiv"},
		{"Чернігів", "Chernihiv", "Tschernihiw", "Chernigiv", "Černihiv"},
		{"Хмельницький", "Khmelnytskyi", "Khmel'nyts'kyy"},
		{"Запоріжжя", "Zaporizhzhia", "Zaporizhia", "Zaporizhzhya"},
		{"Москва", "Moskva", "Moskwa"},
		{"Русе", "Ruse", "Rousse"},
		{"София", "Sofia", "Sophia", "Sofiya"},
		{"Чачак", "Čačak"},
		{"Ћуприја", "Ćuprija"},
		{"Љубљана", "Ljubljana"},
		{"თბილისი", "Tbilisi"},
		{"Երևան", "Yerevan", "Erevan"},
		{"서울", "Seoul"},
		{"Район 11", "Raion 11", "Rayon 11"},
	} {
		want, _ := namekey.Sound(names[0])
		require.NotEmpty(t, want, names[0])
		for _, n := range names {
			got, _ := namekey.Sound(n)
			require.Equal(t, want, got, n)
		}
	}
}

func TestDifferentSound(t *testing.T) {
	for _, pair := range [][2]string{
		{"Κως", "Chios"},
		{"Σέρρες", "Syros"},
		{"Λάρισα", "Leros"},
		{"Θήβα", "Thiva 2"},
		{"Район 11", "Raion 1"},
		{"Αθήνα", "Athens"}, // another language, not another script
	} {
		one, _ := namekey.Sound(pair[0])
		other, _ := namekey.Sound(pair[1])
		require.NotEqual(t, one, other, pair)
	}
}

func TestNoSound(t *testing.T) {
	for _, name := range []string{"", "Io", "Ρω", "Ää", "12345", "?!", "\xff"} {
		sound, _ := namekey.Sound(name)
		require.Empty(t, sound, name)
	}
}

func TestScript(t *testing.T) {
	for name, want := range map[string]string{
		"Kyiv": "Latin", "Łódź": "Latin", "1. Őrs": "Latin", "Київ": "Cyrillic", "(Κως)": "Greek", "生駒市": "Han", "ーキ": "Katakana", "12": "",
	} {
		_, script := namekey.Sound(name)
		require.Equal(t, want, script, name)
	}
}

// FuzzSound checks that the looser forms follow from the stricter one.
func FuzzSound(f *testing.F) {
	for _, s := range []string{"", "St. Albans", "Θεσσαλονίκη", "Čačak", "\xff", "\U000f0000", "1 2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key := namekey.Of(s)
		require.Equal(t, namekey.Letters(s), namekey.Letters(key))
		sound, _ := namekey.Sound(s)
		require.NotRegexp(t, `[^a-z0-9]`, sound)
	})
}

func ExampleSound() {
	greek, script := namekey.Sound("Θεσσαλονίκη")
	latin, _ := namekey.Sound("Thessaloniki")
	fmt.Println(script, greek == latin)
	// Output: Greek true
}
