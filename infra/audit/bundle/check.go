package bundle

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/tlog"
)

// Trusted is what whoever checks a bundle has from elsewhere.
type Trusted struct {
	VKey   []byte // the key of the log
	Policy []byte // of the witnesses, nil: whoever witnessed is not asked
	Since  []byte // a previous checkpoint, nil if none is compared
}

// Failure is something that does not hold.
type Failure struct {
	File    string `json:"file"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Result is what a check found.
type Result struct {
	Manifest Manifest
	// Checkpoint is the one in the bundle, the zero one if it does not hold.
	Checkpoint tlog.Checkpoint
	Since      int64 // the size of the previous checkpoint, 0 if there is none
	Witnessed  bool  // by the policy that is trusted
	Events     int   // that are proven
	Documents  int   // that are as they were
	// Failures are in the order in which they were found; with none, all holds.
	// At most as many as [MaxFailures] are listed.
	Failures []Failure
	More     int // that are not listed
}

// MaxFailures bounds what a [Result] lists.
const MaxFailures = 100

// errDiffers says that a file is not what the others give.
var errDiffers = errors.New("it is not what the other files give")

// maxSmall bounds the files that are read whole, in bytes: an event has at most
// [es.MaxAppendBytes], which escaping makes larger.
const maxSmall = 8 * es.MaxAppendBytes

// Check checks all that is in a bundle, with nothing but what is trusted. It
// fails only if that cannot be used, or ctx is done.
func Check(ctx context.Context, z *zip.Reader, by Trusted) (Result, error) {
	keys, err := tlog.ParseKeys(string(by.VKey))
	if err != nil {
		return Result{}, err
	}
	c := &checking{ctx: ctx, by: by, keys: keys, files: map[string]*zip.File{}, met: map[string]bool{}, first: map[string]int{}}
	for _, f := range z.File {
		if c.files[f.Name] != nil {
			c.fail(f.Name, es.Invalid("audit.twice", "it is in the bundle twice", ""))
		}
		c.files[f.Name] = f
	}
	c.run()
	for _, f := range z.File {
		if !c.met[f.Name] {
			c.fail(f.Name, es.Invalid("audit.unexpected_file", "it does not belong to the bundle, and nothing proves it", ""))
		}
	}
	return c.result, ctx.Err()
}

type checking struct {
	ctx    context.Context //nolint:containedctx // of one call
	by     Trusted
	keys   tlog.Verifier
	files  map[string]*zip.File
	met    map[string]bool // what was looked at
	result Result

	vkey   []byte
	first  map[string]int // the number of the first event of a stream
	total  int            // of the events
	since  *tlog.Checkpoint
	named  map[string]bool // the documents
	unread bool            // an event cannot be told of
}

func (c *checking) run() {
	if !c.manifest() {
		for name := range c.files {
			c.met[name] = true // it cannot be said what belongs to it
		}
		return
	}
	c.key()
	c.checkpoint()
	c.witnesses()
	c.previous()
	c.events()
	c.ledger()
	c.documents()
	c.leaves()
	c.derived()
}

// fail notes what does not hold.
func (c *checking) fail(file string, err error) {
	if len(c.result.Failures) == MaxFailures {
		c.result.More++
		return
	}
	f := Failure{file, "audit.unreadable", err.Error()}
	if e, ok := errors.AsType[*es.Error](err); ok {
		f.Code, f.Message = e.Code, e.Message
	}
	c.result.Failures = append(c.result.Failures, f)
}

// open opens a file that must be there. If it cannot, that is a failure.
func (c *checking) open(name string) (io.ReadCloser, bool) {
	c.met[name] = true
	f := c.files[name]
	if f == nil {
		c.fail(name, es.NotFound("audit.missing_file", "it is missing"))
		return nil, false
	}
	r, err := f.Open()
	if err != nil {
		c.fail(name, damaged(err))
		return nil, false
	}
	return r, true
}

func damaged(err error) error {
	return es.Invalid("audit.unreadable", "it cannot be read: "+err.Error(), "")
}

// read returns what is in a file, of which it is a failure to be missing.
func (c *checking) read(name string) ([]byte, bool) {
	r, ok := c.open(name)
	if !ok {
		return nil, false
	}
	text, err := io.ReadAll(io.LimitReader(r, maxSmall+1))
	if err = errors.Join(err, r.Close()); err == nil && len(text) > maxSmall {
		err = errors.New("it is too large")
	}
	if err != nil {
		c.fail(name, damaged(err))
		return nil, false
	}
	return text, true
}

func (c *checking) has(name string) bool { return c.files[name] != nil }

func (c *checking) manifest() bool {
	text, ok := c.read(manifestFile)
	if !ok {
		return false
	}
	m := &c.result.Manifest
	err := json.Unmarshal(text, m, json.RejectUnknownMembers(true))
	if err == nil {
		var again []byte
		if again, err = m.encode(); err == nil && string(again) != string(text) {
			err = errors.New("it was written otherwise")
		}
	}
	switch {
	case err != nil:
		c.fail(manifestFile, es.Invalid("audit.bad_manifest", "it is no description of a bundle: "+err.Error(), ""))
	case m.Format != Format:
		c.fail(manifestFile, es.Invalid("audit.other_format", fmt.Sprintf("the bundle has format %d, and this entente checks format %d", m.Format, Format), ""))
	default:
		return true
	}
	return false
}

// key finds the keys that follow from the one that is trusted: itself, and those
// that the statements in the bundle lead to from it.
func (c *checking) key() {
	var ok bool
	if c.vkey, ok = c.read(keyFile); !ok {
		return
	}
	given := strings.TrimSpace(string(c.by.VKey))
	shown, whole := strings.CutSuffix(string(c.vkey), "\n")
	follows := whole && shown == given
	if c.files[keysFile] != nil {
		text, ok := c.read(keysFile)
		if !ok {
			return
		}
		chain, err := tlog.ParseChain(text)
		if err == nil {
			chain, err = chain.Since(given)
		}
		if err != nil {
			c.fail(keysFile, err)
			return
		}
		c.keys, follows = chain, whole && chain.Has(shown)
	}
	if !follows {
		c.fail(keyFile, es.Rejected("audit.other_key", "it is not the key that you gave, nor one stated with that: its fingerprint is "+Fingerprint(c.vkey), ""))
	}
}

func (c *checking) checkpoint() {
	text, ok := c.read(checkpointFile)
	if !ok {
		return
	}
	checkpoint, err := c.keys.Checkpoint(text)
	m := c.result.Manifest
	switch {
	case err != nil:
		c.fail(checkpointFile, err)
		return
	case m.Events != checkpoint.Tree.N || m.Origin != checkpoint.Origin:
		c.fail(manifestFile, es.Rejected("audit.bad_manifest", "it speaks of another checkpoint than the one in the bundle", ""))
	}
	c.result.Checkpoint = checkpoint
}

func (c *checking) witnesses() {
	if c.result.Manifest.Policy != "" {
		if policy, ok := c.read(policyFile); ok {
			c.included(policy)
		}
	}
	if c.by.Policy == nil {
		return
	}
	err := tlog.CheckWitnessed(c.by.Policy, c.result.Checkpoint.Note)
	if err != nil {
		c.fail(checkpointFile, err)
	}
	c.result.Witnessed = err == nil
}

// included checks the policy in the bundle.
func (c *checking) included(policy []byte) {
	if err := tlog.CheckWitnessed(policy, c.result.Checkpoint.Note); err != nil {
		c.fail(policyFile, err)
	}
	switch {
	case Fingerprint(policy) != c.result.Manifest.Policy:
		c.fail(policyFile, es.Rejected("audit.other_policy", "it is not the policy that bundle.json speaks of", ""))
	case c.by.Policy != nil && string(c.by.Policy) != string(policy):
		c.fail(policyFile, es.Rejected("audit.other_policy", "it is not the policy that you gave", ""))
	}
}
