package export

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/calendar"
)

// icsEncoder writes what is due as a calendar.
type icsEncoder struct{ to *calendar.Writer }

func (e *icsEncoder) object(line jsontext.Value) error {
	var o answers.Obligation
	if err := json.Unmarshal(line, &o); err != nil {
		return err
	}
	stamp, err := time.Parse(time.RFC3339, o.RecordedAt)
	if err != nil {
		return err
	}
	id := strings.Join([]string{o.Stream, o.Rule, strconv.FormatUint(uint64(o.Of), 10), o.Key, o.On.String()}, "/")
	return e.to.Add(calendar.Entry{
		UID: uuid.NewSHA1(uuid.NameSpaceURL, []byte("urn:entente:due:"+id)).String(), Summary: o.Summary() + " (" + o.Title + ")",
		Description: strings.TrimSpace(o.ByName + "\n" + o.Stream), On: o.On, Stamp: stamp,
	})
}

func (e *icsEncoder) end(uint64) ([]string, error) {
	leftOut, err := e.to.End()
	if err != nil || leftOut == 0 {
		return nil, err
	}
	return []string{fmt.Sprintf("%d left out: they may be due on any of more than a year of days", leftOut)}, nil
}

func (e *icsEncoder) close() error { return nil }
