package intake

// ReadDate reads a date as a cell has it.
var ReadDate = Dates.date
