package export

// Format is a form in which an answer is written. The strings are permanent.
type Format string

// The formats.
const (
	// NDJSON is a line an object, and one with which to check them: the count of
	// the lines, the SHA-256 of them with their line ends, and the sequence.
	NDJSON Format = "ndjson"
	// JSON is one array (RFC 8259).
	JSON Format = "json"
	// CSV is a record an object (RFC 4180), after one with the names of its members.
	// Texts that a spreadsheet would take for formulas begin with an apostrophe.
	CSV Format = "csv"
	// XLSX is a workbook (ECMA-376) with the cells of CSV and a sheet about them,
	// which has what ends NDJSON.
	XLSX Format = "xlsx"
	// ICS is a calendar (RFC 5545) of what is due.
	ICS Format = "ics"
	// GeoJSON is a map (RFC 7946) of parties.
	GeoJSON Format = "geojson"
	// PROV is the provenance of a history (W3C PROV-JSON), see [Provenance].
	PROV Format = "prov"
)

// Formats returns all formats, the usual one first.
func Formats() []Format { return []Format{NDJSON, JSON, CSV, XLSX, ICS, GeoJSON, PROV} }

// MediaType returns the media type of what is written, with its parameters.
func (f Format) MediaType() string {
	switch f {
	case NDJSON:
		return "application/x-ndjson"
	case JSON:
		return "application/json"
	case CSV:
		return "text/csv; charset=utf-8"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case ICS:
		return "text/calendar; charset=utf-8"
	case GeoJSON:
		return "application/geo+json"
	case PROV:
		return `application/json; profile="https://www.w3.org/submissions/prov-json/"`
	default:
		return ""
	}
}

// Answer is a sort of answer that some formats alone are for.
type Answer string

// The sorts of answers.
const (
	Any     Answer = ""        // objects of whatever sort
	Due     Answer = "due"     // of type [answers.Obligation], or more than that
	Parties Answer = "parties" // of type [answers.Party], or more than that
	History Answer = "history" // of one stream
)

// Of returns which answers alone can be written in the format, [Any] if all can.
func (f Format) Of() Answer {
	switch f {
	case ICS:
		return Due
	case GeoJSON:
		return Parties
	case PROV:
		return History
	default:
		return Any
	}
}
