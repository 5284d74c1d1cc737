package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	makeRoom = "UPDATE events SET position = -position - 1 WHERE position >= 100"
	// signing is an event in the middle of the first bundle.
	signing = "(SELECT min(position) FROM events WHERE position > 100 AND type = (SELECT id FROM types WHERE name = 'memorandum.signed'))"
	third   = "(SELECT max(position) FROM events WHERE revision = 3 AND stream <> (SELECT id FROM streams WHERE name = 'entente_checkpoint'))"
	before  = "(SELECT position FROM events WHERE position = (SELECT max(position) FROM events) - 20)"
)

func signed(column, expression string) string {
	return "UPDATE events SET " + column + " = " + expression + " WHERE position = " + signing
}

func TestVerify(t *testing.T) {
	base := newInspected(t)

	t.Run("an_untouched_ledger_is_whole", func(t *testing.T) {
		data := base.copied(t)
		out := ok(t, "verify", "--full", "--views", "--checkpoint", base.older, "--checkpoint", base.newer, "--data", data)
		require.Contains(t, out, "no damage was found")
		require.Contains(t, out, "1 documents")
		_, end := damages(t, entente(t, "", "verify", "--json", "--full", "--data", data))
		require.Zero(t, end["from"])
	})
	t.Run("what_was_verified_is_passed_over_and_what_came_since_is_not", func(t *testing.T) {
		data := base.copied(t)
		ok(t, "verify", "--data", data)
		_, end := damages(t, entente(t, "", "verify", "--json", "--data", data))
		require.EqualValues(t, 256, end["from"])
		ok(t, "do", "--actor", "clerk-7", "--data", data, ancona)
		_, more := damages(t, entente(t, "", "verify", "--json", "--data", data))
		require.EqualValues(t, 256, more["from"])
		require.Greater(t, more["sealed"], end["sealed"])
		sql(t, filepath.Join(data, "events.db"), "UPDATE events SET meta = replace(meta, 'clerk-7', 'clerk-8') WHERE position = (SELECT max(position) FROM events) - 1")
		r := entente(t, "", "verify", "--data", data)
		require.Equal(t, 1, r.code)
		require.Contains(t, r.out, "its actor (clerk-8, sealed as clerk-7)")
	})

	events := func(statements ...string) func(t *testing.T, data string) {
		return func(t *testing.T, data string) { sql(t, filepath.Join(data, "events.db"), statements...) }
	}
	flipped := func(at int, path ...string) func(t *testing.T, data string) {
		return func(t *testing.T, data string) { flip(t, filepath.Join(append([]string{data}, path...)...), at) }
	}
	for name, c := range map[string]struct {
		tamper func(t *testing.T, data string)
		code   string
		says   string
		args   []string
	}{
		"a_byte_of_an_events_body": {
			tamper: events(signed("data", "replace(data, '20', '19')")),
			code:   "audit.event_changed", says: "what it says or its metadata",
		},
		"a_byte_of_its_metadata": {
			tamper: events(signed("meta", `replace(meta, '"nonce":"' || substr(meta, instr(meta, '"nonce":"') + 9, 1),
				'"nonce":"' || CASE substr(meta, instr(meta, '"nonce":"') + 9, 1) WHEN 'a' THEN 'b' ELSE 'a' END)`)),
			code: "audit.event_changed", says: "what it says or its metadata",
		},
		"metadata_that_is_none": {
			tamper: events(signed("meta", "substr(meta, 2)")),
			code:   "audit.bad_metadata", says: "its metadata cannot be read",
		},
		"a_body_that_does_not_decode": {
			tamper: events(signed("data", `'{"x":' || substr(data, 2)`)),
			code:   "audit.bad_payload", says: "what it says cannot be read",
		},
		"an_actor": {
			tamper: events(signed("meta", `replace(meta, '"actor":"demo"', '"actor":"dem0"')`)),
			code:   "audit.event_changed", says: "its actor (dem0, sealed as demo)",
		},
		"when_it_was_recorded": {
			tamper: events(signed("meta", `replace(meta, '"recordedAt":"20', '"recordedAt":"21')`)),
			code:   "audit.event_changed", says: "when it was recorded (21",
		},
		"recorded_before_what_precedes_it": {
			tamper: events("UPDATE events SET meta = replace(meta, '\"recordedAt\":\"20', '\"recordedAt\":\"19') WHERE position = " + third),
			code:   "audit.recorded_back", says: "before the one that precedes it",
		},
		"known_before_what_precedes_it": {
			tamper: events("UPDATE events SET meta = replace(meta, '\"knownAt\":\"20', '\"knownAt\":\"19') WHERE position = " + third),
			code:   "audit.known_back", says: "before the one that precedes it",
		},
		"known_after_it_was_recorded": {
			tamper: events(signed("meta", `replace(meta, '"knownAt":"20', '"knownAt":"21')`)),
			code:   "audit.known_ahead", says: "after it was recorded",
		},
		"another_opening": {
			tamper: events("INSERT INTO events SELECT (SELECT max(position) + 1 FROM events), stream, 2, type, randomblob(16), data, meta FROM events WHERE position = 1"),
			code:   "audit.opened_again", says: "opens a ledger that is open",
		},
		"a_stream_that_is_none": {
			tamper: events("UPDATE streams SET name = 'memorandum-x' WHERE id = (SELECT stream FROM events WHERE position = " + signing + ")"),
			code:   "audit.bad_stream", says: "the name of its stream is none",
		},
		"another_type": {
			tamper: events("INSERT INTO types VALUES (999, 'memorandum.sung', 1)", signed("type", "999")),
			code:   "audit.unknown_type", says: "memorandum.sung",
		},
		"another_id": {
			tamper: events(signed("id", "randomblob(16)")),
			code:   "audit.event_replaced", says: "is in its place",
		},
		"the_id_of_another_event_of_the_stream": {
			tamper: events("UPDATE events AS e SET id = (SELECT id FROM events WHERE stream = e.stream AND revision = 1) WHERE position = " + third),
			code:   "audit.id_repeated", says: "has the id of the one at revision 1",
		},
		"two_events_swapped": {
			tamper: events("UPDATE events SET position = -100 WHERE position = 100", "UPDATE events SET position = 100 WHERE position = 101",
				"UPDATE events SET position = 101 WHERE position = -100"),
			code: "audit.event_moved", says: "after others that were sealed after it",
		},
		"two_bodies_swapped": {
			tamper: events(
				"UPDATE events SET data = data || (SELECT '|' || data FROM events WHERE position = 101) WHERE position = 100",
				"UPDATE events SET data = (SELECT substr(data, 1, instr(data, '|') - 1) FROM events WHERE position = 100) WHERE position = 101",
				"UPDATE events SET data = substr(data, instr(data, '|') + 1) WHERE position = 100",
			),
			code: "audit.event_changed", says: "what it says or its metadata",
		},
		"one_removed_from_the_middle": {
			tamper: events("DELETE FROM events WHERE position = 100"),
			code:   "audit.event_missing", says: "it was removed",
		},
		"the_gap_is_in_the_store": {
			tamper: events("DELETE FROM events WHERE position = 100"),
			code:   "audit.store_damaged", says: "from position 100 to 100",
		},
		"one_removed_and_the_gap_closed": {
			tamper: events("DELETE FROM events WHERE position = 100", "UPDATE events SET position = position - 1 WHERE position > 100"),
			code:   "audit.event_missing", says: "it was removed",
		},
		"the_first_removed": {
			tamper: events("DELETE FROM events WHERE position = 2"),
			code:   "audit.event_missing", says: "event 1, ",
		},
		"the_tail_cut": {
			tamper: events("DELETE FROM events WHERE position > " + before),
			code:   "audit.store_short", says: "are missing",
		},
		"the_tail_cut_with_its_checkpoints": {
			tamper: events("DELETE FROM events WHERE position > " + before),
			code:   "audit.store_behind", says: "the store was cut, or restored from an older copy",
		},
		"one_inserted": {
			tamper: events(makeRoom, "UPDATE events SET position = -position WHERE position < 0",
				`INSERT INTO events SELECT 100, stream, revision + 1000, type, randomblob(16), data, meta FROM events WHERE position = 99`),
			code: "audit.event_inserted", says: "was not sealed",
		},
		"one_inserted_leaves_a_gap_in_its_stream": {
			tamper: events(makeRoom, "UPDATE events SET position = -position WHERE position < 0",
				`INSERT INTO events SELECT 100, stream, revision + 1000, type, randomblob(16), data, meta FROM events WHERE position = 99`),
			code: "audit.revision_gap", says: "goes on with revision 10",
		},
		"a_byte_of_a_tile":              {tamper: flipped(77, "tlog", "tile", "0", "000"), code: "audit.tile_damaged", says: "1 hashes in the tile"},
		"a_byte_of_a_tile_that_grows":   {tamper: flippedLast("0"), code: "audit.tile_damaged", says: "hashes in the tile"},
		"a_byte_of_a_tile_above":        {tamper: flippedLast("1"), code: "audit.tile_damaged", says: "does not have the hashes"},
		"a_byte_of_a_bundle":            {tamper: flipped(177, "tlog", "tile", "entries", "000"), code: "audit.bundle_damaged", says: "1 leaves in the bundle"},
		"a_length_in_a_bundle":          {tamper: flipped(1, "tlog", "tile", "entries", "000"), code: "audit.bundle_damaged", says: "tile/entries/000"},
		"a_byte_of_a_bundle_that_grows": {tamper: flippedLast("entries"), code: "audit.bundle_damaged", says: "leaves in the bundle"},
		"a_tile_removed": {
			tamper: func(t *testing.T, data string) {
				require.NoError(t, os.Remove(filepath.Join(data, "tlog", "tile", "0", "000")))
			},
			code: "audit.tile_damaged", says: "is missing",
		},
		"all_tiles_removed": {
			tamper: func(t *testing.T, data string) {
				require.NoError(t, os.RemoveAll(filepath.Join(data, "tlog", "tile")))
			},
			code: "audit.tiles_missing", says: "has no tiles",
		},
		"the_published_checkpoint_replaced_by_an_older_one": {
			tamper: func(t *testing.T, data string) { replace(t, base.older, filepath.Join(data, "tlog", "checkpoint")) },
			code:   "audit.published_old", says: "an older one was put back",
		},
		"the_published_checkpoint_removed": {
			tamper: func(t *testing.T, data string) {
				require.NoError(t, os.Remove(filepath.Join(data, "tlog", "checkpoint")))
			},
			code: "audit.published_missing", says: "no checkpoint is published",
		},
		"a_kept_checkpoint_replaced_by_an_older_one": {
			tamper: events("UPDATE events SET data = (SELECT data FROM events WHERE type = (SELECT id FROM types WHERE name = 'entente.checkpoint') ORDER BY position LIMIT 1)" +
				" WHERE position = (SELECT max(position) FROM events)"),
			code: "audit.checkpoint_order", says: "or another instead of it",
		},
		"the_record_of_a_kept_checkpoint": {
			tamper: events("UPDATE events SET meta = '{\"a\":1}' WHERE position = (SELECT max(position) FROM events)"),
			code:   "audit.bad_checkpoint", says: "its record is not as it was written",
		},
		"a_kept_checkpoint_removed": {
			tamper: events("DELETE FROM events WHERE position = (SELECT min(position) FROM events WHERE type = (SELECT id FROM types WHERE name = 'entente.checkpoint'))"),
			code:   "audit.checkpoint_missing", says: "checkpoints 1 to 1 cannot be read",
		},
		"the_published_checkpoint_signed_by_another_key": {
			tamper: func(t *testing.T, data string) {
				replace(t, foreign(t, base, "checkpoint"), filepath.Join(data, "tlog", "checkpoint"))
			},
			code: "audit.bad_published", says: "is not one that the log entente.invalid/demo signed",
		},
		"a_kept_checkpoint_signed_by_another_key": {
			tamper: func(t *testing.T, data string) {
				note, err := os.ReadFile(foreign(t, base, "checkpoint"))
				require.NoError(t, err)
				text, err := json.Marshal(map[string]string{"note": string(note)})
				require.NoError(t, err)
				events("UPDATE events SET data = '"+strings.ReplaceAll(string(text), "'", "''")+"' WHERE position = (SELECT max(position) FROM events)")(t, data)
			},
			code: "audit.bad_checkpoint", says: "is not one that the log entente.invalid/demo signed",
		},
		"the_log_and_its_checkpoints_removed": {
			tamper: func(t *testing.T, data string) {
				require.NoError(t, os.RemoveAll(filepath.Join(data, "tlog")))
				sql(t, filepath.Join(data, "events.db"), "DELETE FROM events WHERE stream = (SELECT id FROM streams WHERE name = 'entente_checkpoint') AND position = (SELECT max(position) FROM events)")
			},
			code: "audit.log_missing", says: "the log was removed",
		},
		"the_key_replaced_with_the_log": {
			tamper: func(t *testing.T, data string) {
				replace(t, foreign(t, base, "log.vkey"), filepath.Join(data, "tlog", "log.vkey"))
			},
			code: "audit.key_differs", says: "it was replaced",
		},
		"an_event_changed_together_with_the_tiles": {
			tamper: func(t *testing.T, data string) {
				notes := filepath.Join(t.TempDir(), "checkpoint")
				replace(t, filepath.Join(data, "tlog", "checkpoint"), notes)
				forked := base.copied(t)
				fork(t, forked)
				require.NoError(t, os.RemoveAll(filepath.Join(data, "tlog")))
				require.NoError(t, os.CopyFS(filepath.Join(data, "tlog"), os.DirFS(filepath.Join(forked, "tlog"))))
				replace(t, notes, filepath.Join(data, "tlog", "checkpoint"))
				events(changeActor)(t, data)
			},
			code: "audit.root_differs", says: "was changed together with the log",
		},
		"a_forked_tree_signed_by_the_right_key": {
			tamper: fork, args: []string{"--checkpoint", base.newer},
			code: "audit.forked", says: "the log was forked",
		},
		"a_log_cut_and_sealed_again": {
			tamper: func(t *testing.T, data string) {
				events("DELETE FROM events WHERE position > (SELECT max(position) FROM events) - 3")(t, data)
				again(t, data)
			},
			args: []string{"--checkpoint", base.newer},
			code: "audit.log_short", says: "the log was cut",
		},
		"a_documents_byte": {
			tamper: func(t *testing.T, data string) { flip(t, document(t, data), 3) },
			code:   "audit.document_changed", says: "was changed: its bytes",
		},
		"a_document_removed": {
			tamper: func(t *testing.T, data string) { require.NoError(t, os.Remove(document(t, data))) },
			code:   "audit.document_missing", says: "is not in the folder of documents",
		},
		"a_row_of_the_views": {
			tamper: func(t *testing.T, data string) {
				sql(t, views(t, data), "UPDATE register_agreement SET title = 'Tampered' WHERE title = (SELECT min(title) FROM register_agreement)")
			},
			args: []string{"--views"},
			code: "audit.view_row_wrong", says: `register_agreement has a row that the events do not give: `,
		},
		"a_row_of_the_views_removed": {
			tamper: func(t *testing.T, data string) {
				sql(t, views(t, data), "DELETE FROM history WHERE sequence = 100")
			},
			args: []string{"--views"},
			code: "audit.view_row_missing", says: "history lacks a row",
		},
		"the_text_index_of_the_views": {
			tamper: func(t *testing.T, data string) {
				sql(t, views(t, data), "INSERT INTO search_word (search_word, rowid, folded, pairs) SELECT 'delete', id, folded, pairs FROM search_key WHERE id = 3")
			},
			args: []string{"--views"},
			code: "audit.view_index_damaged", says: "search_word is not that of the texts",
		},
	} {
		t.Run(name, func(t *testing.T) {
			data := base.copied(t)
			was := fingerprint(t, data)
			c.tamper(t, data)
			require.NotEqual(t, was, fingerprint(t, data))
			r := entente(t, "", append([]string{"verify", "--json", "--full", "--data", data}, c.args...)...)
			require.Equal(t, 1, r.code, r.err)
			found, end := damages(t, r)
			require.EqualValues(t, len(found), end["damaged"])
			require.Contains(t, codes(found), c.code, r.out)
			require.Less(t, len(found), 30, "one damage is not many: %s", r.out)
			text := entente(t, "", append([]string{"verify", "--data", data}, c.args...)...)
			require.Equal(t, 1, text.code, text.err)
			require.Contains(t, text.out, c.says)
		})
	}
	t.Run("views_are_repaired", func(t *testing.T) {
		data := base.copied(t)
		sql(t, views(t, data), "UPDATE register_agreement SET title = 'Tampered' WHERE title = (SELECT min(title) FROM register_agreement)")
		r := entente(t, "", "verify", "--views", "--repair", "--data", data)
		require.Equal(t, 1, r.code)
		require.Contains(t, r.out, "the views were made anew")
		ok(t, "verify", "--views", "--data", data)
	})
	t.Run("repair_is_of_views", func(t *testing.T) {
		require.Equal(t, 2, entente(t, "", "verify", "--repair", "--data", base.data).code)
	})
	t.Run("a_fork_is_seen_only_by_who_has_a_checkpoint", func(t *testing.T) {
		data := base.copied(t)
		fork(t, data)
		ok(t, "verify", "--full", "--data", data)
	})
	t.Run("the_auditors_key_decides", func(t *testing.T) {
		r := entente(t, "", "verify", "--key", foreign(t, base, "log.vkey"), "--data", base.copied(t))
		require.Equal(t, 1, r.code)
	})
}
