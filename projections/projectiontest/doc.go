// Package projectiontest has what the tests of projections share: a store in
// memory, and a world of random but plausible commands. It is imported by tests
// only, which may not import the adapters of infra.
package projectiontest
