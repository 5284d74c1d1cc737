package intake

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
)

// stream records what rows say of one stream. It returns why the stream could
// not be opened, if it could not.
func (r *run) stream(ctx context.Context, all []kept) (failed, err error) {
	defer r.advance(len(all))
	var s stream
	if !r.first || !r.opensNew(all) {
		if s, err = readStream(ctx, r.Ledger.Store(), all[0].stream, r.ids.source()); err != nil {
			return nil, err
		}
	}
	w := &writing{run: r, stream: s, said: s.bySlot(), claimed: map[string]kept{}}
	for _, k := range all {
		if err := w.add(k); err != nil {
			return nil, err
		}
	}
	if !r.first {
		if err := r.compareEntries(all[0].stream, s, w.claimed); err != nil {
			return nil, err
		}
	}
	return w.flush(ctx)
}

// opensNew reports whether the first of claims opens a stream that only this
// register can have opened.
func (r *run) opensNew(all []kept) bool {
	return all[0].slot == opening && !strings.HasPrefix(all[0].stream, "membership-")
}

// writing is what rows say of one stream, as it becomes acts.
type writing struct {
	run     *run
	stream  stream
	said    map[string]*saying
	claimed map[string]kept // by slot
	acts    []es.Act
	rows    []int // of acts
	places  []string
	lastRow int // that the last act is of, -1 if no more is to be added to it
}

// add adds a claim to the acts, unless the ledger has it.
func (w *writing) add(k kept) error {
	if before, twice := w.claimed[k.slot]; twice {
		if before.row != k.row && !bytes.Equal(before.content, k.content) {
			return w.run.refuseAt(k, sameKey(before.place))
		}
		return nil
	}
	w.claimed[k.slot] = k
	cmd := es.Command{
		ID: command(w.run.result.ID, k.stream, k.slot, k.content), Name: commands[k.typ], Stream: k.stream, Payload: k.data,
		Actor: w.run.Actor, Correlation: w.run.result.ID, Backfill: true,
	}
	if k.known != recordedNow {
		cmd.KnownAt = time.UnixMicro(k.known).UTC()
	}
	switch said := w.said[k.slot]; {
	case said != nil && bytes.Equal(said.contents[len(said.contents)-1].content[:], k.content):
		return nil
	case said == nil && w.stream.exists && k.slot == opening:
		return w.meet(k)
	case said == nil && w.alreadyKnown(k):
		return nil
	case said != nil && said.touched && k.slot == opening:
		if k.implied {
			return nil
		}
		return w.run.refuseAt(k, es.Invalid("import.corrected_since", "the register changed what was corrected otherwise in the ledger since",
			"a correction by hand, if the register is right"))
	case said != nil && !said.touched:
		var err error
		if cmd.Name, cmd.Payload, err = correction(k, said, w.run.asOf, w.run.citation(k.place)); err != nil {
			return err
		}
	}
	if len(w.acts) > 0 && w.lastRow == k.row {
		w.acts[len(w.acts)-1] = append(w.acts[len(w.acts)-1], cmd)
		return nil
	}
	w.acts, w.rows, w.places, w.lastRow = append(w.acts, es.Act{cmd}), append(w.rows, k.row), append(w.places, k.place), k.row
	if k.implied {
		w.lastRow = -1 // what a row only implies stands for itself
	}
	return nil
}

// meet decides on what opens a stream that the ledger has from elsewhere.
func (w *writing) meet(k kept) error {
	if k.implied || w.agrees(k) {
		return nil
	}
	return w.run.refuseAt(k, es.Rejected("import.differs", "the ledger has this from another source, and otherwise",
		"the facts recorded one by one, if the register is right"))
}

// correction returns the command by which the register changes what it said.
func correction(k kept, said *saying, asOf edtf.Date, source terms.Citation) (name string, payload []byte, err error) {
	type nested struct {
		Type   string         `json:"type"`
		Schema int            `json:"schema"`
		Data   jsontext.Value `json:"data"`
	}
	kind, _, _ := strings.Cut(k.typ, ".")
	payload, err = json.Marshal(struct {
		Fact   terms.Fact  `json:"fact"`
		Of     es.Revision `json:"of"`
		As     nested      `json:"as"`
		Reason string      `json:"reason"`
	}{
		terms.Fact{Occurred: asOf, Source: source},
		said.revision,
		nested{k.typ, k.schema, jsontext.Value(k.data)},
		"the register says otherwise now",
	})
	return kind + ".correct", payload, err
}

// alreadyKnown reports whether the ledger has a name or an identifier of a
// party, from whatever source.
func (w *writing) alreadyKnown(k kept) bool {
	s, ok := w.stream.state.(*party.State)
	if !ok {
		return false
	}
	var e struct {
		Name       party.Name       `json:"name"`
		Identifier party.Identifier `json:"identifier"`
	}
	if json.Unmarshal(k.data, &e) != nil {
		return false
	}
	for _, n := range s.Names() {
		if n.Text.Value == e.Name.Text.Value {
			return true
		}
	}
	return slices.Contains(s.Identifiers(), e.Identifier)
}

// flush records the acts, and sets what became of their rows.
func (w *writing) flush(ctx context.Context) (failed, err error) {
	for from := 0; from < len(w.acts); from += actsAtOnce {
		to := min(from+actsAtOnce, len(w.acts))
		out, err := w.run.Ledger.DoAll(ctx, w.acts[from:to])
		if err != nil {
			return nil, err
		}
		for i, o := range out {
			at := from + i
			if o.Err != nil && at == 0 && w.claimed[opening].place != "" && !w.stream.exists {
				failed = o.Err
			}
			if o.Err != nil && failed != nil {
				o.Err = failed // the others fail because of that
			}
			if err := w.run.outcome(w.rows[at], w.places[at], o); err != nil {
				return failed, err
			}
		}
	}
	return failed, nil
}

// agrees reports whether a membership that the ledger has from elsewhere stands
// as the register says.
func (w *writing) agrees(k kept) bool {
	s, ok := w.stream.state.(*membership.State)
	if !ok {
		return false
	}
	var e membership.CarriedOver
	if json.Unmarshal(k.data, &e) != nil {
		return false
	}
	stands, _ := book.AsOf(s.Spans(), w.run.asOf)
	return stands.Standing == e.Standing
}
