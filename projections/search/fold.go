package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/entente-ledger/entente/projections/namekey"
)

// Fold returns the words of a text as they are compared, with a space between
// them. It is [namekey.Of] and, beyond what counts as the same name, what people
// leave out or mix up when they search: letters with strokes and ligatures are
// plain letters, a dotless i is an i; of the Arabic letters a ta marbuta is a
// ha, an alef maqsura and the Persian ya are a ya, the Persian kaf is a kaf, an
// alef wasla is an alef, as one with a hamza or madda is by its decomposition;
// Arabic digits are digits; marks of format (joiners, soft hyphens) are dropped.
// Whatever is neither letter, mark nor digit ends a word. It is idempotent.
func Fold(text string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(namekey.Of(strings.Map(visible, text)), ends) {
		if !strings.ContainsFunc(word, begins) {
			continue // marks without a letter
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(letters.Replace(word))
	}
	return b.String()
}

func visible(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

func begins(r rune) bool { return unicode.In(r, unicode.L, unicode.N, unicode.Co) }

func ends(r rune) bool { return !begins(r) && !unicode.Is(unicode.M, r) }

// letters are those that have no decomposition, or one that keeps them apart.
var letters = strings.NewReplacer(
	"ł", "l", "ø", "o", "đ", "d", "ħ", "h", "ŧ", "t", "ı", "i", "æ", "ae", "œ", "oe", "ð", "d", "þ", "th",
	"ٱ", "ا", "ة", "ه", "ى", "ي", "ی", "ي", "ک", "ك",
	"٠", "0", "١", "1", "٢", "2", "٣", "3", "٤", "4", "٥", "5", "٦", "6", "٧", "7", "٨", "8", "٩", "9",
	"۰", "0", "۱", "1", "۲", "2", "۳", "3", "۴", "4", "۵", "5", "۶", "6", "۷", "7", "۸", "8", "۹", "9",
)

// gram is the length, in characters, from which on a word is found anywhere.
const gram = 3

// grams returns pieces of gram characters that together are a word of at least
// as many.
func grams(word string) []string {
	var all []string
	r := []rune(word)
	last := len(r) - gram
	for i := 0; i < last; i += gram {
		all = append(all, string(r[i:i+gram]))
	}
	return append(all, string(r[last:]))
}

// pairs returns, for each character of a folded text that is of a script
// without spaces, the character and the one after it in the word, so that words
// of one or two such characters are found anywhere.
func pairs(folded string) string {
	var all []string
	for word := range strings.FieldsSeq(folded) {
		for i, r := range word {
			if unspaced(r) {
				_, size := utf8.DecodeRuneInString(word[i:])
				_, next := utf8.DecodeRuneInString(word[i+size:])
				all = append(all, word[i:i+size+next])
			}
		}
	}
	return strings.Join(all, " ")
}

func unspaced(r rune) bool {
	return r == 'ー' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan, unicode.Yi)
}

// anywhere reports whether a word is found also within words.
func anywhere(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return !short(word) || unspaced(first)
}

func short(word string) bool { return utf8.RuneCountInString(word) < gram }
