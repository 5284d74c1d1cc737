// Package projectiontest has what the tests of projections share: a store in
// memory, and a world of random but plausible commands. It is imported by tests
// only, which may not import the adapters of infra.
//
// Each read model has a TestOracle, which compares it with a naive replay: the
// events known by K, recorded by R and among the first n, all drawn at random and
// together ([World.At]), are folded, and what is asked as of a random D is worked
// out from that state. Histories have corrections, voidings, disputes, rulings,
// and facts that were vouched for before they were recorded.
//
//	read model   K  R  n  D               asked
//	register     x  x  x  x               an agreement; lists by phase, kind, party, theme
//	parties      x  x  x  names no date   a party; lists; by name
//	offices      x  x  x  x               who holds a function at a party
//	roster       x  x  x  x               a network with bodies, members, activities; lists
//	obligations  x  x  x  x               what is due under agreements, by every filter; reminders
//	progress     x  x  x  x               a plan; lists by party and phase
//	statuschart  x  x  x  has every date  the chart of an agreement; the rows of a party
//	findings     *  x  x  has no date     all; * as known, those across streams are left out
//	search       x  x  x  x               by words, kind, theme, time
//	history      -  -  -  -               the log itself; what was recorded late: K, R (TestLate)
//	bi           -  -  -  -               views over the tables of the others, as they are now
//
// Each read model also has a TestDiscreet: whoever may not see a stream gets, on
// random axes, the answers about a log in which it says nothing ([Discreet]). That
// of the history compares with what may be seen of the log (TestSees).
package projectiontest
