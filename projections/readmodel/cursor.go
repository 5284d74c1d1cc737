package readmodel

import (
	"encoding/base64"

	"github.com/go-json-experiment/json"

	"github.com/entente-ledger/entente/domain/es"
)

// Cursor is the place after an item of a list: what the list is sorted by, and
// the stream among equals.
type Cursor struct {
	Sort   string `json:"s"`
	Day    int64  `json:"d"`
	Stream string `json:"i"`
}

// String returns the cursor as a text that holds nothing but letters, digits,
// hyphens and underscores.
func (c Cursor) String() string {
	text, err := json.Marshal(c)
	if err != nil {
		return "" // its strings come out of SQLite and are UTF-8
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// ParseCursor reads what [Cursor.String] wrote, and "" as the zero Cursor. It
// fails with [es.ErrInvalid].
func ParseCursor(s string) (Cursor, error) {
	var c Cursor
	if s == "" {
		return c, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(text, &c, json.RejectUnknownMembers(true))
	}
	if err != nil {
		return Cursor{}, es.Invalid("readmodel.bad_cursor", "this does not continue a list", "the cursor that came with the page before")
	}
	return c, nil
}

// MaxLimit is the most items in one answer.
const MaxLimit = 1000

// Limit returns how many items an answer has at most if n are asked for: n from
// 1 to [MaxLimit], else that.
func Limit(n int) int {
	if n <= 0 {
		return MaxLimit
	}
	return min(n, MaxLimit)
}
