package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/membership"
	"github.com/entente-ledger/entente/domain/party"
	"github.com/entente-ledger/entente/domain/terms"
)

// kept is a claim that waits to be recorded.
type kept struct {
	stream  string
	phase   int
	row     int // that it is of
	place   string
	known   int64
	implied bool
	slot    string
	typ     string
	schema  int
	data    []byte // the event, with its source
	content []byte
}

// keep returns a claim of a row as it is kept.
func (r *run) keep(c claim, row int, at string, known int64) (kept, error) {
	k := kept{stream: c.stream, phase: c.phase(), row: row, place: at, known: known, implied: c.implied, slot: c.slot()}
	sum, err := content(c.event)
	if err != nil {
		return k, err
	}
	k.content = sum[:]
	f := factOf(c.event)
	f.Source = r.citation(at)
	k.typ, k.schema, k.data, err = encode(refact(c.event, f))
	return k, err
}

// recordParties records the parties that the register opens, and what party
// rows add to those that the ledger has.
func (r *run) recordParties(ctx context.Context) error {
	after, done := "", 0
	for {
		var page []mentionRow
		err := r.work.exec(`SELECT m.key, m.rank, (SELECT min(known) FROM mention o WHERE o.stream = m.stream), m.row, m.place, m.payload, m.stream, m.opens
			FROM mention m WHERE m.key > ? AND m.problem = '' AND (m.opens OR m.rank = 0) AND NOT EXISTS (
				SELECT 1 FROM mention b WHERE b.stream = m.stream AND (b.rank, b.payload, b.key) < (m.rank, m.payload, m.key))
			ORDER BY m.key LIMIT 1000`, func(row *sqlite.Stmt) error {
			page = append(page, mentionRow{
				key: row.ColumnText(0), rank: row.ColumnInt(1), known: row.ColumnInt64(2), row: row.ColumnInt(3), place: row.ColumnText(4),
				mentioned: mentioned{stream: row.ColumnText(6), opens: row.ColumnBool(7)},
			})
			return json.Unmarshal([]byte(row.ColumnText(5)), &page[len(page)-1].as)
		}, after)
		if err != nil || len(page) == 0 {
			return err
		}
		g, ctx := group(ctx)
		for _, m := range page {
			g.Go(func() error { return r.recordParty(ctx, m) })
		}
		if err := g.Wait(); err != nil {
			return err
		}
		after = page[len(page)-1].key
		done += len(page)
		r.progress("parties", done, done)
	}
}

type mentionRow struct {
	mentioned
	key   string
	rank  int
	known int64
	row   int
	place string
}

func (r *run) recordParty(ctx context.Context, m mentionRow) error {
	var all []kept
	for _, c := range r.planner.ofParty(m.mentioned) {
		c.implied = m.rank > 0
		k, err := r.keep(c, m.row, m.place, m.known)
		if err != nil {
			return err
		}
		all = append(all, k)
	}
	failed, err := r.stream(ctx, all)
	if err != nil || failed == nil {
		return err
	}
	return r.work.exec("UPDATE mention SET problem = ? WHERE key = ?", nil, noted(failed), m.key)
}

// noted returns an error as the temporary file has it.
func noted(err error) string {
	e := asError(err)
	return strings.Join([]string{e.Code, e.Message, e.Want}, "\n")
}

// readClaims keeps what the rows say of agreements, networks and memberships.
func (r *run) readClaims(ctx context.Context, bound []boundSheet) error {
	return r.rows(ctx, "matching", bound, func(n int, at place, t *Table, l line, err error) error {
		if err != nil || r.result.status[n] == refused {
			return nil // it was refused as it was read
		}
		mentions, err := t.mentions(l)
		if err != nil {
			return err
		}
		parties := make([]mentioned, len(mentions))
		for i, m := range mentions {
			if parties[i], err = r.whoIs(m); err != nil {
				return r.refuse(n, at, err)
			}
		}
		if t.Row == rowParty {
			return r.checkParty(n, at, parties[0])
		}
		known, err := r.knownOf(l)
		if err != nil {
			return err
		}
		all, err := r.planner.claims(t, l, parties)
		if err != nil {
			return r.refuse(n, at, err)
		}
		day, tie := edtf.MaxDay, ""
		for _, c := range slices.Backward(all) {
			if !c.implied {
				day, tie = min(day, factOf(c.event).From().Earliest()), c.slot()
			}
		}
		for i, c := range all {
			k, err := r.keep(c, n, at.locator(r.file.Hash), micros(known))
			if err != nil {
				return err
			}
			if err := r.work.claim(k, day, tie, i); err != nil {
				return err
			}
		}
		return nil
	})
}

// whoIs returns the party that a row names, as it was matched.
func (r *run) whoIs(m mention) (mentioned, error) {
	if m.id != "" {
		return mentioned{mention: m, stream: string(m.id)}, nil
	}
	who := mentioned{mention: m}
	problem := ""
	err := r.work.exec("SELECT stream, title, opens, problem FROM mention WHERE key = ?", func(row *sqlite.Stmt) error {
		who.stream, who.title, who.opens, problem = row.ColumnText(0), row.ColumnText(1), row.ColumnBool(2), row.ColumnText(3)
		return nil
	}, m.key())
	if err == nil && problem != "" {
		code, rest, _ := strings.Cut(problem, "\n")
		message, want, _ := strings.Cut(rest, "\n")
		err = problemOf(m.columns[0], es.Invalid(code, message, want))
	}
	return who, err
}

// checkParty refuses a row that says of a party otherwise than the one that it
// was recorded from.
func (r *run) checkParty(n int, at place, m mentioned) error {
	mine, err := json.Marshal(m.as, json.Deterministic(true))
	if err != nil {
		return err
	}
	var theirs, place string
	err = r.work.exec("SELECT payload, place FROM mention WHERE key = ?", func(row *sqlite.Stmt) error {
		theirs, place = row.ColumnText(0), row.ColumnText(1)
		return nil
	}, m.key())
	if err != nil || theirs == string(mine) {
		return err
	}
	return r.refuse(n, at, problemOf(m.columns[0], sameKey(place)))
}

func sameKey(place string) error {
	_, row, _ := strings.Cut(place, "#")
	return es.Invalid("import.same_key", "row "+row+" of the file says otherwise of the same", "one row for it; or keys that tell the two apart")
}

// claim keeps a claim: of several rows that only imply what there is, one.
func (w *work) claim(k kept, day edtf.Day, tie string, n int) error {
	if k.implied {
		return w.exec(`INSERT INTO implied VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (stream) DO UPDATE
			SET known = excluded.known, row = excluded.row, place = excluded.place, data = excluded.data, content = excluded.content
			WHERE (excluded.known, excluded.row) < (known, row)`, nil,
			k.stream, k.phase, k.known, k.row, k.place, k.typ, k.schema, k.data, k.content)
	}
	later := k.slot != opening
	return w.exec("INSERT INTO claim VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)", nil,
		k.phase, k.stream, later, k.known, int(day), tie, k.row, n, k.place, k.slot, k.typ, k.schema, k.data, k.content)
}

// arrange brings the claims into the order in which they are recorded: what
// opens a stream first, then by when it is known, by its date, and by what it is
// about, so that the order of the rows does not matter. Streams of
// which the register said something before, and says nothing now, are among
// them.
func (r *run) arrange(ctx context.Context) error {
	for _, statement := range []string{
		`INSERT INTO claim SELECT phase, stream, 0, known, 0, '', row, 0, 1, place, 'opening', type, schema, data, content
			FROM implied i WHERE NOT EXISTS (SELECT 1 FROM claim c WHERE c.stream = i.stream AND NOT c.later)`,
		"CREATE TABLE ordered AS SELECT * FROM claim ORDER BY phase, stream, later, known, day, tie, row, n",
	} {
		if err := r.work.exec(statement, nil); err != nil {
			return err
		}
	}
	if r.first {
		return nil
	}
	err := r.Cited(ctx, r.ids.source(), func(stream string) error {
		return r.work.exec("INSERT OR IGNORE INTO silent VALUES (?)", nil, stream)
	})
	if err != nil {
		return err
	}
	return r.work.exec("DELETE FROM silent WHERE stream IN (SELECT stream FROM claim UNION SELECT stream FROM mention)", nil)
}

// record records the claims, stream by stream.
func (r *run) record(ctx context.Context) error {
	for phase := phaseNetworks; phase < phases; phase++ {
		if err := r.recordPhase(ctx, phase); err != nil {
			return err
		}
	}
	if r.first {
		return nil
	}
	var silent []string
	err := r.work.exec("SELECT stream FROM silent", func(row *sqlite.Stmt) error {
		silent = append(silent, row.ColumnText(0))
		return nil
	})
	if err != nil {
		return err
	}
	for _, stream := range silent {
		s, err := readStream(ctx, r.Ledger.Store(), stream, r.ids.source())
		if err == nil {
			err = r.compareEntries(stream, s, nil)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *run) recordPhase(ctx context.Context, phase int) error {
	g, ctx := group(ctx)
	var one []kept
	flush := func() {
		if all := one; len(all) > 0 {
			g.Go(func() error {
				_, err := r.stream(ctx, all)
				return err
			})
		}
		one = nil
	}
	var after int64
	for ctx.Err() == nil {
		var page []kept
		err := r.work.exec(`SELECT rowid, stream, known, row, implied, place, slot, type, schema, data, content FROM ordered
			WHERE rowid > ? AND phase = ? ORDER BY rowid LIMIT 2000`, func(row *sqlite.Stmt) error {
			after = row.ColumnInt64(0)
			k := kept{
				stream: row.ColumnText(1), phase: phase, known: row.ColumnInt64(2), row: row.ColumnInt(3), implied: row.ColumnBool(4),
				place: row.ColumnText(5), slot: row.ColumnText(6), typ: row.ColumnText(7), schema: row.ColumnInt(8),
				data: make([]byte, row.ColumnLen(9)), content: make([]byte, row.ColumnLen(10)),
			}
			row.ColumnBytes(9, k.data)
			row.ColumnBytes(10, k.content)
			page = append(page, k)
			return nil
		}, after, phase)
		if err != nil {
			return errors.Join(err, g.Wait())
		}
		if len(page) == 0 {
			break
		}
		for _, k := range page { // outside of exec, which the workers use too
			if len(one) > 0 && one[0].stream != k.stream {
				flush()
			}
			one = append(one, k)
		}
	}
	flush()
	return g.Wait()
}

// stream records what rows say of one stream. It returns why the stream could
// not be opened, if it could not.
func (r *run) stream(ctx context.Context, all []kept) (failed, err error) {
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
		terms.Fact{Occurred: asOf, Source: source}, said.revision,
		nested{k.typ, k.schema, jsontext.Value(k.data)}, "the register says otherwise now",
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
	for _, id := range s.Identifiers() {
		if id == e.Identifier {
			return true
		}
	}
	return false
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

// compareEntries keeps which entries of a stream the register has, and which it
// has not any more.
func (r *run) compareEntries(stream string, s stream, claimed map[string]kept) error {
	for _, said := range s.said {
		_, there := claimed[said.slot]
		_, dated := claimed[said.on]
		if said.slot == opening && !there && !r.listsOpenings(stream) {
			continue
		}
		err := r.work.exec("INSERT INTO entry VALUES (?, ?)", nil, fmt.Sprintf("%s@%d", stream, said.revision), there || dated)
		if err != nil {
			return err
		}
	}
	return nil
}

// listsOpenings reports whether a row of the register is what the stream is of,
// so that without a row it has lost an entry.
func (r *run) listsOpenings(stream string) bool {
	kind, _, _ := strings.Cut(stream, "-")
	row := map[string]string{"party": rowParty, "memorandum": rowAgreement, "membership": rowMembership}[kind]
	for _, t := range r.Mapping.Tables {
		if t.Row == row {
			return true
		}
	}
	return false
}

// eachEntry calls visit with what was an entry of the register before, and
// whether it is there.
func (w *work) eachEntry(visit func(of terms.Ref, there bool) error) error {
	var after int64
	for {
		type entry struct {
			of    terms.Ref
			there bool
		}
		var page []entry
		err := w.exec("SELECT rowid, of, there FROM entry WHERE rowid > ? ORDER BY rowid LIMIT 1000", func(row *sqlite.Stmt) error {
			after = row.ColumnInt64(0)
			page = append(page, entry{terms.Ref(row.ColumnText(1)), row.ColumnBool(2)})
			return nil
		}, after)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, e := range page {
			if err := visit(e.of, e.there); err != nil {
				return err
			}
		}
	}
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
