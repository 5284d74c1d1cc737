package httpapi

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/httpapi/front"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
)

const (
	maxLines = 1000
	ndjson   = "application/x-ndjson"
)

// Line is a command in a batch.
type Line struct {
	Command string         `json:"command"` // memorandum.sign
	Stream  string         `json:"stream"`  // "": opens
	Payload jsontext.Value `json:"payload"`
	Expect  *es.Revision   `json:"expect"`  // if given, the revision the record must be at
	KnownAt string         `json:"knownAt"` // RFC 3339, or ""
}

// LineResult is what became of a line of a batch.
type LineResult struct {
	Line     int              `json:"line"` // from 1
	Status   int              `json:"status"`
	Recorded *Recorded        `json:"recorded"` // null if it was refused
	Problem  *problem.Problem `json:"problem"`  // null if it was not
}

// LineID returns the id of the command in a line, from 1, of the act with an id:
// version 5 of line/N in the name space of the act. What it opens follows from it,
// see [es.NewStream], so that later lines can name it.
func LineID(act uuid.UUID, line int) uuid.UUID {
	return uuid.NewSHA1(act, []byte("line/"+strconv.Itoa(line)))
}

// giveBatch answers POST /v1/batch.
func (a *API) giveBatch(w http.ResponseWriter, r *http.Request) {
	b, err := a.readBatch(r)
	if err != nil {
		a.Refuse(w, r, err)
		return
	}
	var refused error
	if !b.dry {
		_, done, err := a.memory.begin(b.act, b.of)
		if err != nil {
			a.Refuse(w, r, err)
			return
		}
		defer func() { done(refused) }()
	}
	rehearsed, failed, err := a.rehearse(r.Context(), b)
	front.NoteCommand(r.Context(), b.act.String())
	w.Header().Set("Command-Id", b.act.String())
	switch {
	case err != nil:
		a.Refuse(w, r, err)
	case failed:
		refused = problem.BadBatch // nothing was recorded: mended, it can have the same key
		a.refuseBatch(w, r, rehearsed)
	case b.dry:
		w.Header().Set("Content-Type", ndjson)
		for _, one := range rehearsed {
			writeLine(w, one)
		}
	default:
		a.apply(w, r, b)
	}
}

// batch is the lines of a batch, as commands.
type batch struct {
	act   uuid.UUID
	of    [32]byte // hash of the body
	dry   bool
	lines []given
	bad   []error // why a line is no command, by its place; nil if it is one
}

func (a *API) readBatch(r *http.Request) (batch, error) {
	b := batch{}
	key, err := idempotencyKey(r)
	if err != nil {
		return b, err
	}
	who := front.Who(r.Context())
	b.act = CommandID(who.ID, key)
	var shared es.Command
	if err := readQuery(r.URL, &shared); err != nil {
		return b, err
	}
	if !shared.KnownAt.IsZero() || shared.Correlation != uuid.Nil {
		return b, problem.BadRequest.Saying("a batch takes dry_run only; knownAt stands in a line").At("query")
	}
	b.dry = shared.DryRun
	if err := checkMedia(r, ndjson); err != nil {
		return b, err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return b, bodyError(err)
	}
	b.of = sha256.Sum256(body)
	text, whole := strings.CutSuffix(string(body), "\n")
	if !whole {
		return b, problem.BadBody.Saying("the batch is cut: its last line does not end").At("body")
	}
	lines := strings.Split(text, "\n")
	if len(lines) > maxLines {
		return b, problem.BadBody.Saying(fmt.Sprintf("the batch has %d lines", len(lines))).At("body")
	}
	for i, line := range lines {
		g := given{who: who, cmd: es.Command{ID: LineID(b.act, i+1), Actor: who.ID, Correlation: b.act}}
		b.bad = append(b.bad, readLine([]byte(line), &g))
		b.lines = append(b.lines, g)
	}
	return b, nil
}

func readLine(text []byte, g *given) error {
	if err := checkBody(text); err != nil {
		return err
	}
	var l Line
	if err := json.Unmarshal(text, &l, json.RejectUnknownMembers(true)); err != nil {
		return unread(err, "the line is no command")
	}
	g.cmd.Name, g.cmd.Stream, g.cmd.Payload, g.cmd.Expect = l.Command, l.Stream, l.Payload, l.Expect
	if len(l.Payload) == 0 {
		g.cmd.Payload = []byte("{}")
	}
	if l.KnownAt != "" {
		var err error
		if g.cmd.KnownAt, err = time.Parse(time.RFC3339, l.KnownAt); err != nil {
			return problem.BadRequest.Saying("knownAt is no instant").At("/knownAt")
		}
	}
	if g.cmd.Name == "person.register" {
		return g.takeVault()
	}
	return nil
}

// unread says which member of a body cannot be read.
func unread(err error, message string) error {
	e := problem.BadRequest.Saying(message)
	if sem, ok := errors.AsType[*json.SemanticError](err); ok {
		e = e.At(string(sem.JSONPointer))
	}
	return e
}

// rehearse decides all lines, one after the other, on what the ledger holds and
// those before them lead to.
func (a *API) rehearse(ctx context.Context, b batch) (results []LineResult, failed bool, err error) {
	to, err := a.cfg.Rehearse(ctx)
	if err != nil {
		return nil, false, err
	}
	for i, g := range b.lines {
		var res es.Result
		lineErr := b.bad[i]
		if lineErr == nil {
			if g.vault != nil {
				g.cmd.Payload, lineErr = withCommitment(g.cmd.Payload, [32]byte{})
			}
			if lineErr == nil {
				res, lineErr = to.Do(ctx, g.who, g.cmd)
			}
			if g.vault != nil && errors.Is(lineErr, es.ErrReused) {
				lineErr = nil // it was given before; only the vault knows whether it is the same
			}
		}
		if err := ctx.Err(); err != nil {
			return nil, false, err
		}
		g.cmd.DryRun = true
		one := a.lineResult(ctx, i, g, res, lineErr)
		failed = failed || lineErr != nil
		results = append(results, one)
	}
	return results, failed, nil
}

func (a *API) lineResult(ctx context.Context, i int, g given, res es.Result, err error) LineResult {
	if err != nil {
		p, _ := problem.Of(ctx, err)
		if p.Status >= http.StatusInternalServerError {
			a.cfg.Logger.ErrorContext(ctx, "line failed", "request_id", problem.RequestID(ctx), "line", i+1, "error", err)
		}
		return LineResult{Line: i + 1, Status: p.Status, Problem: &p}
	}
	r := recordedAs(g, res)
	status := http.StatusOK
	if opened(res) && !g.cmd.DryRun {
		status = http.StatusCreated
	}
	return LineResult{Line: i + 1, Status: status, Recorded: &r}
}

// refuseBatch answers that nothing was recorded, with what would become of each
// line.
func (a *API) refuseBatch(w http.ResponseWriter, r *http.Request, lines []LineResult) {
	p, _ := problem.Of(r.Context(), problem.BadBatch)
	for _, l := range lines {
		if l.Problem == nil {
			continue
		}
		at := "/" + strconv.Itoa(l.Line-1)
		if len(l.Problem.Errors) > 0 {
			at += l.Problem.Errors[0].Pointer
		}
		p.Errors = append(p.Errors, problem.Detail{Pointer: at, Message: l.Problem.Detail, Want: l.Problem.Want})
	}
	problem.Answer(w, p.Status, struct {
		problem.Problem `json:",inline"`
		Lines           []LineResult `json:"lines"`
	}{p, lines})
}

// apply records the lines one after the other, and answers each as it is recorded.
// A line that fails now, because somebody was faster, does not stop the others.
func (a *API) apply(w http.ResponseWriter, r *http.Request, b batch) {
	w.Header().Set("Content-Type", ndjson)
	w.Header().Set("Cache-Control", "no-store")
	flush := http.NewResponseController(w)
	for i, g := range b.lines {
		res, err := a.do(r.Context(), g)
		if r.Context().Err() != nil {
			return // whoever asked is gone, and goes on with the same key
		}
		writeLine(w, a.lineResult(r.Context(), i, g, res, err))
		_ = flush.Flush() // as far as what is around w can
	}
}

func writeLine(w io.Writer, l LineResult) {
	text, err := json.Marshal(l)
	if err == nil {
		_, _ = w.Write(append(text, '\n')) // whoever asked may be gone
	}
}
