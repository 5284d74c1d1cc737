package bundle

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"

	"github.com/entente-ledger/entente/domain/es"
)

// previous checks that the log continues that of a previous checkpoint.
func (c *checking) previous() {
	if !c.has(sinceFile) && !c.has(consistencyFile) {
		if c.by.Since != nil {
			c.fail(sinceFile, es.NotFound("audit.missing_file", "the bundle was made without your previous checkpoint"))
		}
		return
	}
	text, ok := c.read(sinceFile)
	proof, has := c.read(consistencyFile)
	if !ok || !has {
		return
	}
	since, err := c.keys.Checkpoint(text)
	if err != nil {
		c.fail(sinceFile, err)
		return
	}
	c.since, c.result.Since = &since, since.Tree.N
	if err := checkConsistency(proof, since, c.result.Checkpoint); err != nil {
		c.fail(consistencyFile, err)
	}
	if c.by.Since == nil {
		return
	}
	if own, err := c.keys.Checkpoint(c.by.Since); err != nil || own.Tree != since.Tree {
		c.fail(sinceFile, es.Rejected("audit.other_checkpoint", "it is not the previous checkpoint that you gave", ""))
	}
}

// documents checks that those that events name are here, or said not to be.
func (c *checking) documents() {
	for _, hash := range c.result.Manifest.Absent {
		if !c.named[hash] {
			c.fail(manifestFile, es.Rejected("audit.bad_manifest", "it speaks of a document that no event names: "+hash, ""))
		}
		delete(c.named, hash)
	}
	hashes := make([]string, 0, len(c.named))
	for hash := range c.named {
		hashes = append(hashes, hash)
	}
	slices.Sort(hashes)
	for _, hash := range hashes {
		r, ok := c.open(documentsFolder + hash)
		if !ok {
			continue
		}
		got, err := copyHashed(io.Discard, r)
		switch err = errors.Join(err, r.Close()); {
		case err != nil:
			c.fail(documentsFolder+hash, damaged(err))
		case got != hash:
			c.fail(documentsFolder+hash, es.Rejected("document.corrupt", "the document has been changed: its bytes hash to "+got, ""))
		default:
			c.result.Documents++
		}
	}
}

// copyHashed copies, and returns the SHA-256 of what it copied in hexadecimal.
func copyHashed(w io.Writer, r io.Reader) (string, error) {
	h := sha256.New()
	_, err := io.Copy(io.MultiWriter(w, h), r)
	return hex.EncodeToString(h.Sum(nil)), err
}
