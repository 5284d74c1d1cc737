package intake

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/entente-ledger/entente/projections/namekey"
)

// role is what a column is for, as its heading says.
type role string

const (
	ofWikidata   role = "wikidata"
	ofGeonames   role = "geonames"
	ofUNLOCODE   role = "unlocode"
	ofEvent      role = "event"
	ofInForce    role = "in force"
	ofUntil      role = "until"
	ofWithdrawn  role = "withdrawn"
	ofMeans      role = "means"
	ofConsented  role = "consented"
	ofSigned     role = "signed"
	ofSince      role = "since"
	ofStanding   role = "standing"
	ofClass      role = "class"
	ofPartner    role = "partner"
	ofNetwork    role = "network"
	ofThemes     role = "themes"
	ofAgreement  role = "agreement"
	ofTitle      role = "title"
	ofCountry    role = "country"
	ofName       role = "name"
	ofKind       role = "kind"
	ofReference  role = "reference"
	ofKey        role = "key"
	ofDate       role = "date"
	ofStateOrNot role = "state" // a country in one table, a standing in another
)

// vocabulary are beginnings of words of headings, as [namekey.Of] folds them, in
// English, Italian, Greek, French, German and Spanish; with a space at the end
// they are whole words. What comes first prevails.
var vocabulary = []struct {
	role  role
	words []string
}{
	{ofWikidata, []string{"wikidata", "qid "}},
	{ofGeonames, []string{"geoname"}},
	{ofUNLOCODE, []string{"unlocode", "un locode", "locode"}},
	{ofEvent, []string{"event", "what happened", "change", "variazion", "γεγον", "μεταβολ", "ereignis", "anderung", "evenement", "changement", "cambio"}},
	{ofInForce, []string{"entry into force", "in force", "vigore ", "vigor ", "vigueur ", "ισχυ", "inkraft", "in kraft"}},
	{ofMeans, []string{"instrument type", "means ", "tipo di strumento", "τροπος", "art der zustimmung", "type d instrument", "tipo de instrumento"}},
	{ofConsented, []string{"instrument", "ratif", "consent", "accession", "adesione", "adhesion", "επικυρωσ", "beitritt"}},
	{ofUntil, []string{"until", "expir", "end ", "ended", "end date", "scad", "fino", "fine ", "termine", "ληξη", "εωσ ", "ablauf", "bis ", "ende ", "fin ", "echeance", "jusqu", "hasta", "venc"}},
	{ofWithdrawn, []string{"withdr", "left ", "exit", "recess", "uscita", "αποχωρ", "austritt", "ausgetreten", "retrait", "sortie", "baja", "salida", "retir"}},
	{ofSigned, []string{"sign", "firma", "sottoscri", "υπογραφ", "unterz", "firm"}},
	{ofSince, []string{"since", "joined", "join date", "admission", "member from", "dal ", "iscrizion", "ingresso", "ενταξ", "εγγραφ", "απο ", "seit", "eintritt", "depuis", "desde", "ingreso", "alta "}},
	{ofStanding, []string{"status", "standing", "situazion", "κατασταση", "stand ", "statut", "situacion"}},
	{ofCountry, []string{"countr", "paes", "nazion", "χωρα", "χωρεσ", "land ", "staat", "pays", "pais ", "iso "}},
	{ofKind, []string{"kind", "type", "tipo", "ειδοσ", "τυποσ", "art ", "typ "}},
	{ofPartner, []string{"partner", "sister", "twin", "gemella", "αδελφοποιημεν", "εταιρ", "jumele", "hermanad", "socio "}},
	{ofClass, []string{"class", "categor", "κατηγορ", "kategor", "klasse", "clase"}},
	{ofNetwork, []string{"network", "rete ", "δικτυ", "netzwerk", "verbund", "reseau", "red "}},
	{ofThemes, []string{"theme", "topic", "sector", "field ", "tema ", "temi ", "settor", "ambito", "τομε", "thema", "themen", "secteur", "domaine"}},
	{ofName, []string{"contracting party", "vertragspartei", "parte contra", "partie"}},
	{ofAgreement, []string{"agreement", "treaty", "memorandum", "mou ", "accordo", "trattat", "gemellaggio", "συμφων", "συνθηκ", "αδελφοποιησ", "abkommen", "vertrag", "accord", "traite", "jumelage", "acuerdo", "tratado", "convenio", "hermanamiento"}},
	{ofTitle, []string{"title", "subject", "titol", "oggetto", "τιτλ", "titel", "titre", "objet", "titulo", "asunto"}},
	{ofName, []string{"member", "city", "cities", "town", "municipal", "party", "parties", "name", "citta", "comun", "nome ", "membr", "ente ", "πολη", "πολεισ", "δημοσ", "ονομα", "μελοσ", "stadt", "gemeinde", "stadte", "mitglied", "ville", "nom ", "membre", "ciudad", "municip", "nombre", "miembro"}},
	{ofStateOrNot, []string{"state", "stato", "estado", "etat"}},
	{ofReference, []string{"reference", "prot ", "protocol", "riferimento", "πρωτοκολλ", "aktenzeichen", "referenc"}},
	{ofKey, []string{"id ", "no ", "nr ", "number", "code", "codice", "numer", "αριθμ", "α α ", "nummer", "kennung", "codigo", "identif"}},
	{ofDate, []string{"date", "data ", "ημερομηνια", "datum", "fecha", "year", "anno ", "ετοσ ", "jahr", "annee", "ano "}},
}

// spoken returns a heading as the vocabulary is compared with it.
func spoken(heading string) string {
	words := strings.FieldsFunc(namekey.Of(heading), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return " " + strings.Join(words, " ") + " "
}

// roleOf returns what a heading says the column is for, "" if nothing is known
// by it.
func roleOf(heading string) role {
	said := spoken(heading)
	for _, v := range vocabulary {
		if slices.ContainsFunc(v.words, func(w string) bool { return strings.Contains(said, " "+w) }) {
			return v.role
		}
	}
	return ""
}

// says reports whether one of some words begins in a heading.
func says(heading string, words ...string) bool {
	said := spoken(heading)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(said, " "+w) })
}

var languageCode = regexp.MustCompile(`(?i)[(\[_/ -](en|it|el|gr|fr|de|es|ar)[)\]]?$`)

// languageWords are beginnings of what languages are called in headings.
var languageWords = []struct {
	lang  string
	words []string
}{
	{"en", []string{"english", "ingles", "αγγλικ", "englisch", "anglais"}},
	{"it", []string{"italian", "ιταλικ", "italienisch", "italien "}},
	{"el", []string{"greek", "grec", "ελληνικ", "griechisch", "griego"}},
	{"fr", []string{"french", "frances", "γαλλικ", "franzosisch", "francais"}},
	{"de", []string{"german", "tedesc", "γερμανικ", "deutsch", "allemand", "aleman"}},
	{"es", []string{"spanish", "spagnol", "ισπανικ", "spanisch", "espagnol", "espanol"}},
	{"ar", []string{"arab", "αραβικ"}},
}

// languageOf returns the language that a heading names, "" if it names none:
// the language of the heading itself says nothing of what stands below it.
func languageOf(heading string) string {
	if m := languageCode.FindStringSubmatch(heading); m != nil {
		return strings.Replace(strings.ToLower(m[1]), "gr", "el", 1)
	}
	for _, l := range languageWords {
		if says(heading, l.words...) {
			return l.lang
		}
	}
	return ""
}
