package terms

import (
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"

	"github.com/entente-ledger/entente/domain/es"
)

// Visibility says who may see an aggregate.
type Visibility = es.Visibility

// Lang is a BCP 47 language tag in canonical form, with a script where that is
// not the usual one: "el", "ja", "el-Latn". Empty, it is not known.
type Lang string

// UnmarshalText accepts a well-formed tag in canonical form, or nothing.
func (l *Lang) UnmarshalText(text []byte) error {
	*l = Lang(text)
	if len(text) == 0 {
		return nil
	}
	tag, err := language.Parse(string(text))
	if err != nil || tag.String() != string(text) || len(text) > es.MaxNameBytes {
		return es.Invalid("terms.bad_lang", fmt.Sprintf("%.40q is not a language", text), "a BCP 47 tag in canonical form, such as it, el or ja-Latn")
	}
	return nil
}

// Text is a text in one language.
type Text struct {
	Lang  Lang   `json:"lang"`
	Value string `json:"value"`
}

// MaxText is the most bytes a name, title or remark may have.
const MaxText = 10_000

// CheckText fails with [es.ErrInvalid] unless value has 1 to [MaxText] bytes
// and no white space around it. The field is a JSON pointer.
func CheckText(field, value string) error {
	if value == "" || len(value) > MaxText || strings.TrimSpace(value) != value {
		return es.Invalid("terms.bad_text", "a text is missing, too long, or has white space around it",
			fmt.Sprintf("1 to %d bytes", MaxText)).At(field)
	}
	return nil
}

// CheckOptional is [CheckText] for a text that may be missing.
func CheckOptional(field, value string) error {
	if value == "" {
		return nil
	}
	return CheckText(field, value)
}

// CheckOptionalText is [CheckText] for a text in a language that may be missing
// as a whole.
func CheckOptionalText(field string, t Text) error {
	if t == (Text{}) {
		return nil
	}
	return CheckText(field+"/value", t.Value)
}

// Theme is a goal or target of the United Nations' Sustainable Development
// Goals, "sdg:11" or "sdg:13.2", or a term of one's own, "social-inclusion".
type Theme string

var themeSyntax = regexp.MustCompile(`^(sdg:(1[0-7]|[1-9])(\.([1-9][0-9]?|[a-d]))?|[a-z0-9]+(-[a-z0-9]+)*)$`)

// UnmarshalText accepts a theme.
func (t *Theme) UnmarshalText(text []byte) error {
	*t = Theme(text)
	if !themeSyntax.Match(text) || len(text) > es.MaxNameBytes {
		return es.Invalid("terms.bad_theme", fmt.Sprintf("%.80q is not a theme", text),
			"sdg: and a goal or target, or a term of lower-case letters, digits and hyphens")
	}
	return nil
}

// Money is an amount in the minor unit of its currency: cents, yen.
type Money struct {
	Minor    int64    `json:"minor"`
	Currency Currency `json:"currency"`
}

// MaxMinor is the most that one amount may be, in minor units: ten million
// millions of euros. Nine thousand such amounts add up without overflow.
const MaxMinor = 1_000_000_000_000_000

// CheckCurrency fails with [es.ErrInvalid] if c is missing. The field is a JSON
// pointer.
func CheckCurrency(field string, c Currency) error {
	if c == "" {
		return es.Invalid("terms.missing", "a currency is missing", "an ISO 4217 code such as EUR").At(field)
	}
	return nil
}

// Currency is an ISO 4217 code.
type Currency string

// UnmarshalText accepts an ISO 4217 code in upper case.
func (c *Currency) UnmarshalText(text []byte) error {
	*c = Currency(text)
	if unit, err := currency.ParseISO(string(text)); err != nil || unit.String() != string(text) {
		return es.Invalid("terms.bad_currency", fmt.Sprintf("%.20q is not a currency", text), "an ISO 4217 code such as EUR")
	}
	return nil
}
