// Package e2e holds the API against its description, from outside: a linter reads
// the description, and a proxy that checks every answer against it stands between
// a client and a service that runs in a process of its own. The tests have the
// build tag e2e, and need node and npm.
package e2e
