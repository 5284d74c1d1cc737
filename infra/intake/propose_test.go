package intake_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/infra/intake"
	"github.com/entente-ledger/entente/infra/tabular"
)

// propose drafts a mapping of a table, and reads it.
func propose(t *testing.T, table string) (draft string, m *intake.Mapping) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "table.csv")
	require.NoError(t, os.WriteFile(path, []byte(table), 0o600))
	text, err := intake.Propose(t.Context(), path, tabular.Options{})
	require.NoError(t, err)
	m, err = intake.DecodeMapping(strings.NewReader(string(text)))
	require.NoError(t, err, string(text))
	return string(text), m
}

// said is a draft without its line breaks.
func said(draft string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(draft, "# ", "")), " ")
}

// What a row is, and which column is what, is read off headings in six
// languages alike.
func TestProposeLanguages(t *testing.T) {
	for lang, headings := range map[string][2]string{
		"en": {"No;Partner city;Country;Signed on;Valid until;Status", "Member;Country;Status;Category;Member since"},
		"it": {"N. numero;Città gemellata;Paese;Data di firma;Scadenza;Stato", "Comune;Paese;Stato;Categoria;Iscrizione"},
		"el": {"Αριθμός;Αδελφοποιημένη πόλη;Χώρα;Ημερομηνία υπογραφής;Λήξη;Κατάσταση", "Μέλος;Χώρα;Κατάσταση;Κατηγορία;Ένταξη"},
		"fr": {"Numéro;Ville jumelée;Pays;Date de signature;Échéance;Statut", "Membre;Pays;Statut;Catégorie;Depuis"},
		"de": {"Nummer;Partnerstadt;Land;Unterzeichnet am;Ablauf;Status", "Mitglied;Staat;Status;Kategorie;Seit"},
		"es": {"Número;Ciudad hermanada;País;Fecha de firma;Vencimiento;Estado", "Miembro;País;Situación;Categoría;Desde"},
	} {
		t.Run(lang+"_agreements", func(t *testing.T) {
			want := strings.Split(headings[0], ";")
			_, m := propose(t, headings[0]+"\n1;Brennfurt;DE;1965;9999;active\n2;Hirakusa;JP;1988;9999;active\n")
			table := m.Tables[0]
			require.Equal(t, "agreement", table.Row)
			require.Equal(t, want, []string{
				table.Agreement.Key.Column, table.Parties[0].Name.Column, table.Parties[0].Country.Column, table.Agreement.InForce.Column,
				table.Agreement.Until.Column, table.Agreement.Phase.Column,
			})
			require.Equal(t, []string{"9999"}, m.Dates.Forever)
		})
		t.Run(lang+"_members", func(t *testing.T) {
			want := strings.Split(headings[1], ";")
			_, m := propose(t, headings[1]+"\nBrennfurt;DE;active;full;1965\nHirakusa;JP;active;full;1988\n")
			table := m.Tables[0]
			require.Equal(t, "membership", table.Row)
			require.Equal(t, want, []string{
				table.Party.Name.Column, table.Party.Country.Column, table.Membership.Standing.Column, table.Membership.Class.Column,
				table.Membership.Since.Column,
			})
		})
	}
}

func TestProposeRows(t *testing.T) {
	for name, one := range map[string]struct{ table, row string }{
		"parties":                     {"City;Country\nJesi;IT\n", "party"},
		"two_parties":                 {"City A;City B;Signed\nJesi;Graz;2001\n", "agreement"},
		"an_agreement_a_row":          {"Treaty;Signed\nSeafaring;2001\nIslands;2002\n", "agreement"},
		"a_party_and_agreement_a_row": {"Party;Treaty;Signed\nJesi;Seafaring;2001\nGraz;Seafaring;2002\n", "participation"},
		"signatories_of_one":          {"City;Signature date\nJesi;2001\nGraz;2002\n", "participation"},
		"members":                     {"City;Member since\nJesi;2001\n", "membership"},
		"changes":                     {"City;Event;Date\nJesi;admitted;2001\n", "change"},
		"changes_of_agreements":       {"City;Agreement;Event;Date\nJesi;Seafaring;signed;2001\n", "change"},
		"nothing_is_known":            {"Foo;Bar\n7;Jesi\n8;Graz\n", "party"},
	} {
		t.Run(name, func(t *testing.T) {
			_, m := propose(t, one.table)
			require.Equal(t, one.row, m.Tables[0].Row)
		})
	}
	t.Run("the_name_is_guessed_by_its_contents", func(t *testing.T) {
		_, m := propose(t, "Foo;Bar\n7;Jesi\n8;Graz\n")
		require.Equal(t, "Bar", m.Tables[0].Party.Name.Column)
	})
	t.Run("what_is_not_read_is_said", func(t *testing.T) {
		draft, _ := propose(t, "City;Country;Remark\nJesi;IT;x\n")
		require.Contains(t, draft, "# check: these columns are not read: Remark")
	})
	t.Run("the_own_city_is_asked_for", func(t *testing.T) {
		draft, _ := propose(t, "Partner city\nJesi\n")
		require.Contains(t, draft, "{name: {constant: NAME")
		draft, _ = propose(t, "City;Partner city\nGraz;Jesi\n")
		require.NotContains(t, draft, "{name: {constant: NAME")
	})
	t.Run("each_party_has_its_own_columns", func(t *testing.T) {
		_, m := propose(t, "City;Country;Partner city;Partner country\nGraz;AT;Jesi;IT\n")
		require.Len(t, m.Tables[0].Parties, 2)
		require.Equal(t, []string{"Country", "Partner country"}, []string{m.Tables[0].Parties[0].Country.Column, m.Tables[0].Parties[1].Country.Column})
		_, m = propose(t, "City;Partner city;Partner country\nGraz;Jesi;IT\n")
		require.Empty(t, m.Tables[0].Parties[0].Country.Column, "of the partner only")
	})
	t.Run("numbers_are_no_names", func(t *testing.T) {
		_, m := propose(t, "Member;City\n1;Jesi\n2;Graz\n")
		require.Equal(t, "City", m.Tables[0].Party.Name.Column)
		require.Equal(t, "Member", m.Tables[0].Party.Identifiers["other"].Column)
	})
	t.Run("what_changes_is_a_network_or_an_agreement", func(t *testing.T) {
		_, m := propose(t, "City;Agreement;Event;Date\nJesi;Seafaring;signed;2001\n")
		require.Equal(t, "Agreement", m.Tables[0].Agreement.Key.Column)
		_, m = propose(t, "City;Event;Date\nJesi;admitted;2001\n")
		require.Nil(t, m.Tables[0].Agreement)
		require.NotNil(t, m.Tables[0].Network)
	})
	t.Run("a_heading_with_braces_is_not_made_a_part_of_a_text", func(t *testing.T) {
		_, m := propose(t, "City {old};Partner city\nGraz;Jesi\n")
		require.Equal(t, intake.Value{Column: "City {old}"}, m.Tables[0].Agreement.Key)
	})
}

func TestProposeDates(t *testing.T) {
	const heading = "City;Member since\n"
	for name, one := range map[string]struct{ cells, order, says string }{
		"proven":                {"a;17.5.2010\nb;3.4.2011\nc;1990\n", "dmy", "proved by 1 (17.5.2010 in row 2), contradicted by 0, and 1 could be read otherwise too"},
		"counted":               {"a;17.5.2010\nb;3.4.2011\nc;1990\nd;ca. 1980\n", "dmy", "of 4, 2 as d.m.y, 1 as years, 1 approximate"},
		"proven_american":       {"a;5/17/2010\n", "mdy", "5/17/2010 in row 2"},
		"proven_eastern":        {"a;2010/5/17\n", "ymd", "2010/5/17 in row 2"},
		"never_guessed":         {"a;3.4.2010\nb;5.6.2011\n", "", "fill in: dmy, mdy or ymd. No date proves it: 2 can be read in more than one order"},
		"contradictory":         {"a;17.5.2010\nb;5/18/2011\n", "", "dmy by 1 (17.5.2010 in row 2), mdy by 1 (5/18/2011 in row 3)"},
		"year_at_one_end":       {"a;2010/5/17\nb;1/2/2011\n", "", "1 with the year first (2010/5/17 in row 2), 1 with the year last"},
		"month_and_year":        {"a;5/2010\n", "", "fill in: dmy, mdy or ymd"},
		"iso_needs_none":        {"a;2010-05-17\nb;1981~\n", "", "no date needs it"},
		"edtf":                  {"a;2010-05-17\nb;1981~\n", "", "of 2, 1 as ISO 8601 dates, 1 approximate"},
		"twelve_is_a_month_too": {"a;12.12.2010\nb;12.5.2010\n", "", "No date proves it: 2"},
		"thirteen_is_a_day":     {"a;13.12.2010\n", "dmy", "13.12.2010"},
		"no_day_at_all":         {"a;17.18.2010\nb;1990\nc;1991\n", "", "1 not read as dates (17.18.2010)"},
		"short_years":           {"a;17.5.10\nb;1990\nc;1991\n", "", "years of two digits, of which the century is not said: 1"},
		"other_cells":           {"a;in spring\nb;1990\nc;1991\n", "", `1 not read as dates (in spring)`},
	} {
		t.Run(name, func(t *testing.T) {
			draft, m := propose(t, heading+one.cells)
			require.Equal(t, one.order, m.Dates.Order)
			require.Contains(t, said(draft), one.says)
		})
	}
	t.Run("words_for_dates", func(t *testing.T) {
		_, m := propose(t, "City;Signed;Valid until\na;ca. 1980;31.12.9999\nb;?;9999\nc;1990;2001\n")
		require.Equal(t, intake.Dates{Unknown: []string{"?"}, Forever: []string{"31.12.9999", "9999"}, About: []string{"ca."}}, m.Dates)
	})
}

func TestProposeValues(t *testing.T) {
	t.Run("countries_by_names_in_six_languages", func(t *testing.T) {
		draft, m := propose(t, "City;Country\na;Italien\nb;Ελλάδα\nc;Royaume-Uni\nd;Alemania\ne;FR\nf;Atlantis\n")
		require.Equal(t, map[string]string{"Italien": "IT", "Ελλάδα": "GR", "Royaume-Uni": "GB", "Alemania": "DE", "FR": "FR", "Atlantis": ""},
			m.Tables[0].Party.Country.Words)
		require.Contains(t, draft, `Atlantis: "" # fill in: 1 row`)
	})
	t.Run("codes_need_no_words", func(t *testing.T) {
		draft, m := propose(t, "City;Country\na;IT\n")
		require.Empty(t, m.Tables[0].Party.Country.Words)
		require.Contains(t, draft, "# ISO 3166-1 codes in all cells")
	})
	t.Run("a_state_is_a_country_or_a_standing", func(t *testing.T) {
		_, m := propose(t, "Comune;Stato;Iscrizione\na;Francia;2001\nb;Croazia;2002\n")
		require.Equal(t, "Stato", m.Tables[0].Party.Country.Column)
		require.Equal(t, map[string]string{"Francia": "FR", "Croazia": "HR"}, m.Tables[0].Party.Country.Words)
		require.Equal(t, "active", m.Tables[0].Membership.Standing.Constant)
	})
	t.Run("standings_are_guessed_or_left_blank", func(t *testing.T) {
		draft, m := propose(t, "Membro;Stato;Dal\na;attivo;2001\nb;attivo;2001\nc;sospeso;2001\nd;boh;2001\ne;;2001\n")
		require.Equal(t, map[string]string{"attivo": "active", "sospeso": "suspended", "boh": ""}, m.Tables[0].Membership.Standing.Words)
		require.Contains(t, draft, "attivo: active # 2 rows")
		require.Contains(t, draft, `boh: "" # fill in: 1 row`)
		require.Contains(t, draft, "# check: blank in 1 row")
	})
	t.Run("too_many_are_not_listed", func(t *testing.T) {
		var table strings.Builder
		table.WriteString("Member;Status;Since\n")
		for _, r := range "abcdefghijklmnopqrstu" {
			table.WriteString(string(r) + ";state " + string(r) + ";2001\n")
		}
		draft, m := propose(t, table.String())
		require.Empty(t, m.Tables[0].Membership.Standing.Words)
		require.Contains(t, said(draft), `fill in: "Status" has 21 values, too many to list`)
	})
	t.Run("words_of_the_ledger_need_none", func(t *testing.T) {
		_, m := propose(t, "Member;Status;Since\na;active;2001\nb;on_hold;2001\n")
		require.Empty(t, m.Tables[0].Membership.Standing.Words)
	})
	t.Run("identifiers", func(t *testing.T) {
		_, m := propose(t, "City;Ref of item;GeoNames;UN/LOCODE\na;Q3415;3183087;ITAOI\nb;Q1;12;ATGRZ\n")
		ids := m.Tables[0].Party.Identifiers
		require.Len(t, ids, 3)
		require.Equal(t, "Ref of item", ids["wikidata"].Column, "by what stands there")
		require.Equal(t, "GeoNames", ids["geonames"].Column)
		require.Equal(t, "UN/LOCODE", ids["unlocode"].Column)
		draft, m := propose(t, "No;City;ID;Wikidata;Ref\n1;a;x;Q1;Q2\n2;b;y;Q3;Q4\n")
		ids = m.Tables[0].Party.Identifiers
		require.Len(t, ids, 2, "one of each")
		require.Equal(t, "Wikidata", ids["wikidata"].Column)
		require.Contains(t, said(draft), "not read")
	})
	t.Run("names_in_languages_that_headings_name", func(t *testing.T) {
		draft, m := propose(t, "Name;Name (en);Nome italiano;Name_gr;Country\nAthina;Athens;Atene;Αθήνα;GR\n")
		p := m.Tables[0].Party
		require.Empty(t, p.Name.Lang)
		require.Contains(t, said(draft), `fill in: the language of "Name" as lang`)
		require.Equal(t, []string{"en", "it", "el"}, []string{p.Names[0].Lang, p.Names[1].Lang, p.Names[2].Lang})
		require.Equal(t, "translation", p.Names[0].Use)
	})
	t.Run("several_in_one_cell", func(t *testing.T) {
		_, m := propose(t, "Agreement,Cities\nSeafaring,Jesi; Graz\nIslands,Bonn; Lyon\nRivers,Bonn\n")
		require.Equal(t, ";", m.Tables[0].Parties[0].Name.Split)
		_, m = propose(t, "Agreement,Cities\nSeafaring,Jesi / Graz\nIslands,Bonn\nRivers,Lyon\n")
		require.Empty(t, m.Tables[0].Parties[0].Name.Split, "of most cells")
	})
}

func TestProposeRefuses(t *testing.T) {
	_, err := intake.Propose(t.Context(), filepath.Join(t.TempDir(), "none.csv"), tabular.Options{})
	require.ErrorContains(t, err, "tabular.unknown_file")
	path := filepath.Join(t.TempDir(), "table.csv")
	require.NoError(t, os.WriteFile(path, []byte("a;a\n1;2\n"), 0o600))
	_, err = intake.Propose(t.Context(), path, tabular.Options{})
	require.ErrorContains(t, err, "tabular.")
}

// Whatever is in a table, the draft is a mapping.
func TestProposeIsAlwaysRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "table.csv")
	words := rapid.SampledFrom([]string{
		"City", "Partner", "Country", "Stato", "Event", "Date", "Treaty", "No", "{x}", "yes", "a: b", "# c", "- d", "'", "null", "Member (it)",
		"Signed", "Instrument type", "Category", "Themes", "Wikidata", "Kind", "%d",
	})
	cells := rapid.OneOf(rapid.SampledFrom([]string{"", "17.5.2010", "5/6/2010", "9999", "?", "ca. 1", "IT", "Q1", "a; b", "no", "~", ": x", "#", "active", "%s"}),
		rapid.StringMatching(`[ -~α-ω\n]{0,8}`))
	rapid.Check(t, func(t *rapid.T) {
		headings := rapid.SliceOfNDistinct(rapid.OneOf(words, rapid.StringMatching(`[A-Za-zα-ω][A-Za-z:#{}\[\]&*!|>'"%@\x60α-ω]{0,8}`)), 1, 8, rapid.ID).Draw(t, "headings")
		var text strings.Builder
		w := csv.NewWriter(&text)
		require.NoError(t, w.Write(headings))
		for range rapid.IntRange(0, 6).Draw(t, "rows") {
			require.NoError(t, w.Write(rapid.SliceOfN(cells, len(headings), len(headings)).Draw(t, "row")))
		}
		w.Flush()
		require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o600))
		draft, err := intake.Propose(t.Context(), path, tabular.Options{Delimiter: ","})
		if err != nil {
			require.ErrorContains(t, err, "tabular.", "only what cannot be read")
			return
		}
		m, err := intake.DecodeMapping(strings.NewReader(string(draft)))
		require.NoError(t, err, string(draft))
		for _, table := range m.Tables {
			if table.Party != nil {
				require.Contains(t, headings, table.Party.Name.Column)
			}
		}
	})
}

// Each sheet of a workbook is a table of its own, and the dates of all are
// looked at together.
func TestProposeSheets(t *testing.T) {
	book := excelize.NewFile()
	require.NoError(t, book.SetSheetName("Sheet1", "Members"))
	_, err := book.NewSheet("Agreements")
	require.NoError(t, err)
	for sheet, rows := range map[string][][]any{
		"Members":    {{"City", "Member since"}, {"Jesi", "3.4.2001"}},
		"Agreements": {{"City", "Partner city", "Signed"}, {"Jesi", "Graz", "17.5.2010"}},
	} {
		for i, row := range rows {
			require.NoError(t, book.SetSheetRow(sheet, "A"+strconv.Itoa(i+1), &row))
		}
	}
	path := filepath.Join(t.TempDir(), "register.xlsx")
	require.NoError(t, book.SaveAs(path))
	text, err := intake.Propose(t.Context(), path, tabular.Options{})
	require.NoError(t, err)
	m, err := intake.DecodeMapping(strings.NewReader(string(text)))
	require.NoError(t, err)
	require.Len(t, m.Tables, 2)
	require.Equal(t, []string{"Members", "membership"}, []string{m.Tables[0].Sheet, m.Tables[0].Row})
	require.Equal(t, []string{"Agreements", "agreement"}, []string{m.Tables[1].Sheet, m.Tables[1].Row})
	require.Equal(t, "dmy", m.Dates.Order)
}

// A draft rests on the beginning of a long table, and says so.
func TestProposeLongTable(t *testing.T) {
	var table strings.Builder
	table.WriteString("City;Member since\n")
	for range 5_000 {
		table.WriteString("Jesi;3.4.2001\n")
	}
	draft, _ := propose(t, table.String())
	require.Contains(t, draft, "table.csv: 5000 rows")
	table.WriteString("Graz;17.5.2001\n")
	draft, m := propose(t, table.String())
	require.Contains(t, draft, "the first 5000 rows")
	require.Empty(t, m.Dates.Order, "the proof comes after them")
}

func TestMappingNames(t *testing.T) {
	const mapping = "register: {key: a, titles: [{lang: en, value: A}]}\ntables:\n  - row: party\n    party: {name: {column: City}, kind: %s, names: [{column: X, lang: it, use: short}]}\n"
	m, err := intake.DecodeMapping(strings.NewReader(strings.Replace(mapping, "%s", "municipality", 1)))
	require.NoError(t, err)
	require.Equal(t, "short", m.Tables[0].Party.Names[0].Use)
	require.Equal(t, "X", m.Tables[0].Party.Names[0].Column)
	_, err = intake.DecodeMapping(strings.NewReader(strings.Replace(mapping, "%s", "{column: X, use: short}", 1)))
	require.ErrorContains(t, err, `there is no member "use"`)
}
