package tlog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/entente-ledger/entente/domain/es"
)

const (
	sizeType    = "text/x.tlog.size"
	maxAnswer   = 64 << 10 // bytes of a witness's answer
	maxAttempts = 3        // at one checkpoint: a witness says once where it is

	witnessRefused = "tlog.witness_refused"
)

// offer offers a checkpoint to a witness that is thought to know the tree of a
// size, and returns the lines of its cosignatures. What it fails with is an
// alarm ([es.ErrCorrupt]) if the witness does not take the log for one that only
// grows, or saw more of it than there is.
func (d Dir) offer(ctx context.Context, client *http.Client, w Witness, c Checkpoint, old int64) (lines []string, err error) {
	old = min(old, c.Tree.N)
	for range maxAttempts {
		body, err := d.proofFor(c, old)
		if err != nil {
			return nil, err
		}
		a, err := post(ctx, client, w, body)
		if err != nil {
			return nil, err
		}
		switch {
		case a.status == http.StatusOK:
			return w.cosignatures(c, a.text)
		case a.status == http.StatusConflict && a.size > c.Tree.N:
			return nil, behindWitness(w, a.size, c.Tree.N)
		case a.status == http.StatusConflict && a.size >= 0 && a.size != old:
			old = a.size
		case a.status == http.StatusUnprocessableEntity, a.status == http.StatusConflict && old == c.Tree.N:
			return nil, alarm(witnessRefused, fmt.Sprintf("the witness %s refused the checkpoint of %d events, as no continuation of the %d that it saw: %s", w.Name, c.Tree.N, old, a.first()))
		default:
			return nil, witnessFailed(w, fmt.Sprintf("it answered %d: %s", a.status, a.first()))
		}
	}
	return nil, witnessFailed(w, "it says each time that it is elsewhere")
}

func behindWitness(w Witness, saw, have int64) error {
	return behind(fmt.Sprintf("the witness %s saw a checkpoint of %d events, and the last one in the store is of %d", w.Name, saw, have))
}

// witnessFailed says that there is no cosignature, for now.
func witnessFailed(w Witness, why string) error {
	return fmt.Errorf("the witness %s did not cosign: %s", w.Name, why)
}

// proofFor returns what is posted: that the tree of the checkpoint extends that
// of a size.
func (d Dir) proofFor(c Checkpoint, old int64) ([]byte, error) {
	older := tlog.Tree{N: old}
	var err error
	if old > 0 {
		if older.Hash, err = tlog.TreeHash(old, d.hashes(c.Tree.N)); err != nil {
			return nil, fmt.Errorf("prove the log to a witness: %w", err)
		}
	}
	if old == c.Tree.N {
		older = c.Tree
	}
	p, err := d.Consistency(older, c.Tree)
	if err != nil {
		return nil, fmt.Errorf("prove the log to a witness: %w", err)
	}
	return EncodeConsistency(old, p, c), nil
}

// answer is what a witness said.
type answer struct {
	status int
	text   []byte
	size   int64 // that it knows, if it said so; else -1
}

// first returns the beginning of the text, for people.
func (a answer) first() string {
	line, _, _ := bytes.Cut(bytes.TrimSpace(a.text), []byte("\n"))
	return fmt.Sprintf("%.200q", line)
}

func post(ctx context.Context, client *http.Client, w Witness, body []byte) (a answer, err error) {
	to, err := url.JoinPath(w.URL, "add-checkpoint")
	if err != nil {
		return a, witnessFailed(w, err.Error())
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return a, witnessFailed(w, err.Error())
	}
	req.Header.Set("Content-Type", "text/plain; charset=utf-8")
	resp, err := client.Do(req)
	if err != nil {
		return a, fmt.Errorf("offer a checkpoint to the witness %s: %w", w.Name, err)
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	a = answer{status: resp.StatusCode, size: -1}
	if a.text, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer)); err != nil {
		return a, fmt.Errorf("read the answer of the witness %s: %w", w.Name, err)
	}
	if kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); kind == sizeType {
		if n, err := strconv.ParseInt(strings.TrimSuffix(string(a.text), "\n"), 10, 64); err == nil {
			a.size = n
		}
	}
	return a, nil
}

// cosignatures returns those lines of an answer that are cosignatures of a
// checkpoint by the witness; there must be one.
func (w Witness) cosignatures(c Checkpoint, text []byte) ([]string, error) {
	body, _, _ := bytes.Cut(c.Note, []byte("\n\n"))
	n, err := note.Open(fmt.Appendf(nil, "%s\n\n%s", body, text), note.VerifierList(w.verifier))
	if err != nil {
		return nil, witnessFailed(w, "what it answered is no cosignature of its key: "+err.Error())
	}
	var lines []string
	for _, s := range n.Sigs {
		lines = append(lines, signatureLine(s))
	}
	return lines, nil
}

// signatureLine returns a signature as a note has it, without the line's end.
func signatureLine(s note.Signature) string { return "— " + s.Name + " " + s.Base64 }

// isAlarm reports whether an offer failed with what a witness said of the log.
func isAlarm(err error) bool {
	var e *es.Error
	return errors.As(err, &e) && (e.Code == witnessRefused || e.Code == storeBehind)
}
