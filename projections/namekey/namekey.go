// Package namekey says when two names are the same but for the way they are
// written: case, accents, width, spacing; and, more loosely, punctuation or the
// script. It knows nothing of parties.
package namekey

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Of returns the form under which a name is compared and sorted: compatibility
// decomposition (NFKD), Unicode case folding (so that a final sigma is a
// sigma), marks dropped where they are accents or vowel points (Latin, Greek,
// Cyrillic, Hebrew, Arabic), runs of white space as one space. Marks that are
// letters of their own, as in Japanese and the scripts of India, stay. It is
// idempotent.
func Of(name string) string {
	if plain(name) {
		return strings.ToLower(name)
	}
	folded := norm.NFKD.String(strings.ToLower(cases.Fold().String(norm.NFKD.String(name))))
	bare := strings.Map(func(r rune) rune {
		if unicode.Is(accents, r) {
			return -1
		}
		return r
	}, folded)
	return strings.Join(strings.Fields(norm.NFC.String(bare)), " ")
}

// Letters returns the form under which names are the same but for spacing and
// punctuation too: that of [Of] without all that is no letter, mark or number,
// save a space where numbers would run together. A name of nothing else stays
// as [Of] has it.
func Letters(name string) string {
	key := Of(name)
	var b strings.Builder
	apart, number := false, false
	for _, r := range key {
		if !unicode.In(r, unicode.L, unicode.M, unicode.N) {
			apart = true
			continue
		}
		if apart && number && unicode.IsNumber(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		apart, number = false, unicode.IsNumber(r)
	}
	if b.Len() == 0 {
		return key
	}
	return b.String()
}

// plain reports whether name is of ASCII letters and digits and single spaces
// between them, for which lower case is all there is to do.
func plain(name string) bool {
	space := true
	for i := range len(name) {
		switch c := name[i]; {
		case c == ' ' && !space:
			space = true
		case c > ' ' && c < 0x7f:
			space = false
		default:
			return false
		}
	}
	return !space
}

// accents are the marks that are dropped.
var accents = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x0300, Hi: 0x036f, Stride: 1}, // Latin, Greek, Cyrillic
		{Lo: 0x0591, Hi: 0x05bd, Stride: 1}, // Hebrew
		{Lo: 0x05bf, Hi: 0x05bf, Stride: 1},
		{Lo: 0x05c1, Hi: 0x05c2, Stride: 1},
		{Lo: 0x05c4, Hi: 0x05c5, Stride: 1},
		{Lo: 0x0610, Hi: 0x061a, Stride: 1}, // Arabic
		{Lo: 0x0640, Hi: 0x0640, Stride: 1}, // tatweel, which only stretches
		{Lo: 0x064b, Hi: 0x065f, Stride: 1},
		{Lo: 0x0670, Hi: 0x0670, Stride: 1},
	},
}
