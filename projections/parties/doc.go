// Package parties is the read model of those who agree: what each is and where,
// its names by language, its identifiers, and how it stands to others. Every row
// has known bounds. Natural persons are not here.
package parties
