// Package wirename is how a record's type and schema are one name on the wire
// of EventStoreDB, which knows types only. It knows nothing of either.
package wirename

import (
	"strconv"
	"strings"
)

// Join returns the name of a type and a schema: the type alone for schema 1,
// "type@2" for others. A type that could be mistaken for such a name gets its
// "@1". The schema is at least 1.
func Join(typ string, schema int) string {
	if schema == 1 {
		if _, _, ok := split(typ); !ok {
			return typ
		}
	}
	return typ + "@" + strconv.Itoa(schema)
}

// Split is the inverse of [Join]. Every name is one of some type and schema.
func Split(name string) (typ string, schema int) {
	if typ, schema, ok := split(name); ok {
		return typ, schema
	}
	return name, 1
}

// split reports whether name ends as only [Join] would have it.
func split(name string) (typ string, schema int, ok bool) {
	at := strings.LastIndexByte(name, '@')
	if at < 0 {
		return "", 0, false
	}
	digits := name[at+1:]
	schema, err := strconv.Atoi(digits)
	if err != nil || schema < 1 || strconv.Itoa(schema) != digits {
		return "", 0, false
	}
	return name[:at], schema, true
}
