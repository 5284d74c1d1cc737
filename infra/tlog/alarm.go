package tlog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/entente-ledger/entente/domain/es"
)

// AlarmStream is the system stream of what witnesses refused, and of who looked
// into it.
const AlarmStream = es.SystemPrefix + "alarm"

const (
	alarmType        = "entente.alarm"
	acknowledgedType = "entente.alarm_acknowledged"
	alarmSchema      = 1
)

// Alarm is that a witness did not take the log for one that only grows. It is
// offered no checkpoint until somebody acknowledged that.
type Alarm struct {
	Witness string `json:"witness"` // its name in the policy
	Log     string `json:"log"`     // that it was offered a checkpoint of
	Code    string `json:"code"`
	Message string `json:"message"`
	At      string `json:"at"` // RFC 3339, UTC
}

// acknowledged is that somebody looked into the alarms of a witness.
type acknowledged struct {
	Witness string `json:"witness"`
	Actor   string `json:"actor"`
	Reason  string `json:"reason"`
	At      string `json:"at"`
}

// Alarms returns the alarms in a store that nobody acknowledged, in the order in
// which they were raised.
func Alarms(ctx context.Context, store es.Store) ([]Alarm, error) {
	var open []Alarm
	for r, err := range store.ReadStream(ctx, AlarmStream, 0) {
		if err != nil {
			return nil, fmt.Errorf("read the alarms: %w", err)
		}
		switch r.Type {
		case alarmType:
			var one Alarm
			if err := decodeSystem(r, &one); err != nil {
				return nil, err
			}
			open = append(open, one)
		case acknowledgedType:
			var one acknowledged
			if err := decodeSystem(r, &one); err != nil {
				return nil, err
			}
			open = slices.DeleteFunc(open, func(a Alarm) bool { return a.Witness == one.Witness })
		default:
			return nil, alarm("tlog.bad_kept", fmt.Sprintf("record %d of %s is a %s", r.Revision, AlarmStream, r.Type))
		}
	}
	return open, nil
}

// decodeSystem reads what a record of a system stream holds. It fails with
// [es.ErrCorrupt].
func decodeSystem(r es.Record, into any) error {
	if err := json.Unmarshal(r.Data, into, json.RejectUnknownMembers(true)); err != nil {
		return alarm("tlog.bad_kept", fmt.Sprintf("record %d of %s: %v", r.Revision, r.Stream, err))
	}
	return nil
}

// compareAlarms fails if a witness saw more of the log than the store has, and
// nobody acknowledged that.
func (s *Sealer) compareAlarms(ctx context.Context) error {
	open, err := Alarms(ctx, s.cfg.Store)
	if err != nil {
		return err
	}
	for _, a := range open {
		if a.Code == storeBehind && a.Log == s.cfg.Origin {
			return &es.Error{
				Kind: es.ErrCorrupt, Code: storeBehind, Message: a.Message,
				Want: "a successor, which `entente log succeed` opens; or, if the witness is wrong, `entente witness remove` and then `resume`: nothing is sealed meanwhile",
			}
		}
	}
	return nil
}

// raise records an alarm, of the kind [es.ErrCorrupt].
func raise(ctx context.Context, store es.Store, witness, log string, at time.Time, cause error) error {
	a := Alarm{Witness: witness, Log: log, Message: cause.Error(), At: es.FormatInstant(at)}
	if e, ok := errors.AsType[*es.Error](cause); ok {
		a.Code, a.Message = e.Code, e.Message
	}
	_, err := appendLast(ctx, store, AlarmStream, 0, systemRecord(alarmType, alarmSchema, a))
	return err
}

// Acknowledge records that somebody looked into the alarms of a witness, to whom
// checkpoints are offered again from now on. It fails with [es.ErrNotFound] if
// there is no alarm.
func Acknowledge(ctx context.Context, store es.Store, witness, actor, reason string, now time.Time) error {
	if strings.TrimSpace(reason) == "" {
		return es.Invalid("tlog.bad_reason", "an alarm is not acknowledged without a reason", "what was found, for auditors")
	}
	open, err := Alarms(ctx, store)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(open, func(a Alarm) bool { return a.Witness == witness }) {
		return es.NotFound("tlog.no_alarm", fmt.Sprintf("there is no alarm of a witness called %.80q", witness))
	}
	_, err = appendLast(ctx, store, AlarmStream, 0, systemRecord(acknowledgedType, alarmSchema, acknowledged{witness, actor, reason, es.FormatInstant(now)}))
	return err
}
