package source

import (
	"fmt"
	"mime"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Kind says what a source is.
type Kind string

// Words returns the kinds.
func (Kind) Words() []string {
	return []string{
		"press_release", "web_page", "official_journal", "register", "report", "treaty_text",
		"minutes", "letter", "dataset", "other",
	}
}

// UnmarshalText accepts one of the kinds.
func (k *Kind) UnmarshalText(text []byte) error { return terms.ReadWord(k, text) }

// NoteKind says what sort of thing a note is about.
type NoteKind string

// Words returns the kinds of note. A defect is one of the text itself: a
// misprint, a contradiction, a page that is missing.
func (NoteKind) Words() []string {
	return []string{"statement", "position", "statistic", "opinion", "defect"}
}

// UnmarshalText accepts one of the kinds of note.
func (k *NoteKind) UnmarshalText(text []byte) error { return terms.ReadWord(k, text) }

// Hash is the SHA-256 of a file's bytes, and its name in documents/: 64
// lower-case hexadecimal digits.
type Hash string

const hashDigits = 64

// UnmarshalText accepts 64 lower-case hexadecimal digits.
func (h *Hash) UnmarshalText(text []byte) error {
	*h = Hash(text)
	return h.check("")
}

func (h Hash) check(field string) error {
	if len(h) != hashDigits || strings.Trim(string(h), "0123456789abcdef") != "" {
		return es.Invalid("source.bad_hash", "this is not the hash of a file", "64 lower-case hexadecimal digits").At(field)
	}
	return nil
}

// Figure is a decimal number as it would be computed with, "-1200.5", or empty.
// It keeps its digits: "0.10" is not "0.1".
type Figure string

var figureSyntax = regexp.MustCompile(`^(-?(0|[1-9][0-9]{0,29})(\.[0-9]{1,30})?)?$`)

// UnmarshalText accepts a decimal number without an exponent, or nothing.
func (f *Figure) UnmarshalText(text []byte) error {
	*f = Figure(text)
	if !figureSyntax.Match(text) {
		return es.Invalid("source.bad_figure", fmt.Sprintf("%.40q is not a decimal number", text), "digits with a point, such as -1200.5")
	}
	return nil
}

// Description is what a catalogue says of a source.
type Description struct {
	// Titles are in the languages they are printed in, the main one first.
	Titles []terms.Text `json:"titles"`
	Kind   Kind         `json:"kind"`
	// Languages are those of the text, in no order.
	Languages []terms.Lang `json:"languages"`
	// Issued is when it was published or signed; it may be unknown.
	Issued edtf.Date `json:"issued"`
	// Issuer is who published it, or empty.
	Issuer terms.PartyID `json:"issuer"`
	// URL is where it was found, http or https, or empty.
	URL string `json:"url"`
}

func (d Description) check(field string) error {
	for i, l := range d.Languages {
		if l == "" || slices.Contains(d.Languages[:i], l) {
			return es.Invalid("source.bad_languages", "a language is empty or listed twice", "each language once").
				At(fmt.Sprintf("%s/languages/%d", field, i))
		}
	}
	return terms.First(terms.CheckTexts(field+"/titles", d.Titles), terms.CheckWord(field+"/kind", d.Kind), checkURL(field+"/url", d.URL))
}

// urlSyntax leaves out a user name and a password, which are nobody's business.
var urlSyntax = regexp.MustCompile(`^(https?://[^/?#@\\]+([/?#].*)?)?$`)

func checkURL(field, address string) error {
	if !urlSyntax.MatchString(address) || len(address) > terms.MaxText || strings.ContainsFunc(address, unicode.IsSpace) {
		return es.Invalid("source.bad_url", "this is not the address of a page", "an http or https address without a user name or spaces").At(field)
	}
	return nil
}

// File is a copy of the source, or of a part of it.
type File struct {
	// Name is the file's name for people, without folders.
	Name string `json:"name"`
	// MediaType is its MIME type, "application/pdf".
	MediaType string `json:"mediaType"`
	// Size is in bytes, from 1.
	Size int64 `json:"size"`
	Hash Hash  `json:"hash"`
}

// maxFileName is the most bytes a file name may have on the usual file systems.
const maxFileName = 255

func (f File) check(field string) error {
	media, _, err := mime.ParseMediaType(f.MediaType)
	switch {
	case f.Name == "." || f.Name == ".." || len(f.Name) > maxFileName || strings.ContainsAny(f.Name, `/\`) || strings.ContainsFunc(f.Name, unicode.IsControl):
		return es.Invalid("source.bad_name", "this is not the name of a file", fmt.Sprintf("1 to %d bytes without slashes", maxFileName)).At(field + "/name")
	case err != nil || !strings.Contains(media, "/") || !strings.HasPrefix(f.MediaType, media):
		return es.Invalid("source.bad_media_type", "this is not a media type", "a lower-case type and subtype such as application/pdf").At(field + "/mediaType")
	case f.Size < 1:
		return es.Invalid("source.bad_size", "a file has no bytes", "its size in bytes, from 1").At(field + "/size")
	}
	return terms.First(terms.CheckText(field+"/name", f.Name), f.Hash.check(field+"/hash"))
}

// Note is what the source says about something, in the registrar's own words.
type Note struct {
	Kind NoteKind `json:"kind"`
	// Locator is the place in this source: page, paragraph, row.
	Locator string `json:"locator"`
	// Speaker is whose words are summed up, or empty.
	Speaker terms.PersonID `json:"speaker"`
	// OnBehalf is for which party, or empty.
	OnBehalf terms.PartyID `json:"onBehalf"`
	// Gist is at most [MaxGist] bytes, in a stated language; never a quotation.
	Gist terms.Text `json:"gist"`
	// Value is the figure of a statistic, in Unit; each may be empty.
	Value Figure `json:"value"`
	Unit  string `json:"unit"`
}

// MaxGist is the most bytes the gist of a note may have.
const MaxGist = 1_000

func (n Note) check(field string) error {
	switch {
	case n.Gist.Lang == "":
		return es.Invalid("terms.missing", "the language of the gist is missing", "a BCP 47 tag such as en").At(field + "/gist/lang")
	case len(n.Gist.Value) > MaxGist:
		return es.Invalid("source.long_gist", "a gist says it shortly, in own words", fmt.Sprintf("at most %d bytes", MaxGist)).At(field + "/gist/value")
	case n.Unit != "" && n.Value == "":
		return es.Invalid("source.bad_figure", "a unit stands without a figure", "the figure, or no unit").At(field + "/value")
	}
	return terms.First(terms.CheckWord(field+"/kind", n.Kind), terms.CheckText(field+"/gist/value", n.Gist.Value))
}
