// Package gazetteer writes where things are as GeoJSON (RFC 7946), feature by
// feature. It knows nothing of what is there.
package gazetteer

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Place is a thing at a point.
type Place struct {
	ID string
	// Latitude and Longitude are WGS 84 in millionths of a degree.
	Latitude, Longitude int64
	Properties          any // marshals as a JSON object
}

// Writer writes places as one FeatureCollection, a line each.
type Writer struct {
	w     io.Writer
	begun bool
}

// New returns what writes to w. [Writer.End] must follow.
func New(w io.Writer) *Writer { return &Writer{w: w} }

type feature struct {
	Type       string   `json:"type"`
	ID         string   `json:"id"`
	Geometry   geometry `json:"geometry"`
	Properties any      `json:"properties"`
}

type geometry struct {
	Type        string            `json:"type"`
	Coordinates [2]jsontext.Value `json:"coordinates"` // longitude first (RFC 7946, 3.1.1)
}

// Add writes a place.
func (w *Writer) Add(p Place) error {
	line, err := json.Marshal(feature{
		"Feature", p.ID, geometry{"Point", [2]jsontext.Value{jsontext.Value(Degrees(p.Longitude)), jsontext.Value(Degrees(p.Latitude))}}, p.Properties,
	}, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("write %s on a map: %w", p.ID, err)
	}
	return w.put(",\n", "%s", line)
}

// put writes text after what stands between it and a place before.
func (w *Writer) put(between, format string, args ...any) error {
	if !w.begun {
		between = `{"type":"FeatureCollection","features":[` + "\n"
	}
	w.begun = true
	_, err := fmt.Fprintf(w.w, between+format, args...)
	return err
}

// End ends the collection, with foreign members of it (RFC 7946, 6.1) that are
// members of an object.
func (w *Writer) End(foreign any) error {
	members, err := json.Marshal(foreign, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("end a map: %w", err)
	}
	return w.put("\n", "],%s\n", members[1:])
}

// Degrees returns millionths of a degree as a decimal number of degrees, exactly
// and without zeros at its end.
func Degrees(millionths int64) string {
	const million = 1_000_000
	sign, n := "", uint64(millionths)
	if millionths < 0 {
		sign, n = "-", -n
	}
	text := sign + strconv.FormatUint(n/million, 10)
	if fraction := strings.TrimRight(fmt.Sprintf("%06d", n%million), "0"); fraction != "" {
		text += "." + fraction
	}
	return text
}
