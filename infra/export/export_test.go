package export

// TypedCell is typedCell, for tests.
var TypedCell = typedCell
