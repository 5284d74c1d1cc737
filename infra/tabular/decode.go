package tabular

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode"

	"golang.org/x/text/encoding"
	xunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// ahead is how many bytes are looked at before the first line is read.
const ahead = 64 << 10

// isSpace reports white space, no-break spaces included, and a byte order mark
// that joining files has left inside.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' }

// decode returns r's text in UTF-8, without its byte order mark; enc is nil for
// UTF-8. Bytes that mean nothing in enc become U+FFFD; of UTF-8 they stay. If
// the first line ends in CR alone, as files of old Macintoshes do, each CR
// becomes LF.
func decode(r io.Reader, enc encoding.Encoding) (*bufio.Reader, error) {
	var decoder transform.Transformer = transform.Nop
	if enc != nil {
		decoder = enc.NewDecoder()
	}
	text := bufio.NewReaderSize(transform.NewReader(r, xunicode.BOMOverride(decoder)), ahead)
	start, err := text.Peek(ahead)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if start := bytes.TrimSuffix(start, []byte("\r")); bytes.IndexByte(start, '\r') >= 0 && bytes.IndexByte(start, '\n') < 0 {
		return bufio.NewReaderSize(macLines{text}, ahead), nil
	}
	return text, nil
}

// macLines reads CR as LF.
type macLines struct{ r io.Reader }

func (m macLines) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	for i := range p[:n] {
		if p[i] == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

var errTooLong = fmt.Errorf("more than %d MiB without an end", MaxLine>>20)

// source is read by a parser that looks for an end. It hands out no more than
// left bytes, and then fails with errTooLong.
type source struct {
	r     io.Reader
	left  int
	read  int64
	ended bool
}

func (s *source) Read(p []byte) (int, error) {
	if s.left <= 0 {
		return 0, errTooLong
	}
	n, err := s.r.Read(p[:min(len(p), s.left)])
	s.left -= n
	s.read += int64(n)
	s.ended = s.ended || errors.Is(err, io.EOF)
	return n, err
}
