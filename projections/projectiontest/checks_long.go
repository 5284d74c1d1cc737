//go:build long

package projectiontest

// times more worlds than usual.
const times = 4
