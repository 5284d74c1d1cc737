package intake

import (
	"fmt"

	"github.com/google/uuid"

	"github.com/entente-ledger/entente/domain/es"
)

// ids are the ids that follow from a register and what is said in it.
type ids struct {
	register uuid.UUID
	// generation counts the imports of the register that were annulled: what is
	// imported again after that is not what was recorded in error.
	generation int
	// lives reports whether a stream is there and was not recorded in error.
	lives func(stream string) bool
	found map[string]string // streams that live, by those of this generation
}

func idsOf(key string) ids {
	return ids{register: uuid.NewSHA1(uuid.NameSpaceURL, []byte("urn:entente:register:"+key)), found: map[string]string{}}
}

// source is the stream of the register.
func (i ids) source() string { return es.NewStream("source", i.register) }

// stream is that of what a key of the register stands for: the one that is
// there, or the one to open.
func (i ids) stream(kind, key string) string {
	now := i.streamOf(i.generation, kind, key)
	if i.generation == 0 {
		return now
	}
	if found, ok := i.found[now]; ok {
		return found
	}
	found := now
	for g := i.generation; g >= 0; g-- {
		if s := i.streamOf(g, kind, key); i.lives(s) {
			found = s
			break
		}
	}
	if len(i.found) >= maxFound {
		clear(i.found)
	}
	i.found[now] = found
	return found
}

// maxFound bounds how many streams are remembered.
const maxFound = 1 << 16

func (i ids) streamOf(generation int, kind, key string) string {
	return es.NewStream(kind, uuid.NewSHA1(i.register, fmt.Appendf(nil, "%d/%s", generation, key)))
}

// snapshot is the id of the import of a file, and the correlation of all that
// it records.
func (i ids) snapshot(hash string) uuid.UUID {
	return uuid.NewSHA1(i.register, fmt.Appendf(nil, "import/%d/%s", i.generation, hash))
}

// command is the id of the command that records what an import says in a
// stream.
func command(snapshot uuid.UUID, stream, slot string, content []byte) uuid.UUID {
	return uuid.NewSHA1(snapshot, fmt.Appendf(nil, "%s/%s/%x", stream, slot, content))
}
