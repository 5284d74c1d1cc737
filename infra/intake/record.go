package intake

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"zombiezen.com/go/sqlite"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/es"
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
	if err := r.begun("parties", "SELECT count(*) FROM mention"); err != nil {
		return err
	}
	after := ""
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
	if err := r.begun("recording", "SELECT count(*) FROM ordered"); err != nil {
		return err
	}
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
