package access

import (
	"crypto/sha256"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"math/big"
	"strings"
)

// The parts of an API token, in this order. All after the mark are digits of
// base 62 (0-9, A-Z, a-z), so that a double click selects the whole, and
// ent_[0-9A-Za-z]{57} finds a token that leaked.
const (
	tokenMark   = "ent_" // says what it is
	prefixChars = 8      // names the token: kept in clear, shown in lists
	secretChars = 43     // 256 random bits, most significant digit first
	sumChars    = 6      // CRC-32 (IEEE) of all before, so that a typo is told from a wrong token
	tokenChars  = len(tokenMark) + prefixChars + secretChars + sumChars
)

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// Token is an API token. It hides itself from fmt and slog; [Token.Reveal]
// gives its text, once, to whoever is to use it.
type Token struct{ text string }

// NewToken makes a token of random bytes. It fails if they cannot be read.
func NewToken(random io.Reader) (Token, error) {
	var bytes [prefixChars + 32]byte
	if _, err := io.ReadFull(random, bytes[:]); err != nil {
		return Token{}, fmt.Errorf("make a token: %w", err)
	}
	body := tokenMark + digits(bytes[:prefixChars], prefixChars) + digits(bytes[prefixChars:], secretChars)
	return Token{body + checksum(body)}, nil
}

// ParseToken reads the text of a token. It fails with kind
// [es.ErrUnauthenticated] and code access.bad_token if s cannot be one; no
// error repeats s.
func ParseToken(s string) (Token, error) {
	if len(s) != tokenChars || !strings.HasPrefix(s, tokenMark) || strings.Trim(s[len(tokenMark):], base62) != "" {
		return Token{}, errBadToken
	}
	if body := s[:tokenChars-sumChars]; checksum(body) != s[len(body):] {
		return Token{}, errBadToken
	}
	return Token{s}, nil
}

// Prefix returns the part of t that names it and is no secret.
func (t Token) Prefix() string { return t.text[len(tokenMark) : len(tokenMark)+prefixChars] }

// Reveal returns the text of t: whoever has it is taken for its identity.
func (t Token) Reveal() string { return t.text }

// Hash returns SHA-256 of the text of t, which is what is kept of it. The
// secret has 256 random bits, so that a slow hash would add nothing.
func (t Token) Hash() [sha256.Size]byte { return sha256.Sum256([]byte(t.text)) }

// Format prints a placeholder whatever the verb.
func (Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue hides the token from slog.
func (Token) LogValue() slog.Value { return slog.StringValue(hidden) }

const hidden = "(token)"

// digits returns the last n digits in base 62 of bytes as a big-endian number.
func digits(bytes []byte, n int) string {
	number, base, digit := new(big.Int).SetBytes(bytes), big.NewInt(int64(len(base62))), new(big.Int)
	out := make([]byte, n)
	for i := n - 1; i >= 0; i-- {
		number.DivMod(number, base, digit)
		out[i] = base62[digit.Int64()]
	}
	return string(out)
}

func checksum(body string) string {
	sum := crc32.ChecksumIEEE([]byte(body))
	return digits([]byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)}, sumChars)
}
