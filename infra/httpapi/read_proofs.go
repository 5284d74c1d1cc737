package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"sort"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/httpapi/front"
	"github.com/entente-ledger/entente/infra/httpapi/problem"
	"github.com/entente-ledger/entente/infra/tlog"
	"github.com/entente-ledger/entente/projections"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// mayAudit fails unless the policy lets what r is about be audited, or the log is
// everybody's.
func (a *API) mayAudit(r *http.Request, about access.Request) error {
	if a.cfg.LogIsPublic && about.Stream == "" {
		return nil
	}
	about.Who, about.Action = front.Who(r.Context()), access.Audit
	return a.cfg.Permissions.Allow(r.Context(), about)
}

// sealed returns the checkpoint that is published.
func (a *API) sealed(r *http.Request) (tlog.Checkpoint, error) {
	if err := a.mayAudit(r, access.Request{}); err != nil {
		return tlog.Checkpoint{}, err
	}
	return a.lastCheckpoint()
}

func (a *API) lastCheckpoint() (tlog.Checkpoint, error) {
	keys, err := a.chain()
	if err != nil {
		return tlog.Checkpoint{}, err
	}
	text, err := published(a.cfg.Log.Published())
	if err != nil {
		return tlog.Checkpoint{}, err
	}
	return keys.Checkpoint(text)
}

// published says of what is not there that nothing is sealed yet.
func published(text []byte, err error) ([]byte, error) {
	if errors.Is(err, fs.ErrNotExist) {
		return nil, problem.NotSealed.With("Retry-After", "1")
	}
	return text, err
}

// receipt returns the proof that an event is in the log.
func (a *API) receipt(r *http.Request) (text []byte, err error) {
	place, err := a.placeOf(r)
	if err != nil {
		return nil, err
	}
	c, err := a.lastCheckpoint()
	if err != nil {
		return nil, err
	}
	if int64(place.Sequence) >= c.Tree.N {
		return nil, problem.NotSealed.With("Retry-After", "1")
	}
	proof, err := a.cfg.Log.Receipt(int64(place.Sequence), c)
	if err != nil {
		return nil, err
	}
	return proof.Encode(), nil
}

// storedEvent returns an event as it is stored.
func (a *API) storedEvent(r *http.Request) ([]byte, error) {
	place, err := a.placeOf(r)
	if err != nil {
		return nil, err
	}
	for rec, err := range a.cfg.Store.ReadStream(r.Context(), place.Stream, place.Revision-1) {
		if err != nil {
			return nil, err
		}
		return tlog.EventOf(a.cfg.Ledger, rec).Encode()
	}
	return nil, problem.NoRecord
}

// placeOf returns where the event stands that the path names, or fails with
// [problem.NoRecord], also if whoever asks may not audit it. If the views do not
// have it they are given the time to learn of it: the answer to a command leads here.
func (a *API) placeOf(r *http.Request) (place history.Place, err error) {
	id, err := uuid.Parse(r.PathValue("event"))
	if err != nil {
		return place, wanting(problem.BadID, "a whole UUID, as /v1/events shows").At("path event")
	}
	find := func(conn *sqlite.Conn, _ projections.Checkpoint) error {
		place, err = history.Find(conn, id, readmodel.At{}) // whether it is there; who may know of it is decided next
		if err != nil {
			return err
		}
		return a.mayProve(r, conn, place.Stream)
	}
	err = a.cfg.Views.Read(r.Context(), find)
	if errors.Is(err, noEvent) {
		if err := a.upToDate(r.Context()); err != nil {
			return place, err
		}
		err = a.cfg.Views.Read(r.Context(), find)
	}
	if errors.Is(err, noEvent) {
		err = problem.NoRecord
	}
	return place, notReady(err)
}

var noEvent = &es.Error{Code: "history.no_event"}

// mayProve fails with [problem.NoRecord] if whoever asks may not audit a stream.
func (a *API) mayProve(r *http.Request, conn *sqlite.Conn, stream string) error {
	sight, err := readmodel.Visibility(conn, stream)
	if err != nil {
		return err
	}
	about := access.Request{Kind: answers.KindOf(stream), Stream: stream, Visibility: sight}
	if err := a.mayAudit(r, about); errors.Is(err, es.ErrDenied) {
		return problem.NoRecord
	} else if err != nil {
		return err
	}
	if sight != es.Restricted {
		return nil
	}
	about.Who, about.Action = front.Who(r.Context()), access.Audit
	return a.note(r.Context(), about, "audit.receipt")
}

// chain returns the keys that the log had.
func (a *API) chain() (tlog.Chain, error) {
	text, err := published(a.cfg.Log.PublishedChain())
	if err != nil {
		return tlog.Chain{}, err
	}
	return tlog.ParseChain(text)
}

// keptCheckpoint returns the checkpoint of as many events as the path says.
func (a *API) keptCheckpoint(r *http.Request) ([]byte, error) {
	if err := a.mayAudit(r, access.Request{}); err != nil {
		return nil, err
	}
	size, err := strconv.ParseInt(r.PathValue("size"), 10, 64)
	if err != nil || size < 0 {
		return nil, wanting(problem.BadRequest.Saying("this is no number of events"), "a number from 0").At("path size")
	}
	c, err := a.checkpointOf(r.Context(), size)
	return c.Note, err
}

// checkpointOf returns the checkpoint of a number of events that the log of now
// has, or fails with [problem.NoRecord]. Their sizes grow with their revisions.
func (a *API) checkpointOf(ctx context.Context, size int64) (tlog.Checkpoint, error) {
	chain, err := a.chain()
	if err != nil {
		return tlog.Checkpoint{}, err
	}
	first := chain.Current().After
	at := func(n int) (c tlog.Checkpoint, found bool) {
		for r, readErr := range a.cfg.Store.ReadStream(ctx, tlog.CheckpointStream, first+es.Revision(n)) {
			if err = readErr; err == nil {
				c, err = chain.Stored(r)
			}
			return c, err == nil
		}
		return c, false
	}
	end := 1
	for c, found := at(end); found && c.Tree.N < size; c, found = at(end) {
		end *= 2
	}
	i := sort.Search(end, func(n int) bool {
		c, found := at(n)
		return !found || c.Tree.N >= size
	})
	c, found := at(i)
	if err != nil {
		return tlog.Checkpoint{}, fmt.Errorf("look for a checkpoint: %w", err)
	}
	if !found || c.Tree.N != size {
		return tlog.Checkpoint{}, problem.NoRecord.Saying("no checkpoint was made of as many events")
	}
	return c, nil
}

// consistency returns the proof that the log has only grown.
func (a *API) consistency(r *http.Request) ([]byte, error) {
	last, err := a.sealed(r)
	if err != nil {
		return nil, err
	}
	q := &asked{r: r, given: r.URL.Query()}
	if !q.has("from") {
		return nil, bad("from", "it is not said of how many events", "a number from 0")
	}
	from, err := q.sequence("from")
	if err != nil {
		return nil, err
	}
	newer := last
	if q.has("to") {
		to, err := q.sequence("to")
		if err != nil {
			return nil, err
		}
		if newer, err = a.checkpointOf(r.Context(), int64(to)); err != nil {
			return nil, err
		}
	}
	older, err := a.cfg.Log.Tree(int64(from), newer.Tree.N)
	if err != nil {
		return nil, inQuery("from", err)
	}
	p, err := a.cfg.Log.Consistency(older, newer.Tree)
	if err != nil {
		return nil, err
	}
	return tlog.EncodeConsistency(older.N, p, newer), nil
}

// Witnesses is what witnesses say of the log.
type Witnesses struct {
	Alarms []tlog.Alarm `json:"alarms"` // that nobody acknowledged
	// Witnessed is the last checkpoint that as many witnesses cosigned as must, with
	// the cosignatures; "" if there is none.
	Witnessed string `json:"witnessed"`
}

func (a *API) witnesses(r *http.Request) ([]byte, error) {
	if err := a.mayAudit(r, access.Request{}); err != nil {
		return nil, err
	}
	alarms, err := tlog.Alarms(r.Context(), a.cfg.Store)
	if err != nil {
		return nil, err
	}
	note, err := os.ReadFile(filepath.Join(string(a.cfg.Log), "witnessed"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read what is witnessed: %w", err)
	}
	return json.Marshal(Witnesses{alarms, string(note)}, json.Deterministic(true))
}
