package intake

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/source"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/tabular"
)

// Mapping says how a register is read. It is written as YAML.
type Mapping struct {
	Register Register `yaml:"register"`
	File     File     `yaml:"file"`
	Dates    Dates    `yaml:"dates"`
	// Known is from when the registrar vouches for what a row says: an instant
	// (RFC 3339) or a date, of which the last day counts, at 00:00 UTC. Not
	// stated: when it is recorded.
	Known Value `yaml:"knownAt"`
	// Visibility is that of what is opened; "" is internal.
	Visibility string `yaml:"visibility"`
	// Tables say what the rows are, at least one.
	Tables []Table `yaml:"tables"`
}

// Register is the source that is carried over.
type Register struct {
	// Key is what it goes by in the ledger, for ever: lower-case letters, digits
	// and hyphens.
	Key string `yaml:"key"`
	// Titles are at least one.
	Titles    []Text   `yaml:"titles"`
	Languages []string `yaml:"languages"`
	URL       string   `yaml:"url"`
	// Issuer is the id of the party that keeps it, or empty.
	Issuer string `yaml:"issuer"`
}

// Text is a text in a language.
type Text struct {
	Lang  string `yaml:"lang"`
	Value string `yaml:"value"`
}

// File says how the file is read, see [tabular.Options].
type File struct {
	Format    string `yaml:"format"`
	Encoding  string `yaml:"encoding"`
	Delimiter string `yaml:"delimiter"`
	Header    int    `yaml:"header"`
}

// Table says what a row is.
type Table struct {
	// Sheet is that of a workbook, or empty: any.
	Sheet string `yaml:"sheet"`
	// Row is what a row is: party, agreement, participation (a party's part in
	// an agreement), membership, or change (one thing that happened).
	Row string `yaml:"row"`

	Party      *Party      `yaml:"party"`     // not of an agreement
	Agreement  *Agreement  `yaml:"agreement"` // of an agreement, a participation, a change
	Parties    []Member    `yaml:"parties"`   // of an agreement
	Network    *Network    `yaml:"network"`   // of a membership, a change
	Part       *Part       `yaml:"part"`      // of a participation
	Signed     *Act        `yaml:"signed"`    // likewise
	Consented  *Act        `yaml:"consented"` // likewise
	Withdrawn  *Act        `yaml:"withdrawn"` // likewise
	Membership *Membership `yaml:"membership"`
	Change     *Change     `yaml:"change"`
}

// Party says where the columns of a party are. It is matched by an identifier,
// else by its name (but for case, accents and spacing), country and kind.
type Party struct {
	// ID is that of a party of the ledger; then the rest is left out.
	ID string `yaml:"id"`
	// Name is the official one. Several in one cell are several parties, of an
	// agreement.
	Name        Value            `yaml:"name"`
	Names       []Name           `yaml:"names"`
	Kind        Value            `yaml:"kind"`
	Country     Value            `yaml:"country"`
	Identifiers map[string]Value `yaml:"identifiers"` // by scheme
}

// Name is another name of a party.
type Name struct {
	Value `yaml:",inline"`
	Use   string `yaml:"use"`
}

// UnmarshalYAML reads a constant, or the members of a Value and the use.
func (m *Name) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return m.Value.UnmarshalYAML(n)
	}
	var use struct {
		Use string `yaml:"use"`
	}
	if err := n.Decode(&use); err != nil {
		return err
	}
	type members Value // without its method
	if err := n.Decode((*members)(&m.Value)); err != nil {
		return err
	}
	if err := knownMembers(n, append(slices.Clone(valueMembers), "use")...); err != nil {
		return err
	}
	m.Use = use.Use
	return m.check(n)
}

// Member is a party of an agreement, with its part.
type Member struct {
	Party `yaml:",inline"`
	Part  `yaml:",inline"`
}

// Part is a party's part in an agreement. If the state is one for all rows, it
// is said only where a date is.
type Part struct {
	State     Value `yaml:"state"`
	Since     Value `yaml:"since"`
	Consented Value `yaml:"consentedOn"`
	Weight    Value `yaml:"weight"`
}

// Act is something with a date: a signature, a consent, a withdrawal. It is
// left out where the date is blank, and for consents also the means.
type Act struct {
	Date  Value `yaml:"date"`
	Means Value `yaml:"means"` // of a consent
}

// Agreement says where the columns of an agreement are.
type Agreement struct {
	// Key is what it goes by in the register.
	Key Value `yaml:"key"`
	// Constants are members of the payload of memorandum.carry_over that hold
	// for all, Of those that hold for one with a key.
	Constants yaml.Node            `yaml:"constants"`
	Of        map[string]yaml.Node `yaml:"of"`

	Title     Value   `yaml:"title"`
	Titles    []Value `yaml:"titles"` // in other languages
	Kind      Value   `yaml:"kind"`
	Phase     Value   `yaml:"phase"`
	Since     Value   `yaml:"since"`
	InForce   Value   `yaml:"inForce"`
	Until     Value   `yaml:"until"`
	Duration  Value   `yaml:"duration"`
	Notice    Value   `yaml:"notice"`
	Themes    Value   `yaml:"themes"`
	Reference Value   `yaml:"reference"`
}

// Network says which network a row is about.
type Network struct {
	ID   string `yaml:"id"`   // of the ledger, or
	Name Value  `yaml:"name"` // its title
	// Constants are members of the payload of network.carry_over.
	Constants yaml.Node `yaml:"constants"`
}

// Membership says where the columns of a membership are.
type Membership struct {
	Standing Value `yaml:"standing"`
	Class    Value `yaml:"class"`
	OwnClass Value `yaml:"ownClass"`
	Since    Value `yaml:"since"`
}

// Change says where the columns of a change are.
type Change struct {
	// What happened: see the words of [agreementChanges] and [networkChanges].
	What  Value `yaml:"what"`
	Date  Value `yaml:"date"`
	Means Value `yaml:"means"` // of a consent
}

// The words for what a row is.
const (
	rowParty         = "party"
	rowAgreement     = "agreement"
	rowParticipation = "participation"
	rowMembership    = "membership"
	rowChange        = "change"
)

var keySyntax = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// ReadMapping reads the mapping in a file. It fails with [es.ErrInvalid], and
// names the line where it can.
func ReadMapping(path string) (*Mapping, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, es.Invalid("import.no_mapping", fmt.Sprintf("the mapping cannot be read: %v", err), "--mapping with the path of a file; `entente import --propose FILE` drafts one")
	}
	defer func() { _ = f.Close() }() // it was only read
	return DecodeMapping(f)
}

// DecodeMapping reads a mapping; see [ReadMapping].
func DecodeMapping(r io.Reader) (*Mapping, error) {
	m := &Mapping{}
	dec := yaml.NewDecoder(r)
	dec.KnownFields(true)
	if err := dec.Decode(m); err != nil {
		if _, ok := errors.AsType[*es.Error](err); ok {
			return nil, err
		}
		return nil, bad("it is not read: "+strings.TrimPrefix(err.Error(), "yaml: "), "YAML with the members that docs/import.md names")
	}
	return m, m.validate()
}

func bad(message, want string) error {
	return es.Invalid("import.bad_mapping", "the mapping has a fault: "+message, want)
}

func (m *Mapping) validate() error {
	switch {
	case !keySyntax.MatchString(m.Register.Key) || len(m.Register.Key) > es.MaxNameBytes:
		return bad("register.key is missing or malformed", "lower-case letters, digits and hyphens, such as sister-cities")
	case len(m.Register.Titles) == 0:
		return bad("register.titles is missing", "at least one, such as {lang: en, value: Sister cities}")
	case len(m.Tables) == 0:
		return bad("it has no tables", "at least one, with what a row is")
	}
	if err := new(terms.Visibility).UnmarshalText([]byte(m.Visibility)); err != nil {
		return fmt.Errorf("mapping, visibility: %w", err)
	}
	if _, err := m.source(); err != nil {
		return fmt.Errorf("mapping, register: %w", err)
	}
	if err := m.Dates.validate(); err != nil {
		return err
	}
	for i := range m.Tables {
		if err := m.Tables[i].validate(); err != nil {
			return fmt.Errorf("table %d: %w", i+1, err)
		}
	}
	return m.options().Validate()
}

func (m *Mapping) options() tabular.Options {
	o := tabular.Options{
		Format: tabular.Format(m.File.Format), Encoding: m.File.Encoding, Delimiter: m.File.Delimiter, Header: m.File.Header,
	}
	for _, t := range m.Tables {
		if t.Sheet == "" {
			o.Sheets = nil
			break
		}
		if !slices.Contains(o.Sheets, t.Sheet) {
			o.Sheets = append(o.Sheets, t.Sheet)
		}
	}
	return o
}

// source returns the register as a source.
func (m *Mapping) source() (source.Registered, error) {
	e := source.Registered{Visibility: terms.Visibility(m.Visibility)}
	e.Kind = "register"
	for _, t := range m.Register.Titles {
		text := terms.Text{Value: t.Value}
		if err := text.Lang.UnmarshalText([]byte(t.Lang)); err != nil {
			return e, err
		}
		e.Titles = append(e.Titles, text)
	}
	for _, l := range m.Register.Languages {
		var lang terms.Lang
		if err := lang.UnmarshalText([]byte(l)); err != nil {
			return e, err
		}
		e.Languages = append(e.Languages, lang)
	}
	e.URL = m.Register.URL
	return e, e.Issuer.UnmarshalText([]byte(m.Register.Issuer))
}

// validate says what is missing for what a row is, and what has no place there.
func (t *Table) validate() error {
	has := map[string]bool{
		"party": t.Party != nil, "agreement": t.Agreement != nil, "parties": len(t.Parties) > 0, "network": t.Network != nil,
		"part": t.Part != nil, "signed": t.Signed != nil, "consented": t.Consented != nil, "withdrawn": t.Withdrawn != nil,
		"membership": t.Membership != nil, "change": t.Change != nil,
	}
	needs, may := []string{"party"}, []string{}
	switch t.Row {
	case rowParty:
	case rowAgreement:
		needs, may = []string{"agreement"}, []string{"parties"}
	case rowParticipation:
		needs, may = append(needs, "agreement"), []string{"part", "signed", "consented", "withdrawn"}
	case rowMembership:
		needs = append(needs, "network", "membership")
	case rowChange:
		needs = append(needs, "change")
		may = []string{"agreement", "network"}
		if has["agreement"] == has["network"] {
			return bad("a change is about an agreement or a network", "one of the two")
		}
	default:
		return bad(fmt.Sprintf("a row cannot be a %.40q", t.Row), "row: party, agreement, participation, membership or change")
	}
	for _, name := range needs {
		if !has[name] {
			return bad(fmt.Sprintf("a row that is a %s needs %s", t.Row, name), name+" with its columns")
		}
	}
	for name, there := range has {
		if there && !slices.Contains(needs, name) && !slices.Contains(may, name) {
			return bad(fmt.Sprintf("a row that is a %s has no %s", t.Row, name), strings.Join(append(needs, may...), ", "))
		}
	}
	return t.validateParts()
}

func (t *Table) validateParts() error {
	switch {
	case t.Party != nil && t.Party.ID == "" && t.Party.Name.empty():
		return bad("party has neither a name nor an id", "name: {column: ...}")
	case t.Party != nil && t.Party.Name.Split != "":
		return bad("a row is about one party", "no split; only parties of an agreement can be several in one cell")
	case t.Agreement != nil && t.Agreement.Key.empty():
		return bad("agreement has no key", "key: {column: ...} with what it goes by in the register")
	case t.Network != nil && (t.Network.ID == "") == t.Network.Name.empty():
		return bad("network has neither an id nor a name, or both", "one of the two")
	case t.Membership != nil && t.Membership.Standing.empty():
		return bad("membership has no standing", "standing: active, or a column with words")
	case t.Change != nil && (t.Change.What.empty() || t.Change.Date.empty()):
		return bad("change needs what and date", "both, with their columns")
	case t.Row == rowParticipation && t.Part == nil && t.Signed == nil && t.Consented == nil && t.Withdrawn == nil:
		return bad("a participation says nothing", "part, signed, consented or withdrawn")
	}
	for _, p := range t.Parties {
		if p.ID == "" && p.Name.empty() {
			return bad("one of parties has neither a name nor an id", "name: {column: ...}")
		}
	}
	return nil
}
