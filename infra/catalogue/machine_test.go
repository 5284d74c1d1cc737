package catalogue_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/infra/catalogue"
)

// steps writes machines as lines of a label and the steps.
func steps(machines []catalogue.Machine) []string {
	var lines []string
	for _, m := range machines {
		var b strings.Builder
		b.WriteString(m.Of + ":")
		for _, s := range m.Steps {
			b.WriteString(" " + s.From + ">" + s.To)
		}
		lines = append(lines, b.String())
	}
	return lines
}

func TestReadMachines(t *testing.T) {
	for name, c := range map[string]struct{ drawing, want string }{
		"path":            {"A -> B -> C", ": A>B B>C"},
		"alternatives":    {"A -> B | C -> D", ": A>B A>C B>D C>D"},
		"several_first":   {"A | B -> C", ": A>C B>C"},
		"both_ways":       {"A <-> B | C", ": A>B A>C B>A C>A"},
		"both_ways_on":    {"A -> B <-> C -> D", ": A>B B>C C>B C>D"},
		"optional":        {"A -> (B) -> C", ": A>B A>C B>C"},
		"optional_twice":  {"A -> (B) -> (C) -> D", ": A>B A>C A>D B>C B>D C>D"},
		"optional_groups": {"A | B -> (C) -> D | E", ": A>C B>C A>D A>E B>D B>E C>D C>E"},
		"separate_paths":  {"A -> B; C -> D", ": A>B C>D"},
		"lines_united":    {"A -> B\nB -> C; A -> B", ": A>B B>C"},
		"second_machine":  {"A -> B\nparty, by call: C -> D\nB -> A\nparty, by call: D -> A", ": A>B B>A\nparty, by call: C>D D>A"},
	} {
		t.Run(name, func(t *testing.T) {
			machines, err := catalogue.ReadMachines(strings.Split(c.drawing, "\n"))
			require.NoError(t, err)
			require.Equal(t, strings.Split(c.want, "\n"), steps(machines))
		})
	}
}

func TestReadMachinesRefuses(t *testing.T) {
	for name, c := range map[string]struct{ line, want string }{
		"no_arrow":          {"Open", "has no arrow"},
		"empty_path":        {"A -> B;", "has no arrow"},
		"empty_state":       {"A -> ", "is no state"},
		"remark":            {"A -> B (for applications)", "parentheses"},
		"lower_case":        {"A -> b", `"b" is no state`},
		"two_words":         {"A -> In Force", `"In Force" is no state`},
		"other_arrow":       {"A => B -> C", `"A => B" is no state`},
		"arrow_back":        {"A <- B -> C", `"A <- B" is no state`},
		"named_twice":       {"A -> B | B", "B is named twice"},
		"to_itself":         {"A -> A", "A leads to itself"},
		"to_itself_skipped": {"A -> (B) -> A", "A leads to itself"},
		"optional_first":    {"(A) -> B", "(A) stands at the end"},
		"optional_last":     {"A -> (B)", "(B) stands at the end"},
		"optional_back":     {"A -> (B) <-> C", "(B) is skipped both ways"},
		"optional_there":    {"A <-> (B) -> C", "(B) is skipped both ways"},
		"optional_group":    {"A -> (B | C) -> D", "want one state in parentheses"},
		"optional_among":    {"A -> (B) | C -> D", "want one state in parentheses"},
		"optional_unclosed": {"A -> (B -> C", "want one state in parentheses"},
		"label":             {"Party: A -> B", `"Party" is no label`},
		"label_empty":       {": A -> B", `"" is no label`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := catalogue.ReadMachines([]string{c.line})
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "read \""+c.line, "it names the line")
		})
	}
}

func TestMermaid(t *testing.T) {
	for name, c := range map[string]struct{ line, want string }{
		"first_and_last": {
			"Draft -> InForce -> Expired | Terminated",
			`stateDiagram-v2
    state "In force" as InForce
    [*] --> Draft
    Draft --> InForce
    InForce --> Expired
    InForce --> Terminated
    Expired --> [*]
    Terminated --> [*]
`,
		},
		"neither_first_nor_last": {
			"Open <-> Closed",
			`stateDiagram-v2
    [*] --> Open
    Open --> Closed
    Closed --> Open
`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			machines, err := catalogue.ReadMachines([]string{c.line})
			require.NoError(t, err)
			require.Len(t, machines, 1)
			require.Equal(t, c.want, machines[0].Mermaid())
		})
	}
}
