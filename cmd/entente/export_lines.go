package main

import (
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/infra/calendar"
	"github.com/entente-ledger/entente/infra/gazetteer"
)

// ndjsonExport writes a line an object, and one with which to check them.
type ndjsonExport struct {
	w     io.Writer
	sum   hash.Hash
	count int
}

func (e *ndjsonExport) object(line jsontext.Value) error {
	e.count++
	_, err := fmt.Fprintf(io.MultiWriter(e.w, e.sum), "%s\n", line)
	return err
}

func (e *ndjsonExport) end(sequence uint64) error {
	_, err := fmt.Fprintf(e.w, "{\"count\":%d,\"sha256\":%q,\"sequence\":%d}\n", e.count, hex.EncodeToString(e.sum.Sum(nil)), sequence)
	return err
}

// jsonExport writes an array.
type jsonExport struct {
	w     io.Writer
	begun bool
}

func (e *jsonExport) object(line jsontext.Value) error {
	before := ",\n"
	if !e.begun {
		before = "[\n"
	}
	e.begun = true
	_, err := fmt.Fprintf(e.w, "%s%s", before, line)
	return err
}

func (e *jsonExport) end(uint64) error {
	text := "\n]\n"
	if !e.begun {
		text = "[]\n"
	}
	_, err := io.WriteString(e.w, text)
	return err
}

// icsExport writes what is due as a calendar.
type icsExport struct {
	w, errs io.Writer
	entries []calendar.Entry
}

func (e *icsExport) object(line jsontext.Value) error {
	var o answers.Obligation
	if err := json.Unmarshal(line, &o); err != nil {
		return err
	}
	stamp, err := time.Parse(time.RFC3339, o.RecordedAt)
	if err != nil {
		return err
	}
	id := strings.Join([]string{o.Stream, o.Rule, strconv.FormatUint(uint64(o.Of), 10), o.Key, o.On.String()}, "/")
	e.entries = append(e.entries, calendar.Entry{
		UID: uuid.NewSHA1(uuid.NameSpaceURL, []byte("urn:entente:due:"+id)).String(), Summary: o.Summary() + " (" + o.Title + ")",
		Description: strings.TrimSpace(o.ByName + "\n" + o.Stream), On: o.On, Stamp: stamp,
	})
	return nil
}

func (e *icsExport) end(uint64) error {
	leftOut, err := calendar.Write(e.w, e.entries)
	if err == nil && leftOut > 0 {
		_, err = fmt.Fprintf(e.errs, "%d left out: they may be due on any of more than a year of days\n", leftOut)
	}
	return err
}

// mapExport writes parties as a map.
type mapExport struct {
	to             *gazetteer.Writer
	errs           io.Writer
	count, leftOut int
}

// feature is what a map tells of a party.
type feature struct {
	ID          string           `json:"id"`
	Name        string           `json:"name"`
	Kind        party.Kind       `json:"kind"`
	Country     party.Country    `json:"country"`
	Region      string           `json:"region"`
	Names       jsontext.Value   `json:"names"`
	Identifiers jsontext.Value   `json:"identifiers"`
	Visibility  terms.Visibility `json:"visibility"`
}

func (e *mapExport) object(line jsontext.Value) error {
	var p struct {
		ID          string           `json:"id"`
		Kind        party.Kind       `json:"kind"`
		Country     party.Country    `json:"country"`
		Name        terms.Text       `json:"name"`
		Region      terms.Text       `json:"region"`
		Latitude    *int64           `json:"latitude"`
		Longitude   *int64           `json:"longitude"`
		Names       jsontext.Value   `json:"names"`
		Identifiers jsontext.Value   `json:"identifiers"`
		Visibility  terms.Visibility `json:"visibility"`
	}
	if err := json.Unmarshal(line, &p); err != nil {
		return err
	}
	if p.Latitude == nil || p.Longitude == nil {
		e.leftOut++
		return nil
	}
	e.count++
	return e.to.Add(gazetteer.Place{
		ID: p.ID, Latitude: *p.Latitude, Longitude: *p.Longitude,
		Properties: feature{p.ID, p.Name.Value, p.Kind, p.Country, p.Region.Value, p.Names, p.Identifiers, p.Visibility},
	})
}

func (e *mapExport) end(sequence uint64) error {
	err := e.to.End(struct {
		Count    int    `json:"count"`
		LeftOut  int    `json:"withoutCoordinates"`
		Sequence uint64 `json:"sequence"`
	}{e.count, e.leftOut, sequence})
	if err == nil && e.leftOut > 0 {
		_, err = fmt.Fprintf(e.errs, "%d left out: their coordinates are not known\n", e.leftOut)
	}
	return err
}

// noLines is for an answer that is not given in lines.
type noLines struct{}

func (noLines) object(jsontext.Value) error { return nil }
func (noLines) end(uint64) error            { return nil }
