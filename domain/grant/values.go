package grant

import (
	"fmt"
	"math"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/terms"
)

// Phase is a state of a grant.
type Phase string

// The phases.
const (
	PhaseRegistered Phase = "registered"
	PhaseOpen       Phase = "open"   // a call is open for applications
	PhaseClosed     Phase = "closed" // no call is open any more
)

// Part is a state of an award.
type Part string

// The parts.
const (
	PartAwarded    Part = "awarded"
	PartDisbursed  Part = "disbursed" // at least once
	PartReported   Part = "reported"
	PartClosed     Part = "closed"
	PartClawedBack Part = "clawed_back" // at least once
)

// Key names a call, an award or a payment within a grant, or none.
type Key string

// UnmarshalText accepts a key of at most 64 bytes, or nothing.
func (k *Key) UnmarshalText(text []byte) error { return terms.ReadKey("grant.bad_key", k, text) }

func checkMoney(field string, m terms.Money) error {
	if err := terms.CheckCurrency(field+"/currency", m.Currency); err != nil {
		return err
	}
	if m.Minor < 1 {
		return badAmount(field, "1")
	}
	return checkMinor(field, m.Minor)
}

func checkMinor(field string, minor int64) error {
	if minor < 0 || minor > terms.MaxMinor {
		return badAmount(field, "0")
	}
	return nil
}

func badAmount(field, least string) error {
	return es.Invalid("grant.bad_amount", "the amount is out of range", fmt.Sprintf("%s to %d minor units", least, int64(terms.MaxMinor))).At(field + "/minor")
}

// plus is a + b, or the largest number if that is more. Neither is negative.
func plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// CarriedAward is an award as an older register gives it.
type CarriedAward struct {
	Key    Key            `json:"key"`
	Party  terms.PartyRef `json:"party"`
	Amount terms.Money    `json:"amount"`
	// Disbursed and ClawedBack are what was paid in all, in minor units of the
	// award's currency, by the date of the fact.
	Disbursed  int64 `json:"disbursed"`
	ClawedBack int64 `json:"clawedBack"`
	Closed     bool  `json:"closed"`
}

func (a CarriedAward) check(field string) error {
	return terms.First(need(field+"/key", a.Key), terms.CheckRef(field+"/party/id", a.Party.ID), checkMoney(field+"/amount", a.Amount),
		checkMinor(field+"/disbursed", a.Disbursed), checkMinor(field+"/clawedBack", a.ClawedBack))
}

func need(field string, k Key) error {
	if k == "" {
		return es.Invalid("terms.missing", "a key is missing", "that of a call, an award or a payment").At(field)
	}
	return nil
}
