package answers

import (
	"iter"

	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
	"github.com/entente-ledger/entente/projections/register"
)

// Agreement is an agreement as the register has it, as of a date.
type Agreement struct {
	ID    string          `json:"id"` // memorandum-UUID
	Kind  memorandum.Kind `json:"kind"`
	Title terms.Text      `json:"title"` // the main one
	// AsOf is the date as of which the phase and the parts are given, EDTF.
	AsOf  edtf.Date        `json:"asOf"`
	Phase memorandum.Phase `json:"phase"` // that certainly holds, or ""
	// Perhaps are the phases that perhaps hold instead.
	Perhaps     []memorandum.Phase `json:"perhaps"`
	InForceFrom edtf.Date          `json:"inForceFrom"`
	InForce     edtf.Truth         `json:"inForceEver"` // whether the conditions are met at all
	Ends        edtf.Date          `json:"ends"`        // the first day on which it is not in force
	EndCause    string             `json:"endCause"`    // why it ends by its own terms, or ""
	Parties     []Participant      `json:"parties"`     // in the order of first mention
	Unnamed     int                `json:"unnamed"`     // signatories that are counted and not named
	Themes      []terms.Theme      `json:"themes"`
	Reference   string             `json:"reference"`
	Visibility  terms.Visibility   `json:"visibility"`
	Recorded    bool               `json:"exists"` // false: recorded in error
	// Late are the events on which the answer rests although they were recorded
	// after the instant as known at which is answered.
	Late Late `json:"recordedLater"`

	// Row is all that the register has of it.
	Row register.Agreement `json:"-"`
}

// Participant is a party to an agreement, or one that may come to be one.
type Participant struct {
	ID   terms.PartyID   `json:"id"`
	Name string          `json:"name"`
	Part memorandum.Part `json:"part"` // that certainly holds, or ""
	// Perhaps are the parts that perhaps hold instead.
	Perhaps []memorandum.Part `json:"perhaps"`
}

// Agreements answers a page of the register.
func (d *Desk) Agreements(f register.Filter) (Page[Agreement], error) {
	f.At = d.At
	rows, next, err := register.List(d.Conn, f)
	if err == nil {
		err = d.prepare(taking(rows...))
	}
	return paged(rows, next, err, func(r register.Agreement) (Agreement, error) { return d.agreement(r, f.On) })
}

// taking are the ids of those who take part in some agreements.
func taking(of ...register.Agreement) []string {
	seen := map[string]bool{}
	var ids []string
	for _, a := range of {
		for _, p := range a.Parties {
			if id := string(p.Party); !seen[id] {
				seen[id], ids = true, append(ids, id)
			}
		}
	}
	return ids
}

// AllAgreements yields the agreements that match f from its cursor on, at most
// f.Limit or, if that is 0, all. After an error it ends.
func (d *Desk) AllAgreements(f register.Filter) iter.Seq2[Agreement, error] {
	return whole(f.Limit, f.After, func(limit int, after string) (Page[Agreement], error) {
		f.Limit, f.After = limit, after
		return d.Agreements(f)
	})
}

// Agreement answers how an agreement stands as of a date.
func (d *Desk) Agreement(id string, on edtf.Date) (Agreement, error) {
	r, err := register.Get(d.Conn, id, d.At, on)
	if err == nil {
		err = d.prepare(taking(r))
	}
	if err != nil {
		return Agreement{}, err
	}
	return d.agreement(r, on)
}

func (d *Desk) agreement(r register.Agreement, on edtf.Date) (Agreement, error) {
	a := Agreement{
		ID: r.Stream, Kind: r.Kind, Title: r.Title, AsOf: on, Phase: r.Phase.Certain.Phase, InForce: r.Entry.Met, InForceFrom: r.Entry.From,
		Ends: r.End.On, EndCause: string(r.End.Cause), Unnamed: r.Unnamed, Themes: r.Themes, Reference: r.Reference,
		Visibility: r.Visibility, Recorded: r.Exists, Row: r,
		Perhaps: each(r.Phase.Perhaps, func(s memorandum.Span) memorandum.Phase { return s.Phase }),
	}
	var err error
	if a.Parties, err = tried(r.Parties, d.participant); err != nil {
		return a, err
	}
	a.Late, err = d.Late(r.Stream)
	return a, err
}

func (d *Desk) participant(p register.Participant) (Participant, error) {
	name, err := d.Name(string(p.Party))
	return Participant{
		ID: p.Party, Name: name, Part: p.Certain.Part,
		Perhaps: each(p.Perhaps, func(s memorandum.Span) memorandum.Part { return s.Part }),
	}, err
}
