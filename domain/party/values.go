package party

import (
	"fmt"
	"strings"

	"golang.org/x/text/language"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Kind says what a party is.
type Kind string

// Words returns the kinds.
func (Kind) Words() []string {
	return []string{
		"municipality", "region", "state", "government", "ministry", "igo", "ngo", "network",
		"forum", "initiative", "university", "company", "unit", "class",
	}
}

// UnmarshalText accepts one of the kinds.
func (k *Kind) UnmarshalText(text []byte) error { return terms.ReadWord(k, text) }

// Use says what a name is for.
type Use string

// Words returns the uses.
func (Use) Words() []string {
	return []string{"official", "short", "former", "exonym", "transliteration", "translation"}
}

// UnmarshalText accepts one of the uses.
func (u *Use) UnmarshalText(text []byte) error { return terms.ReadWord(u, text) }

// Relation says how a party stands to another.
type Relation string

// Words returns the relations.
func (Relation) Words() []string {
	return []string{"unit_of", "initiative_of", "located_in", "owned_by", "hosted_by", "represents"}
}

// UnmarshalText accepts one of the relations.
func (r *Relation) UnmarshalText(text []byte) error { return terms.ReadWord(r, text) }

// Scheme names a register of identifiers.
type Scheme string

// Words returns the schemes.
func (Scheme) Words() []string {
	return []string{"wikidata", "geonames", "unlocode", "iso3166-2", "lau", "ror", "other"}
}

// UnmarshalText accepts one of the schemes.
func (s *Scheme) UnmarshalText(text []byte) error { return terms.ReadWord(s, text) }

// Country is an ISO 3166-1 alpha-2 code, or empty.
type Country string

// UnmarshalText accepts an assigned code in upper case, or nothing.
func (c *Country) UnmarshalText(text []byte) error {
	*c = Country(text)
	if len(text) == 0 {
		return nil
	}
	region, err := language.ParseRegion(string(text))
	if err != nil || len(text) != 2 || region.String() != string(text) || !region.IsCountry() {
		return es.Invalid("party.bad_country", fmt.Sprintf("%.20q is not a country", text), "an ISO 3166-1 code of two capital letters such as IT")
	}
	return nil
}

// Name is a name of a party, in the script it is written in.
type Name struct {
	Text terms.Text `json:"text"`
	Use  Use        `json:"use"`
	// Until is when it ceased to be used; unknown if it is in use.
	Until edtf.Date `json:"until"`
}

// Identifier is a party's key in a register of somebody else.
type Identifier struct {
	Scheme Scheme `json:"scheme"`
	Value  string `json:"value"`
}

func (i Identifier) check(field string) error {
	if err := terms.CheckWord(field+"/scheme", i.Scheme); err != nil {
		return err
	}
	if strings.ContainsAny(i.Value, " \t\n") {
		return es.Invalid("party.bad_identifier", "an identifier holds white space", "the bare key, such as Q3415").At(field + "/value")
	}
	return terms.CheckText(field+"/value", i.Value)
}

func (n Name) check(field string) error {
	if err := terms.CheckWord(field+"/use", n.Use); err != nil {
		return err
	}
	return terms.CheckText(field+"/text/value", n.Text.Value)
}
