package terms_test

import (
	"encoding"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

const (
	anID   = "0192d1c4-7a3e-7cc0-8000-3b1f6c2a9e55"
	aParty = "party-" + anID
)

// fruit is a word of a closed vocabulary.
type fruit string

func (fruit) Words() []string                    { return []string{"apple", "pear"} }
func (f *fruit) UnmarshalText(text []byte) error { return terms.ReadWord(f, text) }

func TestUnmarshalText(t *testing.T) {
	for _, c := range []struct {
		name  string
		value encoding.TextUnmarshaler
		code  string
		good  []string
		bad   []string
	}{
		{
			"ref", new(terms.Ref), "",
			[]string{"", aParty, "memorandum-" + anID + "@1", "network-" + anID + "@18446744073709551615"},
			[]string{
				"@1", aParty + "@", aParty + "@0", aParty + "@01", aParty + "@+1", aParty + "@-1", aParty + "@1@2", aParty + "@18446744073709551616",
				aParty + "@١", aParty + " ", "party", "party-", "-" + anID, anID, "Party-" + anID, "party-" + strings.ToUpper(anID), "party_x-" + anID,
				"party-{" + anID + "}", "party-urn:uuid:" + anID, "party-" + strings.ReplaceAll(anID, "-", ""), "entente_checkpoint",
			},
		},
		{"party", new(terms.PartyID), "", []string{"", aParty, "network-" + anID}, []string{aParty + "@1", "person-" + anID, "source-" + anID, "parties-" + anID}},
		{"person", new(terms.PersonID), "", []string{"", "person-" + anID}, []string{aParty, "person-" + anID + "@1", "A. Mayor"}},
		{"source", new(terms.SourceID), "", []string{"", "source-" + anID}, []string{aParty, "source"}},
		{"agreement", new(terms.AgreementID), "", []string{"", "memorandum-" + anID}, []string{aParty, "memorandum-"}},
		{
			"lang", new(terms.Lang), "terms.bad_lang",
			[]string{"", "el", "it", "ja-Latn", "el-Latn", "sr-Cyrl", "zh-Hant-TW", "pt-BR", "und"},
			[]string{"EL", "ell", "el-latn", "el_Latn", "greek", "el-", "x", "1", " el", "iw", "x-" + strings.Repeat("abcdefgh-", 30) + "a"},
		},
		{
			"theme", new(terms.Theme), "terms.bad_theme",
			[]string{"sdg:1", "sdg:17", "sdg:13.2", "sdg:16.10", "sdg:17.a", "social-inclusion", "a", "5g", strings.Repeat("a", 200)},
			[]string{
				"", "sdg:0", "sdg:18", "sdg:01", "sdg:13.", "sdg:13.0", "sdg:13.e", "SDG:13", "sdg:13 ",
				"-a", "a-", "a--b", "a b", "é", "a\n", strings.Repeat("a", 201),
			},
		},
		{"currency", new(terms.Currency), "terms.bad_currency", []string{"EUR", "JPY", "CHF"}, []string{"", "eur", "EU", "EURO", "€", "XYZ", " EUR"}},
		{"status", new(terms.Status), "terms.bad_status", []string{"recorded", "announced", "claimed", "inferred", "disputed"}, []string{"Recorded", "unknown", " "}},
		{"word", new(fruit), "terms.bad_word", []string{"apple", "pear"}, []string{"", "Apple", "plum"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, text := range c.good {
				require.NoError(t, c.value.UnmarshalText([]byte(text)), "%q", text)
				require.Equal(t, text, fmt.Sprint(reflect.ValueOf(c.value).Elem().Interface()))
			}
			for _, text := range c.bad {
				err := c.value.UnmarshalText([]byte(text))
				require.ErrorIs(t, err, es.ErrInvalid, "%q", text)
				e := new(es.Error)
				require.ErrorAs(t, err, &e)
				require.NotEmpty(t, e.Want, "%q", text)
				if c.code != "" {
					require.Equal(t, c.code, e.Code, "%q", text)
				}
			}
		})
	}
}

func TestStatus(t *testing.T) {
	var s terms.Status
	require.Equal(t, terms.Recorded, s, "a status left out is recorded")
	s = terms.Claimed
	require.NoError(t, s.UnmarshalText(nil))
	require.Equal(t, terms.Recorded, s)
	for i, word := range s.Words() {
		text, err := terms.Status(i).MarshalText()
		require.NoError(t, err)
		require.Equal(t, word, string(text))
	}
	s = terms.Claimed
	require.Error(t, s.UnmarshalText([]byte("x")))
	require.Equal(t, terms.Claimed, s)
}

func TestTarget(t *testing.T) {
	for _, c := range []struct {
		ref    terms.Reference
		stream string
		at     es.Revision
	}{
		{terms.Ref(""), "", 0},
		{terms.Ref(aParty), aParty, 0},
		{terms.Ref(aParty + "@7"), aParty, 7},
		{terms.PartyID(aParty), aParty, 0},
		{terms.PersonID("person-" + anID), "person-" + anID, 0},
		{terms.SourceID("source-" + anID), "source-" + anID, 0},
		{terms.AgreementID("memorandum-" + anID), "memorandum-" + anID, 0},
	} {
		stream, at := c.ref.Target()
		require.Equal(t, c.stream, stream)
		require.Equal(t, c.at, at)
	}
}

func TestFact(t *testing.T) {
	on := edtf.MustParse
	require.Equal(t, on("2018~"), terms.Fact{Occurred: on("2018~")}.From())
	require.Equal(t, on("2019"), terms.Fact{Occurred: on("2018~"), Effective: on("2019")}.From())
	require.True(t, terms.Fact{}.From().IsUnknown())
	f := terms.Fact{Authority: aParty}
	require.Equal(t, f, struct{ terms.Fact }{f}.About())
}

func TestChecks(t *testing.T) {
	field := func(err error) string {
		e := new(es.Error)
		require.ErrorAs(t, err, &e)
		require.Equal(t, es.ErrInvalid, e.Kind)
		return e.Field
	}
	require.NoError(t, terms.CheckText("/a", "a b"))
	require.NoError(t, terms.CheckText("/a", strings.Repeat("a", terms.MaxText)))
	for _, bad := range []string{"", " ", "a ", "\na", "\u00a0a", strings.Repeat("a", terms.MaxText+1)} {
		require.Equal(t, "/a", field(terms.CheckText("/a", bad)), "%.10q", bad)
	}
	require.NoError(t, terms.CheckTexts("/a", []terms.Text{{Value: "a"}}))
	require.Equal(t, "/a", field(terms.CheckTexts("/a", nil)))
	require.Equal(t, "/a/1/value", field(terms.CheckTexts("/a", []terms.Text{{Value: "a"}, {Lang: "el"}})))
	require.NoError(t, terms.CheckRef("/a", terms.PartyID(aParty)))
	require.Equal(t, "/a", field(terms.CheckRef("/a", terms.PartyID(""))))
	require.NoError(t, terms.CheckWord("/a", fruit("apple")))
	require.Equal(t, "/a", field(terms.CheckWord("/a", fruit(""))))

	one, two := es.Invalid("a.one", "", ""), es.Invalid("a.two", "", "")
	require.NoError(t, terms.First())
	require.NoError(t, terms.First(nil, nil))
	require.ErrorIs(t, terms.First(nil, one, two), one)
}
