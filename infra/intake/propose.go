package intake

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/entente-ledger/entente/infra/tabular"
	"github.com/entente-ledger/entente/projections/namekey"
)

// Propose drafts a mapping of the file at path, as YAML with comments: what was
// concluded from the headings and the first 5,000 rows of each sheet, and what
// to check. What cannot be concluded is left blank, or has a value to try it
// with, and is marked "fill in:". It fails as [tabular.Open] does, and if the
// file cannot be read further.
func Propose(ctx context.Context, path string, o tabular.Options) ([]byte, error) {
	file, err := tabular.Open(path, o)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	d := &proposal{name: filepath.Base(path), options: o, countries: countries()}
	for _, sheet := range file.Sheets() {
		s, err := surveyOf(ctx, sheet)
		if err != nil {
			return nil, fmt.Errorf("propose a mapping of %s: %w", d.name, err)
		}
		s.settle(d.countries)
		d.surveys = append(d.surveys, s)
	}
	var text bytes.Buffer
	enc := yaml.NewEncoder(&text)
	enc.SetIndent(2)
	if err := enc.Encode(d.draft().node); err != nil {
		return nil, fmt.Errorf("write the mapping: %w", err)
	}
	return text.Bytes(), enc.Close()
}

// proposal is a mapping that is drafted.
type proposal struct {
	name      string // of the file
	options   tabular.Options
	surveys   []*survey
	countries map[string]string // see [countries]
}

// object is a mapping of YAML, with comments above its members.
type object struct {
	node    *yaml.Node
	comment []string
}

func newObject() *object { return &object{node: &yaml.Node{Kind: yaml.MappingNode}} }

// note adds a line to the comment above the next member.
func (o *object) note(format string, args ...any) {
	o.comment = append(o.comment, wrapped(fmt.Sprintf(format, args...))...)
}

// commentWidth is how wide a comment may be, in characters.
const commentWidth = 100

func wrapped(text string) []string {
	lines := []string{""}
	for word := range strings.FieldsSeq(text) {
		last := lines[len(lines)-1]
		switch {
		case last == "":
			lines[len(lines)-1] = word
		case len([]rune(last))+len([]rune(word)) >= commentWidth:
			lines = append(lines, word)
		default:
			lines[len(lines)-1] = last + " " + word
		}
	}
	return lines
}

// set adds a member: a string, a truth, an object, or a list of either.
func (o *object) set(key string, value any) {
	k := scalar(key)
	for i, line := range o.comment {
		if i > 0 {
			k.HeadComment += "\n"
		}
		k.HeadComment += "# " + line
	}
	o.comment = nil
	o.node.Content = append(o.node.Content, k, nodeOf(value))
}

func nodeOf(value any) *yaml.Node {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	switch v := value.(type) {
	case *object:
		if v.short() {
			v.node.Style = yaml.FlowStyle
		}
		return v.node
	case []*object:
		for _, one := range v {
			list.Content = append(list.Content, nodeOf(one))
		}
	case []string:
		list.Style = yaml.FlowStyle
		for _, one := range v {
			list.Content = append(list.Content, scalar(one))
		}
	case string:
		return scalar(v)
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(v)}
	}
	return list
}

// short reports whether the object goes on one line: scalars without comments.
func (o *object) short() bool {
	for i, n := range o.node.Content {
		if n.Kind != yaml.ScalarNode || n.HeadComment+n.LineComment != "" || i > 5 {
			return false
		}
	}
	return true
}

func scalar(text string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
	if text == "" {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

var slug = regexp.MustCompile(`[^a-z0-9]+`)

// title is the name of the file without its ending.
func (d *proposal) title() string { return strings.TrimSuffix(d.name, filepath.Ext(d.name)) }

func (d *proposal) draft() *object {
	root := newObject()
	root.note("A mapping drafted from %s: %s.", d.name, d.read())
	root.note("It says what was concluded from what. What only you can know is marked with the words fill in. Check the rest, then try it:")
	root.note("entente import %s --mapping THIS.yaml --dry-run", d.name)
	root.comment = append(root.comment, "docs/import.md explains every member.")
	register := newObject()
	register.note("fill in: what the register goes by in the ledger, for ever")
	key := strings.Trim(slug.ReplaceAllString(namekey.Of(d.title()), "-"), "-")
	if key == "" {
		key = "register"
	}
	register.set("key", key)
	title := newObject()
	title.set("lang", "")
	title.set("value", d.title())
	register.note("fill in: its title, with the language (en, it, el ...); who keeps it and where it is published (issuer, url) if you want")
	register.set("titles", []*object{title})
	root.set("register", register)
	if d.options.Encoding != "" || d.options.Delimiter != "" || d.options.Format != "" {
		root.set("file", d.file())
	}
	d.dates(root)
	root.note("fill in: who may see what is opened: public, internal or restricted")
	root.set("visibility", "internal")
	var tables []*object
	for _, s := range d.surveys {
		if len(s.columns) > 0 {
			tables = append(tables, d.table(s))
		}
	}
	root.set("tables", tables)
	return root
}

// read says how much was read.
func (d *proposal) read() string {
	var all []string
	for _, s := range d.surveys {
		text := fmt.Sprintf("%d rows", s.rows)
		if s.more {
			text = fmt.Sprintf("the first %d rows", s.rows+s.bad)
		}
		if s.sheet != "" {
			text = s.sheet + ", " + text
		}
		if s.bad > 0 {
			text += fmt.Sprintf(", and %d that could not be read (%v)", s.bad, s.problem)
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

func (d *proposal) file() *object {
	o := newObject()
	for _, m := range [][2]string{{"format", string(d.options.Format)}, {"encoding", d.options.Encoding}, {"delimiter", d.options.Delimiter}} {
		if m[1] != "" {
			o.set(m[0], m[1])
		}
	}
	return o
}
