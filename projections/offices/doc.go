// Package offices is the read model of the functions that natural persons hold
// at parties. A person is an id here (rule 10 of the ledger): names and contact
// data are in the vault, and are joined by who shows them. Every row has known
// bounds; whether a function is held is asked of a date.
package offices
