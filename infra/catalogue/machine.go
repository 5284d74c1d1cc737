package catalogue

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Machine is a state machine as the package comment of an aggregate draws it.
type Machine struct {
	// Of is whose states they are, "party, by call"; empty for the aggregate
	// itself.
	Of string
	// Steps are in the order in which they are first drawn, each once.
	Steps []Step
}

// Step leads from one state to another.
type Step struct{ From, To string }

// group is a part of a path: states next to each other, or one that may be
// skipped.
type group struct {
	states   []string
	optional bool
	back     bool // the arrow before it goes both ways
}

var (
	arrow     = regexp.MustCompile(`<?->`)
	stateName = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)
	labelText = regexp.MustCompile(`^[a-z][a-z ,]*$`)
)

// IsDrawing reports whether an indented block of a package comment draws
// states: one of its lines has an arrow.
func IsDrawing(block string) bool { return strings.Contains(block, "->") }

// ReadMachines reads the lines of drawings, one machine for each label, in the
// order of their first lines. A line is
//
//	[label:] path {; path}
//
// and a path has at least one arrow:
//
//	A -> B | C -> D   from A to B and to C, and from both to D
//	A <-> B           from A to B and back
//	A -> (B) -> C     B may be skipped: also from A to C
//
// What is drawn twice is one step. Anything else is an error.
func ReadMachines(lines []string) ([]Machine, error) {
	var machines []Machine
	for _, line := range lines {
		label, paths := "", line
		if before, after, ok := strings.Cut(line, ":"); ok {
			label, paths = strings.TrimSpace(before), after
			if !labelText.MatchString(label) {
				return nil, fmt.Errorf("read %q: %q is no label: want words of lower-case letters", line, label)
			}
		}
		i := slices.IndexFunc(machines, func(m Machine) bool { return m.Of == label })
		if i < 0 {
			i, machines = len(machines), append(machines, Machine{Of: label})
		}
		for path := range strings.SplitSeq(paths, ";") {
			groups, err := readPath(path)
			if err != nil {
				return nil, fmt.Errorf("read %q: %w", line, err)
			}
			if err := machines[i].draw(groups); err != nil {
				return nil, fmt.Errorf("read %q: %w", line, err)
			}
		}
	}
	return machines, nil
}

func readPath(path string) ([]group, error) {
	arrows := arrow.FindAllString(path, -1)
	if len(arrows) == 0 {
		return nil, fmt.Errorf("%q has no arrow: want at least one", strings.TrimSpace(path))
	}
	var groups []group
	for i, text := range arrow.Split(path, -1) {
		g, err := readGroup(strings.TrimSpace(text))
		if err != nil {
			return nil, err
		}
		g.back = i > 0 && arrows[i-1] == "<->"
		groups = append(groups, g)
	}
	for i, g := range groups {
		switch {
		case g.optional && (i == 0 || i == len(groups)-1):
			return nil, fmt.Errorf("(%s) stands at the end of a path: want states on both sides of it", g.states[0])
		case g.optional && (g.back || groups[i+1].back):
			return nil, fmt.Errorf("(%s) is skipped both ways: want -> on both sides of it", g.states[0])
		}
	}
	return groups, nil
}

func readGroup(text string) (group, error) {
	inner, opened := strings.CutPrefix(text, "(")
	inner, closed := strings.CutSuffix(inner, ")")
	g := group{optional: opened}
	if opened != closed || opened && strings.Contains(inner, "|") {
		return g, fmt.Errorf("%q: want one state in parentheses", text)
	}
	for name := range strings.SplitSeq(inner, "|") {
		name = strings.TrimSpace(name)
		if !stateName.MatchString(name) {
			return g, fmt.Errorf("%q is no state: want a word such as InForce", name)
		}
		if slices.Contains(g.states, name) {
			return g, fmt.Errorf("%s is named twice: want it once", name)
		}
		g.states = append(g.states, name)
	}
	return g, nil
}

// draw adds the steps of a path: from each group to the next, and over those
// that may be skipped.
func (m *Machine) draw(groups []group) error {
	for i, from := range groups {
		for _, to := range groups[i+1:] {
			for _, s := range between(from, to) {
				if s.From == s.To {
					return fmt.Errorf("%s leads to itself: want two states", s.From)
				}
				if !slices.Contains(m.Steps, s) {
					m.Steps = append(m.Steps, s)
				}
			}
			if !to.optional {
				break
			}
		}
	}
	return nil
}

// between returns the steps from one group to another, and those back.
func between(from, to group) []Step {
	var steps, back []Step
	for _, f := range from.states {
		for _, t := range to.states {
			steps = append(steps, Step{f, t})
			if to.back {
				back = append(back, Step{t, f})
			}
		}
	}
	return append(steps, back...)
}

// States returns the states in the order in which they are first drawn.
func (m Machine) States() []string {
	var all []string
	for _, s := range m.Steps {
		for _, name := range []string{s.From, s.To} {
			if !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}

// Mermaid returns the machine as a stateDiagram-v2. It begins with the states
// that no step leads to, or with the first one drawn, and ends with those that
// no step leaves.
func (m Machine) Mermaid() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, "    "+format+"\n", args...) }
	b.WriteString("stateDiagram-v2\n")
	leaves := func(state string) bool {
		return slices.ContainsFunc(m.Steps, func(s Step) bool { return s.From == state })
	}
	reached := func(state string) bool {
		return slices.ContainsFunc(m.Steps, func(s Step) bool { return s.To == state })
	}
	states := m.States()
	for _, s := range states {
		if words := strings.ReplaceAll(Word(s), "_", " "); len(words) > len(s) {
			line("state \"%s\" as %s", s[:1]+words[1:], s)
		}
	}
	first := slices.DeleteFunc(slices.Clone(states), reached)
	if len(first) == 0 {
		first = states[:1]
	}
	for _, s := range first {
		line("[*] --> %s", s)
	}
	for _, s := range m.Steps {
		line("%s --> %s", s.From, s.To)
	}
	for _, s := range slices.DeleteFunc(slices.Clone(states), leaves) {
		line("%s --> [*]", s)
	}
	return b.String()
}

var capital = regexp.MustCompile(`[A-Z]`)

// Word returns the word that stands for a state in events: in_force for
// InForce.
func Word(state string) string {
	return strings.ToLower(strings.TrimPrefix(capital.ReplaceAllString(state, "_$0"), "_"))
}
