// Package readmodel is the port between the runner and the projections: what a
// projection must offer ([Projection]), what it is given ([Event], [State],
// [Tx]), and what bitemporal tables have in common ([Table], [At]).
//
// It knows neither a particular projection nor where the views are kept.
package readmodel
