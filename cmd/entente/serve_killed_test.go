package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// renaming is one change that a client wants to make of a party, and what it was
// last told of it.
type renaming struct {
	party, name, match string
	status             int // 0: there was no answer
	header             http.Header
	told               struct {
		Revision int
		Events   []json.RawMessage
		Current  *int `json:"currentRevision"`
	}
}

// send sends it to the process, by its own key.
func (r *renaming) send(client *http.Client, url string) error {
	r.status = 0
	body := `{"name":{"lang":"it","value":"` + r.name + `"}}`
	req, err := http.NewRequest("POST", url+"/v1/party/"+r.party+"/rename", strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", r.name)
	req.Header.Set("If-Match", r.match)
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	r.told.Current = nil
	if err := json.Unmarshal(text, &r.told); err != nil {
		return err
	}
	r.status, r.header = res.StatusCode, res.Header
	return nil
}

// insist sends it on the revision that it is told of, until it is accepted. It fails
// when the process does not answer.
func (r *renaming) insist(client *http.Client, url string) error {
	for {
		if err := r.send(client, url); err != nil {
			return err
		}
		switch {
		case r.status == http.StatusOK:
			return nil
		case r.status == http.StatusPreconditionFailed && r.told.Current != nil:
			r.match = strconv.Quote(strconv.Itoa(*r.told.Current))
		case r.status == http.StatusConflict: // somebody was faster all the time
		default:
			return errors.New("status " + strconv.Itoa(r.status))
		}
	}
}

// TestServeKilled kills a process while 64 clients change one record: what it
// accepted is there exactly once, a repeat is answered as before, and what it did
// not answer is recorded once or not at all.
func TestServeKilled(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	s := serveLedger(t, data, "--rate", "0")
	_, text := s.register("register-ancona")
	var city struct{ Stream string }
	require.NoError(t, json.Unmarshal([]byte(text), &city))

	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: time.Minute}
	var wg sync.WaitGroup
	var accepted atomic.Int64
	all := make([][]*renaming, 64)
	for i := range all {
		wg.Go(func() {
			for match := `"1"`; ; {
				r := &renaming{party: city.Stream, name: "Ancona " + uuid.NewString(), match: match}
				r.name = strings.ReplaceAll(r.name, " ", "-")
				all[i] = append(all[i], r)
				if r.insist(client, s.url) != nil {
					return
				}
				accepted.Add(1)
				match = r.header.Get("ETag")
			}
		})
	}
	require.Eventually(t, func() bool { return accepted.Load() > 100 }, 60*time.Second, time.Millisecond)
	require.NoError(t, s.cmd.Process.Kill())
	_ = s.cmd.Wait()
	wg.Wait()
	client.CloseIdleConnections()

	s = serveLedger(t, data, "--rate", "0")
	names := map[string]int{}
	for _, mine := range all {
		for _, r := range mine {
			names[r.name] = 0
			if before := *r; before.status == http.StatusOK {
				require.NoError(t, r.send(client, s.url))
				require.Equal(t, http.StatusOK, r.status, "it was accepted")
				require.Equal(t, "true", r.header.Get("Idempotency-Replayed"))
				require.Equal(t, before.header.Get("ETag"), r.header.Get("ETag"))
				require.Equal(t, before.told.Events, r.told.Events)
				continue
			}
			require.NoError(t, r.insist(client, s.url), "it was not answered, and can be given again")
			accepted.Add(1)
		}
	}
	s.stop()
	last := 0
	for _, e := range lines(t, ok(t, "log", "--json", "--data", data)) {
		if e["type"] == "party.renamed" {
			name := e["data"].(map[string]any)["name"].(map[string]any)["value"].(string)
			require.Contains(t, names, name)
			names[name]++
			last++
		}
	}
	for name, times := range names {
		require.Equal(t, 1, times, name)
	}
	require.EqualValues(t, accepted.Load(), last)
	require.Contains(t, ok(t, "verify", "--data", data), "no damage was found")
}
