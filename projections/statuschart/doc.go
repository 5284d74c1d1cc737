// Package statuschart is the read model of status charts: for each agreement
// one row a party and round of participation, with the dates and letters by
// which the depositaries of multilateral treaties say who is in what position
// (UN Treaty Collection).
//
// The letter after the date of a consent to be bound says by which means it was
// given. None stands for a ratification:
//
//	2015-03-01     ratification (VCLT art. 14)
//	2015-03-01 a   accession (VCLT art. 15)
//	2015-03-01 A   acceptance (VCLT art. 14)
//	2015-03-01 AA  approval (VCLT art. 14)
//	2015-03-01 c   formal confirmation (VCLTIO art. 14)
//	2015-03-01 d   succession
//	2015-03-01 n   notification of provisional application (VCLT art. 25)
//	2015-03-01 s   definitive signature (VCLT art. 12)
//
// Only facts that move state fill a cell (rule 5 of the ledger). A party that is
// merely invited has a row of blanks; a signature that is announced or claimed
// makes no row and fills none. One that is contested makes a row in doubt, and
// fills nothing until there is a ruling.
//
// It draws on what the aggregate reads off its facts, and does not know whether
// an agreement is in force as of a date: that is the register's.
package statuschart
