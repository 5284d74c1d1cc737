package esdbwire

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
)

const (
	metaPrefix = "$$"
	metaType   = "$metadata"
	linkType   = "$>"
)

// settings are those of a stream that this server heeds, in the JSON of its
// last $metadata event.
type settings struct {
	MaxCount *int64 `json:"$maxCount"` // records to show, from the last one
	MaxAge   *int64 `json:"$maxAge"`   // seconds for which a record is shown
	Truncate *int64 `json:"$tb"`       // the first number to show
}

// view is what of a stream is to be seen.
type view struct {
	last   es.Revision // of the stream, 0 if there is none
	sealed bool
	first  es.Revision // that is shown
	oldest int64       // in ticks: what was created before is not shown
}

// deleted reports whether the stream was deleted and has no event since.
func (v view) deleted() bool { return v.sealed || v.first > v.last }

// shows reports whether a record is to be seen, but for its seal.
func (v view) shows(e *event) bool {
	return e.Revision >= v.first && (v.oldest == 0 || e.created >= v.oldest) && !embedded.IsSeal(e.Record)
}

// view returns what of a stream is to be seen. All of a stream of the ledger's
// is, and the last of the settings of a stream.
func (s *Server) view(ctx context.Context, stream string) (v view, err error) {
	for r, err := range s.log.ReadStreamBack(ctx, stream, math.MaxInt64) {
		if err != nil {
			return v, err
		}
		v.last, v.sealed = r.Revision, embedded.IsSeal(r)
		break
	}
	v.first = 1
	switch {
	case isOwn(stream):
		return v, nil
	case strings.HasPrefix(stream, metaPrefix):
		v.first = max(v.last, 1)
		return v, nil
	}
	set, err := s.settings(ctx, stream)
	if err != nil {
		return v, err
	}
	if n := set.Truncate; n != nil && *n > 0 {
		v.first = es.Revision(min(*n, math.MaxInt64-1)) + 1
	}
	if n := set.MaxCount; n != nil && *n > 0 && es.Revision(*n) < v.last {
		v.first = max(v.first, v.last-es.Revision(*n)+1)
	}
	if n := set.MaxAge; n != nil && *n > 0 {
		age := time.Duration(min(*n, int64(math.MaxInt64/time.Second))) * time.Second
		v.oldest = ticks(s.opts.Now().Add(-age))
	}
	return v, nil
}

// settings returns those of a stream; what is not of the form counts as none,
// as in EventStoreDB.
func (s *Server) settings(ctx context.Context, stream string) (set settings, err error) {
	for r, err := range s.log.ReadStreamBack(ctx, metaPrefix+stream, math.MaxInt64) {
		if err != nil {
			return set, err
		}
		if json.Unmarshal(r.Data, &set) != nil {
			set = settings{}
		}
		break
	}
	return set, nil
}

// truncate has a stream shown from a number on, keeping its other settings.
func (s *Server) truncate(ctx context.Context, stream string, from es.Revision) (embedded.Appended, error) {
	for {
		name, at := metaPrefix+stream, es.Revision(0)
		all := map[string]json.RawMessage{}
		for r, err := range s.log.ReadStreamBack(ctx, name, math.MaxInt64) {
			if err != nil {
				return embedded.Appended{}, err
			}
			at = r.Revision
			if json.Unmarshal(r.Data, &all) != nil {
				all = map[string]json.RawMessage{}
			}
			break
		}
		all["$tb"] = json.RawMessage(strconv.FormatUint(uint64(from), 10))
		data, err := json.Marshal(all)
		if err != nil {
			return embedded.Appended{}, err
		}
		r := es.Record{ID: uuid.New(), Type: metaType, Data: data, Meta: wrap(ticks(s.opts.Now()), jsonContent, nil)}
		done, err := s.log.Append(ctx, name, embedded.At(at), r)
		if !errors.Is(err, es.ErrConflict) {
			return done, err
		}
	}
}

func formatUint(n uint64) string { return strconv.FormatUint(n, 10) }
