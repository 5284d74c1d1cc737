package httpapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/unicode/norm"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

const (
	maxDepth   = 32
	maxInteger = 1<<53 - 1 // RFC 7493, section 2.2
)

// checkBody fails unless body is one JSON object as every reader understands it
// (RFC 7493): UTF-8, no member twice, no number that loses digits, not nested
// deeply; and its texts are in normal form C without NUL and without controls that
// reorder what is around them. The error names where.
func checkBody(body []byte) error {
	dec := jsontext.NewDecoder(bytes.NewReader(body))
	if dec.PeekKind() != jsontext.KindBeginObject {
		if _, err := dec.ReadToken(); err != nil && !errors.Is(err, io.EOF) {
			return badJSON(err)
		}
		return problem.BadJSON
	}
	for {
		token, err := dec.ReadToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return badJSON(err)
		}
		if err := checkToken(token, dec); err != nil {
			return err
		}
		if dec.StackDepth() > 0 {
			continue
		}
		if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
			return problem.BadJSON.Saying("something follows the JSON object")
		}
		return nil
	}
}

func checkToken(token jsontext.Token, dec *jsontext.Decoder) error {
	at := func() string { return string(dec.StackPointer()) }
	switch token.Kind() {
	case jsontext.KindBeginObject, jsontext.KindBeginArray:
		if dec.StackDepth() > maxDepth {
			return problem.TooDeep.At(at())
		}
	case jsontext.KindNumber:
		if n, err := strconv.ParseFloat(token.String(), 64); err != nil || math.Abs(n) > maxInteger {
			return problem.BigNumber.At(at())
		}
	case jsontext.KindString:
		return checkString(token.String(), at)
	}
	return nil
}

func checkString(text string, at func() string) error {
	for _, r := range text {
		if r == 0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return es.Invalid("es.bad_text", fmt.Sprintf("a text holds the control character %U", r), "text without it").At(at())
		}
	}
	if !norm.NFC.IsNormalString(text) {
		return es.Invalid("es.not_nfc", "a text is not in Unicode normal form C", "composed characters, as in é rather than e and an accent").At(at())
	}
	return nil
}

// badJSON says where a text stops being JSON, in words without Go's.
func badJSON(err error) error {
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return problem.BadJSON.Saying(fmt.Sprintf("the body is not valid JSON at byte %d: %v", syntax.ByteOffset, syntax.Err)).At(string(syntax.JSONPointer))
	}
	return problem.BadJSON
}
