package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/infra/answers"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// axes adds the flags that say by which knowledge a command answers, besides
// the date as of which it does.
func (a *app) axes(c *cobra.Command) {
	c.Flags().Var(instantFlag{&a.at.Known}, "as-known",
		"what the registrar vouched for at this instant, RFC 3339; what was recorded after it is marked with *")
	c.Flags().Var(recordedFlag{&a.at}, "as-recorded", "what this ledger held at this instant, RFC 3339, or after the event with this sequence")
}

// instantFlag reads an instant.
type instantFlag struct{ into *time.Time }

func (f instantFlag) String() string { return "" }
func (f instantFlag) Type() string   { return "instant" }

func (f instantFlag) Set(text string) error {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return errors.New("it is not an instant such as 2026-03-01T09:30:00Z")
	}
	*f.into = t
	return nil
}

// recordedFlag reads an instant, or a sequence.
type recordedFlag struct{ into *readmodel.At }

func (f recordedFlag) String() string { return "" }
func (f recordedFlag) Type() string   { return "instant or sequence" }

func (f recordedFlag) Set(text string) error {
	if n, err := strconv.ParseUint(strings.TrimPrefix(text, "#"), 10, 62); err == nil {
		f.into.Events = n + 1
		return nil
	}
	return instantFlag{&f.into.Recorded}.Set(text)
}

// mark is what stands behind an answer that rests on one of some events, or if none
// is given on any at all, that was recorded after the instant as known at which it
// is given.
func mark(late answers.Late, by ...es.Revision) string {
	if late.Has(by...) {
		return "*"
	}
	return ""
}

// explainMarks says what the marks mean, if there can be any.
func (a *app) explainMarks() string {
	if a.at.Known.IsZero() {
		return ""
	}
	return fmt.Sprintf("* rests on facts that were recorded after %s", es.FormatInstant(a.at.Known))
}
