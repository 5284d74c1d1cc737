package access

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"strings"

	"github.com/cedar-policy/cedar-go"
)

// DefaultPolicy is the text of the policy that entente comes with.
//
//go:embed default.cedar
var DefaultPolicy []byte

// PolicyFile is the name of a site's own policy in the folder of its data.
const PolicyFile = "policy.cedar"

// Policy decides what is asked. It never changes: all its methods can be
// called at the same time. What it decided lately it remembers.
type Policy struct {
	text  []byte
	rules []rule // in the order of the file
	memo  memo
}

// rule is one policy of the file.
type rule struct {
	id     cedar.PolicyID
	says   string
	policy *cedar.Policy
}

// Default returns the policy that entente comes with.
func Default() (*Policy, error) { return Parse("default.cedar", DefaultPolicy) }

// Load returns the policy of a file, or [Default] if there is none. It fails
// as [Parse] does.
func Load(path string) (*Policy, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Default()
	}
	if err != nil {
		return nil, fmt.Errorf("read the policy: %w", err)
	}
	return Parse(path, text)
}

// Parse returns the policy of a text; name is what errors call it. It fails
// with [es.ErrInvalid] and code access.bad_policy, and says on which line and
// column, if the text is not Cedar, names an action, attribute, role, kind or
// command that is not in [Schema], compares what cannot be equal, or has a
// policy without an @id of its own.
func Parse(name string, text []byte) (*Policy, error) {
	list, err := cedar.NewPolicyListFromBytes(name, text)
	if err != nil {
		return nil, badPolicy(strings.ReplaceAll(err.Error(), "<input>", name))
	}
	if len(list) == 0 {
		return nil, badPolicy(name + " has no policy, so that nobody may do anything")
	}
	check, err := newChecker(name, text)
	if err != nil {
		return nil, err
	}
	p := &Policy{text: text}
	known := map[cedar.PolicyID]bool{}
	for _, policy := range list {
		notes := policy.Annotations()
		id := cedar.PolicyID(notes["id"])
		if id == "" || known[id] {
			return nil, check.bad(policy.Position().Offset, fmt.Sprintf("the policy has no @id, or that of another: %q", id))
		}
		known[id] = true
		if err := check.check(id, policy); err != nil {
			return nil, err
		}
		p.rules = append(p.rules, rule{id: id, says: string(notes["says"]), policy: policy})
	}
	return p, nil
}

// Text returns the text of p as it was read.
func (p *Policy) Text() []byte { return p.text }

// Says returns the sentence for people of a policy, "" if it has none.
func (p *Policy) Says(id string) string {
	for _, r := range p.rules {
		if string(r.id) == id {
			return r.says
		}
	}
	return ""
}

// All yields the policies in the order of the file, for [cedar.Authorize].
func (p *Policy) All() iter.Seq2[cedar.PolicyID, *cedar.Policy] {
	return func(yield func(cedar.PolicyID, *cedar.Policy) bool) {
		for _, r := range p.rules {
			if !yield(r.id, r.policy) {
				return
			}
		}
	}
}
