package intake

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/projections/namekey"
)

// meanings are beginnings of what stands in cells, folded, and the words of the
// ledger that may be meant, of which the first counts that the field has.
var meanings = []struct {
	begins []string
	means  []string
}{
	{[]string{"in force", "in vigor", "σε ισχυ", "in kraft", "en vigueur", "en vigor", "vigente"}, []string{"in_force", "active"}},
	{[]string{"activ", "attiv", "ενεργ", "aktiv", "actif", "current"}, []string{"active", "in_force"}},
	{[]string{"not active", "inactive", "inattiv", "ανενεργ", "inaktiv", "inactif", "inactiv"}, nil},
	{[]string{"hold", "dormant", "quiescent", "ruhend"}, []string{"on_hold", "suspended"}},
	{[]string{"suspend", "sospes", "αναστολ", "ausgesetzt", "suspens"}, []string{"suspended"}},
	{[]string{"expelled", "espuls", "διαγραφ", "ausgeschlossen", "exclu", "expuls"}, []string{"expelled"}},
	{[]string{"lapsed", "decadut", "erloschen", "caduc"}, []string{"lapsed", "expired", "ended"}},
	{[]string{"expir", "scadut", "abgelaufen"}, []string{"expired", "lapsed", "ended"}},
	{[]string{"withdr", "left", "recess", "reced", "uscit", "αποχωρ", "ausgetreten", "retir", "sorti", "baja"}, []string{"withdrawn", "terminated"}},
	{[]string{"ended", "terminat", "conclus", "cessat", "εληξε", "ληξ", "beendet", "termine", "finaliz", "dissolv"}, []string{"terminated", "ended"}},
	{[]string{"draft", "bozza", "σχεδιο", "entwurf", "borrador", "projet"}, []string{"draft"}},
	{[]string{"sign", "firmat", "firmad", "sottoscritt", "υπογ", "unterz"}, []string{"signed", "signatory", "open_for_signature", "signature"}},
	{[]string{"ratif", "επικυρ"}, []string{"ratification", "consented"}},
	{[]string{"accession", "adesione", "beitritt", "adhesion"}, []string{"accession", "consented"}},
	{[]string{"acceptance", "accettazion", "annahme", "acceptation", "aceptacion"}, []string{"acceptance", "consented"}},
	{[]string{"approv", "genehm", "aprobacion"}, []string{"approval", "consented"}},
	{[]string{"succession", "successione", "sukzession", "sucesion"}, []string{"succession"}},
	{[]string{"admi", "amme", "ενταχθ", "aufgenommen", "joined"}, []string{"admitted"}},
	{[]string{"appli", "candidat", "richied", "αιτηση", "beantragt", "solicit"}, []string{"applied"}},
	{[]string{"invit", "προσκ", "eingeladen"}, []string{"invited"}},
	{[]string{"notice", "preavviso", "preavis", "gekundigt", "preaviso"}, []string{"notice_given"}},
	{[]string{"resum", "ripres", "wieder aufgenommen"}, []string{"resumed"}},
	{[]string{"founder", "founding", "fondat", "ιδρυτικ", "grundung", "fundador"}, []string{"founder"}},
	{[]string{"full", "ordinari", "effettiv", "τακτικ", "ordentlich", "vollmitglied", "titulaire", "pleno"}, []string{"full"}},
	{[]string{"associat", "συνδεδεμεν", "assoziiert", "associe", "asociad"}, []string{"associate"}},
	{[]string{"observ", "osserv", "παρατηρ", "beobachter"}, []string{"observer"}},
	{[]string{"support", "sostenit", "υποστηρικτ", "forder"}, []string{"supporter"}},
	{[]string{"city", "town", "municipal", "comune", "citta", "δημοσ", "πολη", "stadt", "gemeinde", "ville", "ciudad"}, []string{"municipality"}},
	{[]string{"region", "provinc", "περιφερει", "land"}, []string{"region"}},
	{[]string{"state", "country", "stato", "κρατοσ", "staat", "etat", "estado"}, []string{"state"}},
	{[]string{"minist", "υπουργ"}, []string{"ministry"}},
	{[]string{"universi", "πανεπιστημ"}, []string{"university"}},
	{[]string{"ngo", "ong", "mko", "associazion", "verein"}, []string{"ngo"}},
	{[]string{"company", "impresa", "azienda", "firma", "εταιρ", "unternehmen", "entreprise", "empresa"}, []string{"company"}},
	{[]string{"twin", "gemella", "αδελφοπ", "partnersta", "stadtepartner", "jumel", "herman"}, []string{"twinning"}},
	{[]string{"sister"}, []string{"sister_city"}},
	{[]string{"friend", "amici", "φιλι", "freund", "amiti", "amist"}, []string{"friendship"}},
	{[]string{"memorandum", "mou", "μνημον", "protocol"}, []string{"mou"}},
	{[]string{"treaty", "trattat", "συνθηκ", "traite", "tratado"}, []string{"treaty"}},
	{[]string{"agree", "accord", "συμφων", "abkommen", "vertrag", "acuerdo", "convenio"}, []string{"agreement"}},
	{[]string{"patto", "pact", "συμφωνο"}, []string{"pact"}},
}

// meaningOf returns the word of those allowed that is probably meant by what
// stands in a cell, "" if none is.
func meaningOf(text string, allowed []string) string {
	key := namekey.Of(text)
	if i := slices.IndexFunc(allowed, func(w string) bool { return key == w || key == strings.ReplaceAll(w, "_", " ") }); i >= 0 {
		return allowed[i]
	}
	for _, m := range meanings {
		if !slices.ContainsFunc(m.begins, func(b string) bool { return strings.HasPrefix(key, b) }) {
			continue
		}
		for _, word := range m.means {
			if slices.Contains(allowed, word) {
				return word
			}
		}
	}
	return ""
}

// countries are the ISO 3166-1 codes by the folded names of the countries in
// the languages of the vocabulary.
func countries() map[string]string {
	codes := map[string]string{}
	for _, lang := range []language.Tag{language.English, language.Italian, language.Greek, language.French, language.German, language.Spanish} {
		names := display.Regions(lang)
		for a := 'A'; a <= 'Z'; a++ {
			for b := 'A'; b <= 'Z'; b++ {
				code := string([]rune{a, b})
				if isCountry(code) {
					codes[namekey.Of(names.Name(language.MustParseRegion(code)))] = language.MustParseRegion(code).Canonicalize().String()
				}
			}
		}
	}
	return codes
}

// countryOf returns the code of a country by its code or its name, "" if there is
// none.
func countryOf(text string, names map[string]string) string {
	if isCountry(text) {
		return text
	}
	return names[namekey.Of(text)]
}

func isCountry(text string) bool {
	return text != "" && new(party.Country).UnmarshalText([]byte(text)) == nil
}
