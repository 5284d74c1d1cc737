package intake_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/intake"
)

const mapping = `
register: {key: twins, titles: [{lang: en, value: Twins}]}
tables:
  - row: party
    party: {name: {column: Name}, kind: municipality}
`

func TestDecodeMapping(t *testing.T) {
	_, err := intake.DecodeMapping(strings.NewReader(mapping))
	require.NoError(t, err)
	for name, c := range map[string]struct{ old, new, message string }{
		"empty":                     {mapping, "", "it is not read"},
		"two_sources_of_a_value":    {"{column: Name}", "{column: Name, text: x}", "line 5"},
		"member_of_a_value":         {"{column: Name}", "{colour: Name}", "colour"},
		"bad_language_of_the_title": {"lang: en", "lang: greek", "greek"},
		"bad_order_of_dates":        {"tables:", "dates: {order: dym}\ntables:", "dates.order"},
		"bad_visibility":            {"tables:", "visibility: secret\ntables:", "secret"},
		"bad_address":               {"key: twins", "key: twins, url: 'ftp://x'", ""},
		"party_without_a_name":      {"name: {column: Name}, ", "", "neither a name nor an id"},
		"agreement_of_a_party":      {"party: {", "agreement: {key: x}\n    party: {", "has no agreement"},
		"party_of_a_membership":     {"row: party", "row: membership", "needs network"},
		"change_about_nothing":      {"row: party", "row: change", "an agreement or a network"},
		"split_of_one_party":        {"{column: Name}", "{column: Name, split: ';'}", "one party"},
		"encoding":                  {"tables:", "file: {encoding: klingon}\ntables:", "klingon"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, mapping, c.old)
			_, err := intake.DecodeMapping(strings.NewReader(strings.Replace(mapping, c.old, c.new, 1)))
			if name == "bad_address" {
				require.NoError(t, err, "an address is checked as the source is registered")
				return
			}
			require.ErrorIs(t, err, es.ErrInvalid)
			require.ErrorContains(t, err, c.message)
		})
	}
}

func TestDates(t *testing.T) {
	dmy := intake.Dates{Order: "dmy", Forever: []string{"unbefristet"}, Unknown: []string{"-"}, About: []string{"ca.", "um"}}
	mdy, ymd, none := intake.Dates{Order: "mdy"}, intake.Dates{Order: "ymd"}, intake.Dates{}
	for _, c := range []struct {
		dates intake.Dates
		text  string
		want  string // "" says nothing, "?" is unknown, "!" is refused
	}{
		{none, "", ""},
		{none, "1993", "1993"},
		{none, "1981~", "1981~"},
		{none, "2010-XX-XX", "2010-XX-XX"},
		{none, "2010-05-17", "2010-05-17"},
		{none, "2010-05-17T00:00:00", "2010-05-17"},
		{none, "2010-05-17 13:45", "2010-05-17"},
		{none, "1990..1993", "[1990..1993]"},
		{none, "1990 .. 1993", "[1990..1993]"},
		{none, "2015/2016", "2015/2016"},
		{none, "12.03.1987", "!"},
		{none, "25.03.1987", "!"},
		{none, "03.1987", "!"},
		{none, "ca. 1990", "!"},
		{none, "-", "!"},
		{none, "31.02", "!"},
		{dmy, "12.03.1987", "1987-03-12"},
		{dmy, "1.9.2016", "2016-09-01"},
		{dmy, "1. 9. 2016", "2016-09-01"},
		{dmy, "1/9/2016", "2016-09-01"},
		{dmy, "1-9-2016", "2016-09-01"},
		{dmy, "9.2016", "2016-09"},
		{dmy, "1.9.16", "!"},
		{dmy, "31.2.2016", "!"},
		{dmy, "9.13.2016", "!"},
		{dmy, "2016.9.1", "!"},
		{dmy, "1.9.2016..3.9.2016", "[2016-09-01..2016-09-03]"},
		{dmy, "ca. 1990", "1990~"},
		{dmy, "um 1.9.2016", "2016-09-01~"},
		{dmy, "unbefristet", "9999-12-31"},
		{dmy, "-", "?"},
		{mdy, "9/1/2016", "2016-09-01"},
		{mdy, "12/31/1999", "1999-12-31"},
		{mdy, "31/12/1999", "!"},
		{ymd, "1987.3.12", "1987-03-12"},
		{ymd, "12.3.1987", "!"},
		{ymd, "2016/9/1", "2016-09-01"},
	} {
		t.Run(c.dates.Order+" "+c.text, func(t *testing.T) {
			date, said, err := intake.ReadDate(c.dates, c.text)
			switch c.want {
			case "!":
				require.ErrorIs(t, err, es.ErrInvalid)
				var e *es.Error
				require.ErrorAs(t, err, &e)
				require.NotEmpty(t, e.Want)
			case "", "?":
				require.NoError(t, err)
				require.Equal(t, c.want == "?", said)
				require.True(t, date.IsUnknown())
			default:
				require.NoError(t, err)
				require.True(t, said)
				require.Equal(t, c.want, date.String())
			}
		})
	}
}

// Whatever stands in a cell, a date is refused or read as it can be written.
func FuzzDate(f *testing.F) {
	for _, seed := range []string{"12.03.1987", "1990..1993", "ca. 1990", "..", "1.1.1..1.1.1", "2010-05-17T00:00:00"} {
		f.Add(seed, "dmy")
	}
	f.Fuzz(func(t *testing.T, text, order string) {
		date, said, err := intake.ReadDate(intake.Dates{Order: order, About: []string{"ca."}}, text)
		if err != nil {
			require.ErrorIs(t, err, es.ErrInvalid)
			return
		}
		require.Equal(t, text != "", said)
		again, _, err := intake.ReadDate(intake.Dates{Order: order}, date.String())
		require.NoError(t, err)
		require.Equal(t, date, again)
	})
}

func FuzzDecodeMapping(f *testing.F) {
	f.Add(mapping)
	f.Add("tables: [{row: change, agreement: {key: x, of: {a: {}}}}]")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := intake.DecodeMapping(strings.NewReader(text)); err != nil {
			require.ErrorIs(t, err, es.ErrInvalid)
		}
	})
}
