package tlog

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	formats "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/formats/witness"
	"golang.org/x/mod/sumdb/note"

	"github.com/entente-ledger/entente/domain/es"
)

// Policy says which witnesses the checkpoints of a log are offered to, and which
// of them must cosign one for it to count (C2SP tlog-policy). The zero Policy
// has no witnesses, and every checkpoint counts.
type Policy struct {
	Text      []byte // as in the file
	Witnesses []Witness

	quorum witness.Group
}

// Witness is somebody who cosigns checkpoints of a log, having checked that each
// extends the one before (C2SP tlog-witness).
type Witness struct {
	Name string // in the policy
	VKey string // public key of its cosignatures (C2SP tlog-cosignature)
	URL  string // to which /add-checkpoint is added

	verifier note.Verifier
}

const (
	ourGroup     = "witnesses" // of a policy that is not written by hand
	policyHeader = "# Witnesses of this log, and how many of them must cosign a checkpoint (C2SP tlog-policy).\n"
)

// ParsePolicy reads a policy, in which each witness has a URL. It fails with
// [es.ErrInvalid].
func ParsePolicy(text []byte) (Policy, error) {
	bad := func(err error) (Policy, error) {
		return Policy{}, es.Invalid("tlog.bad_policy", "this is no policy of witnesses: "+err.Error(), "lines `witness NAME VKEY URL`, `group NAME K NAMES`, `quorum NAME` (C2SP tlog-policy)")
	}
	quorum, err := witness.ParsePolicy(text)
	if err != nil {
		return bad(err)
	}
	p := Policy{Text: text, quorum: quorum}
	for _, f := range policyLines(text) {
		if f[0] != "witness" {
			continue
		}
		w := Witness{Name: f[1], VKey: f[2], URL: f[3]}
		if err := w.check(); err != nil {
			return bad(fmt.Errorf("witness %s: %w", w.Name, err))
		}
		p.Witnesses = append(p.Witnesses, w)
	}
	return p, nil
}

// policyLines returns the words of each line that has any.
func policyLines(text []byte) (lines [][]string) {
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		if f := strings.Fields(line); len(f) > 0 {
			lines = append(lines, f)
		}
	}
	return lines
}

// check checks the key and the URL, and takes the verifier of the key.
func (w *Witness) check() error {
	u, err := url.Parse(w.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return errors.New("its URL is none of http or https")
	}
	vkey := w.VKey
	if cosigning, err := formats.VKeyToCosignatureV1(vkey); err == nil {
		vkey = cosigning // a plain Ed25519 key is taken for one of cosignatures
	}
	if w.verifier, err = formats.NewVerifierForCosignatureV1(vkey); err != nil {
		return fmt.Errorf("its key: %w", err)
	}
	if !strings.HasPrefix(vkey, fmt.Sprintf("%s+%08x+", w.verifier.Name(), w.verifier.KeyHash())) {
		return errors.New("its key is mistyped: the hash in it is of another")
	}
	return nil
}

// LoadPolicy reads the policy in a file, the zero one if there is none.
func LoadPolicy(path string) (Policy, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Policy{}, nil
	}
	if err != nil {
		return Policy{}, fmt.Errorf("read the policy of witnesses: %w", err)
	}
	return ParsePolicy(text)
}

// Save writes the policy to a file, whole or not at all.
func (p Policy) Save(path string) error {
	if err := replaceFile(path, filepath.Dir(path), p.Text, 0o644); err != nil {
		return fmt.Errorf("keep the policy of witnesses: %w", err)
	}
	return nil
}

// Satisfied reports whether as many witnesses cosigned a checkpoint as must. The
// log's own signature is for [Chain.Checkpoint].
func (p Policy) Satisfied(checkpoint []byte) bool { return p.quorum.Satisfied(checkpoint) }

// CheckWitnessed checks that a checkpoint has the cosignatures that a policy asks
// for; unlike those of [ParsePolicy], its witnesses need no URL. It fails with
// [es.ErrInvalid] if the text is no policy, and with [es.ErrRejected].
func CheckWitnessed(policy, checkpoint []byte) error {
	quorum, err := witness.ParsePolicy(policy)
	if err != nil {
		return es.Invalid("tlog.bad_policy", "this is no policy of witnesses: "+err.Error(), "a policy as C2SP tlog-policy has it")
	}
	if !quorum.Satisfied(checkpoint) {
		return es.Rejected("tlog.not_witnessed", "the checkpoint has not the cosignatures that the policy asks for", "what was made after the witnesses had signed")
	}
	return nil
}

// Quorum returns how many of the outermost group must cosign.
func (p Policy) Quorum() int { return p.quorum.N }

// With returns the policy with a witness more, of whom, all together, quorum must
// cosign; 0 is more than half. It fails with [es.ErrInvalid], and with
// [es.ErrRejected] if the policy was written by hand with groups of its own.
func (p Policy) With(w Witness, quorum int) (Policy, error) {
	if slices.ContainsFunc(p.Witnesses, func(o Witness) bool { return o.Name == w.Name }) {
		return Policy{}, es.Invalid("tlog.bad_witness", "there is a witness called "+w.Name, "another name, or `entente witness remove "+w.Name+"` first")
	}
	if err := w.check(); err != nil || w.Name == ourGroup || strings.ContainsFunc(w.Name+w.URL, func(r rune) bool { return unicode.IsSpace(r) || r == '#' }) {
		return Policy{}, es.Invalid("tlog.bad_witness", fmt.Sprintf("the witness cannot be used: %v", errors.Join(err)), "a name of one word, the key of its cosignatures, and its URL")
	}
	return p.rewrite(append(slices.Clip(p.Witnesses), w), quorum)
}

// Without returns the policy without a witness. It fails with [es.ErrNotFound]
// and as [Policy.With].
func (p Policy) Without(name string, quorum int) (Policy, error) {
	left := slices.DeleteFunc(slices.Clone(p.Witnesses), func(w Witness) bool { return w.Name == name })
	if len(left) == len(p.Witnesses) {
		return Policy{}, es.NotFound("tlog.no_witness", fmt.Sprintf("there is no witness called %.80q", name))
	}
	return p.rewrite(left, quorum)
}

// WithQuorum returns the policy with another number of witnesses who must
// cosign. It fails as [Policy.With].
func (p Policy) WithQuorum(quorum int) (Policy, error) { return p.rewrite(p.Witnesses, quorum) }

// rewrite returns the policy of one group.
func (p Policy) rewrite(of []Witness, quorum int) (Policy, error) {
	for _, f := range policyLines(p.Text) {
		if f[0] == "log" || f[0] == "group" && f[1] != ourGroup || f[0] == "quorum" && f[1] != ourGroup && f[1] != "none" {
			return Policy{}, es.Rejected("tlog.policy_by_hand", "the policy was written by hand, and says more than a command can", "the file edited by hand")
		}
	}
	if quorum == 0 {
		quorum = len(of)/2 + 1
	}
	if len(of) > 0 && (quorum < 1 || quorum > len(of)) {
		return Policy{}, es.Invalid("tlog.bad_quorum", fmt.Sprintf("of %d witnesses, %d cannot cosign", len(of), quorum), fmt.Sprintf("1 to %d", len(of)))
	}
	var b strings.Builder
	b.WriteString(policyHeader)
	names := make([]string, 0, len(of))
	for _, w := range of {
		fmt.Fprintf(&b, "witness %s %s %s\n", w.Name, w.VKey, w.URL)
		names = append(names, w.Name)
	}
	if len(of) == 0 {
		b.WriteString("quorum none\n")
	} else {
		fmt.Fprintf(&b, "group %s %s %s\nquorum %s\n", ourGroup, strconv.Itoa(quorum), strings.Join(names, " "), ourGroup)
	}
	return ParsePolicy([]byte(b.String()))
}
