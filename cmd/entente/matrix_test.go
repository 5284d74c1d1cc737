package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/access"
	"github.com/entente-ledger/entente/infra/httpapi"
)

var update = flag.Bool("update", false, "write the authorization matrix into docs/security.md")

// The streams that the matrix is about: a party and a network, for which one clerk
// acts and another does not.
const (
	own   = "party-own"
	other = "party-other"
)

// roles are the columns of the matrix, in order.
func roles() []access.Identity {
	clerk := func(id, acts string) access.Identity {
		return access.Identity{ID: id, Roles: []access.Role{access.RoleClerk}, For: []string{acts}}
	}
	all := []access.Identity{access.Anonymous()}
	for _, role := range access.Role("").Words()[1:] {
		if access.Role(role) == access.RoleClerk {
			all = append(all, clerk("clerk, own", own), clerk("clerk, other", other))
			continue
		}
		all = append(all, access.Identity{ID: role, Roles: []access.Role{access.Role(role)}})
	}
	return all
}

// Cells of the matrix.
const (
	yes    = "yes"
	no     = "-"
	second = "second"
)

// matrix says what comes of an operation, by role.
type matrix struct {
	policy *access.Policy
	api    *httpapi.API
}

// command returns the command that a route gives, and its example; "" if it gives
// none.
func (m matrix) command(r httpapi.Route) (name, example string) {
	item := m.api.Huma().OpenAPI().Paths[r.Path]
	if item == nil || item.Post == nil || item.Post.RequestBody == nil {
		return "", ""
	}
	body := item.Post.RequestBody.Content["application/json"]
	if body == nil {
		return "", ""
	}
	name = strings.TrimPrefix(body.Schema.Ref, "#/components/schemas/")
	if body.Example != nil {
		example = fmt.Sprintf("%s", body.Example)
	}
	return name, example
}

// request is what a command on a route asks of the policy: on a record that is
// internal and concerns own, or to open one.
func (m matrix) request(r httpapi.Route, who access.Identity) access.Request {
	name, example := m.command(r)
	switch {
	case r.ID == "documents.put":
		return access.Request{Who: who, Action: access.Record, Kind: "source", Visibility: es.Internal, Command: "source.attach_file"}
	case r.ID == "batch":
		name, example = "source.register", ""
	case r.Action == access.Propose:
		return access.Request{Who: who, Action: access.Propose, Command: "network.dissolve", Visibility: es.Internal, Concerns: []string{own}}
	case r.Action == access.Approve:
		return access.Request{Who: who, Action: access.Approve, Command: "network.dissolve", Visibility: es.Internal, Concerns: []string{own}, Proposer: "somebody"}
	}
	kind, verb, _ := strings.Cut(name, ".")
	ask := access.Request{Who: who, Action: access.Record, Kind: kind, Command: name, Visibility: es.Internal, Concerns: []string{own}, Alone: true}
	if !strings.Contains(r.Path, "{id}") && !namesParty(example) {
		ask.Concerns = nil
	}
	if verb == "reclassify" {
		ask.Visibility = es.Public // as the example asks
	}
	return ask
}

// namesParty reports whether an example is about a party or network: who vouches for
// the fact does not count.
func namesParty(example string) bool {
	members := map[string]any{}
	if err := json.Unmarshal([]byte(example), &members); err != nil {
		return false
	}
	delete(members, "fact")
	text, err := json.Marshal(members)
	return err == nil && (bytes.Contains(text, []byte("party-")) || bytes.Contains(text, []byte("network-")))
}

// cell says what comes of a route for somebody.
func (m matrix) cell(r httpapi.Route, who access.Identity) string {
	switch r.Action {
	case httpapi.Anybody:
		return yes
	case access.Record, access.Propose, access.Approve:
		return verdict(m.policy.Decide(m.request(r, who)))
	case access.Read, access.Follow:
		return m.reaches(who, r.Action)
	case access.Audit:
		if strings.Contains(r.Path, "{event}") {
			return m.reaches(who, r.Action)
		}
	}
	return verdict(m.policy.Decide(access.Request{Who: who, Action: r.Action}))
}

func verdict(d access.Decision) string {
	switch {
	case d.Allowed:
		return yes
	case d.ApprovalNeeded:
		return second
	}
	return no
}

// reaches says up to which visibility somebody may do something.
func (m matrix) reaches(who access.Identity, action access.Action) string {
	most := no
	for _, v := range []es.Visibility{es.Public, es.Internal, es.Restricted} {
		r := access.Request{Who: who, Action: action, Kind: "memorandum", Stream: "memorandum-x", Visibility: v, Concerns: []string{own}}
		if m.policy.Decide(r).Allowed {
			most = string(v)
		}
	}
	granted := who
	granted.Reads = []string{"memorandum"}
	if r := (access.Request{Who: granted, Action: action, Kind: "memorandum", Visibility: es.Internal}); most == no && m.policy.Decide(r).Allowed {
		return "granted"
	}
	return most
}

// table is the matrix as Markdown.
func (m matrix) table() string {
	var text strings.Builder
	columns := roles()
	text.WriteString("| operation | action |")
	for _, who := range columns {
		text.WriteString(" " + who.ID + " |")
	}
	text.WriteString("\n|" + strings.Repeat("---|", len(columns)+2) + "\n")
	for _, r := range m.api.Routes() {
		fmt.Fprintf(&text, "| `%s %s` | %s |", r.Method, r.Path, r.Action)
		for _, who := range columns {
			text.WriteString(" " + m.cell(r, who) + " |")
		}
		text.WriteString("\n")
	}
	return text.String()
}

const matrixBegins, matrixEnds = "<!-- matrix: made from the policy and the router -->\n", "<!-- end of the matrix -->\n"

func TestGoldenMatrix(t *testing.T) {
	m, _ := servedMatrix(t)
	known := append(access.Action("").Words(), string(httpapi.Anybody))
	for _, r := range m.api.Routes() {
		require.Contains(t, known, string(r.Action), "%s %s has to say what it asks of the policy", r.Method, r.Path)
	}
	path := filepath.Join("..", "..", "docs", "security.md")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(text), matrixBegins)
	require.True(t, ok)
	found, after, ok := strings.Cut(rest, matrixEnds)
	require.True(t, ok)
	want := "\n" + m.table() + "\n"
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(before+matrixBegins+want+matrixEnds+after), 0o600))
		return
	}
	require.Equal(t, strings.Split(want, "\n"), strings.Split(found, "\n"), "make golden")
}

// TestMatrix calls every operation as everybody, over HTTP.
func TestMatrix(t *testing.T) {
	m, s := servedMatrix(t)
	s.furnish(m)
	called, wrong := 0, []string{}
	for _, r := range m.api.Routes() {
		for _, who := range roles() {
			want := m.cell(r, who)
			got, said := s.call(m, r, who)
			if !slices.Contains(got, want) {
				wrong = append(wrong, fmt.Sprintf("%s %s as %s: %v rather than %s: %s", r.Method, r.Path, who.ID, got, want, said))
			}
			called++
		}
	}
	require.Empty(t, wrong)
	require.Equal(t, len(m.api.Routes())*len(roles()), called)
}

// example returns that of the command at a path.
func (m matrix) example(path string) string {
	_, text := m.command(httpapi.Route{Path: path})
	return text
}
