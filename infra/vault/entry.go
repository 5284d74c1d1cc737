package vault

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/entente-ledger/entente/domain/es"
)

// Limits of an [Entry], in bytes of UTF-8.
const (
	MaxNameBytes    = 1 << 10
	MaxLangBytes    = 64
	MaxContactBytes = 4 << 10
)

// hidden stands for an entry wherever it would be printed.
const hidden = "(personal data)"

// Entry is what is kept of a person, byte for byte as given: two entries are
// the same if all their bytes are.
type Entry struct {
	Name     string // required
	NameLang string // BCP 47 tag of Name, "" if not known
	Contact  string // address, telephone, whatever reaches the person; may be ""
}

// Format prints a placeholder whatever the verb, so that no entry reaches a
// log or a message by way of fmt.
func (Entry) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue hides the entry from slog.
func (Entry) LogValue() slog.Value { return slog.StringValue(hidden) }

// Validate returns an error of kind [es.ErrInvalid] and code vault.bad_entry
// if e has no name, is not UTF-8, is beyond the limits, or has a language that
// is not a BCP 47 tag. The error does not repeat what e says.
func (e Entry) Validate() error {
	for _, f := range []struct {
		pointer, text string
		most          int
	}{
		{"/name", e.Name, MaxNameBytes},
		{"/nameLang", e.NameLang, MaxLangBytes},
		{"/contact", e.Contact, MaxContactBytes},
	} {
		if len(f.text) > f.most || !utf8.ValidString(f.text) {
			return badEntry(f.pointer, "a field is too long or not UTF-8", fmt.Sprintf("at most %d bytes of UTF-8", f.most))
		}
	}
	if strings.TrimSpace(e.Name) == "" {
		return badEntry("/name", "a person has no name", "a name")
	}
	if e.NameLang == "" {
		return nil
	}
	if _, err := language.Parse(e.NameLang); err != nil {
		return badEntry("/nameLang", "the language of a name is not known", "a BCP 47 tag, such as uk or sr-Latn")
	}
	return nil
}

func badEntry(field, message, want string) error {
	return es.Invalid("vault.bad_entry", message, want).At(field)
}
