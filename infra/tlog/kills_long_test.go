//go:build long

package tlog_test

// kills is how often a process is killed.
const kills = 200
