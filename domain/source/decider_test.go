package source_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/book/booktest"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/es/estest"
	"github.com/entente-ledger/entente/domain/source"
	"github.com/entente-ledger/entente/domain/terms"
)

type (
	cases  = []estest.Case[source.Command, source.Event]
	events = []source.Event
)

const (
	other   terms.SourceID = "source-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e01"
	edition terms.SourceID = "source-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e05"
	patra   terms.PartyID  = "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e02"
	bari    terms.PartyID  = "party-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e03"
	mayor   terms.PersonID = "person-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e04"
)

func on(date string) terms.Fact { return terms.Fact{Occurred: edtf.MustParse(date)} }

func cited(date string) terms.Fact {
	f := on(date)
	f.Source = terms.Citation{ID: other, Locator: "p. 3"}
	return f
}

func text(lang terms.Lang, value string) terms.Text { return terms.Text{Lang: lang, Value: value} }

func correct(of es.Revision, e source.Event) source.Correct {
	return source.Correct{book.Corrected[source.Event]{Fact: cited("2024"), Of: of, As: e, Reason: "misread"}}
}

func void(of es.Revision) source.Void {
	return source.Void{book.Voided{Fact: cited("2024"), Of: of, Reason: "another page"}}
}

func dispute(of es.Revision) source.Dispute {
	return source.Dispute{book.Disputed{Fact: cited("2024"), Of: of, By: bari, Grounds: "it was never printed"}}
}

func rule(of es.Revision, stands bool) source.Rule {
	return source.Rule{book.Ruled{Fact: cited("2025"), Of: of, Stands: stands, Reason: "the printer was found"}}
}

func reclassify(v terms.Visibility) source.Reclassify {
	return source.Reclassify{book.Reclassified{Fact: on("2025"), Visibility: v, Reason: "in print now"}}
}

var (
	hash = source.Hash(strings.Repeat("0a", 32))
	page = source.Description{
		Titles: []terms.Text{text("el", "Σύμφωνο Πάτρας"), text("en", "Patras Pact")}, Kind: "press_release",
		Languages: []terms.Lang{"el", "en"}, Issued: edtf.MustParse("2018-10"), Issuer: patra, URL: "https://example.org/pact?lang=el",
	}
	scan  = source.File{Name: "σύμφωνο 1.pdf", MediaType: "application/pdf", Size: 20_480, Hash: hash}
	count = source.Note{Kind: "statistic", Locator: "p. 4", OnBehalf: patra, Gist: text("en", "tonnes saved a year"), Value: "1200.50", Unit: "t"}

	registered  = source.Registered{Fact: on("2018-10"), Description: page}
	carriedOver = source.CarriedOver{Fact: on("2018-10"), Description: page, Files: []source.File{scan}, Notes: []source.Note{count}, ReplacedBy: edition}
	attributed  = source.Attributed{Fact: cited("2019"), Issuer: bari}
	attached    = source.FileAttached{Fact: on("2018-10-05"), File: scan}
	noted       = source.NoteRecorded{Fact: on("2018-10"), Note: count}
	replaced    = source.Replaced{Fact: on("2020"), By: edition}
	removed     = source.EntryRemoved{Fact: on("2022"), Of: terms.Ref(patra) + "@1"}
	restored    = source.EntryRestored{Fact: on("2023"), Of: terms.Ref(patra) + "@2"}
)

// plain is how many of facts are no amendments and no reclassification.
const plain = 6

// facts is each fact that can follow an opening, with its command, and with
// other values; and every other command.
var facts = booktest.Examples[source.Command, source.Event]{
	{Name: "attribution", Command: source.Attribute(attributed), Event: attributed, Changed: source.Attributed{Fact: cited("2020"), Issuer: "network-0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e02"}},
	{Name: "file", Command: source.AttachFile(attached), Event: attached, Changed: source.FileAttached{Fact: on(""), File: source.File{Name: "a", MediaType: "text/html", Size: 1, Hash: hash}}},
	{Name: "note", Command: source.RecordNote(noted), Event: noted, Changed: source.NoteRecorded{Fact: on(""), Note: source.Note{Kind: "defect", Speaker: mayor, Gist: text("en", "page 2 is missing")}}},
	{Name: "replacement", Command: source.Replace(replaced), Event: replaced, Changed: source.Replaced{Fact: on("2021"), By: other}},
	{Name: "removal", Command: source.RemoveEntry(removed), Event: removed, Changed: source.EntryRemoved{Fact: on("2023"), Of: terms.Ref(bari) + "@1"}},
	{Name: "restoration", Command: source.RestoreEntry(restored), Event: restored, Changed: source.EntryRestored{Fact: on("2024"), Of: terms.Ref(bari) + "@2"}},
	{Name: "reclassification", Command: reclassify(es.Public), Event: source.Reclassified(reclassify(es.Public))},
	{Name: "dispute", Command: dispute(1), Event: source.Disputed(dispute(1))},
	{Name: "correction", Command: correct(1, registered)},
	{Name: "voiding", Command: void(2)},
	{Name: "ruling", Command: rule(2, true)},
}

func TestEveryCommand(t *testing.T) {
	have := map[reflect.Type]bool{reflect.TypeFor[source.Register](): true, reflect.TypeFor[source.CarryOver](): true}
	for _, c := range facts {
		have[reflect.TypeOf(c.Command)] = true
		estest.Run(t, source.Decider, cases{
			{Name: c.Name + "_of_nothing", When: c.Command, Err: es.ErrNotFound},
			{
				Name: c.Name + "_of_a_voided_source", Given: events{registered, source.Voided(void(1))},
				When: c.Command, Err: es.Rejected("source.void", "", ""),
			},
		})
		if c.Event != nil {
			estest.Run(t, source.Decider, cases{
				{Name: c.Name, Given: events{registered}, When: c.Command, Then: events{c.Event}},
				{Name: c.Name + "_again", Given: events{registered, c.Event}, When: c.Command},
			})
		}
		t.Run(c.Name+"_survives_json", func(t *testing.T) {
			name, _, data, err := source.Commands.Encode(c.Command)
			require.NoError(t, err)
			got, err := source.Commands.Parse(name, data)
			require.NoError(t, err)
			_, _, encoded, err := source.Commands.Encode(got)
			require.NoError(t, err)
			require.JSONEq(t, strings.ReplaceAll(string(data), `"visibility":""`, `"visibility":"internal"`), string(encoded))
		})
	}
	for _, d := range source.Commands.Definitions() {
		require.True(t, have[d.Type], "%s has no case here", d.Name)
	}
}

func TestOpen(t *testing.T) {
	estest.Run(t, source.Decider, cases{
		{Name: "register", When: source.Register(registered), Then: events{registered}},
		{Name: "carry_over", When: source.CarryOver(carriedOver), Then: events{carriedOver}},
		{Name: "twice", Given: events{registered}, When: source.Register(registered), Err: es.Rejected("source.exists", "", "")},
		{Name: "carry_over_what_is_there", Given: events{registered}, When: source.CarryOver(carriedOver), Err: es.ErrRejected},
	})
	for _, c := range []struct {
		name   string
		change func(*source.Description)
		field  string
	}{
		{"without_a_title", func(d *source.Description) { d.Titles = nil }, "/description/titles"},
		{"with_an_empty_title", func(d *source.Description) { d.Titles = []terms.Text{text("el", "Α"), text("el", "")} }, "/description/titles/1/value"},
		{"without_a_kind", func(d *source.Description) { d.Kind = "" }, "/description/kind"},
		{"with_an_empty_language", func(d *source.Description) { d.Languages = []terms.Lang{"el", ""} }, "/description/languages/1"},
		{"with_a_language_twice", func(d *source.Description) { d.Languages = []terms.Lang{"el", "el"} }, "/description/languages/1"},
		{"at_a_relative_address", func(d *source.Description) { d.URL = "pact.html" }, "/description/url"},
		{"at_a_script", func(d *source.Description) { d.URL = "javascript://example.org/%0aalert(1)" }, "/description/url"},
		{"at_an_address_with_a_password", func(d *source.Description) { d.URL = "https://a:b@example.org/" }, "/description/url"},
		{"at_an_address_with_a_space", func(d *source.Description) { d.URL = "https://example.org/a b" }, "/description/url"},
		{"at_an_address_without_a_host", func(d *source.Description) { d.URL = "https:///a" }, "/description/url"},
		{"at_no_address_at_all", func(d *source.Description) { d.URL = "://" }, "/description/url"},
	} {
		for _, carry := range []bool{false, true} {
			t.Run(c.name, func(t *testing.T) {
				d := page
				c.change(&d)
				var command source.Command = source.Register{Description: d}
				if carry {
					command = source.CarryOver{Description: d}
				}
				requireField(t, command, nil, c.field)
			})
		}
	}
	t.Run("with_nothing_but_a_title", func(t *testing.T) {
		_, err := source.Decider.Decide(source.Register{Description: source.Description{Titles: page.Titles, Kind: "other"}}, source.State{})
		require.NoError(t, err)
	})
}

func TestWrongInput(t *testing.T) {
	for _, of := range []terms.Ref{"", terms.Ref(patra)} {
		requireField(t, source.RemoveEntry{Of: of}, events{registered}, "/of")
		requireField(t, source.RestoreEntry{Of: of}, events{registered}, "/of")
	}
	requireField(t, source.Attribute{}, events{registered}, "/issuer")
	requireField(t, source.Replace{}, events{registered}, "/by")
	requireField(t, reclassifyWithout(), events{registered}, "/reason")
	for _, c := range []struct {
		name   string
		change func(*source.File)
		field  string
	}{
		{"without_a_name", func(f *source.File) { f.Name = "" }, "/name"},
		{"in_a_folder", func(f *source.File) { f.Name = "a/b" }, "/name"},
		{"in_a_folder_of_windows", func(f *source.File) { f.Name = `a\b` }, "/name"},
		{"above", func(f *source.File) { f.Name = ".." }, "/name"},
		{"with_a_long_name", func(f *source.File) { f.Name = strings.Repeat("a", 256) }, "/name"},
		{"with_a_line_feed", func(f *source.File) { f.Name = "a\nb" }, "/name"},
		{"without_a_media_type", func(f *source.File) { f.MediaType = "" }, "/mediaType"},
		{"with_half_a_media_type", func(f *source.File) { f.MediaType = "pdf" }, "/mediaType"},
		{"with_a_loud_media_type", func(f *source.File) { f.MediaType = "Application/PDF" }, "/mediaType"},
		{"of_no_bytes", func(f *source.File) { f.Size = 0 }, "/size"},
		{"of_negative_bytes", func(f *source.File) { f.Size = -1 }, "/size"},
		{"without_a_hash", func(f *source.File) { f.Hash = "" }, "/hash"},
		{"with_a_loud_hash", func(f *source.File) { f.Hash = source.Hash(strings.Repeat("0A", 32)) }, "/hash"},
	} {
		t.Run("file_"+c.name, func(t *testing.T) {
			f := scan
			c.change(&f)
			requireField(t, source.AttachFile{File: f}, events{registered}, "/file"+c.field)
			requireField(t, source.CarryOver{Description: page, Files: []source.File{scan, f}}, nil, "/files/1"+c.field)
		})
	}
	for _, c := range []struct {
		name   string
		change func(*source.Note)
		field  string
	}{
		{"without_a_kind", func(n *source.Note) { n.Kind = "" }, "/kind"},
		{"without_a_gist", func(n *source.Note) { n.Gist.Value = "" }, "/gist/value"},
		{"without_a_language", func(n *source.Note) { n.Gist.Lang = "" }, "/gist/lang"},
		{"as_long_as_a_quotation", func(n *source.Note) { n.Gist.Value = strings.Repeat("α", source.MaxGist/2+1) }, "/gist/value"},
		{"with_a_unit_of_nothing", func(n *source.Note) { n.Value = "" }, "/value"},
	} {
		t.Run("note_"+c.name, func(t *testing.T) {
			n := count
			c.change(&n)
			requireField(t, source.RecordNote{Note: n}, events{registered}, "/note"+c.field)
			requireField(t, source.CarryOver{Description: page, Notes: []source.Note{count, n}}, nil, "/notes/1"+c.field)
		})
	}
	t.Run("note_as_long_as_can_be", func(t *testing.T) {
		n := count
		n.Gist.Value = strings.Repeat("a", source.MaxGist)
		_, err := source.Decider.Decide(source.RecordNote{Note: n}, source.Decider.Fold(registered))
		require.NoError(t, err)
	})
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		value interface{ UnmarshalText([]byte) error }
		good  []string
		bad   []string
	}{
		{new(source.Kind), source.Kind("").Words(), []string{"", "Report", "book"}},
		{new(source.NoteKind), source.NoteKind("").Words(), []string{"", "quotation"}},
		{new(source.Hash), []string{string(hash)}, []string{"", "0a", strings.Repeat("0A", 32), strings.Repeat("g", 64)}},
		{
			new(source.Figure),
			[]string{"", "0", "-0", "7", "-1200.50", "0.001", strings.Repeat("9", 30)},
			[]string{"1,200", "1e3", "+1", ".5", "5.", "007", " 1", "1 ", "١", "1.2.3", "0x1", strings.Repeat("9", 31)},
		},
	} {
		for _, s := range c.good {
			require.NoError(t, c.value.UnmarshalText([]byte(s)), "%T %q", c.value, s)
			require.Equal(t, s, reflect.ValueOf(c.value).Elem().String())
		}
		for _, s := range c.bad {
			require.ErrorIs(t, c.value.UnmarshalText([]byte(s)), es.ErrInvalid, "%T %q", c.value, s)
		}
	}
}

func reclassifyWithout() source.Command { return source.Reclassify{} }

// requireField requires that c is invalid because of one field.
func requireField(t *testing.T, c source.Command, given events, field string) {
	t.Helper()
	got, err := source.Decider.Decide(c, source.Decider.Fold(given...))
	require.Empty(t, got)
	e := new(es.Error)
	require.ErrorAs(t, err, &e)
	require.Equal(t, es.ErrInvalid, e.Kind)
	require.Equal(t, field, e.Field)
}
