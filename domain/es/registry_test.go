package es_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
)

func TestParse(t *testing.T) {
	const nested = `{"as":{"type":"tally.counted","data":`
	for _, c := range []struct {
		name, command, payload string
		code, field, message   string
	}{
		{"unknown_command", "tally.nope", `{}`, "es.unknown_name", "", `there is no "tally.nope"`},
		{"event_for_a_command", "tally.counted", `{}`, "es.unknown_name", "", ""},
		{"nothing", "tally.count", ``, "es.bad_input", "", "not valid JSON at byte 0: unexpected EOF"},
		{"null", "tally.count", ` null`, "es.bad_input", "", "a JSON object is missing"},
		{"array", "tally.count", `[]`, "es.bad_input", "", "a JSON array does not fit here"},
		{"string", "tally.count", `"a"`, "es.bad_input", "", "a JSON string does not fit here"},
		{"two_values", "tally.count", `{} {}`, "es.bad_input", "", "not valid JSON at byte 3: invalid character '{' after top-level value"},
		{"cut_short", "tally.count", `{"text":"a"`, "es.bad_input", "", ""},
		{"comment", "tally.count", `{} // a`, "es.bad_input", "", ""},
		{"unknown_member", "tally.count", `{"texts":"a"}`, "es.bad_input", "/texts", "there is no such member"},
		{"unknown_member_inside", "tally.count", `{"inner":{"a/b":1}}`, "es.bad_input", "/inner/a~1b", "there is no such member"},
		{"wrong_case", "tally.count", `{"Text":"a"}`, "es.bad_input", "/Text", "there is no such member"},
		{"duplicate_member", "tally.count", `{"text":"a","text":"a"}`, "es.bad_input", "/text", "not valid JSON at byte 12: duplicate object member name"},
		{"number_for_text", "tally.count", `{"text":7}`, "es.bad_input", "/text", "a JSON number does not fit here"},
		{"text_for_number", "tally.count", `{"n":"7"}`, "es.bad_input", "/n", "a JSON string does not fit here"},
		{"true_for_number", "tally.count", `{"n":true}`, "es.bad_input", "/n", "a JSON boolean does not fit here"},
		{"object_for_array", "tally.count", `{"tags":{}}`, "es.bad_input", "/tags", "a JSON object does not fit here"},
		{"wrong_in_an_array", "tally.count", `{"tags":["a",1]}`, "es.bad_input", "/tags/1", "a JSON number does not fit here"},
		{"fraction", "tally.count", `{"n":1.5}`, "es.bad_input", "/n", "this is not a whole number that fits here"},
		{"too_large", "tally.count", `{"n":9223372036854775808}`, "es.bad_input", "/n", "the number is out of range"},
		{"invalid_utf8", "tally.count", "{\"text\":\"a\xff\"}", "es.bad_input", "/text", "not valid JSON at byte 10: invalid UTF-8"},
		{"lone_surrogate", "tally.count", `{"text":"\ud800"}`, "es.bad_input", "/text", ""},
		{"bad_word", "tally.count", `{"inner":{"odd":"even"}}`, "tally.bad_word", "/inner/odd", `"even" is not odd`},

		{"nested_missing", "tally.mend", `{}`, "es.unknown_name", "/as/type", "there is no such event, or not in this schema"},
		{"nested_null", "tally.mend", `{"as":null}`, "es.unknown_name", "/as/type", ""},
		{"nested_unknown", "tally.mend", `{"as":{"type":"tally.nope","data":{}}}`, "es.unknown_name", "/as/type", ""},
		{"nested_command", "tally.mend", `{"as":{"type":"tally.count","data":{}}}`, "es.unknown_name", "/as/type", ""},
		{"nested_newer", "tally.mend", `{"as":{"type":"tally.counted","schema":2,"data":{}}}`, "es.unknown_name", "/as/schema", ""},
		{"nested_nothing", "tally.mend", `{"as":{"type":"tally.counted"}}`, "es.bad_input", "/as/data", "a JSON object is missing"},
		{"nested_null_data", "tally.mend", nested + `null}}`, "es.bad_input", "/as/data", "a JSON object is missing"},
		{"nested_array", "tally.mend", `{"as":[]}`, "es.bad_input", "/as", "a JSON array does not fit here"},
		{"nested_more", "tally.mend", nested + `{},"more":1}}`, "es.bad_input", "/as/more", "there is no such member"},
		{"nested_unknown_member", "tally.mend", nested + `{"texts":1}}}`, "es.bad_input", "/as/data/texts", "there is no such member"},
		{"nested_wrong_type", "tally.mend", nested + `{"text":1}}}`, "es.bad_input", "/as/data/text", "a JSON number does not fit here"},
		{"nested_bad_word", "tally.mend", nested + `{"inner":{"odd":"even"}}}}`, "tally.bad_word", "/as/data/inner/odd", `"even" is not odd`},
		{
			"nested_twice", "tally.mend", `{"as":{"type":"tally.mended","data":` + nested + `{"n":"1"}}}}}`,
			"es.bad_input", "/as/data/as/data/n", "a JSON string does not fit here",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := tallyCommands.Parse(c.command, []byte(c.payload))
			e := new(es.Error)
			require.ErrorAs(t, err, &e)
			require.Equal(t, es.ErrInvalid, e.Kind)
			require.Equal(t, c.code, e.Code)
			require.Equal(t, c.field, e.Field)
			require.NotContains(t, e.Error(), "es_test", "a Go type in a sentence for people")
			require.NotContains(t, e.Error(), "Go ")
			if c.message != "" {
				require.Equal(t, c.message, e.Message)
			}
		})
	}
	t.Run("members_left_out_are_as_stored", func(t *testing.T) {
		short, err := tallyCommands.Parse("tally.count", []byte(` { "text" : "a" } `))
		require.NoError(t, err)
		_, _, data, err := tallyEvents.Encode(short.(Count).Counted)
		require.NoError(t, err)
		stored, err := tallyEvents.Decode("tally.counted", 1, data)
		require.NoError(t, err)
		require.Equal(t, stored, short.(Count).Counted)
		long, err := tallyCommands.Parse("tally.count", []byte(`{"text":"a","n":0,"tags":null,"inner":null,"times":0}`))
		require.NoError(t, err)
		require.Equal(t, short, long)
		open, err := tallyCommands.Parse("tally.open", []byte(`{}`))
		require.NoError(t, err)
		require.Equal(t, es.Internal, open.(Open).Visibility)
	})
	t.Run("nested_without_a_schema_is_the_current_one", func(t *testing.T) {
		got, err := tallyCommands.Parse("tally.mend", []byte(nested+`{"text":"a","tags":["b"]}}}`))
		require.NoError(t, err)
		require.Equal(t, Mend{Mended{Counted{Text: "a", Tags: []string{"b"}}}}, got)
	})
}

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		name   string
		event  string
		schema int
		data   string
		kind   es.Kind
	}{
		{"unknown_type", "tally.nope", 1, `{}`, es.ErrNewer},
		{"newer_schema", "tally.counted", 2, `{}`, es.ErrNewer},
		{"nested_unknown_type", "tally.mended", 1, `{"as":{"type":"tally.nope","schema":1,"data":{}}}`, es.ErrNewer},
		{"nested_newer_schema", "tally.mended", 1, `{"as":{"type":"tally.counted","schema":9,"data":{}}}`, es.ErrNewer},
		{"schema_0", "tally.counted", 0, `{}`, es.ErrCorrupt},
		{"schema_negative", "tally.counted", -1, `{}`, es.ErrCorrupt},
		{"nested_schema_negative", "tally.mended", 1, `{"as":{"type":"tally.counted","schema":-1,"data":{}}}`, es.ErrCorrupt},
		{"null", "tally.counted", 1, `null`, es.ErrCorrupt},
		{"nothing", "tally.counted", 1, ``, es.ErrCorrupt},
		{"unknown_member", "tally.counted", 1, `{"more":1}`, es.ErrCorrupt},
		{"wrong_case", "tally.counted", 1, `{"TEXT":"a"}`, es.ErrCorrupt},
		{"duplicate_member", "tally.counted", 1, `{"n":1,"n":1}`, es.ErrCorrupt},
		{"wrong_type", "tally.counted", 1, `{"n":"1"}`, es.ErrCorrupt},
		{"invalid_utf8", "tally.counted", 1, "{\"text\":\"\xc3\"}", es.ErrCorrupt},
		{"bad_word", "tally.counted", 1, `{"inner":{"odd":"even"}}`, es.ErrCorrupt},
		{"nested_wrong", "tally.mended", 1, `{"as":{"type":"tally.counted","schema":1,"data":{"n":""}}}`, es.ErrCorrupt},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := tallyEvents.Decode(c.event, c.schema, []byte(c.data))
			require.ErrorIs(t, err, c.kind)
			for _, k := range es.Kinds() {
				require.Equal(t, k == c.kind, errors.Is(err, k), "%v", k)
			}
			require.Nil(t, got)
		})
	}
}

func TestEncode(t *testing.T) {
	t.Run("compact_in_the_order_of_the_fields", func(t *testing.T) {
		name, schema, data, err := tallyEvents.Encode(Mended{Counted{Text: "<é>", N: 1 << 62}})
		require.NoError(t, err)
		require.Equal(t, "tally.mended", name)
		require.Equal(t, 1, schema)
		require.Equal(t, `{"as":{"type":"tally.counted","schema":1,"data":{"text":"<é>","n":4611686018427387904,"tags":[],"inner":null}}}`, string(data))
	})
	t.Run("unregistered", func(t *testing.T) {
		_, _, _, err := tallyEvents.Encode(nil)
		require.ErrorContains(t, err, "not registered")
		_, _, _, err = es.NewRegistry[tallyEvent]().Encode(Counted{})
		require.ErrorContains(t, err, "not registered")
		require.Empty(t, tallyEvents.Name(nil))
	})
	t.Run("invalid_utf8", func(t *testing.T) {
		_, _, _, err := tallyEvents.Encode(Counted{Text: "\xff"})
		require.Error(t, err)
	})
	t.Run("round_trip", rapid.MakeCheck(func(t *rapid.T) {
		var e tallyEvent = Counted{
			rapid.String().Draw(t, "text"), rapid.Int64().Draw(t, "n"), append([]string{}, rapid.SliceOf(rapid.String()).Draw(t, "tags")...),
			&Inner{Ratio: rapid.Float64Range(-1e300, 1e300).Draw(t, "ratio")},
		}
		for range rapid.IntRange(0, 3).Draw(t, "depth") {
			e = Mended{e}
		}
		name, schema, data, err := tallyEvents.Encode(e)
		require.NoError(t, err)
		got, err := tallyEvents.Decode(name, schema, data)
		require.NoError(t, err)
		require.Equal(t, e, got)
	}))
}

// CountedV3 is Counted after its text was renamed twice.
type CountedV3 struct {
	Title string `json:"title"`
	Sure  bool   `json:"sure"`
}

func (CountedV3) tally() {}

func TestUpcast(t *testing.T) {
	rename := func(from, to string) es.Upcast {
		return func(old []byte) ([]byte, error) {
			if !bytes.Contains(old, []byte(from)) {
				return nil, fmt.Errorf("no %s", from)
			}
			return bytes.Replace(old, []byte(from), []byte(to), 1), nil
		}
	}
	events := es.NewRegistry[tallyEvent](
		es.Def[CountedV3]("tally.counted", rename(`"text"`, `"name"`), rename(`"name"`, `"sure":true,"title"`)), es.Def[Mended]("tally.mended"),
	)
	want := CountedV3{"a", true}
	for schema, data := range map[int]string{1: `{"text":"a"}`, 2: `{"name":"a"}`, 3: `{"title":"a","sure":true}`} {
		got, err := events.Decode("tally.counted", schema, []byte(data))
		require.NoError(t, err)
		require.Equal(t, want, got)
		got, err = events.Decode("tally.mended", 1, fmt.Appendf(nil, `{"as":{"type":"tally.counted","schema":%d,"data":%s}}`, schema, data))
		require.NoError(t, err)
		require.Equal(t, Mended{want}, got, "upcast within another event")
	}
	_, schema, _, err := events.Encode(want)
	require.NoError(t, err)
	require.Equal(t, 3, schema)
	_, err = events.Decode("tally.counted", 1, []byte(`{"title":"a"}`))
	require.ErrorIs(t, err, es.ErrCorrupt, "an upcast that fails")
	_, err = events.Decode("tally.counted", 2, []byte(`{"text":"a"}`))
	require.ErrorIs(t, err, es.ErrCorrupt)
}

func TestNewRegistry(t *testing.T) {
	require.Panics(t, func() { es.NewRegistry[tallyEvent](es.Def[Counted]("a"), es.Def[Counted]("b")) }, "a type twice")
	require.Panics(t, func() { es.NewRegistry[tallyEvent](es.Def[Counted]("a"), es.Def[Opened]("a")) }, "a name twice")
	require.Panics(t, func() { es.NewRegistry[tallyEvent](es.Def[string]("a")) }, "a type that is no event")
	var names []string
	for _, d := range tallyEvents.Definitions() {
		names = append(names, d.Name)
	}
	require.Equal(t, "tally.counted tally.mended tally.opened tally.unread", strings.Join(names, " "))
}

func TestAggregate(t *testing.T) {
	require.Len(t, tally.Commands, 6)
	require.Len(t, tally.Events, 4)
	e, err := tally.Decode(es.Record{Type: "tally.counted", Schema: 1, Data: []byte(`{"text":"a"}`)})
	require.NoError(t, err)
	require.Equal(t, "a", e.(Counted).Text)
	c, err := tally.Parse("tally.count", []byte(`{"text":"a"}`))
	require.NoError(t, err)
	require.Equal(t, "a", c.(Count).Text)
	require.Equal(t, []string{"a", "b"}, tallyDecider.Fold(Opened{}, Counted{Text: "a"}, Counted{Text: "b"}))
}
