package answers

import (
	"context"
	"iter"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/projections/history"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Span is from one state of knowledge to a later one, both of one axis: as
// recorded, or as known. A zero To is now. The desk's own state of knowledge does
// not matter to what is asked of a span.
type Span struct{ From, To readmodel.At }

// The codes of a span that is none.
const (
	CodeNoRange  = "answers.no_range"  // it is not said between which two states of knowledge
	CodeBadRange = "answers.bad_range" // the first of them is the later one
)

// Change is a field that differs between two states of knowledge.
type Change struct {
	ID    string         `json:"id"`
	Field string         `json:"field"`
	From  jsontext.Value `json:"from"` // null: it was empty
	To    jsontext.Value `json:"to"`   // null: it is empty
	By    []Setter       `json:"by"`   // none: an event of something that the object does not name
	Why   string         `json:"why"`  // the reason that the events give, or ""

	// FromText and ToText are the values as people read them, "" if empty.
	FromText string `json:"-"`
	ToText   string `json:"-"`
}

// Differing is something that differs between two states of knowledge.
type Differing struct {
	Fields int    `json:"fields"` // how many of them differ
	ID     string `json:"id"`
	Title  string `json:"title"`
}

// checkSpan fails with [es.ErrInvalid] if s is not from one state to a later one of
// the same axis.
func (d *Desk) checkSpan(s Span) error {
	known := func(at readmodel.At) bool { return !at.Known.IsZero() }
	recorded := func(at readmodel.At) bool { return at.Events > 0 || !at.Recorded.IsZero() }
	if known(s.From) == recorded(s.From) || known(s.From) && recorded(s.To) || recorded(s.From) && known(s.To) {
		return es.Invalid(CodeNoRange, "it is not said between which two states of knowledge", "two as recorded, or two as known")
	}
	ahead, err := history.Between(d.Conn, s.To, s.From)
	if err == nil && (len(ahead) > 0 || known(s.To) && s.From.Known.After(s.To.Known) ||
		!s.To.Recorded.IsZero() && s.From.Recorded.After(s.To.Recorded) || s.To.Events > 0 && s.From.Events > s.To.Events) {
		err = es.Invalid(CodeBadRange, "it begins after its end", "the earlier state of knowledge first")
	}
	return err
}

// Diff answers which fields of what is said of an agreement, party, network or
// action plan as of a date differ between two states of knowledge, and which
// events changed them. It fails with [es.ErrInvalid], [CodeNoRange] or
// [CodeBadRange], if the span is none.
func (d *Desk) Diff(ctx context.Context, id string, on edtf.Date, s Span) ([]Change, error) {
	if err := d.checkSpan(s); err != nil {
		return nil, err
	}
	if err := d.canCompare(id); err != nil {
		return nil, err
	}
	from, to, changed, err := d.ends(id, on, s)
	if err != nil {
		return nil, err
	}
	between := func(l history.Line) bool { return l.Within(s.To) && !l.Within(s.From) }
	by, err := subject{d.As(s.To), id, on}.causes(ctx, to, changed, between, from, to)
	if err != nil {
		return nil, err
	}
	return each(changed, func(path string) Change {
		return Change{
			id, path, from.JSON(path), to.JSON(path), each(by[path], setterOf), reason(by[path]), from.Text(path), to.Text(path),
		}
	}), nil
}

// ends returns what is said at the ends of a span, and the fields that differ.
func (d *Desk) ends(id string, on edtf.Date, s Span) (from, to Fields, changed []string, err error) {
	if from, err = d.As(s.From).Fields(id, on); err == nil {
		to, err = d.As(s.To).Fields(id, on)
	}
	return from, to, from.Changed(to), err
}

// DiffAll yields, by id, all that has events between two states of knowledge and
// differs. It fails as [Desk.Diff] does; after an error it ends.
func (d *Desk) DiffAll(on edtf.Date, s Span) iter.Seq2[Differing, error] {
	return func(yield func(Differing, error) bool) {
		streams, err := d.between(s)
		if err != nil {
			yield(Differing{}, err)
			return
		}
		names := d.As(s.To)
		for _, id := range streams {
			_, _, changed, err := d.ends(id, on, s)
			one := Differing{Fields: len(changed), ID: id}
			if err == nil && len(changed) > 0 {
				one.Title, err = names.Name(id)
			}
			if (err != nil || len(changed) > 0) && !yield(one, err) || err != nil {
				return
			}
		}
	}
}

// between returns what can be compared and has events between two states.
func (d *Desk) between(s Span) ([]string, error) {
	if err := d.checkSpan(s); err != nil {
		return nil, err
	}
	streams, err := history.Between(d.Conn, s.From, s.To)
	return slices.DeleteFunc(streams, func(id string) bool { return !slices.Contains(Compared(), KindOf(id)) }), err
}
