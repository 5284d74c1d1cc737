package es

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// checkText fails with [ErrInvalid] if the strings of encoded JSON are not in
// Unicode normal form C, or hold NUL or a control that reorders the text
// around it (U+202A to U+202E, U+2066 to U+2069).
func checkText(data []byte) error {
	if !norm.NFC.IsNormal(data) {
		return Invalid("es.not_nfc", "a text is not in Unicode normal form C", "composed characters, as in é rather than e and an accent")
	}
	if i := bytes.IndexFunc(data, isForbidden); i >= 0 {
		r, _ := utf8.DecodeRune(data[i:])
		return Invalid("es.bad_text", fmt.Sprintf("a text holds the control character %U", r), "text without it")
	}
	for i := 0; i < len(data); i++ {
		if data[i] != '\\' {
			continue
		}
		if bytes.HasPrefix(data[i:], []byte(`\u0000`)) {
			return Invalid("es.bad_text", "a text holds the control character U+0000", "text without it")
		}
		i++ // what a backslash escapes is not the beginning of another escape
	}
	return nil
}

func isForbidden(r rune) bool {
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}
