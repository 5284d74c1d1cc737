package statuschart

import (
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

// doubts marks the rows of which something is in dispute.
func (d *drawing) doubts() {
	entry, _ := d.state.Entry()
	for _, h := range d.contested {
		switch e := h.Event.(type) {
		case memorandum.EntryDetermined:
			// A dispute is about an answer, in whichever determination it was given.
			if e.Met == entry.Met && e.From == entry.From {
				d.doubt(func(r *Row) bool { return r.InForce.Done() })
			}
		case memorandum.Unreserved:
			d.doubtful(d.reservedBy(e.Reservation)...)
		case memorandum.Provisional:
			d.doubtful(e.Parties...)
			if len(e.Parties) == 0 {
				d.doubt(func(r *Row) bool { return r.Signed.Done() })
			}
		default:
			d.doubtful(about(e)...)
		}
	}
}

// reservedBy returns the party whose reservation has a key, if it holds.
func (d *drawing) reservedBy(key memorandum.Key) []terms.PartyID {
	for _, h := range d.besides {
		if e, ok := h.Event.(memorandum.Reserved); ok && e.Key == key {
			return []terms.PartyID{e.Party}
		}
	}
	return nil
}

// contested reports whether a fact moves nothing because it is in dispute, and
// for no other reason.
func contested(h fact) bool {
	return h.SetAside == 0 && (h.Fact.Status == terms.Disputed || h.Fact.Status == terms.Recorded && h.Dispute != 0)
}

// doubtful marks all rows of parties, and gives those one who have none.
func (d *drawing) doubtful(ids ...terms.PartyID) {
	for _, id := range ids {
		d.row(id, 1)
		d.doubt(func(r *Row) bool { return r.Party == id })
	}
}

func (d *drawing) doubt(which func(r *Row) bool) {
	for _, rows := range d.parties {
		for i := range rows {
			rows[i].Doubt = rows[i].Doubt || which(&rows[i])
		}
	}
}

// about returns the parties whose rows an event begins or fills.
func about(e memorandum.Event) []terms.PartyID {
	var ids []terms.PartyID
	switch e := e.(type) {
	case memorandum.Drafted:
		for _, p := range e.Parties {
			ids = append(ids, p.ID)
		}
	case memorandum.CarriedOver:
		for _, p := range e.Parties {
			ids = append(ids, p.Party.ID)
		}
	case memorandum.PartCarriedOver:
		ids = append(ids, e.Party.ID)
	case memorandum.Invited:
		ids = append(ids, e.Party.ID)
	case memorandum.Signed:
		ids = append(ids, e.Party.ID)
	case memorandum.Consented:
		ids = append(ids, e.Party.ID)
	case memorandum.NoticeGiven:
		ids = append(ids, e.Party)
	case memorandum.NoticeRevoked:
		ids = append(ids, e.Party)
	case memorandum.Withdrawn:
		ids = append(ids, e.Party)
	case memorandum.Reserved:
		ids = append(ids, e.Party)
	case memorandum.Objected:
		ids = append(ids, e.Party)
	default: // about none
	}
	return ids
}
