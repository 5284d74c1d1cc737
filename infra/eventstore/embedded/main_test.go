package embedded_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/eventstore/embedded"
)

// childFolder names the variable that makes the test binary a process that
// appends to a folder and prints what was acknowledged, until it is killed.
const childFolder = "ENTENTE_TEST_APPEND_TO"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		fmt.Fprintln(os.Stderr, appendForEver(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func appendForEver(dir string) error {
	ctx := context.Background()
	s, err := embedded.Open(ctx, dir, embedded.Options{})
	if err != nil {
		return err
	}
	errs := make(chan error, 8)
	var printing sync.Mutex
	for i := range 8 {
		go func() {
			stream := newStream()
			for at := es.Revision(0); ; {
				recs := batch(1 + i*i)
				if _, err := s.Append(ctx, stream, at, recs...); err != nil {
					errs <- err
					return
				}
				at += es.Revision(len(recs))
				printing.Lock()
				fmt.Println(stream, uint64(at), recs[len(recs)-1].ID)
				printing.Unlock()
				if at > 500 {
					stream, at = newStream(), 0
				}
			}
		}()
	}
	return <-errs
}

// ack is a line of the child: the last record of an append.
type ack struct {
	stream   string
	revision es.Revision
	id       uuid.UUID
}
