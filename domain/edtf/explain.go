package edtf

import (
	"fmt"
	"strconv"
	"strings"
)

// explain completes a parse error with the text and a hint at usual mistakes.
func explain(s string, err error) error {
	if h := hint(s); h != "" {
		return fmt.Errorf("parse date %s: %w (%s)", quote(s), err, h)
	}
	return fmt.Errorf("parse date %s: %w", quote(s), err)
}

func hint(s string) string {
	_, basic := number(s)
	switch {
	case strings.ContainsAny(s, " \t\r\n\u00a0"):
		return "a date has no spaces"
	case strings.ContainsAny(s, "\u2010\u2011\u2012\u2013\u2014\u2212"):
		return "the dash is a plain hyphen"
	case strings.ContainsAny(s, "xtz"):
		return "X, T and Z are capitals"
	case strings.HasPrefix(s, "{"):
		return "one of several dates is written with [ and ]"
	case basic && len(s) == len("20180424"):
		return "write " + s[:4] + "-" + s[4:6] + "-" + s[6:]
	}
	return ""
}

// quote quotes s, cut short if it is long.
func quote(s string) string {
	const enough = 64
	if len(s) > enough {
		return strconv.Quote(s[:enough]) + "..."
	}
	return strconv.Quote(s)
}
