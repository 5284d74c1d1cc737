package intake

import (
	"context"
	"crypto/sha256"
	"fmt"
	"iter"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/terms"
)

// saying is what a register says by an event of a stream, as it said last.
type saying struct {
	revision es.Revision // of the event as first recorded
	slot, on string      // see [slotOf] and [slotOn]
	contents []version   // the last one holds
	// touched says that somebody else corrected or voided the event.
	touched bool
}

// version is what was said, and by which event: that first recorded, or a
// correction.
type version struct {
	by      es.Revision
	content [sha256.Size]byte
}

// stream is a stream as an import finds it.
type stream struct {
	exists bool // it was opened, and not in error
	state  any
	said   []*saying // by the register, in the order of recording
}

// bySlot returns what the register says, by what it is about: the last one of
// each slot, and all by their dates.
func (s stream) bySlot() map[string]*saying {
	all := make(map[string]*saying, 2*len(s.said))
	for _, one := range s.said {
		all[one.slot], all[one.on] = one, one
	}
	return all
}

// amendment is what is read of an event that is about another.
type amendment struct {
	Fact terms.Fact  `json:"fact"`
	Of   es.Revision `json:"of"`
	As   struct {
		Type   string         `json:"type"`
		Schema int            `json:"schema"`
		Data   jsontext.Value `json:"data"`
	} `json:"as"`
}

// readStream reads a stream, and what the register said in it.
func readStream(ctx context.Context, store es.Store, name, register string) (stream, error) {
	var s stream
	kind, _, _ := strings.Cut(name, "-")
	fold := ledger.Fold(kind)
	at := map[es.Revision]*saying{}
	for r, err := range store.ReadStream(ctx, name, 0) {
		if err != nil {
			return s, fmt.Errorf("read %s: %w", name, err)
		}
		e, err := ledger.Decode(r)
		if err != nil {
			return s, err
		}
		fold.Add(r.Revision, e)
		if err := s.add(r, e, register, at); err != nil {
			return s, err
		}
	}
	if len(at) > 0 || fold != nil {
		s.state = fold.State()
	}
	if facts, ok := s.state.(interface{ Facts() iter.Seq[book.Fact] }); ok {
		for range facts.Facts() {
			s.exists = true
			break
		}
	}
	return s, nil
}

func (s *stream) add(r es.Record, e any, register string, at map[es.Revision]*saying) error {
	ours := string(factOf(e).Source.ID) == register
	_, verb, _ := strings.Cut(r.Type, ".")
	if verb == "corrected" || verb == "voided" {
		var a amendment
		if err := json.Unmarshal(r.Data, &a); err != nil {
			return fmt.Errorf("read %s at revision %d: %w", r.Stream, r.Revision, err)
		}
		if verb == "corrected" {
			return s.corrected(r, a, ours, at)
		}
		s.voided(a.Of, ours, at)
		return nil
	}
	slot := slotOf(e)
	if !ours || slot == "" {
		return nil
	}
	c, err := content(e)
	if err != nil {
		return err
	}
	one := &saying{revision: r.Revision, slot: slot, on: slotOn(e), contents: []version{{r.Revision, c}}}
	s.said, at[r.Revision] = append(s.said, one), one
	return nil
}

func (s *stream) corrected(r es.Record, a amendment, ours bool, at map[es.Revision]*saying) error {
	one := at[a.Of]
	switch {
	case one == nil:
		return nil
	case !ours:
		one.touched = true
		return nil
	}
	as, err := ledger.Decode(es.Record{Stream: r.Stream, Revision: a.Of, Type: a.As.Type, Schema: a.As.Schema, Data: a.As.Data})
	if err != nil {
		return err
	}
	c, err := content(as)
	if err != nil {
		return err
	}
	one.contents, one.touched = append(one.contents, version{r.Revision, c}), false
	at[r.Revision] = one
	return nil
}

// voided takes back what the register said, if that is annulled; what a clerk
// voids the register still says.
func (s *stream) voided(of es.Revision, ours bool, at map[es.Revision]*saying) {
	one := at[of]
	switch {
	case one == nil:
	case !ours:
		one.touched = true
	case of == one.revision:
		delete(at, of)
		for i := range s.said {
			if s.said[i] == one {
				s.said = append(s.said[:i], s.said[i+1:]...)
				break
			}
		}
	default:
		kept := one.contents[:0]
		for _, v := range one.contents {
			if v.by != of {
				kept = append(kept, v)
			}
		}
		one.contents = kept
	}
}
