package memorandum_test

import (
	"reflect"
	"slices"

	"pgregory.net/rapid"

	"github.com/entente-ledger/entente/domain/es"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

var (
	anyParty  = rapid.SampledFrom(parties{lviv, graz, bonn, turku})
	anyKey    = rapid.SampledFrom([]memorandum.Key{"a", "b"})
	anyDate   = rapid.Map(rapid.SampledFrom(dates), day)
	anyPeriod = rapid.Map(rapid.SampledFrom([]string{"", "P30D", "P6M", "P1Y", "P1M"}), period)
	dates     = []string{
		"2016-01-01", "2017-06-15", "2018-01-01", "2018-05-01", "2018-05-02", "2018-06-30", "2019-01-31", "2020-02-29", "2021-01-01",
		"2018", "2018-05", "2019", "2018-05~", "[2017..2019]", "[2018-04..2018-06]", "2016/..", "../2018-03", "", "", "9999-12-31",
		"2018-05-01T10:00+02:00",
	}
	// moving are the facts by which state is known to move.
	moving = []func(*rapid.T, terms.Fact) memorandum.Command{
		func(t *rapid.T, f terms.Fact) memorandum.Command { return memorandum.Invite{Fact: f, Party: who(t)} },
		func(_ *rapid.T, f terms.Fact) memorandum.Command { return memorandum.Adopt{Fact: f} },
		func(t *rapid.T, f terms.Fact) memorandum.Command {
			return memorandum.Open{Fact: f, Until: anyDate.Draw(t, "until")}
		},
		func(_ *rapid.T, f terms.Fact) memorandum.Command { return memorandum.Close{Fact: f} },
		func(t *rapid.T, f terms.Fact) memorandum.Command {
			return memorandum.Sign{Fact: f, Party: who(t), Definitive: rapid.Bool().Draw(t, "definitive")}
		},
		func(t *rapid.T, f terms.Fact) memorandum.Command { return memorandum.Sign{Fact: f, Party: who(t)} },
		func(t *rapid.T, f terms.Fact) memorandum.Command {
			means := rapid.SampledFrom(memorandum.Means("").Words()).Draw(t, "means")
			return memorandum.Consent{Fact: f, Party: who(t), Means: memorandum.Means(means), Predecessor: lviv}
		},
		func(t *rapid.T, f terms.Fact) memorandum.Command {
			return memorandum.Weigh{Fact: f, Party: anyParty.Draw(t, "party"), Weight: rapid.Int64Range(0, 60).Draw(t, "weight")}
		},
		func(_ *rapid.T, f terms.Fact) memorandum.Command { return memorandum.Count{Fact: f, Signatories: 3} },
		func(t *rapid.T, f terms.Fact) memorandum.Command {
			return memorandum.SetTerms{Fact: f, Terms: anyTerms(t)}
		},
		func(_ *rapid.T, f terms.Fact) memorandum.Command { return memorandum.ApplyProvisionally{Fact: f} },
		func(_ *rapid.T, f terms.Fact) memorandum.Command { return memorandum.EndProvisional{Fact: f} },
		func(t *rapid.T, f terms.Fact) memorandum.Command {
			return memorandum.Suspend{Fact: f, Parties: some(t)}
		},
		func(t *rapid.T, f terms.Fact) memorandum.Command { return memorandum.Resume{Fact: f, Parties: some(t)} },
		func(t *rapid.T, f terms.Fact) memorandum.Command {
			return memorandum.GiveNotice{Fact: f, Party: anyParty.Draw(t, "party"), Until: anyDate.Draw(t, "until")}
		},
		func(t *rapid.T, f terms.Fact) memorandum.Command {
			return memorandum.RevokeNotice{Fact: f, Party: anyParty.Draw(t, "party")}
		},
		func(t *rapid.T, f terms.Fact) memorandum.Command {
			return memorandum.Withdraw{Fact: f, Party: anyParty.Draw(t, "party")}
		},
		func(t *rapid.T, f terms.Fact) memorandum.Command {
			return memorandum.Renew{Fact: f, Until: anyDate.Draw(t, "until")}
		},
		func(t *rapid.T, f terms.Fact) memorandum.Command {
			return memorandum.DeclineRenewal{Fact: f, Party: anyParty.Draw(t, "party")}
		},
		func(_ *rapid.T, f terms.Fact) memorandum.Command { return memorandum.Terminate{Fact: f} },
		func(_ *rapid.T, f terms.Fact) memorandum.Command { return memorandum.Abandon{Fact: f} },
		func(t *rapid.T, f terms.Fact) memorandum.Command {
			return memorandum.AdoptAmendment{Fact: f, Key: anyKey.Draw(t, "key"), Titles: []terms.Text{text("a")}, Entry: anyEntry(t)}
		},
		func(t *rapid.T, f terms.Fact) memorandum.Command {
			return memorandum.AcceptAmendment{Fact: f, Amendment: anyKey.Draw(t, "key"), Party: anyParty.Draw(t, "party")}
		},
		func(t *rapid.T, f terms.Fact) memorandum.Command { return memorandum.CarryOver(anyCarried(t, f)) },
		func(t *rapid.T, f terms.Fact) memorandum.Command {
			return memorandum.CarryOverPart{Fact: f, CarriedParty: anyPart(t, anyParty.Draw(t, "party"))}
		},
	}
)

func who(t *rapid.T) terms.PartyRef { return ref(anyParty.Draw(t, "party")) }

func some(t *rapid.T) parties {
	return rapid.SliceOfNDistinct(anyParty, 0, 2, rapid.ID[terms.PartyID]).Draw(t, "parties")
}

func anyFact(t *rapid.T) terms.Fact {
	f := terms.Fact{Occurred: anyDate.Draw(t, "date")}
	f.Source.ID = rapid.SampledFrom([]terms.SourceID{press, archive}).Draw(t, "source")
	f.Status = rapid.SampledFrom([]terms.Status{0, 0, 0, 0, 0, terms.Announced, terms.Claimed}).Draw(t, "status")
	return f
}

func anyEntry(t *rapid.T) entryBy {
	e := rapid.SampledFrom([]entryBy{
		{}, {All: true}, {Count: 2}, {Count: 3}, {Share: 5500, Total: 100}, {Named: parties{lviv}}, {On: day("2018-03-01")},
	}).Draw(t, "entry")
	e.Delay, e.FirstOfMonth = anyPeriod.Draw(t, "delay"), rapid.Bool().Draw(t, "first")
	return e
}

func anyTerms(t *rapid.T) agreed {
	by := agreed{
		Consent: rapid.SampledFrom([]memorandum.ConsentBy{"", "signature", "ratification"}).Draw(t, "consent"),
		Entry:   anyEntry(t), Minimum: rapid.IntRange(0, 3).Draw(t, "minimum"),
		Duration: anyPeriod.Draw(t, "duration"), Notice: anyPeriod.Draw(t, "notice"),
	}
	if rapid.Bool().Draw(t, "last") {
		by.Until = anyDate.Draw(t, "until")
	}
	if rapid.Bool().Draw(t, "tacit") && (!by.Duration.IsZero() || !by.Until.IsUnknown()) {
		by.Renewal = memorandum.Renewal{Tacit: true, Every: period("P1Y"), Notice: anyPeriod.Draw(t, "renewal notice")}
	}
	return by
}

func anyCarried(t *rapid.T, f terms.Fact) memorandum.CarriedOver {
	c := carriedOver(memorandum.Phase(rapid.SampledFrom(memorandum.Phase("").Words()).Draw(t, "phase")), "")
	c.Fact, c.Since, c.InForce, c.Terms = f, anyDate.Draw(t, "since"), anyDate.Draw(t, "in force"), anyTerms(t)
	for _, id := range some(t) {
		c.Parties = append(c.Parties, anyPart(t, id))
	}
	return c
}

func anyPart(t *rapid.T, id terms.PartyID) memorandum.CarriedParty {
	p := carried(id, memorandum.Part(rapid.SampledFrom(memorandum.Part("").Words()).Draw(t, "part")), "")
	p.Since, p.Consented, p.Weight = anyDate.Draw(t, "since"), anyDate.Draw(t, "consented"), rapid.Int64Range(0, 60).Draw(t, "weight")
	return p
}

// anyOpening is a recorded opening of either kind.
func anyOpening(t *rapid.T) memorandum.Command {
	if rapid.IntRange(0, 3).Draw(t, "opening") == 0 {
		f := anyFact(t)
		f.Status = terms.Recorded
		return memorandum.CarryOver(anyCarried(t, f))
	}
	d := drafted(anyTerms(t), rapid.SampledFrom([]parties{{lviv, graz}, {lviv, graz, bonn}, {}}).Draw(t, "parties")...)
	d.Open, d.Occurred = rapid.Bool().Draw(t, "open"), anyDate.Draw(t, "drafted")
	return memorandum.Draft(d)
}

func anyFactual(t *rapid.T, f terms.Fact) memorandum.Command {
	return moving[rapid.IntRange(0, len(moving)-1).Draw(t, "fact")](t, f)
}

// anyCommand is a fact, or something about an earlier event.
func anyCommand(t *rapid.T, h *history) memorandum.Command {
	of := es.Revision(rapid.IntRange(0, len(h.events)+1).Draw(t, "of"))
	switch rapid.IntRange(0, 11).Draw(t, "command") {
	case 0:
		return memorandum.Void(voided(of))
	case 1:
		return memorandum.Dispute(disputed(of))
	case 2, 3:
		if i := slices.IndexFunc(h.events, func(e memorandum.Event) bool { _, ok := e.(memorandum.Disputed); return ok }); i >= 0 {
			of = es.Revision(i + 1)
		}
		return memorandum.Rule(ruled(of, rapid.Bool().Draw(t, "stands")))
	case 4, 5:
		if of > 0 && of <= h.at() {
			return memorandum.Correct(corrected(of, refact(h.events[of-1], anyFact(t))))
		}
	}
	return anyFactual(t, anyFact(t))
}

// refact returns an event with another fact about it.
func refact(e memorandum.Event, f terms.Fact) memorandum.Event {
	v := reflect.New(reflect.TypeOf(e)).Elem()
	v.Set(reflect.ValueOf(e))
	if field := v.FieldByName("Fact"); field.CanSet() {
		field.Set(reflect.ValueOf(f))
	}
	return v.Interface().(memorandum.Event)
}

// try decides a command that may fail.
func (h *history) try(c memorandum.Command) error {
	got, err := memorandum.Decider.Decide(c, h.state)
	for _, e := range got {
		h.events = append(h.events, e)
		h.state = memorandum.Decider.Evolve(h.state, h.at(), e)
	}
	return err
}

// anyHistory is what some commands, of which some fail, lead to.
func anyHistory(t *rapid.T, most int) *history {
	h := &history{}
	if err := h.try(anyOpening(t)); err != nil {
		t.Fatal(err)
	}
	for range rapid.IntRange(0, most).Draw(t, "length") {
		_ = h.try(anyCommand(t, h))
	}
	return h
}
