package search

import (
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/readmodel"
)

// Projection keeps what is searched.
type Projection struct {
	heads  *readmodel.Table[head]
	texts  *readmodel.Table[keyed]
	themes *readmodel.Table[terms.Theme]
}

// New returns the projection.
func New() Projection { return Projection{headTable(), textTable(), themeTable()} }

// Name implements [readmodel.Projection].
func (Projection) Name() string { return "search" }

// Version implements [readmodel.Projection].
func (Projection) Version() int { return 1 }

// keys are the distinct folded texts, numbered in the order of the log.
const keys = `CREATE TABLE search_key (id INTEGER PRIMARY KEY, folded TEXT NOT NULL UNIQUE, pairs TEXT NOT NULL) STRICT;
`

// indexes are made once the views have caught up, all at once from what is
// there; from then on a trigger adds to the full-text indexes what is new. How
// these lay out their own tables depends on where batches end; what they answer
// does not.
//
// search_word splits at white space only, which is where [Fold] does, and so
// is for the beginnings of words; search_gram is for the pieces of words. Both
// only say in which texts to look, for which no positions are needed.
const indexes = `
CREATE INDEX IF NOT EXISTS search_text_key ON search_text (key, seq_to);
CREATE VIRTUAL TABLE IF NOT EXISTS search_word USING fts5(folded, pairs, content = 'search_key', content_rowid = 'id',
	tokenize = "unicode61 remove_diacritics 2 categories 'L* M* N* P* S* C*'", prefix = '1 2', detail = none, columnsize = 0);
CREATE VIRTUAL TABLE IF NOT EXISTS search_gram USING fts5(folded, content = 'search_key', content_rowid = 'id',
	tokenize = 'trigram', detail = none, columnsize = 0);
CREATE TRIGGER IF NOT EXISTS search_key_added AFTER INSERT ON search_key BEGIN
	INSERT INTO search_word (rowid, folded, pairs) VALUES (new.id, new.folded, new.pairs);
	INSERT INTO search_gram (rowid, folded) VALUES (new.id, new.folded);
END;
INSERT INTO search_word (search_word) VALUES ('rebuild');
INSERT INTO search_gram (search_gram) VALUES ('rebuild');
`

// DDL implements [readmodel.Projection].
func (p Projection) DDL() (tables, indexed string) {
	return p.heads.DDL() + p.texts.DDL() + p.themes.DDL() + keys, indexes
}

type changed struct {
	heads  readmodel.Change[head]
	texts  readmodel.Change[text]
	themes readmodel.Change[terms.Theme]
}

// Derive implements [readmodel.Projection].
func (Projection) Derive(before any, s readmodel.State) (after, change any) {
	d, ok := documentOf(s.Of)
	if !ok {
		return nil, nil
	}
	old, _ := before.(kept)
	now := rowsOf(d, s.Kind, s.Meta.Visibility, old)
	return now, changed{
		readmodel.Diff(old.heads, now.heads), readmodel.Diff(old.texts, now.texts), readmodel.Diff(old.themes, now.themes),
	}
}

// Apply implements [readmodel.Projection].
func (p Projection) Apply(tx *readmodel.Tx, e readmodel.Event, change any) error {
	c, ok := change.(changed)
	if !ok {
		return nil
	}
	stream := e.Record.Stream
	if err := p.heads.Apply(tx, stream, c.heads); err != nil {
		return err
	}
	texts, err := withKeys(tx, c.texts)
	if err != nil {
		return err
	}
	if err := p.texts.Apply(tx, stream, texts); err != nil {
		return err
	}
	return p.themes.Apply(tx, stream, c.themes)
}
