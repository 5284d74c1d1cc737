// Package register is the read model of agreements: what each is, in which phase
// it is as of a date, and which part each party has in it.
//
// It answers on three axes. As of D: the phases and parts are kept as spans with
// effective bounds, and [memorandum.AsOf] picks among them, in Go for an
// answer, in SQL for a filter. As known on K and as recorded at R: every row has
// known bounds.
package register
