package catalogue

import (
	"cmp"
	"fmt"
	"go/doc/comment"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/entente-ledger/entente/domain/es"
)

// Source is what only the source of a package of the domain says.
type Source struct {
	Doc      string // of the package
	Commands []Command
	Refusals []Refusal
}

// Command is a command with the events it asks for, by the names of their
// types.
type Command struct {
	Type   string
	Events []string
}

// shared are the packages whose errors every command can meet.
var shared = []string{"book", "terms", "ledger", "es", "edtf"}

// DomainPage returns docs/domain.md: what each aggregate is, its states, what
// can be asked of it and what is refused. The sources are by package name. It
// fails if the package comment of an aggregate draws states in a way that
// [ReadMachines] does not read, or a command is unknown to the sources.
func (c *Catalogue) DomainPage(sources map[string]Source) (string, error) {
	p := &page{c: c, sources: sources}
	for _, name := range shared {
		for _, r := range sources[name].Refusals {
			if !slices.Contains(p.common, r) {
				p.common = append(p.common, r)
			}
		}
	}
	for _, d := range c.Commands {
		if kind := kindOf(d); !slices.Contains(p.kinds, kind) {
			p.kinds = append(p.kinds, kind)
		}
	}
	p.head()
	for _, kind := range p.kinds {
		if err := p.aggregate(kind); err != nil {
			return "", fmt.Errorf("describe %s: %w", kind, err)
		}
	}
	if err := p.forEvery(); err != nil {
		return "", err
	}
	p.printf("\n## Errors that every command can meet\n\n" + commonErrors)
	p.refusals(p.common)
	return p.String(), nil
}

// page is docs/domain.md as it is written.
type page struct {
	strings.Builder
	c       *Catalogue
	sources map[string]Source
	kinds   []string
	common  []Refusal
}

func (p *page) printf(format string, args ...any) { fmt.Fprintf(p, format, args...) }

const howToRead = `A command asks for a fact to be recorded. If it is accepted, the event beside it is stored, with the members ` +
	"that [events.md](events.md) lists; `entente schema COMMAND` says what the command takes. " + `A state is read off the recorded facts as of a date: it holds from the ` +
	`day on which a fact or the terms bring it about until another one begins. An arrow in a diagram is the usual next ` +
	`step, a filled circle the beginning, a ringed one the end. A register is rarely complete, so a record may be carried ` +
	`over into any state, and a step that nobody recorded is passed over: what is not drawn is not refused for that. What ` +
	`is refused stands in the tables, with the code that programs go by, the sentence that people read, and what would be ` +
	`right; … stands for what depends on the command. A guard looks at how things stood on the day from which the new fact ` +
	`counts, and only facts with the status recorded move anything. Dates that contradict each other are recorded and ` +
	`become findings. Rules go by the numbers of [design.md](design.md#the-rules-of-the-ledger).`

const commonErrors = "Whatever a command is about, these can be the answer; a few only when a ledger is opened or read. Besides, what is " +
	"no JSON, has a member that is not known, or holds a date that is no EDTF is invalid with the code `es.bad_input`, and the " +
	"sentence says what does not fit, and where.\n"

func (p *page) head() {
	p.printf("# The domain\n\nGenerated from the code and its comments by `make golden`; do not edit.\n\n%s\n\n", howToRead)
	var links []string
	for _, kind := range p.kinds {
		links = append(links, link(kind))
	}
	p.printf("The kinds of record: %s. What they have in common stands at the end: [commands](#commands-that-every-record-has) "+
		"and [errors](#errors-that-every-command-can-meet).\n", strings.Join(links, ", "))
}

func link(kind string) string { return "[" + kind + "](#" + kind + ")" }

// kindOf returns the aggregate that a command or event belongs to, verbOf what
// its name says besides.
func kindOf(d es.Definition) string {
	kind, _, _ := strings.Cut(d.Name, ".")
	return kind
}

func verbOf(d es.Definition) string { return strings.TrimPrefix(d.Name, kindOf(d)+".") }

// fromBook returns the type of package book that a command or event has all its
// members from, nil if there is none.
func fromBook(d es.Definition) reflect.Type {
	if d.Type.Kind() != reflect.Struct || d.Type.NumField() != 1 || !d.Type.Field(0).Anonymous ||
		!strings.HasSuffix(d.Type.Field(0).Type.PkgPath(), "/domain/book") {
		return nil
	}
	return d.Type.Field(0).Type
}

var docLink = regexp.MustCompile(`\[([A-Za-z.]+)\]`)

// does returns what a type is for without the name it begins with.
func (c *Catalogue) does(t reflect.Type) string {
	meaning := docLink.ReplaceAllString(c.comments[t.PkgPath()+"."+baseName(t)], "`$1`")
	return strings.TrimPrefix(meaning, baseName(t)+" ")
}

// row writes a line of a table.
func (p *page) row(cells ...string) {
	for _, cell := range cells {
		p.printf("| %s ", strings.ReplaceAll(cell, "|", "\\|"))
	}
	p.printf("|\n")
}

const commandTable = "| command | leads to | meaning |\n|---|---|---|\n"

// forEvery describes the commands that aggregates have from package book.
func (p *page) forEvery() error {
	p.printf("\n## Commands that every record has\n\nThey are about what was recorded earlier.\n\n" + commandTable)
	var seen []string
	for _, d := range p.c.Commands {
		origin := fromBook(d)
		if origin == nil || slices.Contains(seen, verbOf(d)) {
			continue
		}
		seen = append(seen, verbOf(d))
		_, events, err := p.leads(d)
		if err != nil {
			return err
		}
		p.row("`"+verbOf(d)+"`", "`"+verbOf(events[0])+"`", p.c.does(origin))
	}
	return nil
}

// leads returns a command's place in the source and the events it asks for.
func (p *page) leads(d es.Definition) (at int, events []es.Definition, err error) {
	commands := p.sources[kindOf(d)].Commands
	at = slices.IndexFunc(commands, func(c Command) bool { return c.Type == d.Type.Name() })
	for _, e := range p.c.Events {
		if at >= 0 && kindOf(e) == kindOf(d) && slices.Contains(commands[at].Events, e.Type.Name()) {
			events = append(events, e)
		}
	}
	if len(events) == 0 {
		err = fmt.Errorf("%s: the source does not say which event it leads to: want a method event that returns one", d.Name)
	}
	return at, events, err
}

// aggregate describes one kind of record.
func (p *page) aggregate(kind string) error {
	prose, machines, err := readDoc(kind, p.sources[kind].Doc)
	if err != nil {
		return err
	}
	p.printf("\n## %s\n\n%s\n", kind, p.people(kind, prose))
	p.machines(kind, machines)
	if err := p.commands(kind); err != nil {
		return err
	}
	own := slices.DeleteFunc(slices.Clone(p.sources[kind].Refusals), func(r Refusal) bool {
		return slices.Contains(p.common, r)
	})
	p.printf("\n### What %s refuses\n", withArticle(kind))
	p.refusals(own)
	return nil
}

func (p *page) machines(kind string, machines []Machine) {
	if len(machines) == 0 {
		p.printf("\nIt has no states to draw: what is recorded of it adds up.\n")
	}
	for _, m := range machines {
		p.printf("\n**States of %s**\n\n```mermaid\n%s```\n", withArticle(cmp.Or(m.Of, kind)), m.Mermaid())
	}
}

// commands lists the commands of a kind in the order of the source, and the
// events that are recorded without one.
func (p *page) commands(kind string) error {
	type line struct {
		at    int
		cells []string
	}
	var lines []line
	var every []string
	led := map[string]bool{}
	for _, d := range p.c.Commands {
		if kindOf(d) != kind {
			continue
		}
		at, events, err := p.leads(d)
		if err != nil {
			return err
		}
		var to []string
		for _, e := range events {
			led[e.Name] = true
			to = append(to, eventLink(e))
		}
		if fromBook(d) != nil {
			every = append(every, "`"+d.Name+"`")
			continue
		}
		lines = append(lines, line{at, []string{"`" + d.Name + "`", strings.Join(to, ", "), p.c.does(d.Type)}})
	}
	slices.SortFunc(lines, func(a, b line) int { return cmp.Compare(a.at, b.at) })
	p.printf("\n### What can be asked of %s\n\n%s", withArticle(kind), commandTable)
	for _, l := range lines {
		p.row(l.cells...)
	}
	if len(every) > 0 {
		p.printf("\nAnd, [as of every record](#commands-that-every-record-has): %s.\n", strings.Join(every, ", "))
	}
	p.derived(kind, led)
	return nil
}

// derived lists the events of a kind that no command asks for.
func (p *page) derived(kind string, led map[string]bool) {
	head := "\nWhat follows from these is recorded with them:\n\n| event | meaning |\n|---|---|\n"
	for _, e := range p.c.Events {
		if kindOf(e) == kind && !led[e.Name] {
			p.printf("%s", head)
			p.row(eventLink(e), p.c.does(e.Type))
			head = ""
		}
	}
}

func eventLink(e es.Definition) string {
	return "[`" + e.Name + "`](events.md#" + strings.ReplaceAll(e.Name, ".", "") + ")"
}

// readDoc returns the prose of a package comment as Markdown, and the machines
// it draws.
func readDoc(name, text string) (prose string, machines []Machine, err error) {
	doc := new(comment.Parser).Parse(text)
	var drawn []string
	doc.Content = slices.DeleteFunc(doc.Content, func(b comment.Block) bool {
		code, ok := b.(*comment.Code)
		if !ok || !IsDrawing(code.Text) {
			return false
		}
		drawn = append(drawn, strings.Split(strings.TrimSpace(code.Text), "\n")...)
		return true
	})
	machines, err = ReadMachines(drawn)
	if err != nil {
		return "", nil, fmt.Errorf("package %s: %w", name, err)
	}
	return string(new(comment.Printer).Markdown(doc)), machines, nil
}

func withArticle(noun string) string {
	if strings.ContainsAny(noun[:1], "aeiou") {
		return "an " + noun
	}
	return "a " + noun
}

var otherPackage = regexp.MustCompile(`\bpackage ([a-z]+)`)

// people words a package comment for those who know no packages.
func (p *page) people(kind, prose string) string {
	prose = strings.Replace(prose, "Package "+kind, "The record of "+withArticle(kind), 1)
	prose = strings.ReplaceAll(prose, "this package", "this record")
	prose = otherPackage.ReplaceAllStringFunc(prose, func(s string) string {
		if name := strings.TrimPrefix(s, "package "); slices.Contains(p.kinds, name) {
			return link(name)
		}
		return s
	})
	return strings.TrimSpace(prose)
}
