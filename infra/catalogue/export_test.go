package catalogue

// Remedies are what is said of errors besides what they say themselves.
var Remedies = remedies

// Remedy is what is said of one code.
var Remedy = remedy

// ReadDoc reads a package comment.
var ReadDoc = readDoc
