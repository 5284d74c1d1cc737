package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/httpapi/front"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
	"github.com/entente-ledger/entente/infra/vault"
)

// Recorded is the answer to a command.
type Recorded struct {
	Stream   string      `json:"stream"`   // the record that the command is about
	Revision es.Revision `json:"revision"` // the revision that the record is at after the command
	Repeated bool        `json:"repeated"` // the events are those of an earlier, equal command
	DryRun   bool        `json:"dryRun"`   // nothing was recorded: the events are those that would be
	Events   []Event     `json:"events"`   // what was recorded, in order; none if the command changes nothing
}

// Event is an event as it is stored.
type Event struct {
	Revision es.Revision    `json:"revision"` // its place in the record, from 1
	ID       uuid.UUID      `json:"id"`       // its permanent id
	Type     string         `json:"type"`     // its stored name
	Schema   int            `json:"schema"`   // the schema of its data, from 1
	Data     jsontext.Value `json:"data"`     // what it says, see docs/events.md
	Meta     jsontext.Value `json:"meta"`     // who recorded it, when, and because of which command
	Receipt  string         `json:"receipt"`  // where the proof is found that it is in the transparency log; empty in a dry run
}

func recordedAs(g given, res es.Result) Recorded {
	out := Recorded{res.Stream, res.Revision, res.Repeated, g.cmd.DryRun, []Event{}}
	for _, e := range res.Events {
		one := Event{e.Revision, e.ID, e.Type, e.Schema, e.Data, e.Meta, ""}
		if !g.cmd.DryRun {
			one.Receipt = "/v1/audit/receipts/" + e.ID.String()
		}
		out.Events = append(out.Events, one)
	}
	return out
}

// opened reports whether a command opened its record.
func opened(res es.Result) bool { return len(res.Events) > 0 && res.Events[0].Revision == 1 }

// do gives a command to the ledger, and says what a failed If-Match means.
func (a *API) do(ctx context.Context, g given) (es.Result, error) {
	return a.doWith(ctx, a.cfg.Recorder, g)
}

func (a *API) doWith(ctx context.Context, to Recorder, g given) (res es.Result, err error) {
	ctx, span := a.cfg.Tracer.Start(ctx, "command "+g.cmd.Name)
	span.SetAttributes(attribute.String("command_id", g.cmd.ID.String()))
	began := time.Now()
	defer func() {
		if err != nil {
			span.SetStatus(codes.Error, "refused")
		}
		span.End()
		a.cfg.Heard(g.cmd.Name, time.Since(began), err)
	}()
	if g.vault != nil {
		if err := a.commit(ctx, to, &g); err != nil {
			return es.Result{}, err
		}
	}
	res, err = to.Do(ctx, g.who, g.cmd)
	if errors.Is(err, es.ErrConflict) && g.cmd.Expect != nil {
		return a.conflict(ctx, to, g, err)
	}
	err = proposable(err, g.cmd.Name)
	if err == nil && g.cmd.Name == "person.erase" && !g.cmd.DryRun && a.cfg.Vault != nil {
		err = a.erase(ctx, res.Stream)
	}
	if err == nil {
		a.traceProjection(ctx, res)
	}
	return res, err
}

// erase has the vault destroy what it keeps of a person whom the ledger now says is
// erased. If that fails the command is not done: given again it is tried again, as
// it is when the vault is next opened.
func (a *API) erase(ctx context.Context, person string) error {
	_, id, err := es.ParseStream(person)
	if err != nil {
		return err
	}
	if err := a.cfg.Vault.Erase(ctx, id); err != nil {
		return fmt.Errorf("erase %s, of whom it is recorded: %v", person, err) //nolint:errorlint // it is recorded, so it was not refused
	}
	return nil
}

// conflict says why the record is not at the revision that was expected: 404 if
// there is none, 428 if it was to be opened and is there, 412 if it moved on. If
// one of several tags fits, the command is given on that revision.
func (a *API) conflict(ctx context.Context, to Recorder, g given, err error) (es.Result, error) {
	stream := g.cmd.Stream
	if s, e := ledger.StreamOf(g.cmd); e == nil {
		stream = s
	}
	if g.about != "" {
		stream = g.about
	}
	now, readErr := a.revision(ctx, stream)
	switch {
	case readErr != nil:
		return es.Result{}, readErr
	case now == *g.cmd.Expect:
		return es.Result{}, err // somebody was faster all the time
	case now == 0:
		return es.Result{}, problem.NoRecord
	case !g.match:
		return es.Result{}, problem.NoMatch.Saying("there is such a record already: " + stream).Now(now).At("header If-Match")
	}
	for i, tag := range g.tags {
		if i > 0 && revisionOf(tag) == now {
			g.cmd.Expect, g.tags = &now, nil
			return a.doWith(ctx, to, g)
		}
	}
	return es.Result{}, problem.Stale.Now(now).At("header If-Match")
}

// revision returns the revision that a stream is at, 0 if there is none.
func (a *API) revision(ctx context.Context, stream string) (es.Revision, error) {
	last := es.Revision(0)
	for r, err := range a.cfg.Store.ReadStream(ctx, stream, 0) {
		if err != nil {
			return 0, fmt.Errorf("read %s: %w", stream, err)
		}
		last = r.Revision
	}
	return last, nil
}

// commit has the vault keep a person, and the command hold the commitment to what
// it keeps. First it is tried whether the ledger would take the command, so that
// nothing is kept for one that fails.
func (a *API) commit(ctx context.Context, to Recorder, g *given) error {
	if a.cfg.Vault == nil {
		return problem.NotKept.At("/vault")
	}
	plain, probe := g.cmd.Payload, g.cmd
	probe.DryRun = true
	var err error
	if probe.Payload, err = withCommitment(plain, vault.Commitment{}); err != nil {
		return err
	}
	if g.cmd.DryRun {
		g.cmd.Payload = probe.Payload
		return nil
	}
	if _, err := to.Do(ctx, g.who, probe); err != nil && !errors.Is(err, es.ErrReused) {
		return err
	}
	_, person, err := es.ParseStream(es.NewStream("person", g.cmd.ID))
	if err != nil {
		return err
	}
	commitment, err := a.cfg.Vault.Put(ctx, person, *g.vault)
	if err != nil {
		return err
	}
	g.cmd.Payload, err = withCommitment(plain, commitment)
	return err
}

func withCommitment(payload []byte, c vault.Commitment) ([]byte, error) {
	members := map[string]jsontext.Value{}
	if err := json.Unmarshal(payload, &members); err != nil {
		return nil, badJSON(err)
	}
	members["commitment"] = jsontext.Value(`"` + c.String() + `"`)
	text, err := json.Marshal(members, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("add the commitment: %w", err)
	}
	return text, nil
}

// answer answers what a command led to.
func (a *API) answer(w http.ResponseWriter, r *http.Request, g given, res es.Result, err error, replayed bool) {
	front.NoteCommand(r.Context(), g.cmd.ID.String())
	h := w.Header()
	h.Set("Command-Id", g.cmd.ID.String())
	if replayed {
		h.Set("Idempotency-Replayed", "true")
	}
	if err != nil {
		a.Refuse(w, r, err)
		return
	}
	status := http.StatusOK
	if !g.cmd.DryRun {
		h.Set("ETag", ETag(res.Revision))
		if res.Position > 0 {
			h.Set("Ledger-Position", Token(a.cfg.Ledger, res.Position))
		}
		if opened(res) {
			status = http.StatusCreated
			h.Set("Location", "/v1/"+kindOf(g.cmd.Name)+"/"+res.Stream)
		}
	}
	a.write(w, r, status, recordedAs(g, res))
}

// write answers with JSON.
func (a *API) write(w http.ResponseWriter, r *http.Request, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		a.Refuse(w, r, fmt.Errorf("write the answer: %w", err))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // whoever asked may be gone
}
