package intake

import (
	"context"
	"slices"

	"github.com/entente-ledger/entente/infra/tabular"
)

// WriteRefused writes the rows that were refused, as they stand in the file,
// with where they stood and why they were refused in front: a line of headings
// first, and again wherever another sheet has others.
func (r *Result) WriteRefused(ctx context.Context, c Config, write func(cells []string) error) error {
	if r.Refused == 0 {
		return write(refusedHeadings)
	}
	file, err := tabular.Open(c.Path, c.Mapping.options())
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	why := map[place]Refusal{}
	err = r.Refusals(func(one Refusal) error {
		why[place{one.Sheet, one.Number}] = one
		return nil
	})
	if err != nil {
		return err
	}
	var headings []string
	for _, sheet := range file.Sheets() {
		for row, err := range sheet.Rows(ctx) {
			if err != nil {
				return err
			}
			one, ok := why[place{row.Sheet, row.Number}]
			if !ok {
				continue
			}
			if !slices.Equal(headings, sheet.Headings()) || headings == nil {
				headings = sheet.Headings()
				if err := write(slices.Concat(refusedHeadings, headings)); err != nil {
					return err
				}
			}
			place := placeText(row)
			if err := write(slices.Concat([]string{place, one.Column, one.Code, one.Message, one.Want}, row.Cells)); err != nil {
				return err
			}
		}
	}
	return nil
}

var refusedHeadings = []string{"refused row", "refused column", "code", "why", "right would be"}

func placeText(row tabular.Row) string {
	return place{row.Sheet, row.Number}.locator("")[1:]
}
