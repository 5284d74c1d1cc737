package terms

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/es"
)

// Word is a string type with a closed set of values.
type Word interface {
	~string
	// Words returns the values, in the order a person expects them.
	Words() []string
}

// ReadWord sets w to text, or fails with [es.ErrInvalid] if that is none of
// its words.
func ReadWord[W Word](w *W, text []byte) error {
	*w = W(text)
	if words := (*w).Words(); !slices.Contains(words, string(text)) {
		return es.Invalid("terms.bad_word", fmt.Sprintf("%.80q is not allowed here", text), "one of "+strings.Join(words, ", "))
	}
	return nil
}

// maxKey is the most bytes a key may have.
const maxKey = 64

var keySyntax = regexp.MustCompile(`^([a-z0-9]+(-[a-z0-9]+)*)?$`)

// ReadKey sets k, which names something within an aggregate, to text, or fails
// with [es.ErrInvalid] and a code if that is neither a key nor empty.
func ReadKey[K ~string](code string, k *K, text []byte) error {
	*k = K(text)
	if len(text) > maxKey || !keySyntax.Match(text) {
		return es.Invalid(code, fmt.Sprintf("%.80q is not a key", text),
			fmt.Sprintf("lower-case letters, digits and single hyphens, at most %d bytes", maxKey))
	}
	return nil
}

// CheckWord fails with [es.ErrInvalid] if w is missing. The field is a JSON
// pointer.
func CheckWord[W Word](field string, w W) error {
	if w == "" {
		return es.Invalid("terms.missing", "a value is missing", "one of "+strings.Join(w.Words(), ", ")).At(field)
	}
	return nil
}

// CheckRef fails with [es.ErrInvalid] if a reference is missing. The field is
// a JSON pointer.
func CheckRef[R ~string](field string, ref R) error {
	if ref == "" {
		return es.Invalid("terms.missing", "a reference is missing", "the id of what is meant").At(field)
	}
	return nil
}

// CheckTexts fails with [es.ErrInvalid] unless there is at least one text and
// each has 1 to [MaxText] bytes. The field is a JSON pointer.
func CheckTexts(field string, texts []Text) error {
	if len(texts) == 0 {
		return es.Invalid("terms.missing", "a text is missing", "at least one").At(field)
	}
	for i, t := range texts {
		if err := CheckText(fmt.Sprintf("%s/%d/value", field, i), t.Value); err != nil {
			return err
		}
	}
	return nil
}

// First returns the first error of errs that is not nil.
func First(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
