package esdbwire

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
	"github.com/entente-ledger/entente/infra/eventstore/esdbwire/group"
)

const (
	allStream      = "$all"
	configStream   = "$persistentSubscriptionConfig"
	configType     = "$PersistentConfig"
	checkpointType = "$SubscriptionCheckpoint"
	groupPrefix    = "$persistentsubscription-"
)

// groupKey names a group.
type groupKey struct{ Stream, Group string }

func (k groupKey) checkpoints() string {
	return groupPrefix + k.Stream + "::" + k.Group + "-checkpoint"
}

func (k groupKey) parked() string { return groupPrefix + k.Stream + "::" + k.Group + "-parked" }

// check fails if no group can have this name.
func (k groupKey) check() error {
	switch {
	case k.Stream == "" || k.Group == "":
		return badArgument("the name of the stream or of the group is missing")
	case !utf8.ValidString(k.Stream):
		return badArgument("the name of the stream is not UTF-8, which that of a group's must be")
	case len(metaPrefix+k.checkpoints()) > embedded.MaxForeignName:
		return badArgument("the names of the stream and the group are too long")
	}
	return nil
}

// ofGroups reports whether a stream is one in which groups keep their state. A
// group that read its own checkpoints would store one for each.
func ofGroups(stream string) bool {
	stream = strings.TrimPrefix(stream, metaPrefix)
	return strings.HasPrefix(stream, groupPrefix) || stream == configStream
}

// place is how far a group is: the revision of the last record of a stream, or
// its position in the log, up to which all is done.
type place uint64

// text is how EventStoreDB writes a place, "" if nothing is done.
func (k groupKey) text(p place) string {
	switch {
	case p == 0:
		return ""
	case k.Stream == allStream:
		return fmt.Sprintf("C:%d/P:%d", p, p)
	}
	return strconv.FormatUint(uint64(p)-1, 10)
}

// place is the inverse of text.
func (k groupKey) place(text string) (place, error) {
	digits, more := text, uint64(1)
	if k.Stream == allStream {
		digits, _, _ = strings.Cut(strings.TrimPrefix(text, "C:"), "/")
		more = 0
	}
	n, err := strconv.ParseUint(digits, 10, 63)
	if err != nil {
		return 0, fmt.Errorf("read checkpoint %.80q: %w", text, err)
	}
	return place(n + more), nil
}

// groupConfig is a group as it is stored.
type groupConfig struct {
	Stream string         `json:"stream"`
	Group  string         `json:"group"`
	Filter *storedFilter  `json:"filter"`
	From   string         `json:"startFrom"` // as it was asked for
	Start  place          `json:"start"`     // where that was
	Set    storedSettings `json:"settings"`
}

type storedSettings struct {
	ResolveLinks    bool           `json:"resolveLinkTos"`
	ExtraStatistics bool           `json:"extraStatistics"`
	Strategy        group.Strategy `json:"namedConsumerStrategy"`
	TimeoutMs       int32          `json:"messageTimeoutMilliseconds"`
	AfterMs         int32          `json:"checkPointAfterMilliseconds"`
	MaxRetries      int32          `json:"maxRetryCount"`
	MinCheckpoint   int32          `json:"minCheckPointCount"`
	MaxCheckpoint   int32          `json:"maxCheckPointCount"`
	MaxSubscribers  int32          `json:"maxSubscriberCount"`
	LiveBuffer      int32          `json:"liveBufferSize"`
	Buffer          int32          `json:"bufferSize"`
	ReadBatch       int32          `json:"readBatchSize"`
}

// storedFilter is an [expression] on the names of streams or types.
type storedFilter struct {
	Types    bool     `json:"types"`
	Regex    string   `json:"regex"`
	Prefixes []string `json:"prefixes"`
}

func (f *storedFilter) GetRegex() string    { return f.Regex }
func (f *storedFilter) GetPrefix() []string { return f.Prefixes }

func (c *groupConfig) key() groupKey { return groupKey{c.Stream, c.Group} }

// machine returns the settings for the machine, with less of what would be too
// much in memory.
func (s storedSettings) machine() group.Settings {
	return group.Settings{
		Strategy: s.Strategy, Timeout: time.Duration(s.TimeoutMs) * time.Millisecond, MaxRetries: int(s.MaxRetries),
		CheckpointAfter: time.Duration(s.AfterMs) * time.Millisecond,
		MinCheckpoint:   int(s.MinCheckpoint), MaxCheckpoint: int(s.MaxCheckpoint),
		MaxConsumers: int(s.MaxSubscribers), Buffer: min(int(s.Buffer), maxBuffer), ReadBatch: min(int(s.ReadBatch), maxBuffer),
	}
}

// matches returns the test of c's filter on a record of $all.
func (c *groupConfig) matches() (func(stream, name string) bool, error) {
	if c.Filter == nil {
		return func(string, string) bool { return true }, nil
	}
	f, err := matching(c.Filter, c.Filter.Types, 0, 0)
	if err != nil {
		return nil, err
	}
	return f.match, nil
}

// groupConfigs are all groups there are, and the revision of the record that
// says so. Each such record has all of them.
type groupConfigs struct {
	Groups []groupConfig `json:"groups"`
	at     es.Revision
}

func (s *Server) readConfigs(ctx context.Context) (all groupConfigs, err error) {
	for r, err := range s.log.ReadStreamBack(ctx, configStream, math.MaxInt64) {
		if err == nil {
			all.at, err = r.Revision, json.Unmarshal(r.Data, &all)
		}
		if err != nil {
			return all, fmt.Errorf("read the configuration of persistent subscriptions: %w", err)
		}
		break
	}
	return all, nil
}

// with returns the groups with one set, or without it if c is nil.
func (all groupConfigs) with(k groupKey, c *groupConfig) groupConfigs {
	groups := slices.DeleteFunc(slices.Clone(all.Groups), func(g groupConfig) bool { return g.key() == k })
	if c != nil {
		groups = append(groups, *c)
	}
	return groupConfigs{groups, all.at}
}

// writeConfigs fails with [es.ErrConflict] if another process wrote meanwhile.
func (s *Server) writeConfigs(ctx context.Context, all groupConfigs) (groupConfigs, error) {
	data, err := json.Marshal(all)
	if err != nil {
		return all, err
	}
	done, err := s.log.Append(ctx, configStream, embedded.At(all.at), s.systemRecord(configType, data, jsonContent, nil))
	if err != nil {
		return all, fmt.Errorf("write the configuration of persistent subscriptions: %w", err)
	}
	all.at = done.Revision
	return all, nil
}

// systemRecord returns a record that the server itself writes.
func (s *Server) systemRecord(name string, data []byte, content string, metadata []byte) es.Record {
	return es.Record{ID: uuid.New(), Type: name, Data: data, Meta: wrap(ticks(s.opts.Now()), content, metadata)}
}
