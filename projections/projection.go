package projections

import "github.com/entente-ledger/entente/projections/readmodel"

// Projection is the port that every projection implements; see
// [readmodel.Projection], which is where it can be imported from both sides.
type Projection = readmodel.Projection

// Event is an event on its way into the views.
type Event = readmodel.Event

// State is the folded state of an event's stream.
type State = readmodel.State

// Tx is the transaction of a batch.
type Tx = readmodel.Tx
