// Package bi has the SQL views for tools that read SQLite: business
// intelligence, spreadsheets, notebooks. They show what holds by all that is
// recorded, in the words of the ledger; docs/bi.md describes them. Their names
// begin with bi_, and stay while the tables beneath them change: a column is
// added, never renamed, removed or given another meaning but under a new name.
//
// Dates are there twice, as the ledger has them (EDTF) and as the earliest and
// latest day, ISO 8601, NULL where it is unbounded. Instants are ISO 8601 in UTC.
package bi
