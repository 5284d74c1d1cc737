package bundle

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// Format is the version of bundles that this code makes. It is raised when the
// pages of the same events change.
const Format = 1

// The files of a bundle, see the package.
const (
	manifestFile    = "bundle.json"
	checkpointFile  = "checkpoint"
	keyFile         = "log.vkey"
	keysFile        = "keys"
	policyFile      = "policy"
	sinceFile       = "since.checkpoint"
	consistencyFile = "consistency"
	leavesFile      = "leaves.ndjson"
	pageFile        = "index.html"
	guideFile       = "VERIFY.md"
	scriptFile      = "verify.sh"
	documentsFolder = "documents/"
)

// Manifest says what was asked for and what is in the file. Nothing rests on
// it: what it says is compared with the events and the leaves.
type Manifest struct {
	Format int       `json:"format"`
	Ledger uuid.UUID `json:"ledger"`
	Origin string    `json:"origin"` // of the log
	// Subject is the stream that the evidence is of, or "" for the whole ledger.
	Subject string `json:"subject"`
	// Known is the instant as known at which the events are here, or "".
	Known string `json:"asKnown"`
	// Events is how many the log had at the checkpoint.
	Events     int64 `json:"eventsInLog"`
	Related    bool  `json:"related"`
	Complete   bool  `json:"complete"`
	Restricted bool  `json:"restricted"`
	// Policy is the SHA-256 of the policy of the witnesses, "" if there is none.
	Policy  string   `json:"policy"`
	Streams []Stream `json:"streams"` // in the order of their events, the subject first
	// Absent are the hashes of documents that events name and the ledger does
	// not keep.
	Absent []string `json:"documentsNotKept"`
}

// Stream says how many events of a stream there are.
type Stream struct {
	Name string `json:"name"`
	Here int    `json:"events"`
	// Sealed is how many the log had at the checkpoint; 0 unless all leaves are
	// here.
	Sealed int `json:"eventsInLog"`
}

func (m Manifest) encode() ([]byte, error) { return indented(m) }

// indented is JSON as people read it.
func indented(v any) ([]byte, error) {
	text, err := json.Marshal(v, jsontext.WithIndent("  "))
	if err != nil {
		return nil, fmt.Errorf("encode: %w", err)
	}
	return append(text, '\n'), nil
}

// total is how many events are here.
func (m Manifest) total() (n int) {
	for _, s := range m.Streams {
		n += s.Here
	}
	return n
}

// provFile is where the history of a stream is in PROV.
func (m Manifest) provFile(stream string) string {
	if stream == m.Subject {
		return "prov.json"
	}
	return "prov/" + stream + ".json"
}

func eventFile(n int) string   { return fmt.Sprintf("events/%04d.json", n) }
func receiptFile(n int) string { return fmt.Sprintf("receipts/%04d.tlog-proof", n) }
