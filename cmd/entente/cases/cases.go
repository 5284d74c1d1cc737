// Package cases holds the agreements that the demo records: facts read out of
// public texts, each with its source and the place in it.
//
// A row is one command. A string "$key" in it stands for the stream that the
// row with that key opens, "$key@3" for the third event there. Keys are unique
// over all cases, which are played in the order of their names. The names of
// natural persons are in the vault's seed only, by the key of the row that
// registers the person.
package cases

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/infra/vault"
)

//go:embed *.json
var files embed.FS

// Shown is the key of the agreement of which the demo shows the history.
const Shown = "ancona-ikoma"

const seedFile = "vault-seed.json"

// Case is what one source or group of sources says.
type Case struct {
	Name  string `json:"case"`
	Title string `json:"title"`
	// Facts is how many facts were read out of the source.
	Facts int   `json:"facts"`
	Rows  []Row `json:"rows"`
}

// Row is one command.
type Row struct {
	Key string `json:"key"`
	// Facts are the numbers, from 1, of the facts of the source that the row
	// records; none if it only registers what they are about.
	Facts   []int          `json:"facts"`
	Command string         `json:"command"`
	To      string         `json:"to"` // "" opens a stream
	Payload jsontext.Value `json:"payload"`
}

// Load returns the cases in the order in which they are played.
func Load() ([]Case, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, fmt.Errorf("load cases: %w", err)
	}
	var all []Case
	for _, name := range names {
		if name == seedFile {
			continue
		}
		var c Case
		if err := read(name, &c); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// Seed returns the natural persons of the cases by the key of their row.
func Seed() (map[string]vault.Entry, error) {
	seed := map[string]vault.Entry{}
	return seed, read(seedFile, &seed)
}

func read(name string, into any) error {
	data, err := files.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(data, into, json.RejectUnknownMembers(true), json.MatchCaseInsensitiveNames(true))
	}
	if err != nil {
		return fmt.Errorf("load case %s: %w", name, err)
	}
	return nil
}

// Resolver turns rows into commands. It is told of each case's rows in order.
type Resolver struct{ streams map[string]string }

// NewResolver returns a resolver that knows no keys yet.
func NewResolver() *Resolver { return &Resolver{streams: map[string]string{}} }

var (
	namespace = uuid.MustParse("5b0f4c1e-6a55-5d0c-9f64-0c2f6f1f7a11")
	reference = regexp.MustCompile(`"\$([a-z0-9-]+)(@[0-9]+)?"`)
)

// Stream returns the stream that the row with a key opens, "" if there was none.
func (r *Resolver) Stream(key string) string { return r.streams[key] }

// Command returns the command of a row of a case. Its id is derived from the
// case, the key and the content, so that playing a case again repeats it.
func (r *Resolver) Command(c Case, row Row) (es.Command, error) {
	var unknown string
	resolve := func(text []byte) []byte {
		return reference.ReplaceAllFunc(text, func(m []byte) []byte {
			parts := reference.FindSubmatch(m)
			stream, ok := r.streams[string(parts[1])]
			if !ok {
				unknown = string(m)
			}
			return fmt.Appendf(nil, "%q", stream+string(parts[2]))
		})
	}
	name := fmt.Sprintf("%s/%s/%s/%s/%s", c.Name, row.Key, row.Command, row.To, row.Payload)
	cmd := es.Command{
		ID: uuid.NewSHA1(namespace, []byte(name)), Name: row.Command, Payload: resolve(row.Payload),
		Correlation: uuid.NewSHA1(namespace, []byte(c.Name)),
	}
	if row.To != "" {
		cmd.Stream = strings.Trim(string(resolve([]byte(`"`+row.To+`"`))), `"`)
	}
	if unknown != "" {
		return es.Command{}, fmt.Errorf("case %s, row %s: no row %s before it", c.Name, row.Key, unknown)
	}
	if row.To == "" {
		stream, err := ledger.StreamOf(cmd)
		if err != nil {
			return es.Command{}, fmt.Errorf("case %s, row %s: %w", c.Name, row.Key, err)
		}
		r.streams[row.Key] = stream
	}
	return cmd, nil
}
