// Package tabular reads the tables that people keep registers in: CSV in any
// encoding and with any usual delimiter, XLSX workbooks, and NDJSON.
//
// A table has one row of headings, each of its own name, and below it rows of
// as many cells, all text. What is wrong with one row is told with that row and
// does not stop the rest; what makes the rest unreadable ends the sequence.
//
// Rows are read one at a time. Of CSV and NDJSON no more than a row is in
// memory. Of a workbook the shared strings and all small parts are, within
// limits that [Open] checks, and large sheets lie in temporary files.
//
// The package knows nothing of agreements, and decides nothing about what a
// cell means.
package tabular
