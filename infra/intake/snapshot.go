package intake

import (
	"context"
	"fmt"
	"mime"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/ledger"
	"github.com/entente-ledger/entente/domain/source"
	"github.com/entente-ledger/entente/domain/terms"
)

// Snapshot is a file of a register that was imported.
type Snapshot struct {
	ID       uuid.UUID // of the import
	Register string    // the source
	Title    terms.Text
	File     source.File
	AsOf     edtf.Date // the date of the snapshot
	Recorded time.Time // when the import began
	KnownAt  time.Time
	Actor    string
	Revision es.Revision // of the event in the register's stream
	// Annulled says that all of it was voided again.
	Annulled bool
}

// register is the stream of a register, with the snapshots that were imported.
type register struct {
	exists    bool
	state     *source.State
	snapshots []Snapshot
}

// readRegister reads the stream of a register.
func readRegister(ctx context.Context, store es.Store, stream string) (register, error) {
	var reg register
	fold := ledger.Fold("source")
	for r, err := range store.ReadStream(ctx, stream, 0) {
		if err != nil {
			return reg, fmt.Errorf("read %s: %w", stream, err)
		}
		e, err := ledger.Decode(r)
		if err != nil {
			return reg, err
		}
		meta, err := es.DecodeMeta(r.Meta)
		if err != nil {
			return reg, err
		}
		fold.Add(r.Revision, e)
		switch e := e.(type) {
		case source.FileAttached:
			if meta.Backfill {
				reg.snapshots = append(reg.snapshots, Snapshot{
					ID: meta.Correlation, Register: stream, File: e.File, AsOf: e.Occurred, Recorded: meta.RecordedAt, KnownAt: meta.KnownAt,
					Actor: meta.Actor, Revision: r.Revision,
				})
			}
		case source.Voided:
			for i := range reg.snapshots {
				if reg.snapshots[i].Revision == e.Of {
					reg.snapshots[i].Annulled = true
				}
			}
		}
	}
	reg.state = fold.State().(*source.State)
	reg.exists = reg.state.Book().Exists()
	for i := range reg.snapshots {
		reg.snapshots[i].Title = reg.state.Title()
	}
	return reg, nil
}

// begin records the register, if it is new, and the file as a snapshot of it.
func (r *run) begin(ctx context.Context) error {
	r.ids = idsOf(r.Mapping.Register.Key)
	r.ids.lives = func(stream string) bool {
		s, err := readStream(ctx, r.Ledger.Store(), stream, r.ids.source())
		return err == nil && s.exists
	}
	if err := r.instants(); err != nil {
		return err
	}
	reg, err := readRegister(ctx, r.Ledger.Store(), r.ids.source())
	if err != nil {
		return err
	}
	again, err := r.order(reg)
	if err != nil {
		return err
	}
	r.result.ID, r.result.Register, r.result.First = r.ids.snapshot(r.file.Hash), r.ids.source(), r.first
	if !reg.exists {
		e, err := r.Mapping.source()
		if err != nil {
			return err
		}
		if err := r.do(ctx, "source.register", "register", e); err != nil {
			return err
		}
	}
	if again {
		return nil
	}
	if err := r.Keep(ctx, r.Path); err != nil {
		return err
	}
	name := filepath.Base(r.Path)
	media := mime.TypeByExtension(filepath.Ext(name))
	if media == "" {
		media = "application/octet-stream"
	}
	return r.do(ctx, "source.attach_file", "file", source.FileAttached{
		Fact: terms.Fact{Occurred: r.asOf},
		File: source.File{Name: name, MediaType: media, Size: r.file.Size, Hash: source.Hash(r.file.Hash)},
	})
}

// instants finds from when rows are known that do not say it, and of which
// date the snapshot is.
func (r *run) instants() error {
	r.known, r.asOf = r.Known, r.AsOf
	if v := &r.Mapping.Known; r.known.IsZero() && v.constant() && v.Constant != "" {
		var err error
		if r.known, err = r.Mapping.Dates.instant(v.Constant); err != nil {
			return fmt.Errorf("mapping, knownAt: %w", err)
		}
	}
	now := r.Now()
	if r.known.After(now) {
		return es.Invalid("es.known_later", "knownAt "+es.FormatInstant(r.known)+" lies in the future", "an instant that has come")
	}
	if r.asOf.IsUnknown() {
		r.asOf = edtf.OfTime(now)
		if !r.known.IsZero() {
			r.asOf = edtf.OfTime(r.known)
		}
	}
	return nil
}

// order finds the place of the file among the snapshots of the register, and
// whether it is the last one again. It refuses an older one.
func (r *run) order(reg register) (again bool, err error) {
	for _, s := range reg.snapshots {
		if s.Annulled {
			r.ids.generation++
		}
	}
	held := slices.DeleteFunc(slices.Clone(reg.snapshots), func(s Snapshot) bool { return s.Annulled })
	r.first = len(held) == 0 && r.ids.generation == 0
	if len(held) == 0 {
		return false, nil
	}
	last := held[len(held)-1]
	if string(last.File.Hash) == r.file.Hash {
		r.asOf = last.AsOf
		return true, nil
	}
	for _, s := range held {
		if string(s.File.Hash) == r.file.Hash {
			return false, older(fmt.Sprintf("this file was imported as %s, and %s after it", s.ID, last.File.Name))
		}
	}
	if edtf.Before(r.asOf, last.AsOf) == edtf.Yes {
		return false, older(fmt.Sprintf("the snapshot is of %s, and the last one imported, %s, of %s", r.asOf, last.File.Name, last.AsOf))
	}
	return false, nil
}

func older(message string) error {
	return &es.Error{
		Kind: es.ErrConflict, Code: "import.older", Message: message,
		Want: "snapshots in the order of their dates (--snapshot); what was imported after it can be annulled first (`entente import annul`)",
	}
}

// do gives one command on the stream of the register.
func (r *run) do(ctx context.Context, name, slot string, event any) error {
	_, _, data, err := encode(event)
	if err != nil {
		return err
	}
	_, err = r.Ledger.Do(ctx, es.Command{
		ID: command(r.result.ID, r.ids.source(), slot, nil), Name: name, Stream: r.ids.source(), Payload: data,
		Actor: r.Actor, Correlation: r.result.ID, KnownAt: r.known, Backfill: true,
	})
	return err
}

// citation is the register at a place.
func (r *run) citation(locator string) terms.Citation {
	return terms.Citation{ID: terms.SourceID(r.ids.source()), Locator: locator}
}
