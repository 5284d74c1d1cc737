package namekey

import (
	"strings"
	"unicode"

	"github.com/mozillazg/go-unidecode"
	"golang.org/x/text/unicode/norm"
)

// fewest is how many letters a sound has at least: shorter ones say nothing.
const fewest = 3

// Sound returns roughly how a name sounds, in Latin letters and digits, and the
// script of its first letter as [unicode.Scripts] names it. What spellings of
// one name in Latin letters usually differ in is left out: doubled letters, e
// or i or y or j, o or u, c or k or q, h or kh or ch or g, f or ph or v or w, s
// or z, an h after another consonant. So names that are spelt quite differently
// can have one sound, which says something only of names in different scripts.
//
// The sound is "" if it has fewer than three letters. It is of little use where
// vowels are not written (Arabic, Hebrew) and for Japanese names in Han
// characters, which are read as Chinese.
func Sound(name string) (sound, script string) {
	key := Of(carons.Replace(strings.ToLower(norm.NFC.String(name))))
	script = scriptOf(key)
	roman := strings.ToLower(unidecode.Unidecode(greek.Replace(key)))
	spelt := make([]byte, 0, len(roman))
	letters := 0
	for _, c := range []byte(likeness.Replace(roman)) {
		for c == 'i' && len(spelt) > 0 && (spelt[len(spelt)-1] == 'a' || spelt[len(spelt)-1] == 'o') {
			spelt = spelt[:len(spelt)-1] // ai, oi, ei
			letters--
		}
		switch letter := 'a' <= c && c <= 'z'; {
		case letter && len(spelt) > 0 && spelt[len(spelt)-1] == c:
		case letter:
			letters++
			spelt = append(spelt, c)
		case '0' <= c && c <= '9':
			spelt = append(spelt, c)
		}
	}
	if letters < fewest {
		return "", script
	}
	return string(spelt), script
}

// carons spells out the letters of Latin alphabets that lose their sound with
// their mark.
var carons = strings.NewReplacer("č", "ch", "ć", "ch", "đ", "dj")

// greek spells out the Greek letters that are written in Latin ones by their
// sound and not one by one.
var greek = strings.NewReplacer(
	"ου", "ou", "αυ", "av", "ευ", "ev", "υ", "y", "β", "v", "γγ", "ng", "γχ", "nch",
)

// likeness puts one letter for all that stand for the same in one or the other
// way of transliterating.
var likeness = strings.NewReplacer(
	"tsch", "h", "tsh", "h", "tch", "h", "ch", "h", "kh", "h", "gh", "h", "g", "h",
	"th", "t", "dh", "d", "rh", "r", "sh", "s", "zh", "s", "z", "s",
	"ph", "v", "f", "v", "w", "v", "x", "ks", "c", "k", "q", "k",
	"e", "i", "y", "i", "j", "i", "u", "o",
)

// scriptOf returns the script of the first letter that is of one, or "".
func scriptOf(text string) string {
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		if 'a' <= r && r <= 'z' {
			return "Latin"
		}
		for name, table := range unicode.Scripts {
			if unicode.Is(table, r) && name != "Common" && name != "Inherited" {
				return name
			}
		}
	}
	return ""
}
