package statuschart

import (
	"slices"

	"github.com/entente-ledger/entente/domain/book"
	"github.com/entente-ledger/entente/domain/edtf"
	"github.com/entente-ledger/entente/domain/memorandum"
	"github.com/entente-ledger/entente/domain/terms"
)

// Draw returns the rows of the chart of an agreement in a state: the parties
// in the order of first mention, those after them of whom only what is
// contested, a provisional application, a reservation or an objection is
// recorded; each by round. An agreement recorded in error has none.
func Draw(agreement string, s *memorandum.State) []Row {
	if !s.Exists() {
		return nil
	}
	d := &drawing{agreement: agreement, state: s, parties: map[terms.PartyID][]Row{}}
	for _, span := range s.Parts() {
		d.part(span)
	}
	d.sort()
	d.provisional()
	d.reservations()
	d.doubts()
	var rows []Row
	for _, id := range d.order {
		rows = append(rows, d.parties[id]...)
	}
	return rows
}

// drawing is a chart being drawn.
type drawing struct {
	agreement string
	state     *memorandum.State
	parties   map[terms.PartyID][]Row // by round
	order     []terms.PartyID

	// Facts that the parts do not rest on, and those that are in dispute.
	besides, contested []fact
}

type fact = book.Held[memorandum.Event]

// sort picks the facts that are looked at one by one.
func (d *drawing) sort() {
	for h := range d.state.Book().Held() {
		if contested(h) {
			d.contested = append(d.contested, h)
		}
		if !h.Moves() {
			continue
		}
		switch h.Event.(type) {
		case memorandum.Provisional, memorandum.ProvisionalEnded, memorandum.Reserved, memorandum.Unreserved, memorandum.Objected:
			d.besides = append(d.besides, h)
		default: // in the parts, or in no chart
		}
	}
}

// row returns the row of a party's round, and adds those that are missing. It
// is good until the next call.
func (d *drawing) row(id terms.PartyID, round int) *Row {
	rows, known := d.parties[id]
	if !known {
		d.order = append(d.order, id)
	}
	for len(rows) < round {
		rows = append(rows, Row{Agreement: d.agreement, Party: id, Round: len(rows) + 1})
	}
	d.parties[id] = rows
	return &rows[round-1]
}

// during returns the row of the round in which a party acted.
func (d *drawing) during(id terms.PartyID, a Act) *Row {
	round, rows := 1, d.parties[id]
	for _, r := range rows {
		if round < len(rows) && r.Left.Done() && book.Follows(a, r.Left) {
			round++
		}
	}
	return d.row(id, round)
}

// part fills the cells that rest on a part of a party.
func (d *drawing) part(span memorandum.Span) {
	row, act := d.row(span.Party, span.Round), Act{span.From, span.By}
	held, _ := d.state.Book().At(span.By)
	switch span.Part {
	case memorandum.PartSignatory:
		// A signature comes before what an older register says of one.
		if _, signed := held.Event.(memorandum.Signed); signed || !row.Signed.Done() {
			row.Signed = act
		}
	case memorandum.PartConsented:
		row.Consented, row.Means = act, meansOf(held.Event)
		row.Letter = letterOf(row.Means)
	case memorandum.PartInForce:
		if _, determined := held.Event.(memorandum.EntryDetermined); !determined {
			return // in force again, after a suspension
		}
		row.InForce, row.InForceMet = act, edtf.Yes
		if span.Doubt {
			row.InForceMet = edtf.Maybe
		}
	case memorandum.PartNotice:
		row.Noticed = act
	case memorandum.PartWithdrawn:
		row.Left = act
	case memorandum.PartInvited, memorandum.PartSuspended, memorandum.PartEnded: // fill no cell
	}
}

// meansOf returns the means of the consent that an event is.
func meansOf(e memorandum.Event) memorandum.Means {
	switch e := e.(type) {
	case memorandum.Consented:
		return e.Means
	case memorandum.Signed:
		return "signature"
	default: // carried over from a register that does not say
		return ""
	}
}

// provisional fills the cells of those who apply the agreement provisionally
// and have not consented. What has ended is not shown any more.
func (d *drawing) provisional() {
	var ended []Act
	for _, h := range d.besides {
		if _, ok := h.Event.(memorandum.ProvisionalEnded); ok {
			ended = append(ended, actOf(h))
		}
	}
	for _, h := range d.besides {
		e, ok := h.Event.(memorandum.Provisional)
		a := actOf(h)
		if !ok || slices.ContainsFunc(ended, func(end Act) bool { return book.Follows(end, a) }) {
			continue
		}
		for _, id := range e.Parties {
			d.during(id, a).apply(a)
		}
		if len(e.Parties) == 0 {
			d.signatoriesApply(a)
		}
	}
}

// signatoriesApply fills the cells of all signatories, of those who signed
// later from then on.
func (d *drawing) signatoriesApply(a Act) {
	for _, rows := range d.parties {
		for i := range rows {
			r, from := &rows[i], a
			if !r.Signed.Done() || r.Left.Done() && book.Follows(a, r.Left) {
				continue
			}
			if edtf.Before(a.On, r.Signed.On) == edtf.Yes {
				from.On = r.Signed.On
			}
			r.apply(from)
		}
	}
}

func (r *Row) apply(a Act) {
	if !r.Consented.Done() {
		r.Consented, r.Letter = a, ProvisionalApplication
	}
}

func actOf(h fact) Act { return Act{h.Fact.From(), h.Revision} }

// reservations counts the reservations that stand, and the objections. Where
// several sources state the same one, the first counts.
func (d *drawing) reservations() {
	type objection struct {
		by terms.PartyID
		to memorandum.Key
	}
	made, withdrawn, objected := map[memorandum.Key]bool{}, d.withdrawn(), map[objection]bool{}
	for _, h := range d.besides {
		switch e := h.Event.(type) {
		case memorandum.Reserved:
			if row := d.during(e.Party, actOf(h)); !made[e.Key] && !withdrawn[e.Key] {
				row.Reservations++
			}
			made[e.Key] = true
		case memorandum.Objected:
			if row, o := d.during(e.Party, actOf(h)), (objection{e.Party, e.Reservation}); !objected[o] {
				row.Objections++
				objected[o] = true
			}
		default: // neither
		}
	}
}

// withdrawn returns the keys of the reservations that were withdrawn.
func (d *drawing) withdrawn() map[memorandum.Key]bool {
	all := map[memorandum.Key]bool{}
	for _, h := range d.besides {
		if e, ok := h.Event.(memorandum.Unreserved); ok {
			all[e.Reservation] = true
		}
	}
	return all
}
