//go:build !long

package projectiontest

const times = 1
