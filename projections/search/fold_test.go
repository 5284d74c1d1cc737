package search_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/projections/search"
)

// seeded returns choices from a seed.
func seeded(seed uint64) func(n int) int { return rand.New(rand.NewPCG(seed, 1)).IntN }

// TestLanguages records each name and looks for it by others' ways of writing.
func TestLanguages(t *testing.T) {
	cases := map[string]struct {
		name     string
		finds    []string
		findsNot []string
	}{
		"greek_capitals":         {"ΔΗΜΟΣ ΑΘΗΝΑΙΩΝ", []string{"αθηναιων", "Αθηναίων", "ΑΘΗΝΑΙΩΝ", "δήμος", "ΔΉΜΟΣ", "δημοσ αθην", "ηναι"}, []string{"αθηναιον", "αθηναιωνα"}},
		"greek_accents":          {"Δήμος Θεσσαλονίκης", []string{"θεσσαλονικησ", "ΘΕΣΣΑΛΟΝΙΚΗΣ", "Θεσσαλονίκης", "θεσσαλονικης", "σαλον", "δ"}, []string{"θεσσαλονίκη δήμου", "αλ"}},
		"greek_dialytika":        {"Πρωτοβουλία Μαΐου", []string{"μαιου", "ΜΑΪΟΥ", "μαΐου"}, []string{"μαου"}},
		"arabic_hamza":           {"الأميركتين", []string{"الاميركتين", "الأميركتين", "لاميرك", "الإميركتين", "ٱلاميركتين"}, []string{"الاميركيتين"}},
		"arabic_written_bare":    {"قمة المدن الامريكية", []string{"قِمَّة المُدُن", "قمه المدن", "قـــمة", "الأمريكيه", "قمة المدن"}, []string{"قمة القرى", "قمع"}},
		"arabic_carriers":        {"مؤتمر رؤساء بلديات مصر القارئى", []string{"موتمر", "روساء", "القاري", "القارئي", "بلدىات"}, []string{"متمر"}},
		"arabic_lam_alef":        {"\ufefbسكندرية ٢٠١٩", []string{"لاسكندريه", "2019", "٢٠١٩", "۲۰۱۹"}, []string{"2018"}},
		"persian_letters":        {"شهرداری یزد می\u200cکند", []string{"شهرداري", "يزد", "میکند", "ميكند"}, []string{"تهران"}},
		"italian":                {"Comune di Forlì, Emilia-Romagna (l'Aquila)", []string{"forli", "FORLI'", "emilia romagna", "l’aquila", "romagna emilia", "omun"}, []string{"emiliaromagna", "laquila", "un", "forlí x"}},
		"english":                {"Pact of Amsterdam: the Urban Agenda", []string{"urban agenda", "agend", "amster pact", "p a", "sterd"}, []string{"urbane", "ct", "amsterdamned"}},
		"french":                 {"Ville de Montréal – Œuvre", []string{"Montreal", "MONTRÉAL", "montré", "Montre\u0301al", "oeuvre", "œuvre"}, []string{"montreaux"}},
		"basque":                 {"Donostia / San Sebastián", []string{"Donostia", "san sebastian", "sebas", "ostia"}, []string{"donosti san juan"}},
		"german":                 {"Straße der Gemeinden, München", []string{"strasse", "STRASSE", "straße", "STRAẞE", "munchen", "raße"}, []string{"strase", "muenchen"}},
		"turkish":                {"İzmir ve Iğdır Belediyesi, DİYARBAKIR", []string{"izmir", "İZMİR", "igdir", "ığdır", "IĞDIR", "diyarbakır"}, []string{"ijdir"}},
		"polish_and_nordic":      {"Łódź, Tromsø, Ærø, Đà Nẵng", []string{"lodz", "ŁÓDŹ", "tromso", "aero", "da nang", "ærø"}, []string{"lods"}},
		"japanese":               {"奈良県生駒市役所", []string{"生駒", "奈良", "駒", "所", "生駒市役所", "市役所", "役所"}, []string{"駒生", "生市", "奈良市"}},
		"katakana":               {"ハーグ・パートナーシップ", []string{"ハーグ", "パートナー", "ーグ", "シップ", "ﾊｰｸﾞ"}, []string{"バーグ", "ハグ"}},
		"chinese_with_latin":     {"ICLEI東アジア 2019年会議", []string{"iclei", "東ア", "会議", "2019", "iclei東アジア", "年会"}, []string{"アジ 2018", "ei"}},
		"thai":                   {"กรุงเทพมหานคร", []string{"กรุงเทพ", "นคร", "มห"}, []string{"รก"}},
		"hindi":                  {"दिल्ली नगर", []string{"दिल्ली", "दिल", "नग"}, []string{"दल"}},
		"beyond_the_basic_plane": {"𞤀𞤣𞤤𞤢𞤥 𰀀𰀁𞤢", []string{"𞤀𞤣", "𰀁", "𰀀𰀁", "𞤣𞤤𞤢"}, []string{"𞤤𞤢", "𰀁𰀀"}},
		"hebrew":                 {"עיריית ירושלים", []string{"יְרוּשָׁלַיִם", "ירושלים", "עיר"}, []string{"ירושלם"}},
		"cyrillic":               {"Україна: Львів, Королёв", []string{"львів", "ЛЬВІВ", "королев", "УКРАЇНА"}, []string{"львов"}},
		"numbers_and_signs":      {"C40 Cities & UN/LOCODE", []string{"c40", "un locode", "c", "C40-CITIES"}, []string{"c41", "40"}},
	}
	w := newWorld(t, seeded(1))
	named := map[string]string{}
	for name, c := range cases {
		named[name] = w.register(t, c.name)
	}
	w.views(t, func(conn *sqlite.Conn) {
		for name, c := range cases {
			t.Run(name, func(t *testing.T) {
				for _, words := range append(c.finds, c.name) {
					require.Contains(t, streams(find(t, conn, search.Query{Words: words})), named[name], "%q finds %q", words, c.name)
				}
				for _, words := range c.findsNot {
					require.NotContains(t, streams(find(t, conn, search.Query{Words: words})), named[name], "%q finds %q", words, c.name)
				}
			})
		}
	})
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "a", "Forlì-Cesena", "Θεσσαλονίκης", "ẞ", "\xff", "ٱلقاهرة", "\u200d\u0301a", "Ǽ", "ﷺ", "ł\u0301", "生駒・市", "\x00 NEAR(", "ﬃ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := search.Fold(s)
		require.Equal(t, folded, search.Fold(folded), "idempotent")
		require.NotContains(t, folded, `"`)
		require.NotContains(t, folded, "\x00")
		require.NotContains(t, folded, "  ")
	})
}

func ExampleFold() {
	fmt.Println(search.Fold("Δήμος Θεσσαλονίκης"))
	fmt.Println(search.Fold("Forlì-Cesena, «Straße» in ŁÓDŹ"))
	fmt.Println(search.Fold("القاهرة") == search.Fold("ٱلقَاهره"))
	// Output:
	// δημοσ θεσσαλονικησ
	// forli cesena strasse in lodz
	// true
}
