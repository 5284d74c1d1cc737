package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// dial opens a connection to the process, on which a test writes what no client
// would.
func (s *hosted) dial() *net.TCPConn {
	s.t.Helper()
	conn, err := (&net.Dialer{}).DialContext(s.t.Context(), "tcp", strings.TrimPrefix(s.url, "http://"))
	require.NoError(s.t, err)
	s.t.Cleanup(func() { _ = conn.Close() })
	require.NoError(s.t, conn.SetDeadline(time.Now().Add(time.Minute)))
	return conn.(*net.TCPConn)
}

// raw sends bytes, and reads the first answer. If they are cut, the other end is told
// that nothing follows.
func (s *hosted) raw(text string, cut bool) (*http.Response, string) {
	s.t.Helper()
	conn := s.dial()
	defer func() { _ = conn.Close() }()
	go func() { // it may answer before it has read all
		_, _ = io.WriteString(conn, text)
		if cut {
			_ = conn.CloseWrite()
		}
	}()
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(s.t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	require.NoError(s.t, err)
	return res, string(body)
}

// goroutines returns how many the process has, as it says itself.
func (s *hosted) goroutines() int {
	s.t.Helper()
	_, text := s.ask("GET", "/metrics", "")
	m := regexp.MustCompile(`(?m)^go_goroutines (\d+)$`).FindStringSubmatch(text)
	require.NotNil(s.t, m)
	n, err := strconv.Atoi(m[1])
	require.NoError(s.t, err)
	return n
}

// TestServeRaw sends a process what is hardly HTTP. What can be read as a request is
// answered with a problem; what cannot is turned away, and nothing is left of it.
func TestServeRaw(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	s := serveLedger(t, data)
	const (
		host    = "Host: localhost\r\n"
		command = host + "Content-Type: application/json\r\nIdempotency-Key: a-key-of-its-own\r\n"
		batch   = host + "Content-Type: application/x-ndjson\r\nIdempotency-Key: a-key-of-a-batch\r\n"
		line    = `{"command":"party.register","payload":` + municipality + `}`
		post    = "POST /v1/party HTTP/1.1\r\n"
		chunked = post + command + "Transfer-Encoding: chunked\r\n\r\n"
	)
	length := func(n int) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n", n) }
	var flood strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&flood, "X-Flood-%d: %d\r\n", i, i)
	}
	before, events := s.goroutines(), count(t, data)
	for name, c := range map[string]struct {
		text   string
		status int
		code   string // "": it was no request, and the answer is plain text
	}{
		"no_http":            {"hello\r\n\r\n", 400, ""},
		"http_0_9":           {"GET /\r\n\r\n", 400, ""},
		"http_1_0":           {"GET /v1/party HTTP/1.0\r\n" + host + "\r\n", 405, "http.bad_method"},
		"http_1_0_no_host":   {"GET /v1/party HTTP/1.0\r\n\r\n", 401, "access.not_local"},
		"http_3":             {"GET / HTTP/3.0\r\n" + host + "\r\n", 505, ""},
		"no_host":            {"GET / HTTP/1.1\r\n\r\n", 400, ""},
		"two_hosts":          {"GET / HTTP/1.1\r\n" + host + host + "\r\n", 400, ""},
		"foreign_target":     {"POST http://evil.example/v1/party HTTP/1.1\r\n" + command + "Content-Length: 0\r\n\r\n", 401, "access.not_local"},
		"connect":            {"CONNECT evil.example:443 HTTP/1.1\r\n" + host + "\r\n", 401, "access.not_local"},
		"trace":              {"TRACE /v1/party HTTP/1.1\r\n" + host + "\r\n", 405, "http.bad_method"},
		"method_of_its_own":  {"BREW /v1/party HTTP/1.1\r\n" + host + "\r\n", 405, "http.bad_method"},
		"header_with_nul":    {"GET / HTTP/1.1\r\n" + host + "X: a\x00b\r\n\r\n", 400, ""},
		"space_before_colon": {"GET / HTTP/1.1\r\n" + host + "X : a\r\n\r\n", 400, ""},
		"header_flood":       {"GET / HTTP/1.1\r\n" + host + flood.String() + "\r\n", 431, ""},
		"two_lengths":        {post + command + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", 400, ""},
		"negative_length":    {post + command + "Content-Length: -1\r\n\r\n", 400, ""},
		"cut_body":           {post + command + length(len(municipality)+1) + municipality, 400, "http.bad_request"},
		"large_body":         {post + command + length(2<<20) + "{}", 413, "http.too_large"},
		"bad_chunk":          {chunked + "zz\r\n{}\r\n0\r\n\r\n", 400, "http.bad_request"},
		"endless_chunk":      {chunked + "ffffffffffffffff1\r\n{}\r\n", 400, "http.bad_request"},
		"cut_chunk":          {chunked + "40\r\n{\"kind\":", 400, "http.bad_request"},
		"cut_chunks":         {chunked + "2\r\n{}\r\n", 400, "http.bad_request"},
		"large_chunk":        {chunked + fmt.Sprintf("%x\r\n%s", 2<<20, strings.Repeat(" ", 2<<20)), 413, "http.too_large"},
		"other_encoding":     {post + command + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501, ""},
		"chunked_in_1_0":     {"POST /v1/party HTTP/1.0\r\n" + command + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400, "terms.bad_word"},
		"key_in_the_trailer": {post + host + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: Idempotency-Key\r\n\r\n" +
			"2\r\n{}\r\n0\r\nIdempotency-Key: a-key-of-its-own\r\n\r\n", 400, "http.no_idempotency_key"},
		"many_keys":         {post + command + "Idempotency-Key: another-key\r\nIdempotency-Key: third-key\r\n" + length(2) + "{}", 400, "http.no_idempotency_key"},
		"two_matches":       {post + command + "If-Match: \"1\"\r\nIf-Match: x\r\n" + length(2) + "{}", 400, "http.bad_request"},
		"cut_batch":         {"POST /v1/batch HTTP/1.1\r\n" + batch + length(len(line)) + line, 400, "http.bad_batch"},
		"cut_batch_on_wire": {"POST /v1/batch HTTP/1.1\r\n" + batch + length(2*len(line)+2) + line + "\n" + line[:20], 400, "http.bad_request"},
	} {
		t.Run(name, func(t *testing.T) {
			res, body := s.raw(c.text, strings.HasPrefix(name, "cut_"))
			require.Equal(t, c.status, res.StatusCode, body)
			if c.code == "" {
				require.True(t, res.Close, "the connection ends")
				return
			}
			require.Equal(t, "application/problem+json", res.Header.Get("Content-Type"))
			require.Contains(t, body, `"code":"`+c.code+`"`)
		})
	}
	t.Run("length_and_chunks", func(t *testing.T) {
		smuggled := post + command + length(len(municipality)) + municipality
		res, body := s.raw(post+command+"Content-Length: "+strconv.Itoa(len(smuggled)+5)+"\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"+smuggled, false)
		require.Equal(t, 400, res.StatusCode, body)
		require.True(t, res.Close, "what follows is no request")
	})
	t.Run("slow_clients", func(t *testing.T) {
		var slow []net.Conn
		for range 200 {
			slow = append(slow, s.dial())
			_, err := io.WriteString(slow[len(slow)-1], "POST /v1/party HTTP/1.1\r\nHost: loc")
			require.NoError(t, err)
		}
		for range 100 {
			slow = append(slow, s.dial())
			_, err := io.WriteString(slow[len(slow)-1], post+command+length(1000)+"{")
			require.NoError(t, err)
		}
		res, text := s.ask("GET", "/livez", "")
		require.Equal(t, 200, res.StatusCode, text)
		res, text = s.ask("POST", "/v1/party?dry_run=true", municipality, "Content-Type", "application/json", "Idempotency-Key", "while-others-wait")
		require.Equal(t, 200, res.StatusCode, text)
		for _, conn := range slow {
			require.NoError(t, conn.Close())
		}
	})
	require.Equal(t, events, count(t, data), "nothing was recorded")
	require.Eventually(t, func() bool { return s.goroutines() <= before+4 }, 30*time.Second, 50*time.Millisecond, "nothing is left of them")
	s.stop()
	require.NotContains(t, s.logged(), "panic")
}
