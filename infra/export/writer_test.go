package export_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/export"
)

// sequence is the one that the answers here reflect.
const sequence = 41

// write writes objects in a format, and returns what is written and the notes.
func write(t *testing.T, f export.Format, objects ...any) (string, []string) {
	t.Helper()
	var out bytes.Buffer
	w, err := export.New(f, &out, func() [][2]string { return [][2]string{{"question", "which?"}} })
	require.NoError(t, err)
	for _, one := range objects {
		require.NoError(t, w.Object(one))
	}
	require.NoError(t, w.End(sequence))
	require.NoError(t, w.Close())
	return out.String(), w.Notes()
}

func line(name string) answers.PartyLine {
	return answers.PartyLine{Country: "AT", ID: "party-1", Kind: "municipality", Name: terms.Text{Lang: "de", Value: name}, Visibility: terms.Visibility("public")}
}

const grazLine = `{"country":"AT","id":"party-1","kind":"municipality","name":{"lang":"de","value":"Graz"},"visibility":"public"}` + "\n"

func TestFormats(t *testing.T) {
	for _, f := range export.Formats() {
		require.NotEmpty(t, f.MediaType())
		_, err := export.New(f, &bytes.Buffer{}, nil)
		require.Equal(t, f.Of() == export.History, err != nil, "what is not made of objects is not written object by object")
	}
	require.Empty(t, export.Format("xml").MediaType())
}

func TestLines(t *testing.T) {
	out, _ := write(t, export.NDJSON, line("Graz"), line("Graz"))
	sum := sha256.Sum256([]byte(grazLine + grazLine))
	require.Equal(t, grazLine+grazLine+fmt.Sprintf(`{"count":2,"sha256":"%s","sequence":41}`, hex.EncodeToString(sum[:]))+"\n", out)
	out, _ = write(t, export.NDJSON)
	require.Contains(t, out, `{"count":0,`)

	out, _ = write(t, export.JSON, line("Graz"), line("Wien"))
	var all []answers.PartyLine
	require.NoError(t, json.Unmarshal([]byte(out), &all))
	require.Equal(t, []answers.PartyLine{line("Graz"), line("Wien")}, all)
	out, _ = write(t, export.JSON)
	require.Equal(t, "[]\n", out)
}

func TestCSV(t *testing.T) {
	out, _ := write(t, export.CSV, line("=1+1"), line("a, \"b\"\nc"), struct {
		Kind string `json:"kind"`
		More int    `json:"more"`
	}{"network", 1})
	records, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	require.Equal(t, [][]string{
		{"country", "id", "kind", "name", "visibility"},
		{"AT", "party-1", "municipality", "'=1+1", "public"},
		{"AT", "party-1", "municipality", "a, \"b\"\nc", "public"},
		{"", "", "network", "", ""},
	}, records)
}

func TestXLSX(t *testing.T) {
	long := strings.Repeat("é", 40_000)
	out, notes := write(t, export.XLSX, line("Graz"), line("=1+1"), line(long))
	require.Equal(t, []string{"1 texts cut short: a cell holds 32767 characters"}, notes)
	book, err := excelize.OpenReader(strings.NewReader(out))
	require.NoError(t, err)
	rows, err := book.GetRows("answer")
	require.NoError(t, err)
	require.Equal(t, []string{"country", "id", "kind", "name", "visibility"}, rows[0])
	require.Equal(t, []string{"Graz", "'=1+1"}, []string{rows[1][3], rows[2][3]})
	about, err := book.GetRows("about")
	require.NoError(t, err)
	lines, _ := write(t, export.NDJSON, line("Graz"), line("=1+1"), line(long))
	_, sum, _ := strings.Cut(lines, `"sha256":"`)
	require.Equal(t, [][]string{
		{"question", "which?"},
		{"sequence", "41"},
		{"count", "3"},
		{"sha256 as NDJSON", sum[:64]},
		{"texts cut short", "1"},
	}, about)
	require.NoError(t, book.Close())
}

func TestTypedCell(t *testing.T) {
	for text, want := range map[string]any{
		`29`: 29.0, `-0.5`: -0.5, `999999999999999`: 999999999999999.0, `1000000000000000`: "1000000000000000", `1e400`: "1e400",
		`true`: true, `false`: false, `null`: nil, `""`: nil, `"29"`: "29", `"=1"`: "'=1", `"-1"`: "'-1", `{"lang":"it","value":"@x"}`: "'@x", `[1]`: "[1]",
	} {
		require.Equal(t, want, export.TypedCell([]byte(text)), text)
	}
}

func TestCalendar(t *testing.T) {
	due := func(on string) answers.Obligation {
		return answers.Obligation{
			On: edtf.MustParse(on), Rule: "memorandum.undertaking", Stream: "memorandum-1", Title: "Rivers", Of: 5, ByName: "Graz",
			What: terms.Text{Lang: "en", Value: "A report"}, RecordedAt: "2020-01-01T00:00:00.000000Z",
		}
	}
	out, notes := write(t, export.ICS, due("2019-03-31"), answers.Reachable{Obligation: due("2019-04")}, due("2019/2022"))
	require.Equal(t, []string{"1 left out: they may be due on any of more than a year of days"}, notes)
	require.Equal(t, 2, strings.Count(out, "BEGIN:VEVENT"))
	require.Contains(t, out, "DTSTART;VALUE=DATE:20190331\r\n")
	require.Contains(t, out, "SUMMARY:undertaking: A report (Rivers)\r\n")
	require.Contains(t, out, "STATUS:TENTATIVE\r\n")
	again, _ := write(t, export.ICS, due("2019-03-31"), due("2019-04"))
	require.Equal(t, out, again, "the same feed")
	out, notes = write(t, export.ICS)
	require.True(t, strings.HasPrefix(out, "BEGIN:VCALENDAR\r\n") && strings.HasSuffix(out, "END:VCALENDAR\r\n"))
	require.Empty(t, notes)
	w, err := export.New(export.ICS, &bytes.Buffer{}, nil)
	require.NoError(t, err)
	require.Error(t, w.Line([]byte(`{"recordedAt":"yesterday"}`)))
}

func TestMap(t *testing.T) {
	latitude, longitude := int64(47_070_714), int64(15_439_504)
	out, notes := write(t, export.GeoJSON,
		answers.Party{ID: "party-1", Kind: "municipality", Name: terms.Text{Lang: "de", Value: "Graz"}, Latitude: &latitude, Longitude: &longitude},
		answers.Party{ID: "party-2", Kind: "municipality", Relations: []answers.Relation{{Relation: "ended"}}}, answers.Party{ID: "party-3", Kind: "igo", Latitude: &latitude})
	require.Equal(t, []string{"2 left out: their coordinates are not known"}, notes)
	require.Contains(t, out, `"coordinates":[15.439504,47.070714]`)
	require.Contains(t, out, `"name":"Graz"`)
	require.Contains(t, out, `"count":1,"withoutCoordinates":2,"sequence":41`)
	require.NotContains(t, out, "party-2")
	_, notes = write(t, export.GeoJSON)
	require.Empty(t, notes)
}

// failing cannot be written to.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("the disk is full")

// What could not be written is an error at the latest at the end.
func TestFull(t *testing.T) {
	for _, f := range export.Formats() {
		if f.Of() == export.History {
			continue
		}
		w, err := export.New(f, failing{}, nil)
		require.NoError(t, err)
		if f == export.CSV { // of which nothing is left if there are no objects
			require.NoError(t, w.Object(line("Graz")))
		}
		require.ErrorIs(t, w.End(sequence), errFull, string(f))
		require.NoError(t, w.Close())
	}
}
